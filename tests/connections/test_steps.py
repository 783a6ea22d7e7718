"""How each step of the checklist stands: every case is a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scoredesk.connections.findings import Outcome, Step
from scoredesk.connections.steps import (
    Found,
    Progress,
    State,
    next_of,
    standings,
    state_of,
    waits_for,
)
from scoredesk.connections.times import ANSWER_WITHIN

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
FILLED = frozenset({Step.INSTANCE, Step.APP, Step.APPLICATION, Step.USER})
WORKING = FILLED | {Step.AUTHORIZE}
GOOD, WARNING, UNSURE = Found(Outcome.GOOD), Found(Outcome.WARNING, "x"), Found(Outcome.UNSURE, "x")
FAILED, SKIPPED = Found(Outcome.FAILED, "x"), Found(Outcome.SKIPPED)
NOT_YET = Found(Outcome.FAILED, "connection.not_authorized")


@pytest.mark.parametrize(
    ("step", "done", "works", "found", "state"),
    [
        (Step.INSTANCE, frozenset(), False, [], State.TO_DO),
        (Step.INSTANCE, FILLED, False, [GOOD], State.PASSED),
        (Step.INSTANCE, FILLED, False, [GOOD, UNSURE], State.WARNING),
        (Step.INSTANCE, FILLED, False, [WARNING, FAILED], State.FAILED),
        (Step.INSTANCE, FILLED, False, [SKIPPED], State.SAVED),
        (Step.INSTANCE, WORKING, True, [], State.PASSED),
        (Step.APP, frozenset({Step.INSTANCE}), False, [], State.TO_DO),
        (Step.APP, FILLED, False, [], State.SAVED),
        (Step.APPLICATION, FILLED, False, [], State.SAVED),
        (Step.APPLICATION, frozenset(), False, [FAILED], State.TO_DO),
        (Step.USER, FILLED, False, [NOT_YET], State.SAVED),
        (Step.USER, WORKING, True, [FAILED], State.FAILED),
        (Step.AUTHORIZE, FILLED, False, [NOT_YET], State.TO_DO),
        (Step.AUTHORIZE, FILLED, False, [FAILED], State.FAILED),
        (Step.AUTHORIZE, FILLED, False, [WARNING, NOT_YET], State.TO_DO),
        (Step.AUTHORIZE, WORKING, True, [], State.PASSED),
        (Step.VERIFY, WORKING, True, [GOOD], State.TO_DO),
        (Step.VERIFY, WORKING | {Step.VERIFY}, True, [GOOD, UNSURE], State.WARNING),
        (Step.VERIFY, WORKING | {Step.VERIFY}, True, [FAILED], State.FAILED),
        (Step.VERIFY, WORKING | {Step.VERIFY}, True, [SKIPPED], State.TO_DO),
    ],
)
def test_the_state_of_a_step(
    step: Step, done: frozenset[Step], found: list[Found], state: State, *, works: bool
) -> None:
    progress = Progress(AT, done=done, works=works, found={step: found})
    assert state_of(step, progress) == state


@pytest.mark.parametrize(
    ("gone", "found", "state"),
    [
        (timedelta(seconds=1), [], State.CHECKING),
        (ANSWER_WITHIN, [FAILED], State.CHECKING),
        (ANSWER_WITHIN + timedelta(seconds=1), [FAILED], State.FAILED),
        (ANSWER_WITHIN + timedelta(seconds=1), [], State.TO_DO),
    ],
)
def test_somebody_before_the_allow_page_is_waited_for(
    gone: timedelta, found: list[Found], state: State
) -> None:
    progress = Progress(AT, FILLED, away_since=AT - gone, found={Step.AUTHORIZE: found})
    assert state_of(Step.AUTHORIZE, progress) == state
    assert progress.is_lost == (gone > ANSWER_WITHIN)


@pytest.mark.parametrize(
    ("step", "done", "needed"),
    [
        (Step.INSTANCE, frozenset(), None),
        (Step.APP, frozenset(), Step.INSTANCE),
        (Step.APPLICATION, frozenset({Step.INSTANCE}), None),
        (Step.USER, frozenset(), Step.INSTANCE),
        (Step.AUTHORIZE, frozenset({Step.INSTANCE, Step.USER}), Step.APPLICATION),
        (Step.AUTHORIZE, FILLED, None),
        (Step.VERIFY, FILLED, Step.AUTHORIZE),
        (Step.VERIFY, WORKING, None),
    ],
)
def test_what_a_step_waits_for(step: Step, done: frozenset[Step], needed: Step | None) -> None:
    assert waits_for(step, done) == needed


def test_the_next_step_is_the_first_that_is_not_in_order() -> None:
    good = dict.fromkeys(Step, State.PASSED)
    assert next_of(good) is None
    assert next_of({**good, Step.INSTANCE: State.WARNING, Step.USER: State.SAVED}) is None
    assert next_of({**good, Step.USER: State.FAILED, Step.VERIFY: State.TO_DO}) == Step.USER
    assert next_of(dict.fromkeys(Step, State.TO_DO)) == Step.INSTANCE


def test_every_step_stands_in_order_and_one_is_next() -> None:
    shown = standings(Progress(AT, frozenset({Step.INSTANCE}), found={Step.INSTANCE: [GOOD]}))
    assert [one.step for one in shown] == list(Step)
    assert [one.step for one in shown if one.is_next] == [Step.APP]
    assert [one.waits_for for one in shown][-2:] == [Step.APPLICATION, Step.AUTHORIZE]
