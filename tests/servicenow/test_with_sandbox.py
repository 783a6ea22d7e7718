"""The client against a ServiceNow instance over real HTTP: OAuth, records, and bad days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.servicenow.person import decide

from scoredesk.common.addresses import AddressPolicy
from scoredesk.common.http import Timeouts, Wire
from scoredesk.common.retrying import ONCE
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import (
    OAuthApplication,
    Query,
    ServiceNow,
    Tokens,
    errors,
    new_verifier,
    probe,
)
from scoredesk.servicenow.probe import look_at_allow_page
from scoredesk.servicenow.records import own_choices

BOT = ("scoredesk.integration", "integration")
CALLBACK = "http://127.0.0.1:8000/connections/callback"
CLIENT = "5c0ded3500000000000000000000c1d0"


@pytest.fixture
def url(sandbox_program: RunningSandbox) -> str:
    """The instance in its first state."""
    sandbox_program.reset()
    return sandbox_program.servicenow_url


@pytest.fixture
def wire(url: str) -> Wire:
    """A wire that may call this sandbox, and tries once."""
    return Wire(policy=AddressPolicy.trusting(url), timeouts=Timeouts.page(2), pauses=ONCE)


@pytest.fixture
def application(url: str, wire: Wire) -> OAuthApplication:
    """The OAuth application that the sandbox has registered."""
    return OAuthApplication(url, CLIENT, "sandbox-secret", CALLBACK, wire)


@pytest.fixture
def tokens(application: OAuthApplication) -> Tokens:
    """Tokens that the integration user has allowed."""
    verifier = new_verifier()
    given = decide(application.authorization_url("s1", verifier), *BOT)
    assert given["state"] == "s1"
    return application.exchange(given["code"], verifier)


@pytest.fixture
def instance(url: str, wire: Wire, tokens: Tokens) -> Iterator[ServiceNow]:
    """The instance as the integration user."""
    with ServiceNow(url, lambda: tokens.access_token, wire=wire) as client:
        yield client


@pytest.fixture
def plan(url: str) -> Callable[..., None]:
    """Plans a fault in the sandbox's control room."""

    def planning(kind: str, method: str, path: str, **more: Any) -> None:
        asked = {"kind": kind, "match": {"method": method, "path": path}, **more}
        httpx.post(f"{url}/_sandbox/faults", json=asked).raise_for_status()

    return planning


def test_the_user_who_pressed_allow_is_the_one_we_are(instance: ServiceNow) -> None:
    user = instance.whoami()
    assert user.user_name == BOT[0]
    assert len(user.sys_id) == 32


def test_another_person_at_the_browser_is_seen(
    application: OAuthApplication, url: str, wire: Wire
) -> None:
    verifier = new_verifier()
    asked = application.authorization_url("s", verifier)
    given = decide(asked, "change.owner", "change.owner")
    tokens = application.exchange(given["code"], verifier)
    with ServiceNow(url, lambda: tokens.access_token, wire=wire) as client:
        assert client.whoami().user_name == "change.owner"


def test_deny_brings_no_code(application: OAuthApplication) -> None:
    given = decide(application.authorization_url("s", new_verifier()), *BOT, decision="deny")
    assert given == {"error": "access_denied", "state": "s"}


def test_a_code_works_once_and_only_with_its_verifier(application: OAuthApplication) -> None:
    verifier = new_verifier()
    given = decide(application.authorization_url("s", verifier), *BOT)
    with pytest.raises(errors.TokenRefused):
        application.exchange(given["code"], new_verifier())
    with pytest.raises(errors.TokenRefused):
        application.exchange(given["code"], verifier)


def test_a_wrong_secret_is_refused(application: OAuthApplication) -> None:
    wrong = replace(application, client_secret="wrong")
    verifier = new_verifier()
    given = decide(wrong.authorization_url("s", verifier), *BOT)
    with pytest.raises(errors.TokenRefused) as raised:
        wrong.exchange(given["code"], verifier)
    assert raised.value.status == 401


def test_tokens_are_refreshed_and_revoked(
    application: OAuthApplication, tokens: Tokens, url: str, wire: Wire
) -> None:
    assert tokens.refresh_token
    fresh = application.refresh(tokens.refresh_token)
    assert fresh.refresh_token
    application.revoke(fresh.access_token)
    application.revoke(fresh.refresh_token)
    with (
        ServiceNow(url, lambda: fresh.access_token, wire=wire) as client,
        pytest.raises(errors.Unauthorized),
    ):
        client.whoami()
    with pytest.raises(errors.TokenRefused):
        application.refresh(fresh.refresh_token)


def test_an_incident_is_made_found_and_changed(instance: ServiceNow) -> None:
    made = instance.insert(
        "incident",
        {"short_description": "x" * 170, "correlation_id": "c-1", "impact": "1", "urgency": "1"},
    )
    assert made.value("number").startswith("INC")
    assert made.value("priority") == "1"
    assert len(made.value("short_description")) == 160
    (found,) = instance.find_by_correlation("incident", "c-1")
    assert (found.sys_id, found.display("state")) == (made.sys_id, "New")
    changed = instance.update("incident", made.sys_id, {"state": "2"})
    assert changed.mod_count > made.mod_count
    assert changed.updated_on is not None
    assert instance.get("incident", made.sys_id, ["state"]).value("state") == "2"
    assert instance.find_by_correlation("incident", "c-2") == []


def test_a_change_request_keeps_the_priority_it_was_given(instance: ServiceNow) -> None:
    made = instance.insert("change_request", {"short_description": "x", "priority": "2"})
    assert (made.value("priority"), made.value("state")) == ("2", "-5")


def test_all_records_are_read_once_page_by_page(instance: ServiceNow) -> None:
    for number in range(5):
        instance.insert("incident", {"short_description": f"n{number}", "correlation_id": "batch"})
    query = Query().where("correlation_id", "=", "batch")
    pages = list(instance.pages("incident", query, ["short_description"], page_size=2))
    texts = [record.value("short_description") for page in pages for record in page]
    assert sorted(texts) == ["n0", "n1", "n2", "n3", "n4"]
    assert [len(page) for page in pages] == [2, 2, 1]


def test_choices_are_read_in_a_language(instance: ServiceNow) -> None:
    rows = instance.choice_rows(["incident"], ["state"], ["en"])
    labels = {row.value: row.label for row in own_choices(rows, "incident", "state", "en")}
    assert labels["1"] == "New"
    assert labels["6"] == "Resolved"


def test_a_lost_answer_leaves_a_record_that_is_found_by_its_correlation_id(
    instance: ServiceNow, plan: Callable[..., None]
) -> None:
    plan("lost_reply", "POST", "table/incident")
    with pytest.raises(errors.LostAnswer) as raised:
        instance.insert("incident", {"short_description": "x", "correlation_id": "lost"})
    assert raised.value.maybe_done
    assert len(instance.find_by_correlation("incident", "lost")) == 1


@pytest.mark.parametrize(
    ("kind", "error", "maybe"),
    [
        ("reset", errors.LostAnswer, True),
        ("unauthorized", errors.Unauthorized, False),
        ("data_policy", errors.DataPolicyRefused, False),
        ("business_rule", errors.BusinessRuleRefused, False),
        ("rate_limit", errors.RateLimited, False),
        ("server_error", errors.ServerFault, True),
        ("bad_gateway", errors.Maintenance, True),
        ("unavailable", errors.Maintenance, True),
        ("gateway_timeout", errors.Maintenance, True),
        ("broken_json", errors.LostAnswer, True),
        ("hibernating", errors.Hibernating, False),
        ("html", errors.NotServiceNow, True),
    ],
)
def test_each_bad_day_of_a_write_has_its_name(
    instance: ServiceNow,
    plan: Callable[..., None],
    *,
    kind: str,
    error: type[errors.ServiceNowError],
    maybe: bool,
) -> None:
    plan(kind, "POST", "table/incident")
    with pytest.raises(errors.ServiceNowError) as raised:
        instance.insert("incident", {"short_description": "x"})
    assert type(raised.value) is error
    assert raised.value.maybe_done is maybe


def test_a_silent_instance_is_given_up_on(instance: ServiceNow, plan: Callable[..., None]) -> None:
    plan("timeout", "GET", "table/incident", delay=4)
    with pytest.raises(errors.LostAnswer):
        instance.list("incident", Query(), [])


def test_a_cancelled_list_is_not_taken_for_whole(
    instance: ServiceNow, plan: Callable[..., None]
) -> None:
    plan("cancelled", "GET", "table/incident")
    with pytest.raises(errors.PartialResult):
        instance.list("incident", Query(), [])


def test_unknown_tables_and_records_are_told_apart(instance: ServiceNow) -> None:
    with pytest.raises(errors.InvalidTable):
        instance.list("no_such_table", Query(), [])
    with pytest.raises(errors.NotFound):
        instance.get("incident", "0" * 32)


def test_a_look_from_outside_sees_an_instance_and_single_sign_on(url: str, wire: Wire) -> None:
    def look() -> str:
        probe(url, wire)
        return look_at_allow_page(url, wire, CLIENT, CALLBACK).sso_host

    assert look() == ""
    switched = httpx.post(f"{url}/_sandbox/switches", json={"sso_host": "sso.example"})
    switched.raise_for_status()
    assert look() == "sso.example"


def test_something_else_on_the_web_is_no_instance(sandbox_program: RunningSandbox) -> None:
    other = sandbox_program.microsoft_url
    with pytest.raises(errors.ServiceNowError):
        probe(other, Wire(policy=AddressPolicy.trusting(other), pauses=ONCE))
