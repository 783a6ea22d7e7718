"""A trial record: created for real, read back, compared, and cancelled; never deleted.

Trial records are no tickets: their correlation id does not begin as those of tickets do, so that
tracking never sees them. A double click, or a try after a lost answer, carries the same key and
finds the first record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.errors import TrialInvisible, TrialNotCancelled, TrialUncertain
from scoredesk.connections.fields import reading
from scoredesk.connections.health import report_fault
from scoredesk.connections.lifecycle import concerns_connection
from scoredesk.connections.models import Connection, TicketTable
from scoredesk.connections.rows import locked
from scoredesk.connections.tokens import client_for
from scoredesk.servicenow import Record, ServiceNow
from scoredesk.servicenow.errors import DataPolicyRefused, NotFound
from scoredesk.tickets import plan

# In English on purpose: it is read by whoever meets the record in ServiceNow.
NAME: Final = "Scoredesk trial – please ignore"
NOTE: Final = "Scoredesk created this record to try its settings, and cancels it at once."
CANCELLED: Final = {TicketTable.INCIDENT: "8", TicketTable.CHANGE_REQUEST: "4"}
# Four requests, each as long as a page may wait for one.
STILL_RUNNING: Final = timedelta(minutes=2)

Result = dict[str, Any]


@dataclass(frozen=True)
class Trial:
    """What is tried. `record`: as a ticket's would be; `wanted`: values that should result though
    they are not sent; `key`: the same for a form that is sent twice."""

    connection: Connection
    table: str
    record: Mapping[str, str]
    wanted: Mapping[str, str]
    key: str

    @property
    def correlation_id(self) -> str:
        """How the record is found again."""
        return f"trial-{self.connection.uid.hex}-{self.key}"[:100]

    def sent(self) -> dict[str, str]:
        """The record under its own name and correlation id."""
        description = f"{NOTE}\n\n{self.record.get('description', '')}"
        return {
            **self.record,
            "short_description": NAME,
            "description": description[:4000],
            "correlation_id": self.correlation_id,
        }


def carry_out(trial: Trial, *, actor: Actor, now: datetime) -> Result:
    """Creates, reads back, compares and cancels; stores and returns what came of it.

    The same key again creates nothing: it returns what is stored, or, where that is in doubt,
    looks the record up. Raises nothing that an instance can cause.
    """
    stored = _begin(trial, now)
    if stored is not None and not _in_doubt(stored, now):
        return stored
    with client_for(trial.connection, insist=True) as client:
        try:
            created = _found(trial, client) if stored else _created(trial, client)
            result = _examined(trial, client, created, now)
        except ScoredeskError as fault:
            result = _failed(trial, fault, actor=actor, now=now)
    return _end(trial, result, actor=actor, now=now)


def link_to(connection: Connection, table: str, sys_id: str) -> str:
    """Where a record opens in ServiceNow."""
    return f"{connection.address}/nav_to.do?uri={table}.do?sys_id={sys_id}"


def _begin(trial: Trial, now: datetime) -> Result | None:
    """What is stored for this key; None if it is new, and then it is marked as running before
    anything is sent."""
    with transaction.atomic():
        row = locked(trial.connection)
        stored: Result = row.trial_results.get(trial.table) or {}
        if stored.get("key") == trial.key:
            return stored
        row.trial_results[trial.table] = {
            "key": trial.key,
            "outcome": "running",
            "begun_at": now.isoformat(),
        }
        row.save(update_fields=["trial_results"])
    return None


def _in_doubt(stored: Result, now: datetime) -> bool:
    """Whether a trial of this key must be looked up: its answer was lost, or whoever began it
    came to no end. One that began just now is still on its way."""
    if stored.get("outcome") == "running":
        return now - datetime.fromisoformat(stored["begun_at"]) > STILL_RUNNING
    return bool(stored.get("outcome") == "uncertain")


def _created(trial: Trial, client: ServiceNow) -> Record:
    try:
        return client.insert(trial.table, trial.sent())
    except ScoredeskError as fault:
        if not fault.maybe_done:
            raise
        return _found(trial, client)


def _found(trial: Trial, client: ServiceNow) -> Record:
    try:
        found = client.find_by_correlation(trial.table, trial.correlation_id)
    except ScoredeskError as fault:
        raise _uncertain(trial) from fault
    if not found:
        raise _uncertain(trial)
    return found[0]


def _uncertain(trial: Trial) -> TrialUncertain:
    return TrialUncertain(facts={"correlation_id": trial.correlation_id})


def _examined(trial: Trial, client: ServiceNow, created: Record, now: datetime) -> Result:
    number, sys_id = created.value("number"), created.sys_id
    link = link_to(trial.connection, trial.table, sys_id)
    result: Result = {
        "outcome": "passed",
        "code": "",
        "detail": "",
        "facts": {},
        "record": {"number": number, "sys_id": sys_id, "link": link},
    }
    try:
        stored = client.get(trial.table, sys_id)
    except NotFound:
        unseen = TrialInvisible(facts={"number": number})
        result |= {"outcome": "invisible", "code": unseen.code, "facts": dict(unseen.facts)}
        stored = created
    sent = trial.sent()
    result["fields"] = _compared(sent, stored, trial.wanted)
    if result["fields"] and result["outcome"] == "passed":
        result["outcome"] = "differs"
    reading.learn_fields(trial.connection, stored, now=now)
    reading.unlearn_mandatory(trial.connection, trial.table, sent, now=now)
    return {**result, **_cancelled(trial, client, created, link)}


def _compared(
    sent: Mapping[str, str], stored: Record, wanted: Mapping[str, str]
) -> list[dict[str, str]]:
    values = {name: stored.value(name) for name in stored}
    return [
        {
            "field": each.field,
            "how": each.how.value,
            "sent": each.sent[:200],
            "stored": each.stored[:200],
        }
        for each in plan.differences(sent, values, wanted=wanted)
    ]


def _cancelled(trial: Trial, client: ServiceNow, created: Record, link: str) -> Result:
    state = CANCELLED[TicketTable(trial.table)]
    number = created.value("number")
    try:
        after = client.update(trial.table, created.sys_id, {"state": state})
        if after.value("state") == state:
            return {"cancelled": True}
        detail = f"state {after.value('state')}"
    except ScoredeskError as fault:
        detail = fault.detail or fault.summary
    left = TrialNotCancelled(detail, facts={"number": number, "link": link})
    told = {"cancel_code": left.code, "cancel_detail": detail, "cancel_facts": dict(left.facts)}
    return {"cancelled": False, **told}


def _failed(trial: Trial, fault: ScoredeskError, *, actor: Actor, now: datetime) -> Result:
    if isinstance(fault, DataPolicyRefused):
        reading.learn_mandatory(trial.connection, trial.table, fault.fields, actor=actor, now=now)
    if concerns_connection(fault):
        report_fault(trial.connection, fault, now, actor=actor)
    outcome = "uncertain" if isinstance(fault, TrialUncertain) else "refused"
    return {
        "outcome": outcome,
        "code": fault.code,
        "detail": fault.detail,
        "facts": {name: str(value) for name, value in fault.facts.items()},
    }


def _end(trial: Trial, result: Result, *, actor: Actor, now: datetime) -> Result:
    result = {**result, "key": trial.key, "at": now.isoformat()}
    with transaction.atomic():
        row = locked(trial.connection)
        if (row.trial_results.get(trial.table) or {}).get("key") == trial.key:
            row.trial_results[trial.table] = result
            row.save(update_fields=["trial_results"])
        audit.record(
            actor,
            "connection.trial_record",
            tenant=row.tenant,
            subject=row.address,
            after={
                "table": trial.table,
                "outcome": result["outcome"],
                "number": result.get("record", {}).get("number", ""),
                "cancelled": bool(result.get("cancelled")),
            },
        )
    return result
