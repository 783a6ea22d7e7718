"""What the instance demands of a new record, and what it makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from scoredesk.connections.errors import (
    MandatoryFields,
    OtherNumbers,
    RuleInTheWay,
    RulesTried,
    RulesUntried,
)
from scoredesk.connections.evidence.facts import Evidence, FieldEvidence, Refusal
from scoredesk.connections.fields.catalogue import named
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.connections.models import TicketTable
from scoredesk.connections.rules.refusals import happened, newest_refusal
from scoredesk.servicenow.errors import BusinessRuleRefused, DataPolicyRefused
from scoredesk.servicenow.vocabulary import Table

# What every ticket brings, and what the instance fills in a new record.
FILLED: Final = frozenset(
    {
        *("short_description", "description", "correlation_id", "impact", "urgency", "priority"),
        *("number", "state", "opened_by", "opened_at", "requested_by", "type"),
    }
)
PREFIXES: Final = {Table.INCIDENT: "INC", Table.CHANGE_REQUEST: "CHG"}


def mandatory(evidence: Evidence) -> list[Finding] | None:
    """Fields without which records are refused: as data policies say where these may be read, else
    as the last refusal said. What a default fills is in order."""
    if evidence.fields is None:
        return None
    found = []
    for table in TicketTable:
        names = _unfilled(evidence, table)
        if not names:
            continue
        refusal = newest_refusal(evidence, table)
        told = refusal is not None and refusal.code == DataPolicyRefused.code
        facts = {"table": table.value, "fields": ", ".join(names)}
        outcome = Outcome.FAILED if told else Outcome.WARNING
        detail = refusal.detail if refusal and told else ""
        found.append(Finding.of(Check.FIELDS, outcome, MandatoryFields(detail, facts=facts)))
    return found


def business_rules(evidence: Evidence) -> list[Finding] | None:
    """The rule that refused the newest record, with the link to it."""
    if evidence.fields is None:
        return None
    newest = [newest_refusal(evidence, table) for table in TicketTable]
    return [
        Finding.of(Check.FIELDS, Outcome.FAILED, _rule_error(evidence, refusal))
        for refusal in newest
        if refusal is not None and refusal.code == BusinessRuleRefused.code
    ]


def numbers(evidence: Evidence) -> list[Finding] | None:
    """Numbers that do not begin as shipped: nothing depends on it (servicenow-api 12.9)."""
    if evidence.fields is None:
        return None
    return [
        Finding.of(
            Check.FIELDS,
            Outcome.GOOD,
            OtherNumbers(facts={"table": table.value, "number": number}),
        )
        for table in TicketTable
        if (number := _newest_number(evidence, table))
        and not number.startswith(PREFIXES[Table(table)])
    ]


def tried(evidence: Evidence) -> list[Finding] | None:
    """How far the two findings above can be believed: only a new record shows what the instance
    demands, and a check creates none (servicenow-api 1.11)."""
    if evidence.fields is None:
        return None
    refused = {table.value for table in TicketTable if newest_refusal(evidence, table)}
    created = {t: at for t, at in evidence.above.created.items() if t not in refused}
    if created:
        told = ", ".join(f"{t} ({at:%Y-%m-%d %H:%M} UTC)" for t, at in sorted(created.items()))
        return [Finding.of(Check.FIELDS, Outcome.GOOD, RulesTried(facts={"tables": told}))]
    if refused:
        return []
    untried = RulesUntried(facts={"tables": ", ".join(table.value for table in TicketTable)})
    return [Finding.of(Check.FIELDS, Outcome.UNSURE, untried)]


def _unfilled(evidence: Evidence, table: str) -> list[str]:
    fields = evidence.fields
    if fields is None:
        return []
    filled = FILLED | fields.mapped.get(table, frozenset())
    policies = (fields.policies.value or {}).get(table, frozenset())
    known = fields.known.get(table, {})
    by_policy = [known.get(name, {}).get("label") or name for name in sorted(policies - filled)]
    refused = _labels_refused(newest_refusal(evidence, table))
    by_refusal = [label for label in refused if not _is_filled(label, table, fields)]
    return list(dict.fromkeys((*by_policy, *by_refusal)))


def _labels_refused(refusal: Refusal | None) -> Iterable[str]:
    if refusal is None or refusal.code != DataPolicyRefused.code:
        return ()
    return (label.strip() for label in refusal.facts.get("fields", "").split(",") if label.strip())


def _is_filled(label: str, table: str, fields: FieldEvidence) -> bool:
    """Whether a default fills the field with this label. Where labels are unknown, a custom field's
    name mostly follows from its label: "Cost center" became u_cost_center."""
    plain = "_".join(label.casefold().split())
    names = {named(label, fields.known.get(table, {})), plain, f"u_{plain}"}
    return bool(names & fields.mapped.get(table, frozenset()))


def _rule_error(evidence: Evidence, refusal: Refusal) -> RuleInTheWay:
    sys_id = refusal.facts.get("rule_sys_id", "")
    base = evidence.subject.address
    link = f"{base}/sys_script.do?sys_id={sys_id}" if sys_id else f"{base}/sys_script_list.do"
    rule = refusal.facts.get("rule") or "…"
    facts = {"table": refusal.table, "rule": rule, "link": link, "at": happened(refusal)}
    return RuleInTheWay(refusal.detail, facts=facts)


def _newest_number(evidence: Evidence, table: str) -> str:
    ours = evidence.above.numbers.get(table, "")
    seen = evidence.tables.get(table)
    rows = seen.newest.value or () if seen else ()
    return ours or next((row.value("number") for row in rows if row.value("number")), "")
