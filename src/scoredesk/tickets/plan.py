"""The decisions of this room: facts in, decisions out. No I/O, no clock, no chance.

Creating a record: `next_step` says what to do with one outgoing row, `after_error` and
`after_look_up` what its state is afterwards. Together they hold the promise that every ticket
reaches ServiceNow exactly once (tests play it against lost answers and crashes in virtual time).
Following a record: `new_to_us`, `changes`, `track_from`, `next_watermark`, `after_absence`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.fields.known import JOURNAL
from scoredesk.connections.lifecycle import concerns_connection
from scoredesk.connections.models import Phase
from scoredesk.tickets.models import Delivery, EventKind

# From the moment before a request leaves until nothing of it can happen any more: we hang up after
# 120 s (common.http.Timeouts.total), and the instance cancels a Table API transaction 60 s after
# it began (servicenow-api 10). Only after this does "not found" mean "not created".
SETTLED_AFTER = timedelta(seconds=180)
FIRST_LOOK = timedelta(seconds=2)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
MISSING_AFTER = timedelta(hours=24)


class Step(StrEnum):
    """What to do with one outgoing row."""

    SEND = "send"
    LOOK_UP = "look_up"
    WAIT = "wait"
    NOTHING = "nothing"


class About(StrEnum):
    """What a fault is about, and so who can cure it."""

    RECORD = "record"  # ServiceNow refuses this one: the person mends it
    PASSING = "passing"  # time cures it
    CONNECTION = "connection"  # nothing works until somebody repairs the connection


@dataclass(frozen=True, slots=True)
class OutgoingFacts:
    """One outgoing row. `held`: waits until the connection works again."""

    state: Delivery
    next_try_at: datetime
    sending_since: datetime | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class ErrorFacts:
    """A fault as far as it matters here. `retry_after`: seconds that the instance asked for."""

    about: About
    maybe_done: bool = False
    retry_after: float | None = None

    @classmethod
    def of(cls, fault: ScoredeskError) -> ErrorFacts:
        """The facts of a fault that a client raised."""
        return cls(about_what(fault), fault.maybe_done, getattr(fault, "retry_after", None))


@dataclass(frozen=True, slots=True)
class Decision:
    """The row's state from now on. `stop`: leave the connection alone until `next_try_at`."""

    state: Delivery
    next_try_at: datetime
    stop: bool = False
    held: bool = False


def about_what(fault: ScoredeskError) -> About:
    """Whether waiting, mending the ticket, or repairing the connection cures a fault."""
    if fault.retryable:
        return About.PASSING
    return About.CONNECTION if concerns_connection(fault) else About.RECORD


def next_step(outgoing: OutgoingFacts, now: datetime, *, connected: bool) -> Step:
    """What a new run does with a row. `connected`: the connection has no known fault.

    Only one run at a time touches a connection, so a row that is `sending` when a run begins was
    left behind by a run that died: its request may or may not have arrived.
    """
    if outgoing.state in {Delivery.DELIVERED, Delivery.FAILED}:
        return Step.NOTHING
    if outgoing.state == Delivery.SENDING:
        return Step.LOOK_UP
    if now < outgoing.next_try_at and not (outgoing.held and connected):
        return Step.WAIT
    return Step.SEND if outgoing.state == Delivery.QUEUED else Step.LOOK_UP


def after_error(error: ErrorFacts, tries: int, *, now: datetime, chance: float) -> Decision:
    """The row after its create failed. `tries` counts this one; `chance` (0 to 1): the jitter."""
    if error.maybe_done:
        return Decision(Delivery.UNCERTAIN, now + FIRST_LOOK, stop=True)
    if error.about is About.RECORD:
        return Decision(Delivery.FAILED, now)
    until = now + pause(error, tries, chance)
    return Decision(Delivery.QUEUED, until, stop=True, held=error.about is About.CONNECTION)


def pause(error: ErrorFacts, tries: int, chance: float) -> timedelta:
    """How long to leave an instance alone after the given number of failures (from 1)."""
    if error.about is not About.PASSING:
        return LONGEST_PAUSE  # asking again and again would lock the account out
    if error.retry_after is not None:
        return min(max(timedelta(seconds=error.retry_after), timedelta(seconds=1)), LONGEST_PAUSE)
    full = min(FIRST_PAUSE * 2.0 ** min(tries - 1, 20), LONGEST_PAUSE)
    return full * (0.5 + chance / 2)


def after_look_up(outgoing: OutgoingFacts, now: datetime, *, found: bool) -> Decision:
    """The row after ServiceNow was asked for its correlation id.

    Found: adopted. Absent: sent again, but only when the lost request can no longer arrive.
    """
    if found:
        return Decision(Delivery.DELIVERED, now)
    sent_at = outgoing.sending_since or outgoing.next_try_at
    settled_at = sent_at + SETTLED_AFTER
    if now >= settled_at:
        return Decision(Delivery.QUEUED, now)
    return Decision(Delivery.UNCERTAIN, min(now + max(FIRST_LOOK, (now - sent_at) / 2), settled_at))


def after_failed_look_up(
    error: ErrorFacts, tries: int, *, now: datetime, chance: float
) -> Decision:
    """The row after the look-up itself failed: nothing is known, so nothing is concluded."""
    until = now + pause(error, tries, chance)
    return Decision(Delivery.UNCERTAIN, until, stop=True, held=error.about is not About.PASSING)


class Difference(StrEnum):
    """How a stored value differs from what was sent."""

    DROPPED = "dropped"  # empty or absent: unknown field, or no right to write or read it
    CUT = "cut"
    CHANGED = "changed"
    COMPUTED = "computed"  # the instance works it out itself


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of a created record that is not as it was asked for."""

    field: str
    how: Difference
    sent: str
    stored: str


def differences(
    sent: Mapping[str, str], stored: Mapping[str, str], *, wanted: Mapping[str, str] | None = None
) -> list[FieldDifference]:
    """What the instance made of a record, field by field (servicenow-api 12.2).

    `stored`: raw values as they came back; fields that did not come back are absent. `wanted`:
    values that should result although they are not sent (an incident's priority). Journal fields
    are written and never read back (servicenow-api 6.6): they prove nothing.
    """
    found = [
        FieldDifference(name, how, value, stored.get(name, ""))
        for name, value in sent.items()
        if name not in JOURNAL and (how := _difference(value, stored.get(name, ""))) is not None
    ]
    return found + [
        FieldDifference(name, Difference.COMPUTED, value, stored[name])
        for name, value in (wanted or {}).items()
        if name not in sent and stored.get(name, value) != value
    ]


def _difference(sent: str, stored: str) -> Difference | None:
    asked, kept = _plain(sent), _plain(stored)
    if asked == kept or _same_number(asked, kept):
        return None
    if not kept:
        return Difference.DROPPED
    return Difference.CUT if asked.startswith(kept) else Difference.CHANGED


def _same_number(asked: str, kept: str) -> bool:
    """An instance may write 5 as 5.00, or a price with its currency in front (USD;5.00)."""
    try:
        return Decimal(asked) == Decimal(kept.rpartition(";")[2])
    except InvalidOperation:
        return False


def _plain(text: str) -> str:
    """Line ends and blanks at the end differ between browsers and databases; nobody sees it."""
    return text.replace("\r\n", "\n").rstrip()


@dataclass(frozen=True, slots=True)
class RemoteFacts:
    """What ServiceNow says of a record; and what we last knew of it, in the same form."""

    sys_id: str
    mod_count: int
    updated_at: datetime | None
    number: str = ""
    state: str = ""
    state_label: str = ""
    phase: Phase = Phase.UNKNOWN
    priority: str = ""
    priority_label: str = ""
    name: str = ""
    due_at: datetime | None = None
    assigned_to: str = ""
    assignment_group: str = ""
    resolution_code: str = ""
    resolution_notes: str = ""


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event of a ticket's timeline. Telling the same `key` twice is harmless."""

    kind: EventKind
    key: str
    at: datetime
    facts: dict[str, str] = field(default_factory=dict)


def new_to_us(known: RemoteFacts | None, seen: RemoteFacts) -> bool:
    """Whether a record that tracking read is newer than what we know of it.

    The change token is `sys_mod_count` (servicenow-api 9.3). Our own write returned its count, so
    that it comes back as something known; an overlap re-reads known records; and a read replica
    that lags behind gives an older count.
    """
    return known is None or seen.mod_count > known.mod_count


def differs(known: RemoteFacts, seen: RemoteFacts) -> bool:
    """Whether anything at all is different: what a sweep asks, since scripts can change a record
    without moving its count or its date (servicenow-api 9.6)."""
    return any(getattr(known, each.name) != getattr(seen, each.name) for each in fields(seen))


def changes(known: RemoteFacts, seen: RemoteFacts, now: datetime) -> list[EventDraft]:
    """The events that lead from what we knew to what ServiceNow says now.

    Keys hold the count and the new value, so that telling them again tells nothing. `now` dates an
    event only where the record has no date of its own.
    """
    at = seen.updated_at or now
    told: list[tuple[EventKind, str, dict[str, str]]] = []
    if known.state != seen.state:
        told.append((EventKind.STATE_CHANGED, seen.state, _state_facts(known, seen)))
    if known.priority != seen.priority:
        told.append(
            (
                EventKind.PRIORITY_CHANGED,
                seen.priority,
                {
                    "before": known.priority_label,
                    "after": seen.priority_label,
                    "before_value": known.priority,
                    "after_value": seen.priority,
                },
            )
        )
    owner, group = seen.assigned_to, seen.assignment_group
    if (known.assigned_to, known.assignment_group) != (owner, group):
        facts = {"before": known.assigned_to, "after": owner, "group": group}
        told.append((EventKind.ASSIGNED, f"{owner}\0{group}", facts))
    if known.due_at != seen.due_at:
        facts = {"before": _iso(known.due_at), "after": _iso(seen.due_at)}
        told.append((EventKind.DUE_CHANGED, facts["after"], facts))
    if known.name != seen.name:
        told.append((EventKind.RENAMED, seen.name, {"before": known.name, "after": seen.name}))
    code, notes = seen.resolution_code, seen.resolution_notes
    if (known.resolution_code, known.resolution_notes) != (code, notes) and (code or notes):
        told.append((EventKind.RESOLVED, f"{code}\0{notes}", {"code": code, "notes": notes}))
    return [
        EventDraft(kind, _key(kind, seen.mod_count, value), at, facts)
        for kind, value, facts in told
    ]


def _state_facts(known: RemoteFacts, seen: RemoteFacts) -> dict[str, str]:
    return {
        "before": known.state_label,
        "after": seen.state_label,
        "before_value": known.state,
        "after_value": seen.state,
        "phase": seen.phase.value,
    }


def _key(kind: EventKind, mod_count: int, value: str) -> str:
    digest = hashlib.blake2s(value.encode(), digest_size=8).hexdigest()
    return f"{kind.value}:{mod_count}:{digest}"


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def phase_of(state: str, names: Mapping[str, str], shipped: Mapping[str, str]) -> Phase:
    """What a state amounts to: as the administrator mapped it, else as ServiceNow ships it.

    UNKNOWN for a state that the instance has added and nobody has mapped yet.
    """
    return Phase(names.get(state) or shipped.get(state) or Phase.UNKNOWN)


def track_from(watermark: datetime | None, overlap: timedelta) -> datetime | None:
    """From when to read; None: from the beginning.

    A transaction commits after it took its time stamp, and nodes have clocks of their own
    (servicenow-api 9.4), so each look reads a little back.
    """
    if watermark is None:
        return None
    earliest = datetime.min.replace(tzinfo=UTC)
    return watermark - overlap if watermark - earliest > overlap else earliest


def next_watermark(
    current: datetime | None, seen: Iterable[datetime], *, complete: bool
) -> datetime | None:
    """The largest time seen, by the instance's clock, never ours; unmoved by a doubtful answer."""
    if not complete:
        return current
    return max((moment for moment in (current, *seen) if moment is not None), default=None)


class Absence(StrEnum):
    """What a sweep does about a record that did not come back."""

    NOTE = "note"
    WAIT = "wait"
    TELL = "tell"


def after_absence(missing_since: datetime | None, now: datetime) -> Absence:
    """A record that is missing twice, a day apart, is told as deleted or no longer visible.

    Once proves nothing: a query can be cancelled, a domain can be switched (servicenow-api 9.10).
    """
    if missing_since is None:
        return Absence.NOTE
    return Absence.TELL if now - missing_since >= MISSING_AFTER else Absence.WAIT
