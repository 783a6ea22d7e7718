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
    concerns_connection,
    disproved,
    forbids_work,
    next_status,
    starts_anew,
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


DELIVER, TRACK = "job:deliver", "job:track"


@pytest.mark.parametrize(
    ("reason", "met_by", "who", "gone"),
    [
        (sn.Hibernating.code, TRACK, DELIVER, True),
        (sn.GrantRefused.code, TRACK, DELIVER, True),
        (sn.GatewayRefused.code, TRACK, DELIVER, True),
        (sn.UnscopedApi.code, DELIVER, DELIVER, True),
        (sn.UnscopedApi.code, DELIVER, TRACK, False),
        (sn.InvalidTable.code, DELIVER, TRACK, False),
        (sn.UnscopedApi.code, "", TRACK, True),
        (own.WrongUser.code, "", TRACK, False),
        (own.TableUnreadable.code, TRACK, TRACK, False),
    ],
)
def test_a_call_that_works_disproves_what_it_went_through(
    reason: str,
    met_by: str,
    who: str,
    gone: bool,  # noqa: FBT001  # a column of the table above
) -> None:
    assert disproved(reason, met_by, who) is gone


def test_nothing_is_done_in_the_name_of_another_user() -> None:
    assert forbids_work(own.WrongUser.code)
    assert forbids_work(own.UserUnusable.code)
    assert not forbids_work(own.TableUnreadable.code)
    assert not forbids_work(sn.GrantRefused.code)


def test_what_a_person_changes_or_what_works_again_makes_earlier_failures_count_no_more() -> None:
    anew = {event for event in Event if starts_anew(event)}
    assert anew == set(Event) - {Event.BEGUN, Event.REFUSED, Event.FAULT}
