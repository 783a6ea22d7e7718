"""What kind of account the integration user is, and what its being there says of the instance."""

from __future__ import annotations

import re

from scoredesk.connections.errors import (
    AdminRights,
    DomainSeparated,
    InstanceCloned,
    InternalUser,
    PersonalAccount,
    PersonalCredentials,
    WebServiceOnly,
)
from scoredesk.connections.evidence.facts import Evidence
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.connections.models import SignIn
from scoredesk.servicenow import InstanceUser

ADMIN_ROLES = frozenset({"admin", "security_admin", "maint"})
GLOBAL = frozenset({"", "global"})
# So few records can be deleted by people, one by one.
FEWEST_KNOWN = 2
# Words in the names of accounts that no person has.
_OF_PROGRAMS = re.compile(
    r"(?i)(^|[\W_\d])(scoredesk|integrations?|services?|svc|api|bot|system|app|connector|interface"
    r"|automation|machine|robot|technical|rest|ws|sync|user|account)([\W_\d]|$)"
)


def kind(evidence: Evidence) -> list[Finding] | None:
    """Rights and kind of the account: doubts only, since it works."""
    account, user = evidence.account, _user(evidence)
    if account is None or user is None:
        return None
    found = []
    roles = sorted(ADMIN_ROLES & set(account.roles.value or {}))
    if roles or account.sees_secrets:
        error = AdminRights(facts={"roles": ", ".join(roles) or "admin"})
        found.append(Finding.of(Check.ACCOUNT, Outcome.WARNING, error))
    facts = {"answered": user.user_name, "answered_name": user.name or user.user_name}
    if account.is_person:
        own = PersonalCredentials(facts={**facts, "email": user.email})
        found.append(Finding.of(Check.ACCOUNT, Outcome.WARNING, own))
    elif is_personal(user):
        found.append(Finding.of(Check.ACCOUNT, Outcome.WARNING, PersonalAccount(facts=facts)))
    by_browser = evidence.subject.sign_in == SignIn.AUTHORIZATION_CODE
    if user.web_service_access_only and by_browser:
        found.append(Finding.of(Check.ACCOUNT, Outcome.WARNING, WebServiceOnly()))
    if user.internal_integration_user:
        found.append(Finding.of(Check.ACCOUNT, Outcome.GOOD, InternalUser()))
    return found


def domain(evidence: Evidence) -> list[Finding] | None:
    """Domain separation (servicenow-api 12.10): harmless once a record that we created is seen."""
    user = _user(evidence)
    if evidence.account is None or user is None:
        return None
    seen = {user.domain, *_domains(evidence)} - GLOBAL
    if not seen:
        return []
    proved = bool(evidence.known and evidence.known.value and evidence.known.value.found)
    outcome = Outcome.GOOD if proved else Outcome.WARNING
    error = DomainSeparated(facts={"domain": user.domain or ", ".join(sorted(seen))})
    return [Finding.of(Check.ACCOUNT, outcome, error)]


def clone(evidence: Evidence) -> list[Finding] | None:
    """Another instance copied over this one (servicenow-api 9.15): the user has another sys_id
    than when it was authorized, or all records that we know are gone at once."""
    user = _user(evidence)
    if user is None:
        return None
    before = evidence.subject.user_id
    known = evidence.known.value if evidence.known else None
    # Who sees no record at all lacks a right; that says nothing of a clone.
    others = any(table.newest.value for table in evidence.tables.values())
    gone = known is not None and known.asked >= FEWEST_KNOWN and known.found == 0 and others
    facts = {"count": str(known.asked if known else 0)}
    if before and user.sys_id and user.sys_id != before:
        return [Finding.of(Check.IDENTITY, Outcome.FAILED, InstanceCloned(facts=facts))]
    if gone:
        return [Finding.of(Check.IDENTITY, Outcome.WARNING, InstanceCloned(facts=facts))]
    return []


def is_personal(user: InstanceUser) -> bool:
    """Whether the account looks like a person's (servicenow-api 1.10, 1.12 B): it is not marked as
    a machine's, and is named as people are. A name that says what the account is for is a
    program's."""
    if user.identity_type.lower() == "machine" or user.web_service_access_only:
        return False
    if _OF_PROGRAMS.search(user.user_name) or _OF_PROGRAMS.search(user.name):
        return False
    return "@" in user.user_name or len(user.name.split()) > 1 or _is_cjk_name(user.name)


def _is_cjk_name(name: str) -> bool:
    """Chinese, Japanese and Korean names of people are short and have no blank."""
    return 2 <= len(name) <= 4 and all("\u3400" <= sign <= "\ud7af" for sign in name)


def _domains(evidence: Evidence) -> set[str]:
    return {
        row.display("sys_domain")
        for table in evidence.tables.values()
        for row in table.newest.value or ()
        if row.value("sys_domain") not in GLOBAL
    }


def _user(evidence: Evidence) -> InstanceUser | None:
    return evidence.user.user.value if evidence.user else None
