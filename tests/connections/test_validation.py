"""The check with the integration user's password: rules as a table, then the real instance."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import INTEGRATION, refreshes, requests_of, told
from tests.connections.desk import set_application, set_user

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Person
from scoredesk.accounts.sealed import unseal
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.evidence.facts import Seen
from scoredesk.connections.models import Connection, SignIn
from scoredesk.connections.validation import PasswordEvidence, Verdict, judge, validate
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import InstanceUser
from scoredesk.servicenow.errors import (
    ConnectionRefused,
    Maintenance,
    MfaRequired,
    TokenRefused,
    Unauthorized,
)

USER, PASSWORD = INTEGRATION
CODE, CREDENTIALS = SignIn.AUTHORIZATION_CODE, SignIn.CLIENT_CREDENTIALS
ME = InstanceUser("1" * 32, USER, email="me@alder.example", active=True)
PERSON = InstanceUser("2" * 32, USER, email="Ada@alder.example")
PROGRAM = InstanceUser("3" * 32, USER, web_service_access_only=True)
LOCKED = InstanceUser("4" * 32, USER, locked_out=True)

TABLE: list[tuple[object, object, SignIn, bool, str]] = [
    (ME, ME, CODE, True, ""),
    (ME, MfaRequired(), CODE, True, "connection.validation_mfa"),
    (ME, Unauthorized(), CODE, True, "connection.validation_basic_restricted"),
    (ME, Maintenance(), CODE, True, ""),
    (PERSON, PERSON, CODE, False, "connection.personal_credentials"),
    (LOCKED, LOCKED, CODE, False, "connection.user_unusable"),
    (TokenRefused(), ME, CODE, False, "connection.validation_grant_refused"),
    (
        TokenRefused(),
        MfaRequired(),
        CODE,
        False,
        "connection.validation_grant_refused connection.validation_mfa",
    ),
    (TokenRefused(), Unauthorized(), CODE, False, "connection.validation_refused"),
    (TokenRefused(), Maintenance(), CODE, False, "servicenow.maintenance"),
    (TokenRefused(), PROGRAM, CODE, False, "connection.validation_web_service_only"),
    (TokenRefused(), PROGRAM, CREDENTIALS, False, ""),
    (ConnectionRefused(), ConnectionRefused(), CODE, False, "servicenow.connection_refused"),
]


def seen(answer: object) -> Seen[InstanceUser]:
    if isinstance(answer, ScoredeskError):
        return Seen(fault=answer)
    assert isinstance(answer, InstanceUser)
    return Seen(answer)


@pytest.mark.parametrize(("grant", "basic", "way", "proved", "codes"), TABLE)
def test_both_answers_together_name_the_cause(
    *, grant: object, basic: object, way: SignIn, proved: bool, codes: str
) -> None:
    evidence = PasswordEvidence(seen(grant), seen(basic))
    verdict = judge(evidence, USER, frozenset({"ada@alder.example"}), sign_in=way)
    assert (verdict.proved, " ".join(one.code for one in verdict.told)) == (proved, codes)


@pytest.fixture
def actor(admin: Person) -> Actor:
    return Actor("ada", admin)


def codes(verdict: Verdict) -> list[str]:
    return [one.code for one in verdict.told]


def test_right_ones_are_proved_and_the_tokens_are_revoked(
    sandbox: RunningSandbox, waiting: Connection, actor: Actor
) -> None:
    assert validate(waiting, PASSWORD, actor=actor) == Verdict(True)
    assert len(requests_of(sandbox, "oauth_revoke_token")) == 2
    entry = AuditEntry.objects.get(action="connection.validated")
    assert PASSWORD not in str(entry.after).replace(USER, "")


def test_a_connection_that_works_goes_on_working(
    sandbox: RunningSandbox, connected: Connection, actor: Actor
) -> None:
    assert validate(connected, PASSWORD, actor=actor).proved
    assert refreshes(sandbox, unseal(connected.sealed_refresh_token)) == 200


def test_connection_validation_refused_for_a_wrong_password_and_a_locked_user(
    sandbox: RunningSandbox, waiting: Connection, actor: Actor
) -> None:
    assert codes(validate(waiting, "wrong", actor=actor)) == ["connection.validation_refused"]
    set_user(sandbox, USER, locked_out="true")
    assert codes(validate(waiting, PASSWORD, actor=actor)) == ["connection.validation_refused"]
    set_user(sandbox, USER, locked_out="false")
    assert validate(waiting, PASSWORD, actor=actor).proved


def test_connection_validation_grant_refused_for_the_grant_and_for_the_secret(
    sandbox: RunningSandbox, waiting: Connection, actor: Actor
) -> None:
    told(sandbox, "switches", password_grant=False)
    found = codes(validate(waiting, PASSWORD, actor=actor))
    assert found == ["connection.validation_grant_refused"]
    told(sandbox, "switches", password_grant=True)
    set_application(sandbox, client_secret="another")
    found = codes(validate(waiting, PASSWORD, actor=actor))
    assert found == ["connection.validation_grant_refused"]
    set_application(sandbox, client_secret="sandbox-secret")
    assert validate(waiting, PASSWORD, actor=actor).proved


def test_connection_validation_web_service_only_cannot_press_allow(
    sandbox: RunningSandbox, waiting: Connection, actor: Actor
) -> None:
    set_user(sandbox, USER, web_service_access_only="true")
    found = codes(validate(waiting, PASSWORD, actor=actor))
    assert found == ["connection.validation_web_service_only"]
    set_user(sandbox, USER, web_service_access_only="false")
    assert validate(waiting, PASSWORD, actor=actor).proved


def test_connection_validation_mfa_and_basic_restriction_are_told_apart(
    sandbox: RunningSandbox, waiting: Connection, actor: Actor
) -> None:
    told(sandbox, "switches", mfa=True)
    assert codes(validate(waiting, PASSWORD, actor=actor)) == ["connection.validation_mfa"]
    told(sandbox, "switches", mfa=False, basic_restriction=True)
    verdict = validate(waiting, PASSWORD, actor=actor)
    assert verdict.proved
    assert codes(verdict) == ["connection.validation_basic_restricted"]


def test_a_persons_own_account_is_not_even_asked_for(
    sandbox: RunningSandbox, waiting: Connection, admin: Person, actor: Actor
) -> None:
    waiting.integration_user = admin.email
    found = codes(validate(waiting, PASSWORD, actor=actor))
    assert found == ["connection.personal_credentials"]
    assert not requests_of(sandbox, "oauth_token")


def test_the_page_says_what_is_proved_and_what_is_in_the_way(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    page = admin_client.get(reverse("connections:validate"))
    assert "neither stored nor logged" in page.content.decode()
    send = {"password": PASSWORD}
    page = admin_client.post(reverse("connections:validate"), send)
    assert "user name and password are right" in page.content.decode()
    page = admin_client.post(reverse("connections:validate"), {"password": "wrong"})
    assert "<code>connection.validation_refused</code>" in page.content.decode()
