"""The connector app and another app's scripts: behaviours 100 and 101 of servicenow-api 13."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.hook import PATIENCE, Hook, listening
from tests.sandbox.servicenow.shorthand import error_of, new_incident

Control = Callable[[str, dict[str, Any]], Any]
SECRET = "shared between the two"
OTHER_APP = "/api/x_mioms_m365ticket/v1/settings"
FENCED = (
    "com.glide.script.fencing.access.ScopeAccessNotGrantedException: "
    "read access to oauth_entity not granted"
)


@pytest.fixture
def hook() -> Iterator[Hook]:
    with listening() as made:
        yield made


@pytest.fixture
def installed(hook: Hook, control: Control) -> Hook:
    control("app", {"installed": True, "hook_url": hook.url, "hook_secret": SECRET})
    return hook


def ours(client: httpx.Client, key: str = "key") -> dict[str, Any]:
    return new_incident(client, correlation_id=key)


def change(client: httpx.Client, record: dict[str, Any], text: str = "Changed") -> None:
    answer = client.patch(f"/table/incident/{record['sys_id']}", json={"short_description": text})
    assert answer.status_code == 200


def settled(sandbox: Any, number: int = 0) -> dict[str, Any]:
    """A notification of the control room's list, once its fate is known."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = httpx.get(f"{sandbox.servicenow_url}/_sandbox/notifications").json()
        listed = answer["notifications"]
        if len(listed) > number and listed[number]["outcome"] != "waiting":
            return listed[number]
    raise AssertionError("No notification was settled in time.")


def at_root(client: httpx.Client, path: str, **other: Any) -> httpx.Response:
    return client.request(other.pop("method", "GET"), client.base_url.join(path), **other)


def test_100_another_apps_endpoint_is_not_there_by_default(integration: httpx.Client) -> None:
    assert at_root(integration, OTHER_APP).status_code == 501


@pytest.mark.parametrize("status", ["403", "500"])
def test_100_another_apps_script_is_refused_oauth_entity(
    integration: httpx.Client, control: Control, status: str
) -> None:
    control("switches", {"cross_scope": "not_granted", "cross_scope_status": status})
    for method in ("GET", "POST"):
        answer = at_root(integration, OTHER_APP, method=method)
        assert error_of(answer) == (int(status), FENCED, "")


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        (
            "policy",
            "from scope 'x_mioms_m365ticket' has been refused due to the table's cross-scope",
        ),
        ("privilege", "must declare a cross scope access privilege"),
        ("denied", "restricted caller access"),
        ("decrypted", "getDecryptedValue(client_secret)' from scope"),
    ],
)
def test_100_the_platform_has_other_wordings(
    integration: httpx.Client, control: Control, variant: str, said: str
) -> None:
    control("switches", {"cross_scope": variant})
    assert said in error_of(at_root(integration, OTHER_APP))[1]


def test_101_an_update_is_told_with_a_signature(integration: httpx.Client, installed: Hook) -> None:
    record = ours(integration)
    change(integration, record)
    heard = installed.wait_for(1)[0]
    told = json.loads(heard.body)
    assert set(told) == {"event_id", "table", "sys_id"}
    assert (told["table"], told["sys_id"]) == ("incident", record["sys_id"])
    signed = heard.headers["x-scoredesk-timestamp"].encode() + b"." + heard.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert heard.headers["x-scoredesk-signature"] == f"v1={expected}"
    assert heard.headers["x-scoredesk-event"] == told["event_id"]


def test_101_records_of_others_are_not_told_of(integration: httpx.Client, installed: Hook) -> None:
    change(integration, new_incident(integration))
    record = ours(integration)
    change(integration, record)
    assert json.loads(installed.wait_for(1)[0].body)["sys_id"] == record["sys_id"]
    assert len(installed.heard) == 1


def test_101_a_notification_is_sent_until_it_arrives(
    integration: httpx.Client, installed: Hook, sandbox: Any
) -> None:
    installed.statuses += [500]
    change(integration, ours(integration))
    heard = installed.wait_for(2)
    assert heard[0].body == heard[1].body
    deadline = time.monotonic() + PATIENCE
    while settled(sandbox)["outcome"] != "delivered" and time.monotonic() < deadline:
        continue
    assert (settled(sandbox)["tries"], settled(sandbox)["outcome"]) == (2, "delivered")


def test_101_notifications_may_be_repeated(
    integration: httpx.Client, installed: Hook, control: Control
) -> None:
    control("switches", {"app_duplicates": 2})
    change(integration, ours(integration))
    assert len({one.body for one in installed.wait_for(3)}) == 1


def test_101_notifications_may_come_in_another_order(
    integration: httpx.Client, installed: Hook, control: Control
) -> None:
    control("switches", {"app_reorder": True})
    records = [ours(integration, f"key {n}") for n in range(3)]
    for record in records:
        change(integration, record)
    told = [json.loads(one.body)["sys_id"] for one in installed.wait_for(3)]
    assert sorted(told) == sorted(record["sys_id"] for record in records)
    assert told != [record["sys_id"] for record in records]


def test_101_notifications_may_be_missing(
    integration: httpx.Client, installed: Hook, control: Control, sandbox: Any
) -> None:
    control("switches", {"app_missing": 2})
    records = [ours(integration, f"key {n}") for n in range(3)]
    for record in records:
        change(integration, record)
    told = {json.loads(one.body)["sys_id"] for one in installed.wait_for(2)}
    assert told == {records[0]["sys_id"], records[2]["sys_id"]}
    assert settled(sandbox, 1)["outcome"] == "missing"


def test_101_a_write_does_not_fail_with_its_notification(
    integration: httpx.Client, control: Control, sandbox: Any
) -> None:
    with listening() as gone:
        url = gone.url
    control("app", {"installed": True, "hook_url": url, "hook_secret": SECRET})
    change(integration, ours(integration))
    assert settled(sandbox)["outcome"] == "not delivered: ConnectError"


def test_the_hook_is_on_this_machine_unless_switched(control: Control, sandbox: Any) -> None:
    url = f"{sandbox.servicenow_url}/_sandbox/app"
    asked = {"installed": True, "hook_url": "https://hook.example/"}
    refused = httpx.post(url, json=asked)
    assert refused.status_code == 400
    assert "hook.example" in refused.json()["error"]
    control("switches", {"app_any_host": True})
    assert httpx.post(url, json=asked).json()["hook_url"] == "https://hook.example/"


def test_without_the_app_its_endpoint_is_not_there(integration: httpx.Client) -> None:
    assert at_root(integration, "/api/x_scoredesk/v1/status").status_code == 501


def test_the_apps_endpoint_inserts_or_returns(integration: httpx.Client, installed: Hook) -> None:
    path = "/api/x_scoredesk/v1/tickets/incident"
    sent = {"correlation_id": "once", "short_description": "Once"}
    first = at_root(integration, path, method="POST", json=sent)
    again = at_root(integration, path, method="POST", json=sent)
    assert (first.status_code, first.json()["result"]["created"]) == (201, True)
    assert (again.status_code, again.json()["result"]["created"]) == (200, False)
    assert first.json()["result"]["sys_id"] == again.json()["result"]["sys_id"]
    params = {"sysparm_query": "correlation_id=once"}
    rows = integration.get("/table/incident", params=params).json()["result"]
    assert [row["short_description"] for row in rows] == ["Once"]


def test_the_apps_endpoint_passes_refusals_on(
    integration: httpx.Client, as_user: Callable[[str], httpx.Client], installed: Hook
) -> None:
    path = "/api/x_scoredesk/v1/tickets/incident"
    without_key = at_root(integration, path, method="POST", json={})
    assert error_of(without_key)[:2] == (400, "correlation_id is missing")
    nobody = at_root(as_user("no.roles"), path, method="POST", json={"correlation_id": "x"})
    assert error_of(nobody)[2] == "ACL Exception Insert Failed due to security constraints"
    elsewhere = at_root(integration, "/api/x_scoredesk/v1/tickets/sys_user", method="POST", json={})
    assert error_of(elsewhere)[:2] == (400, "Invalid table sys_user")
