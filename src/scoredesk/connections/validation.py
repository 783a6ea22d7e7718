"""A check with the integration user's password: proves client, secret, user and password together,
and tells apart what ServiceNow's refusals hide. The password is used once and kept nowhere.

A wrong password counts as up to two failed sign-ins in ServiceNow, so nothing here is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import errors as e
from scoredesk.connections.evidence.facts import Seen, look
from scoredesk.connections.identity import check_not_personal, check_user
from scoredesk.connections.instance import application, recorded_wire
from scoredesk.connections.models import Connection, SignIn
from scoredesk.connections.owner import emails_of_people, owner_of
from scoredesk.connections.tokens import revoke_unkept
from scoredesk.servicenow import InstanceUser, Tokens
from scoredesk.servicenow.basic import whoami_with_password
from scoredesk.servicenow.errors import MfaRequired, TokenRefused, Unauthorized


@dataclass(frozen=True)
class PasswordEvidence:
    """What ServiceNow answered. `by_grant`: the user of a token that the password grant gave;
    `by_basic`: the user whom Basic authentication let in."""

    by_grant: Seen[InstanceUser]
    by_basic: Seen[InstanceUser]


@dataclass(frozen=True)
class Verdict:
    """`proved`: client, secret, user and password are right, each of them. `told`: what is in the
    way, or worth knowing, with cause and cure."""

    proved: bool
    told: tuple[ScoredeskError, ...] = ()


def validate(connection: Connection, password: str, *, actor: Actor) -> Verdict:
    """Asks ServiceNow with the declared user name and this password; tokens are revoked at once.

    Raises SetupIncomplete or SecretError; what the instance says is in the verdict.
    """
    if not all((connection.client_id, connection.integration_user)):
        raise e.SetupIncomplete
    people = emails_of_people(connection.tenant)
    if connection.integration_user.casefold() in people:
        name = connection.integration_user
        facts = {"answered": name, "answered_name": name, "email": name}
        return _noted(connection, Verdict(False, (e.PersonalCredentials(facts=facts),)), actor)
    app = application(connection)
    given = look(lambda: app.password(connection.integration_user, password))
    evidence = PasswordEvidence(
        by_grant=_owner(connection, given),
        by_basic=look(
            lambda: whoami_with_password(
                connection.address,
                connection.integration_user,
                password,
                wire=recorded_wire(connection),
            )
        ),
    )
    verdict = judge(
        evidence, connection.integration_user, people, sign_in=SignIn(connection.sign_in)
    )
    return _noted(connection, verdict, actor)


def judge(
    evidence: PasswordEvidence, declared: str, people: frozenset[str], *, sign_in: SignIn
) -> Verdict:
    """Pure: from both answers to what is right and what is not."""
    grant, basic = evidence.by_grant, evidence.by_basic
    user = grant.value or basic.value
    if user is not None:
        try:
            check_user(user, declared)
            check_not_personal(user, people)
        except e.ConnectionFault as fault:
            return Verdict(False, (fault,))
    if grant.value is not None:
        return Verdict(True, tuple(_about_basic(basic)))
    if not isinstance(grant.fault, TokenRefused):
        return Verdict(False, (grant.fault or e.Validation(),))
    knows_password = basic.value is not None or isinstance(basic.fault, MfaRequired)
    if not knows_password:
        refused = basic.fault is None or isinstance(basic.fault, Unauthorized)
        return Verdict(False, (e.ValidationRefused() if refused else basic.fault or grant.fault,))
    return Verdict(False, tuple(_password_is_right(basic, sign_in)))


def _password_is_right(basic: Seen[InstanceUser], sign_in: SignIn) -> list[ScoredeskError]:
    """The password grant alone was refused (servicenow-api 1.4)."""
    if basic.value is None:
        return [e.ValidationGrantRefused(), e.ValidationMfa()]
    if not basic.value.web_service_access_only:
        return [e.ValidationGrantRefused()]
    if sign_in == SignIn.CLIENT_CREDENTIALS:
        return []  # such a user needs no page: that is how it should be
    return [e.ValidationWebServiceOnly()]


def _about_basic(basic: Seen[InstanceUser]) -> list[ScoredeskError]:
    if isinstance(basic.fault, MfaRequired):
        return [e.ValidationMfa()]
    if isinstance(basic.fault, Unauthorized):
        return [e.ValidationBasicRestricted()]
    return []


def _owner(connection: Connection, given: Seen[Tokens]) -> Seen[InstanceUser]:
    tokens = given.value
    if tokens is None:
        return Seen(fault=given.fault)
    try:
        return look(lambda: owner_of(connection, tokens))
    finally:
        revoke_unkept(connection, tokens)


def _noted(connection: Connection, verdict: Verdict, actor: Actor) -> Verdict:
    audit.record(
        actor,
        "connection.validated",
        tenant=connection.tenant,
        subject=connection.address,
        after={"proved": verdict.proved, "found": ", ".join(one.code for one in verdict.told)},
    )
    return verdict
