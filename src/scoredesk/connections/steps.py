"""How far the set-up has come: the state of each step of the checklist, and what comes next. Pure.

    to do → (checking) → saved → passed / warning / failed

"Saved" is a step that is filled in and whose proof comes later: no instance can say who the portal
is before somebody has authorized it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoredesk.connections.errors import NotAuthorized
from scoredesk.connections.findings import Outcome, Step
from scoredesk.connections.times import ANSWER_WITHIN


class State(models.TextChoices):
    """How a step stands."""

    TO_DO = "to_do", pgettext_lazy("step", "To do")
    CHECKING = "checking", _("Waiting for ServiceNow")
    SAVED = "saved", _("Saved, not proved yet")
    PASSED = "passed", _("In order")
    WARNING = "warning", _("Works, but")
    FAILED = "failed", _("Failed")


# What must be there before a step can be done.
NEEDS: dict[Step, tuple[Step, ...]] = {
    Step.INSTANCE: (),
    Step.APP: (Step.INSTANCE,),
    Step.APPLICATION: (Step.INSTANCE,),
    Step.USER: (Step.INSTANCE,),
    Step.AUTHORIZE: (Step.INSTANCE, Step.APPLICATION, Step.USER),
    Step.VERIFY: (Step.AUTHORIZE,),
}
_FINISHED = frozenset({State.SAVED, State.PASSED, State.WARNING})
_REMARKS = frozenset({Outcome.WARNING, Outcome.UNSURE})


@dataclass(frozen=True)
class Found:
    """One finding of a step, as far as the checklist needs it."""

    outcome: Outcome
    code: str = ""


@dataclass(frozen=True)
class Progress:
    """What is known of a set-up: `done`: steps that are filled in, authorized or verified;
    `works`: whether the connection is authorized; `away_since`: when somebody went to the Allow
    page who has not come back; `found`: what the last check found in each step."""

    at: datetime
    done: frozenset[Step] = frozenset()
    works: bool = False
    away_since: datetime | None = None
    found: Mapping[Step, Collection[Found]] = field(default_factory=dict)

    @property
    def is_away(self) -> bool:
        """Whether somebody stands before the Allow page now."""
        return self.away_since is not None and self.at - self.away_since <= ANSWER_WITHIN

    @property
    def is_lost(self) -> bool:
        """Whether somebody went to the Allow page and should have been back by now."""
        return self.away_since is not None and not self.is_away


@dataclass(frozen=True)
class Standing:
    """One step. `waits_for`: the step that must be done before it, None: it can be done."""

    step: Step
    state: State
    waits_for: Step | None
    is_next: bool


def standings(progress: Progress) -> list[Standing]:
    """Every step in order."""
    states = {step: state_of(step, progress) for step in Step}
    following = next_of(states)
    return [
        Standing(step, state, waits_for(step, progress.done), step == following)
        for step, state in states.items()
    ]


def state_of(step: Step, progress: Progress) -> State:
    """How one step stands."""
    if step == Step.AUTHORIZE and progress.is_away:
        return State.CHECKING
    found = [one for one in progress.found.get(step, ()) if says_something(one)]
    if step == Step.AUTHORIZE and _failed(found):
        return State.FAILED  # also as long as nobody was let in: the reason stands here
    if step not in progress.done or (step == Step.VERIFY and not found):
        return State.TO_DO  # something before it kept the last check from looking
    return _judged(found, works=progress.works)


def says_something(found: Found) -> bool:
    """Whether a finding tells something about a step: that nobody has authorized yet is told by
    the step "Authorize" being to do."""
    return found.outcome != Outcome.SKIPPED and found.code != NotAuthorized.code


def waits_for(step: Step, done: Collection[Step]) -> Step | None:
    """The first step that must be done before this one can be."""
    return next((needed for needed in NEEDS[step] if needed not in done), None)


def next_of(states: Mapping[Step, State]) -> Step | None:
    """The first step that is not in order; None when all are."""
    return next((step for step, state in states.items() if state not in _FINISHED), None)


def _judged(found: Iterable[Found], *, works: bool) -> State:
    outcomes = {one.outcome for one in found}
    if Outcome.FAILED in outcomes:
        return State.FAILED
    if outcomes & _REMARKS:
        return State.WARNING
    # A connection that was let in has proved what came before.
    return State.PASSED if outcomes or works else State.SAVED


def _failed(found: Iterable[Found]) -> bool:
    return any(one.outcome == Outcome.FAILED for one in found)
