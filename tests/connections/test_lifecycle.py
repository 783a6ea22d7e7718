"""The state machine, cell by cell."""

from __future__ import annotations

import pytest

from scoredesk.common import addresses, secrets
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import errors as own
from scoredesk.connections.lifecycle import (
    Event,
    IllegalMove,
    allowed,
    cleared_by_success,
    concerns_connection,
    next_status,
)
from scoredesk.connections.models import Status
from scoredesk.servicenow import errors as sn

NOT, ING, ON, BAD, GONE = Status
TABLE = {
    Event.SAVED: (NOT, ING, ON, BAD, NOT),
    Event.CREDENTIALS_CHANGED: (NOT, NOT, NOT, NOT, NOT),
    Event.BEGUN: (ING, ING, ON, BAD, None),
    Event.AUTHORIZED: (ON, ON, ON, ON, None),
    Event.REFUSED: (NOT, NOT, ON, BAD, GONE),
    Event.FAULT: (NOT, ING, BAD, BAD, GONE),
    Event.WORKED: (NOT, ING, ON, ON, GONE),
    Event.REMOVED: (GONE, GONE, GONE, GONE, GONE),
}
CELLS = [
    (event, status, after)
    for event, row in TABLE.items()
    for status, after in zip(Status, row, strict=True)
]


@pytest.mark.parametrize(("event", "status", "after"), CELLS)
def test_each_event_leads_to_one_status_or_cannot_happen(
    event: Event, status: Status, after: Status | None
) -> None:
    assert allowed(status, event) == (after is not None)
    if after is None:
        with pytest.raises(IllegalMove):
            next_status(status, event)
    else:
        assert next_status(status, event) == after


def test_the_table_knows_every_event() -> None:
    assert set(TABLE) == set(Event)


@pytest.mark.parametrize(
    ("error", "concerns"),
    [
        (sn.GrantRefused(), True),
        (sn.Hibernating(), True),
        (sn.NameUnknown(), True),
        (sn.QueryRefused(), True),
        (sn.InvalidTable(), True),
        (addresses.HostNotAllowed(), True),
        (secrets.SealBroken(), True),
        (own.WrongUser(), True),
        (sn.Maintenance(), False),
        (sn.ConnectionRefused(), False),
        (sn.LostAnswer(), False),
        (sn.RateLimited(), False),
        (sn.InsertRefused(), False),
        (sn.DataPolicyRefused(), False),
        (sn.BusinessRuleRefused(), False),
        (sn.NotFound(), False),
        (sn.PayloadTooLarge(), False),
    ],
)
def test_only_what_will_not_pass_and_is_not_one_records_fault_needs_attention(
    error: ScoredeskError,
    concerns: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    assert concerns_connection(error) is concerns


def test_a_call_that_works_disproves_a_fault_of_the_way_but_not_of_the_check() -> None:
    assert cleared_by_success(sn.Hibernating.code)
    assert not cleared_by_success(own.WrongUser.code)
