"""The check of a connection: evidence is collected, diagnosed, stored; the status follows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError, all_codes
from scoredesk.connections import pauses
from scoredesk.connections.diagnosis import diagnose
from scoredesk.connections.errors import ConnectionFault
from scoredesk.connections.evidence.collect import collect
from scoredesk.connections.evidence.facts import Evidence
from scoredesk.connections.findings import Check, Finding, Outcome, Step
from scoredesk.connections.health import count_failure, try_now
from scoredesk.connections.identity import check_user
from scoredesk.connections.lifecycle import (
    Event,
    concerns_connection,
    disproved,
    is_of_one_door,
    is_of_one_record,
    record_codes,
    seen_by_checks_only,
)
from scoredesk.connections.models import Connection
from scoredesk.connections.rows import locked, move, set_reason
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow.errors import TokenRefused

CHECKED = "connection.checked"
# Every check comes past these, whatever it was asked for.
_ON_THE_WAY = frozenset({Check.REACH, Check.APPLICATION, Check.TOKENS, Check.IDENTITY})


def run(
    connection: Connection,
    *,
    actor: Actor,
    now: datetime,
    steps: Collection[Step] = frozenset(Step),
) -> list[Finding]:
    """Checks these steps with short time-outs, stores what was found, sets the status.

    Returns the findings of these steps. Raises nothing that an instance can cause: that is what
    the findings are for. A finding of a step that was not asked for stays as it was, unless the way
    there proved something else.
    """
    if actor.person is not None:
        try_now(connection)
    evidence = collect(connection, now=now, steps=steps)
    diagnosed = diagnose(evidence)
    with transaction.atomic():
        row = locked(connection)
        row.attempted_at = row.checked_at = now
        fresh = _fresh(row, diagnosed, steps)
        _take_in(row, fresh, now)
        failed = _gravest(fresh)
        row.release = _release(evidence) or row.release
        if failed is None:
            row.succeeded_at = now
        elif row.usable:
            count_failure(row, failed, now)
        cured = failed is None and _reaches(diagnosed, row.reason, steps) and _cured(row, actor)
        _conclude(row, failed, cured=cured, actor=actor)
    connection.refresh_from_db()
    return [finding for finding in diagnosed if finding.step in steps]


def verify_identity(connection: Connection) -> None:
    """Asks the instance who we are. Raises WrongUser, UserUnusable, or as the client does."""
    with client_for(connection, patient=True, insist=True) as client:
        check_user(client.whoami(), connection.integration_user)


def _gravest(found: Collection[Finding]) -> ScoredeskError | None:
    """The fault that decides the status: what concerns the connection comes before what passes.
    That new tickets of a table are refused is told, and everything else goes on."""
    failed = [f.error for f in found if f.error and f.outcome == Outcome.FAILED]
    grave = [error for error in failed if not is_of_one_record(error)]
    return next((e for e in grave if concerns_connection(e)), next(iter(grave), None))


def _fresh(
    row: Connection, diagnosed: Collection[Finding], steps: Collection[Step]
) -> list[Finding]:
    """The findings of these steps, and what stands or stood in the way of every check of a
    connection that was authorized."""
    stood = {stored["check"] for stored in row.check_results if stored["outcome"] == Outcome.FAILED}
    met = {
        finding.check
        for finding in diagnosed
        if finding.outcome == Outcome.FAILED
        or (finding.check in stood and finding.outcome != Outcome.SKIPPED)
    }
    on_the_way = met & _ON_THE_WAY if row.usable else set()
    return [one for one in diagnosed if one.step in steps or one.check in on_the_way]


def _take_in(row: Connection, fresh: Collection[Finding], now: datetime) -> None:
    """Stores fresh findings; what an older version stored under other names goes."""
    told = {finding.check for finding in fresh}
    kept = [one for one in row.check_results if one["check"] in set(Check.values) - told]
    row.check_results = [*kept, *(_stored(finding, now) for finding in fresh)]
    row.check_results.sort(key=lambda stored: list(Check).index(Check(stored["check"])))


def _reaches(diagnosed: Collection[Finding], reason: str, steps: Collection[Step]) -> bool:
    """Whether a check of these steps can have seen that the reason is gone: the integration user
    answered, and where a right was missing, the rights were looked at."""
    asked_whom = any(
        finding.check == Check.IDENTITY and finding.outcome in {Outcome.GOOD, Outcome.WARNING}
        for finding in diagnosed
    )
    return asked_whom and (Step.VERIFY in steps or not is_of_one_door(reason))


def _stored(finding: Finding, now: datetime) -> dict[str, object]:
    return {**finding.as_json(), "at": now.isoformat()}


def _conclude(row: Connection, failed: ScoredeskError | None, *, cured: bool, actor: Actor) -> None:
    after = {"reason": failed.code} if failed else {}
    moves = cured if failed is None else concerns_connection(failed)
    if row.usable and moves:
        set_reason(row, failed)
        event = Event.FAULT if failed else Event.WORKED
        move(row, event, actor=actor, action=CHECKED, after=after)
    else:
        _forget_cured(row)
        row.save()
        audit.record(actor, CHECKED, tenant=row.tenant, subject=row.address, after=after)


def _cured(row: Connection, actor: Actor) -> bool:
    """Whether nothing is left of what was wrong. A check creates nothing: a job's refusal stays
    until that job has worked, unless a person, who may have cured it, asks to try again."""
    harmless = record_codes()
    failed = [stored for stored in row.check_results if stored["outcome"] == Outcome.FAILED]
    if any(stored["code"] not in harmless for stored in failed):
        return False
    by_job = actor.person is None and not seen_by_checks_only(row.reason)
    return not by_job or disproved(row.reason, pauses.met_by(row), actor.label)


def _forget_cured(row: Connection) -> None:
    """A row that waits to be connected no longer shows what the check did not find again."""
    found = {stored["code"] for stored in row.check_results}
    of_instance = row.reason and not row.reason.startswith(ConnectionFault.family)
    # That no token was given is disproved by the next try only, which drops it.
    disprovable = of_instance and row.reason not in all_codes(TokenRefused)
    if disprovable and not row.usable and row.reason not in found:
        set_reason(row, None)


def _release(evidence: Evidence) -> str:
    known = evidence.release.release if evidence.release else None
    return str(known or "")
