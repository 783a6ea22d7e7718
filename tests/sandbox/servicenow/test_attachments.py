"""Files of records through the Attachment API (servicenow-api 5.3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import httpx
from tests.sandbox.servicenow.shorthand import error_of, new_incident

from scoredesk.sandbox.program import RunningSandbox

Control = Callable[[str, dict[str, Any]], Any]


def upload(
    client: httpx.Client, record: dict[str, Any], name: str = "note.txt", content: bytes = b"hello"
) -> httpx.Response:
    params = {"table_name": "incident", "table_sys_id": record["sys_id"], "file_name": name}
    headers = {"Content-Type": "text/plain"}
    return client.post("/attachment/file", params=params, content=content, headers=headers)


def test_an_uploaded_file_is_described_in_strings(
    integration: httpx.Client, sandbox: RunningSandbox
) -> None:
    incident = new_incident(integration)
    answer = upload(integration, incident)
    assert answer.status_code == 201
    made = answer.json()["result"]
    link = f"{sandbox.servicenow_url}/api/now/attachment/{made['sys_id']}"
    assert answer.headers["Location"] == link
    expected = {
        "file_name": "note.txt",
        "content_type": "text/plain",
        "size_bytes": "5",
        "compressed": "true",
        "table_name": "incident",
        "table_sys_id": incident["sys_id"],
        "download_link": f"{link}/file",
        "hash": hashlib.sha256(b"hello").hexdigest(),
        "chunk_size_bytes": "700000",
        "state": "available",
        "created_by_name": "Scoredesk Integration",
        "sys_mod_count": "0",
    }
    assert {name: made[name] for name in expected} == expected
    assert all(isinstance(value, str) for value in made.values())
    assert integration.get(f"/attachment/{made['sys_id']}").json()["result"] == made


def test_the_bytes_come_back_with_their_type_and_description(integration: httpx.Client) -> None:
    content = bytes(range(256))
    made = upload(integration, new_incident(integration), "übersicht.bin", content).json()["result"]
    answer = integration.get(f"/attachment/{made['sys_id']}/file", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["Content-Type"] == "text/plain"
    assert "filename*=UTF-8''%C3%BCbersicht.bin" in answer.headers["Content-Disposition"]
    assert json.loads(answer.headers["X-Attachment-Metadata"])["sys_id"] == made["sys_id"]


def test_a_form_uploads_a_file(integration: httpx.Client) -> None:
    incident = new_incident(integration)
    answer = integration.post(
        "/attachment/upload",
        data={"table_name": "incident", "table_sys_id": incident["sys_id"]},
        files={"uploadFile": ("plan.csv", b"a,b", "text/csv")},
    )
    assert answer.status_code == 201
    made = answer.json()["result"]
    assert (made["file_name"], made["content_type"]) == ("plan.csv", "text/csv")
    assert integration.get(f"/attachment/{made['sys_id']}/file").content == b"a,b"


def test_files_are_listed_by_query_with_their_count(integration: httpx.Client) -> None:
    first, second = new_incident(integration), new_incident(integration)
    for record, name in ((first, "b.txt"), (first, "a.txt"), (second, "c.txt")):
        upload(integration, record, name)
    query = f"table_name=incident^table_sys_id={first['sys_id']}^ORDERBYfile_name"
    answer = integration.get("/attachment", params={"sysparm_query": query, "sysparm_limit": 1})
    assert [one["file_name"] for one in answer.json()["result"]] == ["a.txt"]
    assert answer.headers["X-Total-Count"] == "2"
    assert 'rel="next"' in answer.headers["Link"]


def test_renaming_and_deleting_answer_nothing(integration: httpx.Client) -> None:
    path = (
        f"/attachment/{upload(integration, new_incident(integration)).json()['result']['sys_id']}"
    )
    renamed = integration.patch(path, json={"file_name": "other.txt"})
    assert (renamed.status_code, renamed.content) == (204, b"")
    assert integration.get(path).json()["result"]["file_name"] == "other.txt"
    gone = integration.delete(path)
    assert (gone.status_code, gone.content) == (204, b"")
    missing = (404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")
    assert error_of(integration.get(path)) == missing
    assert error_of(integration.get(f"{path}/file")) == missing


def test_a_file_needs_a_record_that_the_caller_may_change(
    integration: httpx.Client, admin: httpx.Client, as_user: Callable[[str], httpx.Client]
) -> None:
    mine = new_incident(admin, caller_id="no.roles")
    nobody = as_user("no.roles")
    text = "ACL Exception Insert Failed due to security constraints"
    assert error_of(upload(nobody, mine)) == (403, "Operation Failed", text)
    assert error_of(upload(nobody, new_incident(admin)))[0] == 404
    assert error_of(upload(integration, {"sys_id": "0" * 32}))[0] == 404
    params = {"table_name": "incident", "table_sys_id": mine["sys_id"]}
    answer = integration.post(
        "/attachment/file", params=params, content=b"x", headers={"Content-Type": "text/plain"}
    )
    assert error_of(answer)[0] == 400


def test_a_file_is_hidden_with_its_record(
    integration: httpx.Client, as_user: Callable[[str], httpx.Client]
) -> None:
    made = upload(integration, new_incident(integration)).json()["result"]
    nobody = as_user("no.roles")
    assert nobody.get(f"/attachment/{made['sys_id']}").status_code == 404
    assert nobody.get("/attachment").json() == {"result": []}


def test_the_properties_limit_size_and_kind(integration: httpx.Client, admin: httpx.Client) -> None:
    incident = new_incident(integration)
    for name, value in (
        ("com.glide.attachment.max_size", "1"),
        ("glide.attachment.extensions", "txt,csv"),
    ):
        assert admin.post("/table/sys_properties", json={"name": name, "value": value}).is_success
    assert upload(integration, incident, content=b"x" * 1_048_576).status_code == 201
    assert error_of(upload(integration, incident, content=b"x" * 1_048_577))[0] == 400
    assert error_of(upload(integration, incident, "run.exe"))[0] == 400


def test_an_upload_touches_its_record_unless_switched_off(
    integration: httpx.Client, control: Control
) -> None:
    incident = new_incident(integration)
    control("clock", {"offset_seconds": 60})
    upload(integration, incident)
    touched = integration.get(f"/table/incident/{incident['sys_id']}").json()["result"]
    assert touched["sys_mod_count"] == "1"
    assert touched["sys_updated_on"] > incident["sys_updated_on"]
    control("switches", {"attachment_touches_record": False})
    upload(integration, incident)
    still = integration.get(f"/table/incident/{incident['sys_id']}").json()["result"]
    assert still == touched


def test_a_form_without_a_file_is_refused(integration: httpx.Client) -> None:
    answer = integration.post("/attachment/upload", files={"table_name": (None, "incident")})
    assert error_of(answer)[:2] == (400, "Failed to create the attachment")
    answer = integration.post("/attachment/upload", json={})
    assert error_of(answer)[0] == 415
