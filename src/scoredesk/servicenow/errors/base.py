"""The root of what a ServiceNow instance may do to us."""

from __future__ import annotations

from typing import ClassVar

from scoredesk.common.errors import ScoredeskError


class ServiceNowError(ScoredeskError):
    """Any fault of a call to an instance. `status`: the HTTP status, None without an answer."""

    code: ClassVar[str] = "servicenow.error"
    summary: ClassVar[str] = "ServiceNow gave an answer that has no name here."
    status: int | None = None
