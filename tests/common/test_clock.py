"""The clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scoredesk.common.clock import now


def test_now_is_aware_and_in_utc() -> None:
    assert now().tzinfo is UTC
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)
