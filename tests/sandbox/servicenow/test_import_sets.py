"""Rows of staging tables and what becomes of them (servicenow-api 5.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of

from scoredesk.sandbox.program import RunningSandbox

STAGING = "/import/u_scoredesk_incident_import"


def load(client: httpx.Client, **row: Any) -> dict[str, Any]:
    answer = client.post(STAGING, json=row)
    assert answer.status_code == 201, answer.text
    return answer.json()


def only(reply: dict[str, Any]) -> dict[str, str]:
    assert len(reply["result"]) == 1
    return reply["result"][0]


def test_a_new_row_becomes_a_record(integration: httpx.Client, sandbox: RunningSandbox) -> None:
    sent = {"short_description": "By import", "correlation_id": "k1", "caller": "Nora Roth"}
    reply = load(integration, **sent)
    assert (reply["import_set"], reply["staging_table"]) == (
        "ISET0010001",
        "u_scoredesk_incident_import",
    )
    made = only(reply)
    record = integration.get(f"/table/incident/{made['sys_id']}").json()["result"]
    assert made == {
        "transform_map": "Scoredesk incident",
        "table": "incident",
        "display_name": "number",
        "display_value": record["number"],
        "record_link": f"{sandbox.servicenow_url}/api/now/table/incident/{made['sys_id']}",
        "status": "inserted",
        "sys_id": made["sys_id"],
    }
    assert record["short_description"] == "By import"
    params = {"sysparm_fields": "caller_id.user_name"}
    shown = integration.get(f"/table/incident/{made['sys_id']}", params=params).json()["result"]
    assert shown == {"caller_id.user_name": "no.roles"}


def test_a_known_key_updates_or_is_ignored(integration: httpx.Client) -> None:
    first = only(load(integration, correlation_id="k1", short_description="One"))
    second = only(load(integration, correlation_id="k1", short_description="Two"))
    assert (second["status"], second["sys_id"]) == ("updated", first["sys_id"])
    third = only(load(integration, correlation_id="k1", short_description="Two"))
    assert (third["status"], third["sys_id"]) == ("ignored", first["sys_id"])
    assert third["status_message"] == "No field values changed"
    assert integration.get("/table/incident").headers["X-Total-Count"] == "1"


def test_85_a_refused_row_answers_201_with_the_status_error(integration: httpx.Client) -> None:
    refused = only(load(integration, short_description="Done already", state="6"))
    text = (
        "Operation Failed: Data Policy Exception: The following fields are mandatory: "
        "Resolution code, Resolution notes"
    )
    assert refused == {
        "transform_map": "Scoredesk incident",
        "table": "incident",
        "status": "error",
        "error_message": text,
    }
    assert integration.get("/table/incident").json() == {"result": []}


def test_a_row_that_the_map_does_not_want_is_skipped(
    integration: httpx.Client, admin: httpx.Client
) -> None:
    query = {"sysparm_query": "source_table=u_scoredesk_incident_import"}
    each = admin.get("/table/sys_transform_map", params=query).json()["result"][0]
    condition = {"condition": "correlation_idISNOTEMPTY"}
    assert admin.patch(f"/table/sys_transform_map/{each['sys_id']}", json=condition).is_success
    assert only(load(integration, short_description="x"))["status"] == "skipped"
    assert (
        only(load(integration, correlation_id="k", short_description="x"))["status"] == "inserted"
    )


def test_a_row_can_be_looked_at_again(integration: httpx.Client) -> None:
    answer = integration.post(STAGING, json={"correlation_id": "k1", "short_description": "x"})
    again = integration.get(answer.headers["Location"])
    assert (again.status_code, again.json()) == (200, answer.json())
    assert error_of(integration.get(f"{STAGING}/{'0' * 32}"))[0] == 404


@pytest.mark.parametrize(
    ("value", "stored"),
    [(3, "3"), (True, "true"), ({"a": {"b": 1}}, "{a={b=1}}"), (["x", None], "[x, ]")],
)
def test_values_that_are_no_strings_are_kept_as_java_writes_them(
    integration: httpx.Client, value: Any, stored: str
) -> None:
    made = only(load(integration, description=value))
    record = integration.get(f"/table/incident/{made['sys_id']}").json()["result"]
    assert record["description"] == stored


def test_many_rows_at_once_answer_the_import_set(integration: httpx.Client) -> None:
    rows = [{"Short description": f"Row {number}"} for number in range(3)]
    answer = integration.post(f"{STAGING}/insertMultiple", json={"records": rows})
    assert answer.status_code == 201
    assert set(answer.json()) == {"import_set_id", "multi_import_set_id"}
    shown = integration.get("/table/incident", params={"sysparm_query": "ORDERBYnumber"})
    texts = [record["short_description"] for record in shown.json()["result"]]
    assert texts == ["Row 0", "Row 1", "Row 2"]
    assert error_of(integration.post(f"{STAGING}/insertMultiple", json={"records": 3}))[0] == 400


def test_changes_have_their_own_staging_table(integration: httpx.Client) -> None:
    row = {"short_description": "x", "type": "emergency", "correlation_id": "c1"}
    made = integration.post("/import/u_scoredesk_change_import", json=row).json()["result"][0]
    assert (made["table"], made["status"]) == ("change_request", "inserted")
    record = integration.get(f"/table/change_request/{made['sys_id']}").json()["result"]
    assert record["type"] == "emergency"


def test_only_staging_tables_and_loaders(
    integration: httpx.Client, as_user: Callable[[str], httpx.Client]
) -> None:
    text = "Table incident does not exist"
    answer = integration.post("/import/incident", json={})
    assert error_of(answer) == (400, "Invalid table incident", text)
    assert error_of(as_user("no.roles").post(STAGING, json={}))[0] == 403
