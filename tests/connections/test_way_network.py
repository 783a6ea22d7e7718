"""What stands between the portal and the instance: each fault by its name, and good again after
the cure."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.connections import desk
from tests.connections.browserless import told
from tests.connections.way import end_faults, good, look, told_of

from scoredesk.connections.faults import explain, facts_of
from scoredesk.connections.findings import Check, Outcome
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.outgoing import outgoing_addresses
from scoredesk.sandbox.program import RunningSandbox

FAILED, WARNING, UNSURE = Outcome.FAILED, Outcome.WARNING, Outcome.UNSURE


def moved(connection: Connection, settings: object, address: str) -> Connection:
    """The same connection at another address, which the operator trusts."""
    host = address.partition("://")[2]
    settings.PRIVATE_INSTANCE_HOSTS = [host]  # type: ignore[attr-defined]  # pytest-django's settings
    settings.INSTANCE_HOSTS = [host]  # type: ignore[attr-defined]  # pytest-django's settings
    Connection.objects.update(address=address)
    connection.refresh_from_db()
    return connection


@pytest.fixture
def deaf() -> Iterator[str]:
    """The address of a program that accepts connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_servicenow_name_unknown_is_told_for_a_name_that_nobody_has(
    sandbox: RunningSandbox, waiting: Connection, settings: object
) -> None:
    moved(waiting, settings, "https://no-such-instance.invalid")
    assert told_of(waiting, Check.REACH) == (FAILED, "servicenow.name_unknown")
    moved(waiting, settings, sandbox.servicenow_url)
    assert good(waiting, Check.REACH)


def test_servicenow_tls_is_told_where_https_is_not_spoken(
    sandbox: RunningSandbox, waiting: Connection, settings: object
) -> None:
    moved(waiting, settings, sandbox.servicenow_url.replace("http:", "https:"))
    assert told_of(waiting, Check.REACH) == (FAILED, "servicenow.tls")
    moved(waiting, settings, sandbox.servicenow_url)
    assert good(waiting, Check.REACH)


def test_servicenow_connection_refused_is_told_where_no_program_listens(
    sandbox: RunningSandbox, waiting: Connection, settings: object
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}"
    moved(waiting, settings, closed)
    assert told_of(waiting, Check.REACH) == (FAILED, "servicenow.connection_refused")
    moved(waiting, settings, sandbox.servicenow_url)
    assert good(waiting, Check.REACH)


def test_servicenow_answer_timeout_is_told_of_a_host_that_says_nothing(
    sandbox: RunningSandbox, waiting: Connection, settings: object, deaf: str
) -> None:
    settings.PAGE_TIMEOUT_SECONDS = 0.3  # type: ignore[attr-defined]  # pytest-django's settings
    moved(waiting, settings, deaf)
    assert told_of(waiting, Check.REACH) == (FAILED, "servicenow.answer_timeout")
    settings.PAGE_TIMEOUT_SECONDS = 5.0  # type: ignore[attr-defined]  # pytest-django's settings
    moved(waiting, settings, sandbox.servicenow_url)
    assert good(waiting, Check.REACH)


def test_servicenow_not_servicenow_is_told_of_another_web_server(
    sandbox: RunningSandbox, waiting: Connection, settings: object
) -> None:
    moved(waiting, settings, sandbox.microsoft_url)
    assert told_of(waiting, Check.REACH) == (FAILED, "servicenow.not_servicenow")
    moved(waiting, settings, sandbox.servicenow_url)
    assert good(waiting, Check.REACH)


@pytest.mark.parametrize(
    ("switch", "value", "rest", "code"),
    [
        ("hibernating", "200", "no", "servicenow.hibernating"),
        ("hibernating", "503", "no", "servicenow.hibernating"),
        ("maintenance", True, False, "servicenow.maintenance"),
        ("ip_filter", "drop", "no", "servicenow.connection_cut"),
        ("ip_filter", "html", "no", "servicenow.gateway_refused"),
        ("ip_filter", "json", "no", "servicenow.address_refused"),
    ],
)
def test_each_switch_of_the_network_is_told_and_cured(
    sandbox: RunningSandbox,
    connected: Connection,
    switch: str,
    value: object,
    rest: object,
    code: str,
) -> None:
    told(sandbox, "switches", **{switch: value})
    assert told_of(connected, Check.REACH) == (FAILED, code)
    told(sandbox, "switches", **{switch: rest})
    assert good(connected, Check.REACH)
    assert connected.status == Status.CONNECTED


def test_servicenow_sso_redirect_is_told_where_programs_are_sent_to_a_sign_in(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "faults", kind="sso_redirect", host="sso.example", times=None)
    finding = look(connected, Check.REACH)
    assert (finding.code, finding.facts["host"]) == ("servicenow.sso_redirect", "sso.example")
    end_faults(sandbox)
    assert good(connected, Check.REACH)


@pytest.mark.parametrize("code", ["connection_cut", "gateway_refused", "address_refused"])
def test_the_cure_of_an_ip_filter_names_our_address(
    waiting: Connection, settings: object, code: str
) -> None:
    assert (
        "The portal calls from 127.0.0.1" in explain(f"servicenow.{code}", facts_of(waiting)).cure
    )
    settings.OUTGOING_ADDRESSES = ["203.0.113.7", "203.0.113.8"]  # type: ignore[attr-defined]  # pytest-django's settings
    cure = explain(f"servicenow.{code}", facts_of(waiting)).cure
    assert "203.0.113.7, 203.0.113.8" in cure
    assert "IP Address Access Control" in cure


def test_our_address_is_found_without_asking_for_a_name() -> None:
    assert outgoing_addresses("https://127.0.0.1:1") == "127.0.0.1"
    assert outgoing_addresses("https://no-such-name.invalid") == outgoing_addresses("")


def test_the_page_names_the_filter_and_turns_green_after_the_cure(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "switches", ip_filter="html")
    page = admin_client.post(reverse("connections:check"), follow=True).content.decode()
    assert "IP Address Access Control" in page
    assert "127.0.0.1" in page
    told(sandbox, "switches", ip_filter="no")
    page = admin_client.post(reverse("connections:check"), follow=True).content.decode()
    assert 'data-status="connected"' in page
    assert "IP Address Access Control" not in page


def test_connection_clock_off_is_a_warning_that_names_both_times(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    assert good(connected, Check.CLOCK)
    told(sandbox, "switches", clock_offset=300)
    finding = look(connected, Check.CLOCK)
    assert (finding.outcome, finding.code) == (WARNING, "connection.clock_off")
    assert timedelta(seconds=int(finding.facts["seconds"])) > timedelta(seconds=290)
    assert connected.status == Status.CONNECTED
    told(sandbox, "switches", clock_offset=0)
    assert good(connected, Check.CLOCK)


def make_admin(sandbox: RunningSandbox) -> None:
    """The integration user may read the system properties."""
    user = desk.row(sandbox, "sys_user", "user_name=scoredesk.integration")
    role = desk.row(sandbox, "sys_user_role", "name=admin")
    granted = {"user": user["sys_id"], "role": role["sys_id"]}
    told(sandbox, "records", table="sys_user_has_role", create=granted)


def test_connection_release_too_old_is_told_before_kingston(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    make_admin(sandbox)
    tag = "name=glide.buildtag.last"
    desk.change(sandbox, "sys_properties", tag, value="glide-jakarta-05-03-2017__patch9-01-01-2019")
    finding = look(connected, Check.RELEASE)
    assert (finding.outcome, finding.code) == (FAILED, "connection.release_too_old")
    assert finding.facts["release"] == "Jakarta Patch 9"
    desk.change(sandbox, "sys_properties", tag, value="glide-zurich-07-01-2025__patch2-09-10-2025")
    assert good(connected, Check.RELEASE)
    connected.refresh_from_db()
    assert connected.release == "Zurich Patch 2"


def test_connection_release_unknown_is_no_alarm(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "switches", change_api=False)
    assert told_of(connected, Check.RELEASE) == (UNSURE, "connection.release_unknown")
    assert connected.status == Status.CONNECTED
    told(sandbox, "switches", change_api=True)
    assert good(connected, Check.RELEASE)
