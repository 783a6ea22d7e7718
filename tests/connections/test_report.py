"""The report for a support case: complete, in the reader's language, without secrets."""

from __future__ import annotations

import json

from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from tests.connections.browserless import told

from scoredesk.accounts.models import Person
from scoredesk.accounts.sealed import unseal
from scoredesk.common.clock import now
from scoredesk.connections.models import Attempt, Connection
from scoredesk.connections.report import gather
from scoredesk.connections.report_text import markdown
from scoredesk.sandbox.program import RunningSandbox

REPORT = "connections:report"


def attempt(connection: Connection, path: str, code: str = "", status: int = 200) -> Attempt:
    return Attempt.objects.create(
        tenant=connection.tenant,
        connection=connection,
        at=now(),
        method="GET",
        path=path,
        status=status,
        milliseconds=7,
        fault_code=code,
    )


def test_the_text_names_the_fault_its_cure_and_how_it_came(
    admin_client: Client, admin: Person, sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "faults", kind="hibernating", times=None)
    admin_client.post(reverse("connections:check"))
    attempt(connected, "/api/now/table/incident", "servicenow.forbidden", 403)
    answer = admin_client.get(reverse(REPORT))
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="scoredesk-127')
    for wanted in (
        "servicenow.hibernating",
        "5c0ded3500000000000000000000c1d0",
        "scoredesk.integration",
        "http://127.0.0.1:8000/connections/callback",
        "Connection authorized",
        "`/api/now/table/incident`",
        "What to do",
        "PostgreSQL",
    ):
        assert wanted in text, wanted
    assert admin.email not in text


def test_programs_get_the_same_as_json(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    found = json.loads(admin_client.get(reverse(REPORT), {"as": "json"}).content)
    assert found["connection"]["client_id"] == "5c0ded3500000000000000000000c1d0"
    assert found["connection"]["client_secret_kept"] is True
    assert {line["check"] for line in found["findings"]} >= {"The instance can be reached"}
    assert found["states"][0]["states"] > 0


def test_neither_form_holds_a_secret(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    secrets = [
        "sandbox-secret",
        unseal(connected.sealed_access_token),
        unseal(connected.sealed_refresh_token),
        connected.sealed_client_secret,
        connected.sealed_refresh_token,
    ]
    texts = [
        admin_client.get(reverse(REPORT), {"as": kind}).content.decode() for kind in ("", "json")
    ]
    assert not [secret for secret in secrets for text in texts if secret in text]


def test_it_is_in_the_readers_language(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    with override("zh-hans"):
        text = markdown(gather(connected, now=now()))
    assert "# ServiceNow 连接报告" in text
    assert "集成用户" in text


def test_what_an_instance_says_stays_in_its_place(connected: Connection) -> None:
    Connection.objects.update(
        reason="servicenow.error",
        reason_detail="`|\n# [click](javascript:alert(1)) <script>",
        integration_user="a|b<c>[d](e)",
    )
    connected.refresh_from_db()
    text = markdown(gather(connected, now=now()))
    assert "`'¦ # [click](javascript:alert(1)) <script>`" in text
    assert "a\\|b&lt;c>\\[d\\](e)" in text


def test_only_the_newest_requests_and_entries_are_told(connected: Connection) -> None:
    before = gather(connected, now=now())["requests"]["failed_in_the_last_hour"]
    attempt(connected, "/api/now/hidden", "servicenow.forbidden", 403)  # an answer, no failure
    for number in range(60):
        code, status = ("servicenow.maintenance", 503) if number > 57 else ("", 200)
        attempt(connected, f"/api/now/{number}", code, status)
    requests = gather(connected, now=now())["requests"]
    assert requests["newest"][0]["path"] == "/api/now/59"
    assert len(requests["newest"]) == 50
    assert requests["failed_in_the_last_hour"] == before + 2


def test_without_a_connection_there_is_no_report(admin_client: Client, db: None) -> None:
    answer = admin_client.get(reverse(REPORT))
    assert answer.headers["Location"] == reverse("connections:overview")
