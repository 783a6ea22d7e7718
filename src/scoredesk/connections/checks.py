"""The check of a connection: reach, identity, rights, choices; each result with its cure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.errors import ChoicesUnreadable, NotAuthorized, TableUnreadable
from scoredesk.connections.health import report_success
from scoredesk.connections.identity import check_user
from scoredesk.connections.instance import wire
from scoredesk.connections.lifecycle import Event, concerns_connection
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.rows import locked, move, set_reason
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import Query, ServiceNow, probe
from scoredesk.servicenow.errors import Forbidden
from scoredesk.servicenow.vocabulary import Table

CHECKED = "connection.checked"


class Check(models.TextChoices):
    """What is looked at, in this order."""

    REACH = "reach", _("The instance can be reached")
    IDENTITY = "identity", _("The portal acts as the integration user")
    CHANGE_REQUEST = "change_request", _("Change requests can be read")
    INCIDENT = "incident", _("Incidents can be read")
    CHOICES = "choices", _("State names can be read")


class Outcome(models.TextChoices):
    """How a check ended."""

    GOOD = "good", _("In order")
    UNSURE = "unsure", _("Cannot tell")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Not checked")


@dataclass(frozen=True)
class Result:
    """One check: how it ended, and for anything but "good" the code and facts of the cause."""

    check: Check
    outcome: Outcome
    code: str = ""
    detail: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    error: ScoredeskError | None = field(default=None, compare=False)

    @classmethod
    def of(cls, check: Check, outcome: Outcome, error: ScoredeskError | None = None) -> Result:
        """The result of a check that ended with this error, or without one."""
        if error is None:
            return cls(check, outcome)
        return cls(check, outcome, error.code, error.detail, dict(error.facts), error)

    def as_json(self) -> dict[str, Any]:
        """For the connection's row; the error object stays behind."""
        kept = asdict(self)
        kept.pop("error")
        return kept


def run(connection: Connection, *, actor: Actor, now: datetime) -> list[Result]:
    """Carries out every check with short time-outs, stores the results, sets the status.

    Raises nothing that an instance can cause: that is what the results are for.
    """
    results = list(_walk(connection))
    failed = next((result.error for result in results if result.error and _is_bad(result)), None)
    if failed is None:
        report_success(connection, now)
    with transaction.atomic():
        row = locked(connection)
        row.attempted_at = row.checked_at = now
        row.check_results = [result.as_json() for result in results]
        _conclude(row, failed, actor=actor)
    connection.refresh_from_db()
    return results


def verify_identity(connection: Connection) -> None:
    """Asks the instance who we are. Raises WrongUser, UserUnusable, or as the client does."""
    with client_for(connection, patient=True) as client:
        check_user(client.whoami(), connection.integration_user)


def _conclude(row: Connection, failed: ScoredeskError | None, *, actor: Actor) -> None:
    after = {"reason": failed.code} if failed else {}
    live = row.status in {Status.CONNECTED, Status.ATTENTION}
    if live and (failed is None or concerns_connection(failed)):
        set_reason(row, failed)
        event = Event.FAULT if failed else Event.WORKED
        move(row, event, actor=actor, action=CHECKED, after=after)
    else:
        row.save()
        audit.record(actor, CHECKED, tenant=row.tenant, subject=row.address, after=after)


def _is_bad(result: Result) -> bool:
    return result.outcome == Outcome.FAILED


def _walk(connection: Connection) -> Iterator[Result]:
    """The results in order; without reach and identity the rest cannot be asked."""
    reach = _tried(Check.REACH, lambda: _reach(connection))
    yield reach
    if reach.error is None:
        yield from _as_user(connection)
    else:
        yield from (Result(check, Outcome.SKIPPED) for check in list(Check)[1:])


def _as_user(connection: Connection) -> Iterator[Result]:
    with client_for(connection, insist=True) as client:
        identity = _tried(Check.IDENTITY, lambda: _identity(connection, client))
        yield identity
        if identity.error is not None:
            yield from (Result(check, Outcome.SKIPPED) for check in list(Check)[2:])
            return
        yield _tried(Check.CHANGE_REQUEST, lambda: _readable(client, Table.CHANGE_REQUEST))
        yield _tried(Check.INCIDENT, lambda: _readable(client, Table.INCIDENT))
        yield _tried(Check.CHOICES, lambda: _choices(client, connection.language))


def _tried(check: Check, look: Callable[[], None]) -> Result:
    try:
        look()
    except (TableUnreadable, ChoicesUnreadable) as doubt:
        return Result.of(check, Outcome.UNSURE, doubt)
    except ScoredeskError as error:
        return Result.of(check, Outcome.FAILED, error)
    return Result.of(check, Outcome.GOOD)


def _reach(connection: Connection) -> None:
    probe(connection.address, wire())


def _identity(connection: Connection, client: ServiceNow) -> None:
    if not connection.sealed_refresh_token:
        raise NotAuthorized
    check_user(client.whoami(), connection.integration_user)


def _readable(client: ServiceNow, table: Table) -> None:
    """Reads one record, then asks as tracking does: both rights are apart (servicenow-api 3.4).

    A list without rows is no proof of a missing right, and none of a right (1.11).
    """
    rows = client.list(table, Query(), ["sys_id"], limit=1)
    by_time = Query().where("correlation_id", "STARTSWITH", "scoredesk-")
    client.list(
        table,
        by_time.where("sys_updated_on", ">=", "2000-01-01 00:00:00").order_by("sys_updated_on"),
        ["sys_id"],
        limit=1,
    )
    if not rows:
        raise TableUnreadable(facts={"table": table.value})


def _choices(client: ServiceNow, language: str) -> None:
    """Only a doubt, also when it is refused: the names as shipped stand in."""
    try:
        found = client.choices(Table.INCIDENT, "state", language) or client.choices(
            Table.INCIDENT, "state"
        )
    except Forbidden as refusal:
        raise ChoicesUnreadable(refusal.detail) from refusal
    if not found:
        raise ChoicesUnreadable
