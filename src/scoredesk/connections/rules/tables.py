"""What may be done with the tables of tickets: read, searched as tracking does, written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.errors import (
    CreatedInvisible,
    CreateRefused,
    CreateRoleMissing,
    DatesInSessionZone,
    FieldsHidden,
    FieldsMissing,
    ReadRefused,
    ReadRoleMissing,
    SearchIgnored,
    SearchRefused,
    TableUnreadable,
)
from scoredesk.connections.evidence.facts import Evidence, Refusal, TableEvidence
from scoredesk.connections.evidence.tables import PREFIX
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.connections.rules.refusals import happened, newest_refusal
from scoredesk.servicenow import Record
from scoredesk.servicenow.errors import Forbidden, InsertRefused, QueryRefused
from scoredesk.servicenow.vocabulary import TRACKED_FIELDS, Table

# servicenow-api 1.10.
WRITERS: Final = {
    Table.INCIDENT: ("itil", "sn_incident_write", "admin"),
    Table.CHANGE_REQUEST: ("itil", "sn_change_write", "admin"),
}
READERS: Final = {
    Table.INCIDENT: (*WRITERS[Table.INCIDENT], "sn_incident_read"),
    Table.CHANGE_REQUEST: (*WRITERS[Table.CHANGE_REQUEST], "sn_change_read"),
}
# Without these nothing can be tracked; without the others of TRACKED_FIELDS less is shown.
NEEDED: Final = ("sys_id", "number", "state", "correlation_id", "sys_updated_on", "sys_mod_count")
# Fields that not every table has.
OPTIONAL: Final = frozenset({"on_hold"})


def change_request(evidence: Evidence) -> list[Finding] | None:
    """Whether change requests can be used as tracking and delivery need."""
    return _table(evidence, Check.CHANGE_REQUEST)


def incident(evidence: Evidence) -> list[Finding] | None:
    """The same for incidents."""
    return _table(evidence, Check.INCIDENT)


def _table(evidence: Evidence, check: Check) -> list[Finding] | None:
    seen = evidence.tables.get(check.value)
    if seen is None:
        return None
    fault = _read_fault(evidence, seen, check.value)
    if fault:
        return [Finding.of(check, Outcome.FAILED, fault)]
    found = []
    create = _create_fault(evidence, check.value)
    if create:
        found.append(Finding.of(check, Outcome.FAILED, create))
    doubts = _doubts(evidence, seen, check.value)
    found += [Finding.of(check, Outcome.WARNING, doubt) for doubt in doubts]
    if not found and not seen.newest.value and not _may_read(evidence, check.value):
        # No proof of a missing right, and none of a right (servicenow-api 1.11).
        unseen = TableUnreadable(facts={"table": check.value})
        return [Finding.of(check, Outcome.UNSURE, unseen)]
    return found


def _read_fault(evidence: Evidence, seen: TableEvidence, table: str) -> ScoredeskError | None:
    refused = _refused(seen, table)
    if refused:
        return refused
    rows = seen.newest.value or ()
    if not rows and _lacks(evidence, READERS[Table(table)]):
        return ReadRoleMissing(facts=_role_facts(evidence, table))
    missing = _absent(rows, NEEDED)
    if missing:
        return FieldsMissing(facts={"table": table, "fields": ", ".join(missing)})
    if any(not row.value("correlation_id").startswith(PREFIX) for row in seen.search.value or ()):
        return SearchIgnored(facts={"table": table})
    return None


def _refused(seen: TableEvidence, table: str) -> ScoredeskError | None:
    if seen.newest.fault:
        plain = type(seen.newest.fault) in {Forbidden, QueryRefused}
        refused = ReadRefused(seen.newest.fault.detail, facts={"table": table})
        return refused if plain else seen.newest.fault
    if isinstance(seen.search.fault, QueryRefused):
        fields = ", ".join(seen.refused) or "correlation_id, sys_updated_on"
        return SearchRefused(seen.search.fault.detail, facts={"table": table, "fields": fields})
    return seen.search.fault


def _create_fault(evidence: Evidence, table: str) -> ScoredeskError | None:
    """Roles say it before anything was refused."""
    if _lacks(evidence, WRITERS[Table(table)]) and table not in evidence.above.created:
        return CreateRoleMissing(facts=_role_facts(evidence, table))
    refusal = newest_refusal(evidence, table)
    if refusal is None:
        return None
    facts = {"table": table, "at": happened(refusal)}
    if refusal.code == CreatedInvisible.code:
        return CreatedInvisible(refusal.detail, facts={"number": "…", **refusal.facts, **facts})
    if refusal.code != InsertRefused.code or _role_came(evidence, refusal):
        return None
    if _lacks(evidence, WRITERS[Table(table)]):
        return CreateRoleMissing(refusal.detail, facts=_role_facts(evidence, table))
    return CreateRefused(refusal.detail, facts=facts)


def _role_came(evidence: Evidence, refusal: Refusal) -> bool:
    """Whether the user has got a role since, with which it may create records."""
    roles = evidence.account.roles.value or {} if evidence.account else {}
    given = [roles[name] for name in WRITERS[Table(refusal.table)] if name in roles]
    return any(at is not None and at > refusal.at for at in given)


def _doubts(evidence: Evidence, seen: TableEvidence, table: str) -> list[ScoredeskError]:
    found: list[ScoredeskError] = []
    hidden = _absent(seen.newest.value or (), _shown(table))
    if hidden:
        found.append(FieldsHidden(facts={"table": table, "fields": ", ".join(hidden)}))
    if seen.dates_shifted:
        user = evidence.user.user.value if evidence.user else None
        zone = user.time_zone if user else ""
        found.append(DatesInSessionZone(facts={"table": table, "zone": zone or "–"}))
    return found


def _shown(table: str) -> list[str]:
    """Fields that the portal shows; of an incident's priority also what it is computed from."""
    computed = {"impact", "urgency"} if table != Table.INCIDENT else set()
    return [name for name in TRACKED_FIELDS if name not in {*NEEDED, *OPTIONAL, *computed}]


def _absent(rows: Sequence[Record], wanted: Sequence[str]) -> list[str]:
    """Fields that none of the records has: hidden, renamed, or taken away (servicenow-api 12.1)."""
    return [name for name in wanted if rows and not any(name in row for row in rows)]


def _lacks(evidence: Evidence, wanted: Sequence[str]) -> bool:
    """Whether the roles are known and none of these is among them."""
    roles = evidence.account.roles.value if evidence.account else None
    if roles is None or (not roles and not _roles_are_told(evidence)):
        return False
    return not set(wanted) & set(roles)


def _roles_are_told(evidence: Evidence) -> bool:
    """Whether an empty list of roles may be believed: no table shows a record either."""
    return all(not seen.newest.value for seen in evidence.tables.values())


def _may_read(evidence: Evidence, table: str) -> bool:
    """Whether an empty table is just empty: the user has a role for it, or has created there."""
    roles = evidence.account.roles.value or {} if evidence.account else {}
    return table in evidence.above.created or bool(set(READERS[Table(table)]) & set(roles))


def _role_facts(evidence: Evidence, table: str) -> dict[str, str]:
    roles = evidence.account.roles.value or {} if evidence.account else {}
    write = "sn_incident_write" if table == Table.INCIDENT else "sn_change_write"
    return {"table": table, "needed": write, "roles": ", ".join(sorted(roles)) or "–"}
