"""Who sees what, and what the pages say."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.views.debug import SafeExceptionReporterFilter
from tests.connections.browserless import set_up

from scoredesk.accounts.models import AuditEntry, Membership, Person, Role, Tenant
from scoredesk.accounts.sealed import unseal
from scoredesk.common.clock import now
from scoredesk.connections.exchange import SENT_WITH_EACH_TICKET
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.rows import live_connection
from scoredesk.connections.times import WARN_BEFORE
from scoredesk.sandbox.program import RunningSandbox

WRITING = ["setup", "authorize", "callback", "check", "states", "states-read", "remove"]


@pytest.mark.parametrize("name", WRITING)
def test_a_reader_may_not(reader_client: Client, name: str) -> None:
    address = reverse(f"connections:{name}")
    send = reader_client.get if name == "callback" else reader_client.post
    assert send(address).status_code == 403


@pytest.mark.parametrize("name", [*WRITING, "overview", "data-exchange"])
def test_a_visitor_signs_in_first(db: None, name: str) -> None:
    address = reverse(f"connections:{name}")
    send = Client().post if name in {"authorize", "check", "states-read"} else Client().get
    assert send(address).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["authorize", "check", "states-read"])
def test_what_changes_something_is_never_a_link(admin_client: Client, name: str) -> None:
    assert admin_client.get(reverse(f"connections:{name}")).status_code == 405


def test_a_reader_sees_the_status_and_no_button(
    reader_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    page = reader_client.get(reverse("connections:overview")).content.decode()
    assert 'data-status="connected"' in page
    assert "scoredesk.integration" in page
    for name in ("setup", "authorize", "check", "remove"):
        assert reverse(f"connections:{name}") not in page


def test_an_administrator_sees_every_action_and_no_secret(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    names = ("setup", "authorize", "check", "states", "data-exchange", "remove")
    page = admin_client.get(reverse("connections:overview")).content.decode()
    assert [name for name in names if reverse(f"connections:{name}") not in page] == []
    form = admin_client.get(reverse("connections:setup")).content.decode()
    tokens = unseal(connected.sealed_access_token), unseal(connected.sealed_refresh_token)
    assert not [secret for secret in ("sandbox-secret", *tokens) if secret in page + form]


@pytest.mark.parametrize("name", ["overview", "setup", "states", "remove"])
def test_every_form_carries_its_mark_against_forgery(
    sandbox: RunningSandbox, connected: Connection, admin: Person, name: str
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin)
    page = strict.get(reverse(f"connections:{name}")).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    forms = [form.partition("</form>")[0] for form in main.split("<form")[1:]]
    assert forms
    assert not [form for form in forms if "csrfmiddlewaretoken" not in form]


def test_another_tenant_sees_nothing_of_it(
    stranger_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    page = stranger_client.get(reverse("connections:overview")).content.decode()
    assert "Do you use ServiceNow?" in page
    assert sandbox.servicenow_url not in page
    stranger_client.post(reverse("connections:check"))
    stranger_client.post(reverse("connections:remove"))
    connected.refresh_from_db()
    assert connected.status == Status.CONNECTED
    assert connected.checked_at is not None


def test_going_to_servicenow_needs_no_script_and_no_redirect_of_a_form(
    admin_client: Client, sandbox: RunningSandbox, waiting: Connection
) -> None:
    answer = admin_client.post(reverse("connections:authorize"))
    address = answer.headers["Refresh"].removeprefix("0; url=")
    assert answer.status_code == 200
    assert address.startswith(f"{sandbox.servicenow_url}/oauth_auth.do?")
    assert "code_challenge_method=S256" in address


def test_a_permission_that_runs_out_soon_is_announced(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    overview = reverse("connections:overview")
    assert "The permission runs out" not in admin_client.get(overview).content.decode()
    Connection.objects.update(refresh_expires_at=now() + WARN_BEFORE / 2)
    assert "The permission runs out" in admin_client.get(overview).content.decode()


def test_data_exchange_names_everything_that_is_sent(reader_client: Client) -> None:
    page = reader_client.get(reverse("connections:data-exchange")).content.decode()
    assert [str(label) for _key, label in SENT_WITH_EACH_TICKET if str(label) not in page] == []


@pytest.mark.parametrize("name", ["authorize", "check"])
def test_without_a_connection_the_actions_lead_to_the_set_up(
    admin_client: Client, name: str
) -> None:
    answer = admin_client.post(reverse(f"connections:{name}"))
    assert answer.headers["Location"] == reverse("connections:setup")


def test_a_secret_that_waits_for_one_tenant_is_never_used_for_another(
    admin: Person, admin_client: Client, other_tenant: Tenant, sandbox: RunningSandbox
) -> None:
    Membership.objects.create(tenant=other_tenant, person=admin, role=Role.SECURITY_ADMIN)
    set_up(admin_client, sandbox, client_id="", client_secret="of-the-first-tenant")
    admin_client.post(reverse("accounts:switch-tenant"), {"tenant": other_tenant.uid})
    page = set_up(admin_client, sandbox, client_secret="").content.decode()
    assert "Copy the client secret from the OAuth application." in page
    other = live_connection(other_tenant)
    assert other is not None
    assert not other.sealed_client_secret


def test_a_check_before_the_first_authorization_is_in_the_audit_log(
    admin_client: Client, tenant: Tenant, waiting: Connection
) -> None:
    checked = AuditEntry.objects.of(tenant).filter(action="connection.checked")
    before = checked.count()
    admin_client.post(reverse("connections:check"))
    assert checked.count() == before + 1


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("setup", "client_secret"),
        ("secret", "client_secret"),
        ("address", "client_secret"),
        ("validate", "password"),
    ],
)
def test_a_typed_secret_is_left_out_of_error_reports(
    admin_client: Client, connected: Connection, name: str, secret: str
) -> None:
    answer = admin_client.post(reverse(f"connections:{name}"), {secret: "typed-once"})
    hidden = SafeExceptionReporterFilter().get_post_parameters(answer.wsgi_request)
    assert "typed-once" not in str(hidden)
