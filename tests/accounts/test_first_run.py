"""The first administrator: by the page that closes itself, or from the command line."""

from __future__ import annotations

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Membership, Person, Role, Tenant
from scoredesk.accounts.services import AlreadySetUp, FirstSteps, begin
from scoredesk.accounts.setup_code import code_to_announce, is_setup_code, setup_code

PASSWORD = "quiet copper lantern"


def answers(**changes: str) -> dict[str, str]:
    """The first-run form, filled rightly except for `changes`."""
    return {
        "code": setup_code(),
        "tenant": "Alder Hospital",
        "name": "Ada",
        "email": "Ada@Alder.example",
        "password": PASSWORD,
        "again": PASSWORD,
        "time_zone": "Europe/Berlin",
        **changes,
    }


def test_an_empty_scoredesk_leads_to_the_first_run_page(client: Client, db: None) -> None:
    for start in ("/", reverse("account_login")):
        assert client.get(start)["Location"] == reverse("accounts:welcome")
    assert client.get(reverse("accounts:welcome")).status_code == 200


def test_the_first_run_makes_a_tenant_and_its_signed_in_administrator(
    client: Client, db: None
) -> None:
    page = client.post(reverse("accounts:welcome"), answers(), follow=True)
    person = Person.objects.get()
    assert person.email == "ada@alder.example"
    assert person.check_password(PASSWORD)
    membership = Membership.objects.get(person=person)
    assert membership.role == Role.SECURITY_ADMIN
    assert membership.tenant.time_zone == "Europe/Berlin"
    assert b"This Scoredesk is yours now" in page.content
    assert AuditEntry.objects.filter(action="person.added", tenant=membership.tenant).exists()


def test_the_first_run_page_closes_itself(client: Client, db: None) -> None:
    client.post(reverse("accounts:welcome"), answers())
    other = Client()
    assert other.get(reverse("accounts:welcome")).status_code == 404
    assert (
        other.post(reverse("accounts:welcome"), answers(email="eve@x.example")).status_code == 404
    )
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "AAAA-BBBB-CCCC"}, "This is not the setup code"),
        ({"code": ""}, "Enter the setup code"),
        ({"again": "something else entirely"}, "The two passwords differ"),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password1234", "again": "password1234"}, "too common"),
        ({"password": "ada@alder.example", "again": "ada@alder.example"}, "too similar"),
        ({"email": "ada"}, "valid email address"),
        ({"tenant": ""}, "Name your organisation"),
    ],
)
def test_a_wrong_answer_is_explained_and_nothing_is_made(
    client: Client, db: None, changes: dict[str, str], sentence: str
) -> None:
    page = client.post(reverse("accounts:welcome"), answers(**changes)).content.decode()
    assert sentence in page
    assert not Person.objects.exists()
    assert 'value="Ada"' in page


def test_a_password_is_never_sent_back(client: Client, db: None) -> None:
    page = client.post(reverse("accounts:welcome"), answers(code="wrong"))
    assert PASSWORD not in page.content.decode()


def test_the_setup_code_may_be_typed_in_any_case_and_without_dashes() -> None:
    assert is_setup_code(f" {setup_code().lower().replace('-', ' ')} ")
    assert not is_setup_code("")


def test_the_setup_code_is_announced_only_while_it_is_of_use(db: None) -> None:
    assert code_to_announce() == setup_code()
    said = StringIO()
    call_command("setupcode", stdout=said)
    assert setup_code() in said.getvalue()
    Person.objects.create_user("ada@alder.example", PASSWORD)
    assert code_to_announce() is None
    call_command("setupcode", quietly=True, stdout=said)
    with pytest.raises(CommandError, match="createadmin"):
        call_command("setupcode")


def test_two_first_runs_at_the_same_moment_make_one_administrator(transactional_db: None) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def run(email: str) -> None:
        start.wait(10)
        steps = FirstSteps("Alder", email, "", PASSWORD, "UTC", "en")
        try:
            outcomes.append(begin(Actor("anonymous"), steps).email)
        except AlreadySetUp:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(f"{name}@x.example",)) for name in ("ada", "eve")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes.count("too late") == 1
    assert Person.objects.count() == Tenant.objects.count() == 1


@pytest.fixture
def admin_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The password that createadmin reads."""
    monkeypatch.setenv("SCOREDESK_ADMIN_PASSWORD", PASSWORD)


def createadmin(*arguments: str) -> str:
    """What the command says."""
    said = StringIO()
    call_command("createadmin", *arguments, stdout=said)
    return said.getvalue()


def test_createadmin_makes_the_first_tenant_and_can_be_repeated(
    db: None, admin_password: None
) -> None:
    assert "is now a security administrator of My organisation" in createadmin("Ada@Alder.example")
    assert "already" in createadmin("ada@alder.example")
    assert "is now" in createadmin("bo@alder.example")
    assert Tenant.objects.count() == 1
    assert Membership.objects.filter(role=Role.SECURITY_ADMIN).count() == 2
    assert Person.objects.get(email="ada@alder.example").check_password(PASSWORD)


def test_createadmin_raises_a_readers_role_and_keeps_their_password(
    db: None, admin_password: None, reader: Person
) -> None:
    createadmin(reader.email)
    assert Membership.objects.get(person=reader).role == Role.SECURITY_ADMIN
    assert not Person.objects.get(pk=reader.pk).check_password(PASSWORD)


def test_createadmin_asks_which_of_several_tenants(
    tenant: Tenant, other_tenant: Tenant, admin_password: None
) -> None:
    with pytest.raises(CommandError, match="Alder Hospital, Birch Bank"):
        createadmin("ada@alder.example")
    createadmin("ada@alder.example", "--tenant", "Birch Bank")
    assert Membership.objects.get().tenant == other_tenant


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [("ada", PASSWORD, "not an e-mail address"), ("ada@x.example", "short", "will not do")],
)
def test_createadmin_refuses_with_a_sentence(
    db: None, monkeypatch: pytest.MonkeyPatch, email: str, password: str, sentence: str
) -> None:
    monkeypatch.setenv("SCOREDESK_ADMIN_PASSWORD", password)
    with pytest.raises(CommandError, match=sentence):
        createadmin(email)
    assert not Person.objects.exists()
