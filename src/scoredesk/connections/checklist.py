"""The installation checklist of a tenant, as its page shows it: a card for each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scoredesk.common.errors import Explanation, all_codes
from scoredesk.connections.authorization import VALID_FOR, is_complete
from scoredesk.connections.errors import NoCallback
from scoredesk.connections.faults import explain, explain_reason, facts_of
from scoredesk.connections.findings import Check, Outcome, Step
from scoredesk.connections.models import Connection, ConnectorApp
from scoredesk.connections.results import CheckLine, check_lines
from scoredesk.connections.steps import Found, Progress, Standing, State, says_something, standings
from scoredesk.servicenow.errors import NotServiceNow, Unreachable

_COLOURS = {
    State.TO_DO: "secondary",
    State.CHECKING: "blue",
    State.SAVED: "blue",
    State.PASSED: "green",
    State.WARNING: "orange",
    State.FAILED: "red",
}
_ICONS = {
    State.TO_DO: "circle-dashed",
    State.CHECKING: "clock",
    State.SAVED: "check",
    State.PASSED: "circle-check",
    State.WARNING: "alert-triangle",
    State.FAILED: "circle-x",
}
# A trip that nobody came back from is told for as long as somebody may still wonder about it.
_WONDERED_FOR = timedelta(days=1)
_OPEN = frozenset({State.CHECKING, State.WARNING, State.FAILED})


@dataclass(frozen=True)
class Card:
    """A step with what is shown of it. `saved`: what was filled in, in short; `may_check`: whether
    there is anything to check; `shown`: whether the card is unfolded."""

    number: int
    standing: Standing
    saved: str = ""
    may_check: bool = False
    lines: Sequence[CheckLine] = ()
    reason: Explanation | None = None
    reason_detail: str = ""
    shown: bool = False

    @property
    def step(self) -> Step:
        """Which step."""
        return self.standing.step

    @property
    def state(self) -> State:
        """How it stands."""
        return self.standing.state

    @property
    def colour(self) -> str:
        """Tabler's colour of the state."""
        return _COLOURS[self.state]

    @property
    def icon(self) -> str:
        """The icon of the state."""
        return _ICONS[self.state]

    @property
    def template(self) -> str:
        """What is filled in or pressed in this step."""
        return f"connections/setup/{self.step.value}.html"

    @property
    def checked_at(self) -> datetime | None:
        """When it was last checked."""
        return max((line.at for line in self.lines if line.at), default=None)


@dataclass(frozen=True)
class _Told:
    """What is to be said in each step beside the states."""

    lines: dict[Step, list[CheckLine]] = field(default_factory=dict)
    reason: Explanation | None = None
    reason_step: Step = Step.AUTHORIZE


def cards(connection: Connection | None, now: datetime, shown: str = "") -> list[Card]:
    """Every step's card. `shown`: a step that the page was asked to unfold."""
    told = _told(connection)
    progress = _progress(connection, told, now)
    if connection and progress.is_lost and not (connection.usable or _tells_of_it(told)):
        told = _with_reason(told, explain(NoCallback.code, facts_of(connection)))
        progress = _progress(connection, told, now)
    return [
        _card(number, standing, told, connection, shown)
        for number, standing in enumerate(standings(progress), start=1)
    ]


def card_of(step: Step, connection: Connection | None, now: datetime) -> Card:
    """One step's card, unfolded."""
    found = cards(connection, now, shown=step.value)
    return next(card for card in found if card.step == step)


def next_card(shown: Sequence[Card]) -> Card | None:
    """The card to go on with; None when all is in order."""
    return next((card for card in shown if card.standing.is_next), None)


def _card(
    number: int, standing: Standing, told: _Told, connection: Connection | None, shown: str
) -> Card:
    here = told.reason if told.reason_step == standing.step else None
    unfold = standing.is_next or (standing.state in _OPEN and not standing.waits_for)
    return Card(
        number=number,
        standing=standing,
        saved=_saved(standing.step, connection),
        may_check=not (standing.waits_for or _is_empty(standing)),
        lines=told.lines.get(standing.step, []),
        reason=here,
        reason_detail=connection.reason_detail if connection and here else "",
        shown=unfold or shown == standing.step.value,
    )


def _is_empty(standing: Standing) -> bool:
    """Whether nothing is filled in that could be checked."""
    return standing.state == State.TO_DO and standing.step not in {Step.AUTHORIZE, Step.VERIFY}


def _saved(step: Step, connection: Connection | None) -> str:
    if connection is None:
        return ""
    if step == Step.APP:
        return connection.get_connector_app_display() if connection.connector_app else ""
    texts = {
        Step.INSTANCE: connection.address,
        Step.APPLICATION: connection.client_id,
        Step.USER: connection.integration_user,
    }
    return texts.get(step, "")


def _progress(connection: Connection | None, told: _Told, now: datetime) -> Progress:
    found = {
        step: [Found(line.outcome, line.fault.code if line.fault else "") for line in lines]
        for step, lines in told.lines.items()
    }
    if told.reason:
        found.setdefault(told.reason_step, []).append(Found(Outcome.FAILED, told.reason.code))
    if connection is None:
        return Progress(now)
    if connection.connector_app == ConnectorApp.WITHOUT and not found.get(Step.APP):
        found[Step.APP] = [Found(Outcome.GOOD)]  # nothing is to be proved
    return Progress(
        at=now,
        done=_done(connection),
        works=connection.usable,
        away_since=_away_since(connection, now),
        found=found,
    )


def _done(connection: Connection) -> frozenset[Step]:
    verified = any(kept["check"] == Check.CHANGE_REQUEST for kept in connection.check_results)
    filled = {
        Step.INSTANCE: True,
        Step.APP: bool(connection.connector_app) or connection.usable,
        Step.APPLICATION: bool(connection.client_id and connection.sealed_client_secret),
        Step.USER: bool(connection.integration_user),
        Step.AUTHORIZE: connection.usable,
        Step.VERIFY: connection.usable and verified,
    }
    return frozenset(step for step, is_filled in filled.items() if is_filled)


def _away_since(connection: Connection, now: datetime) -> datetime | None:
    """When somebody went to the Allow page, if nobody has come back since."""
    newest = connection.authorizations.order_by("begun_at").last()
    if newest is None or newest.used_at is not None or not is_complete(connection):
        return None
    kept_for = VALID_FOR if connection.usable else _WONDERED_FOR
    return newest.begun_at if now - newest.begun_at <= kept_for else None


def _told(connection: Connection | None) -> _Told:
    if connection is None:
        return _Told()
    lines: dict[Step, list[CheckLine]] = {}
    for line in check_lines(connection):
        code = line.fault.code if line.fault else ""
        if says_something(Found(line.outcome, code)):
            lines.setdefault(line.step, []).append(line)
    told = _Told(lines)
    reason = explain_reason(connection)
    codes = {line.fault.code for found in lines.values() for line in found if line.fault}
    if reason is None or not says_something(Found(Outcome.FAILED, reason.code)):
        return told
    return told if reason.code in codes else _with_reason(told, reason, step_of(reason.code))


def _with_reason(told: _Told, reason: Explanation, step: Step = Step.AUTHORIZE) -> _Told:
    """With what stands against the connection although no check of a step found it."""
    return _Told(told.lines, reason, step)


def _tells_of_it(told: _Told) -> bool:
    """Whether the check has found already that nobody came back, or why."""
    return any(line.outcome == Outcome.FAILED for line in told.lines.get(Step.AUTHORIZE, ()))


def step_of(code: str) -> Step:
    """The step in which a fault is cured that jobs or an authorization met."""
    away = {**all_codes(Unreachable), **all_codes(NotServiceNow)}
    return Step.INSTANCE if code in away else Step.AUTHORIZE
