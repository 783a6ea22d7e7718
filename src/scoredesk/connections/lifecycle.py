"""The life of a connection as a pure table: status and event in, status out.

    not_connected → authorizing → connected ⇄ attention(reason) → removed

A working connection stays what it is while somebody authorizes it again: its tokens are good
until new ones have arrived. Every reason is the `code` of an error that `faults.explain` knows.
"""

from __future__ import annotations

from enum import StrEnum

from scoredesk.common.addresses import AddressError
from scoredesk.common.errors import ScoredeskError, all_codes
from scoredesk.common.secrets import SecretError
from scoredesk.connections.errors import (
    ConnectionFault,
    FieldFault,
    NotAuthorized,
    PersonalCredentials,
    TicketsRefused,
    UserUnusable,
    WrongUser,
)
from scoredesk.connections.models import Status
from scoredesk.servicenow import errors as sn


class Event(StrEnum):
    """What may happen to a connection."""

    SAVED = "saved"
    CREDENTIALS_CHANGED = "credentials_changed"
    BEGUN = "begun"
    AUTHORIZED = "authorized"
    REFUSED = "refused"
    FAULT = "fault"
    WORKED = "worked"
    REMOVED = "removed"


class IllegalMove(Exception):
    """An event that cannot happen in this status: the caller's view of the row is out of date."""


_NOT, _ING, _ON, _BAD, _GONE = (
    Status.NOT_CONNECTED,
    Status.AUTHORIZING,
    Status.CONNECTED,
    Status.ATTENTION,
    Status.REMOVED,
)
_NEXT: dict[Event, dict[Status, Status]] = {
    Event.SAVED: {_NOT: _NOT, _ING: _ING, _ON: _ON, _BAD: _BAD, _GONE: _NOT},
    Event.CREDENTIALS_CHANGED: {_NOT: _NOT, _ING: _NOT, _ON: _NOT, _BAD: _NOT, _GONE: _NOT},
    Event.BEGUN: {_NOT: _ING, _ING: _ING, _ON: _ON, _BAD: _BAD},
    Event.AUTHORIZED: {_NOT: _ON, _ING: _ON, _ON: _ON, _BAD: _ON},
    Event.REFUSED: {_NOT: _NOT, _ING: _NOT, _ON: _ON, _BAD: _BAD, _GONE: _GONE},
    Event.FAULT: {_NOT: _NOT, _ING: _ING, _ON: _BAD, _BAD: _BAD, _GONE: _GONE},
    Event.WORKED: {_NOT: _NOT, _ING: _ING, _ON: _ON, _BAD: _ON, _GONE: _GONE},
    Event.REMOVED: {_NOT: _GONE, _ING: _GONE, _ON: _GONE, _BAD: _GONE, _GONE: _GONE},
}

# Faults of one record or one request: the ticket tells them; the connection itself works.
_OF_ONE_RECORD: tuple[type[ScoredeskError], ...] = (
    sn.InsertRefused,
    sn.UpdateRefused,
    sn.DeleteRefused,
    sn.DataPolicyRefused,
    sn.BusinessRuleRefused,
    sn.NotFound,
    FieldFault,
    TicketsRefused,
)
_CONCERNING: tuple[type[ScoredeskError], ...] = (
    sn.Unreachable,
    sn.NotServiceNow,
    sn.Unauthorized,
    sn.Forbidden,
    sn.ApplicationRefused,
    sn.InvalidTable,
    AddressError,
    SecretError,
    ConnectionFault,
)

# Rights for single interfaces or tables, unlike a fault of the whole way to the instance.
_OF_THE_WHOLE_WAY = {sn.GatewayRefused.code, sn.AddressRefused.code}
_OF_ONE_DOOR = (set(all_codes(sn.Forbidden)) | {sn.InvalidTable.code}) - _OF_THE_WHOLE_WAY
_NOBODY_TO_ACT_AS = {
    WrongUser.code,
    PersonalCredentials.code,
    UserUnusable.code,
    NotAuthorized.code,
}
_NEW_START = {
    Event.SAVED,
    Event.CREDENTIALS_CHANGED,
    Event.AUTHORIZED,
    Event.WORKED,
    Event.REMOVED,
}


def next_status(status: str, event: Event) -> Status:
    """The status after `event`. Raises IllegalMove for what cannot happen."""
    try:
        return _NEXT[event][Status(status)]
    except KeyError:
        raise IllegalMove(f"{event} cannot happen to a connection that is {status}") from None


def allowed(status: str, event: Event) -> bool:
    """Whether `event` may happen in this status."""
    return Status(status) in _NEXT[event]


def concerns_connection(error: ScoredeskError) -> bool:
    """Whether a fault means that nothing will work until a person acts.

    A passing fault (an upgrade, a lost answer, a rate limit) and the fault of a single record
    never take the connection down.
    """
    if error.retryable or is_of_one_record(error):
        return False
    return isinstance(error, _CONCERNING)


def is_of_one_record(error: ScoredeskError) -> bool:
    """Whether a fault is one of a record, or of new records only."""
    return isinstance(error, _OF_ONE_RECORD)


def record_codes() -> set[str]:
    """The codes of all such faults."""
    return {code for kind in _OF_ONE_RECORD for code in all_codes(kind)}


def disproved(reason: str, met_by: str, who: str) -> bool:
    """Whether a call of `who` that worked proves the reason gone.

    What only a check can see (a wrong user, a table that cannot be read) stays until the next one.
    A right that is missing for one thing is not proved by another: who may read may not yet
    create. So that stays until the same job, or a check that a person asked for, has worked.
    """
    if seen_by_checks_only(reason):
        return False
    return reason not in _OF_ONE_DOOR or met_by in {"", who}


def seen_by_checks_only(reason: str) -> bool:
    """Whether no call of a job fails with this: a check compares and concludes."""
    return reason.startswith(ConnectionFault.family)


def is_of_one_door(reason: str) -> bool:
    """Whether it is a right that is missing for one interface or table."""
    return reason in _OF_ONE_DOOR


def forbids_work(reason: str) -> bool:
    """Whether nothing may be done in the name of this connection: another user would be seen
    doing it, or it is known that none may."""
    return reason in _NOBODY_TO_ACT_AS


def starts_anew(event: Event) -> bool:
    """Whether what happened makes earlier failures count no more: try again at once."""
    return event in _NEW_START
