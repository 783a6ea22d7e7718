"""The pure decisions about creating a record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scoredesk.common.addresses import HostNotAllowed
from scoredesk.common.errors import ScoredeskError
from scoredesk.common.secrets import SealBroken
from scoredesk.connections.errors import NotAuthorized
from scoredesk.servicenow import errors as sn
from scoredesk.tickets import plan
from scoredesk.tickets.models import Delivery
from scoredesk.tickets.plan import (
    About,
    Decision,
    Difference,
    ErrorFacts,
    FieldDifference,
    OutgoingFacts,
    Step,
)

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
EARLIER, LATER = NOW - SECOND, NOW + SECOND

Q, S, U, D, F = (
    Delivery.QUEUED,
    Delivery.SENDING,
    Delivery.UNCERTAIN,
    Delivery.DELIVERED,
    Delivery.FAILED,
)


@pytest.mark.parametrize(
    ("state", "at", "held", "connected", "step"),
    [
        (Q, NOW, False, True, Step.SEND),
        (Q, EARLIER, False, False, Step.SEND),
        (Q, LATER, False, True, Step.WAIT),
        (Q, LATER, True, False, Step.WAIT),
        (Q, LATER, True, True, Step.SEND),
        (Q, EARLIER, True, False, Step.SEND),
        (S, LATER, False, True, Step.LOOK_UP),
        (S, EARLIER, False, False, Step.LOOK_UP),
        (U, NOW, False, True, Step.LOOK_UP),
        (U, LATER, False, True, Step.WAIT),
        (U, LATER, True, True, Step.LOOK_UP),
        (D, EARLIER, False, True, Step.NOTHING),
        (F, EARLIER, False, True, Step.NOTHING),
    ],
)
def test_the_next_step_follows_from_state_time_and_connection(
    *, state: Delivery, at: datetime, held: bool, connected: bool, step: Step
) -> None:
    outgoing = OutgoingFacts(state, at, held=held)
    assert plan.next_step(outgoing, NOW, connected=connected) is step


@pytest.mark.parametrize(
    ("fault", "about"),
    [
        (sn.DataPolicyRefused("x", fields=("Caller",)), About.RECORD),
        (sn.BusinessRuleRefused("x", rule="r"), About.RECORD),
        (sn.InsertRefused(), About.RECORD),
        (sn.BadRequest(), About.RECORD),
        (sn.PayloadTooLarge(), About.RECORD),
        (sn.ServiceNowError(), About.RECORD),
        (sn.ConnectionRefused(), About.PASSING),
        (sn.Maintenance(), About.PASSING),
        (sn.RateLimited(), About.PASSING),
        (sn.LostAnswer(), About.PASSING),
        (sn.GrantRefused(), About.CONNECTION),
        (sn.Unauthorized(), About.CONNECTION),
        (sn.UnscopedApi(), About.CONNECTION),
        (sn.Hibernating(), About.CONNECTION),
        (sn.NameUnknown(), About.CONNECTION),
        (NotAuthorized(), About.CONNECTION),
        (SealBroken(), About.CONNECTION),
        (HostNotAllowed(), About.CONNECTION),
    ],
)
def test_a_fault_is_about_the_record_the_connection_or_passing(
    fault: ScoredeskError, about: About
) -> None:
    assert plan.about_what(fault) is about


def test_a_refusal_is_final_until_a_person_mends_it() -> None:
    decision = plan.after_error(ErrorFacts(About.RECORD), 1, now=NOW, chance=0)
    assert decision == Decision(F, NOW)


@pytest.mark.parametrize("about", About)
def test_what_may_have_been_done_is_looked_up_whatever_the_fault_was(about: About) -> None:
    decision = plan.after_error(ErrorFacts(about, maybe_done=True), 1, now=NOW, chance=0)
    assert decision == Decision(U, NOW + plan.FIRST_LOOK, stop=True)


def test_a_passing_fault_queues_again_and_leaves_the_instance_alone() -> None:
    decision = plan.after_error(ErrorFacts(About.PASSING), 1, now=NOW, chance=1)
    assert decision == Decision(Q, NOW + plan.FIRST_PAUSE, stop=True)


def test_a_fault_of_the_connection_holds_the_ticket_until_it_is_repaired() -> None:
    decision = plan.after_error(ErrorFacts(About.CONNECTION), 1, now=NOW, chance=1)
    assert decision == Decision(Q, NOW + plan.LONGEST_PAUSE, stop=True, held=True)


@pytest.mark.parametrize(
    ("tries", "chance", "seconds"),
    [(1, 1, 5), (2, 1, 10), (3, 1, 20), (3, 0, 10), (3, 0.5, 15), (9, 1, 900), (5000, 1, 900)],
)
def test_pauses_grow_with_jitter_up_to_a_quarter_of_an_hour(
    tries: int, chance: float, seconds: float
) -> None:
    assert plan.pause(ErrorFacts(About.PASSING), tries, chance) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("asked", "seconds"), [(30, 30), (0, 1), (86_400, 900)])
def test_the_instances_own_wish_is_respected_within_reason(asked: float, seconds: float) -> None:
    error = ErrorFacts.of(sn.RateLimited(retry_after=asked))
    assert plan.pause(error, 7, 0) == timedelta(seconds=seconds)


def looked_up(seconds: float, *, found: bool) -> Decision:
    outgoing = OutgoingFacts(U, NOW, sending_since=NOW)
    return plan.after_look_up(outgoing, NOW + timedelta(seconds=seconds), found=found)


def test_a_record_that_is_found_is_adopted() -> None:
    assert looked_up(1, found=True).state == D


def test_an_absent_record_is_looked_for_again_while_the_request_may_still_arrive() -> None:
    assert looked_up(1, found=False) == Decision(U, NOW + timedelta(seconds=3))
    assert looked_up(60, found=False) == Decision(U, NOW + timedelta(seconds=90))
    assert looked_up(179, found=False) == Decision(U, NOW + plan.SETTLED_AFTER)


def test_an_absent_record_is_sent_again_once_nothing_can_arrive_any_more() -> None:
    assert looked_up(180, found=False) == Decision(Q, NOW + plan.SETTLED_AFTER)


def test_a_row_without_a_time_of_sending_waits_as_long_from_its_next_try() -> None:
    decision = plan.after_look_up(OutgoingFacts(U, NOW), NOW, found=False)
    assert decision == Decision(U, NOW + plan.FIRST_LOOK)


@pytest.mark.parametrize(("about", "held"), [(About.PASSING, False), (About.CONNECTION, True)])
def test_a_failed_look_up_concludes_nothing(*, about: About, held: bool) -> None:
    decision = plan.after_failed_look_up(ErrorFacts(about), 1, now=NOW, chance=1)
    assert (decision.state, decision.stop, decision.held) == (U, True, held)
    assert decision.next_try_at > NOW


@pytest.mark.parametrize(
    ("sent", "stored", "expected"),
    [
        ({"a": "x"}, {"a": "x"}, []),
        ({"a": "x\r\ny "}, {"a": "x\ny"}, []),
        ({"a": ""}, {}, []),
        ({"a": "x"}, {}, [FieldDifference("a", Difference.DROPPED, "x", "")]),
        ({"a": "x"}, {"a": ""}, [FieldDifference("a", Difference.DROPPED, "x", "")]),
        (
            {"a": "long text"},
            {"a": "long"},
            [FieldDifference("a", Difference.CUT, "long text", "long")],
        ),
        ({"a": "1"}, {"a": "2"}, [FieldDifference("a", Difference.CHANGED, "1", "2")]),
    ],
)
def test_each_field_that_was_stored_differently_is_named(
    sent: dict[str, str], stored: dict[str, str], expected: list[FieldDifference]
) -> None:
    assert plan.differences(sent, stored) == expected


@pytest.mark.parametrize(
    ("sent", "stored", "count"),
    [
        ({}, {"priority": "4"}, 1),
        ({}, {"priority": "2"}, 0),
        ({}, {}, 0),
        ({"priority": "2"}, {"priority": "2"}, 0),
    ],
)
def test_a_computed_value_that_is_not_the_wanted_one_is_named(
    sent: dict[str, str], stored: dict[str, str], count: int
) -> None:
    found = plan.differences(sent, stored, wanted={"priority": "2"})
    assert [each.how for each in found] == [Difference.COMPUTED] * count
