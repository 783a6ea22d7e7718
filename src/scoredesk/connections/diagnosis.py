"""The diagnosis: from the evidence that was collected to findings with cause and cure. Pure.

Each check has its rules; a rule answers with what it found, with an empty list where all is in
order, or with None where its evidence is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scoredesk.connections.evidence.facts import Evidence
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.connections.rules import (
    account,
    app,
    application,
    cards,
    choices,
    fields,
    instance,
    limits,
    tables,
    tokens,
    user,
)

Rule = Callable[[Evidence], list[Finding] | None]

RULES: dict[Check, Sequence[Rule]] = {
    Check.REACH: (instance.reach,),
    Check.RELEASE: (instance.release,),
    Check.CLOCK: (instance.clock,),
    Check.APP: (app.connector, app.older_app),
    Check.APPLICATION: (application.application,),
    Check.TOKENS: (tokens.tokens,),
    Check.IDENTITY: (user.identity, account.clone),
    Check.ACCOUNT: (account.kind, account.domain),
    Check.CHANGE_REQUEST: (tables.change_request,),
    Check.INCIDENT: (tables.incident,),
    Check.CHOICES: (
        choices.readable,
        choices.states,
        choices.phases,
        choices.values,
        choices.close_codes,
    ),
    Check.FIELDS: (fields.mandatory, fields.business_rules, fields.tried, fields.numbers),
    Check.LIMITS: (limits.rate, limits.queries),
    Check.CARDS: (cards.cards,),
}


def diagnose(evidence: Evidence) -> list[Finding]:
    """At least one finding for each check, in the order of the checks."""
    return [finding for check, rules in RULES.items() for finding in _of(check, rules, evidence)]


def _of(check: Check, rules: Sequence[Rule], evidence: Evidence) -> list[Finding]:
    answers = [rule(evidence) for rule in rules]
    told = [answer for answer in answers if answer is not None]
    if not told:
        return [Finding.of(check, Outcome.SKIPPED)]
    return [finding for answer in told for finding in answer] or [Finding.of(check, Outcome.GOOD)]
