"""`scoredesk check`: what it prints, what it writes, and with which code it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from tests.connections.browserless import told

from scoredesk.accounts.models import AuditEntry, Tenant
from scoredesk.accounts.sealed import unseal
from scoredesk.connections.models import Connection
from scoredesk.sandbox.program import RunningSandbox

CHECK = "check_connections"


def test_a_connection_that_works_ends_well(
    sandbox: RunningSandbox, connected: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(CHECK)
    out = capsys.readouterr().out
    assert "Alder Hospital" in out
    assert "ok The instance can be reached" in out
    assert AuditEntry.objects.filter(actor="command:check").exists()


def test_a_fault_is_told_with_its_cure_and_ends_with_one(
    sandbox: RunningSandbox, connected: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    told(sandbox, "faults", kind="hibernating", times=None)
    with pytest.raises(SystemExit) as ended:
        call_command(CHECK, tenant="alder hospital")
    out = capsys.readouterr().out
    assert ended.value.code == 1
    assert "XX The instance can be reached" in out
    assert "servicenow.hibernating" in out
    assert "What to do: " in out


def test_json_and_a_report_are_for_programs_and_for_support(
    sandbox: RunningSandbox,
    connected: Connection,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = tmp_path / "report.md"
    call_command(CHECK, json=True, report=str(report), tenant=str(connected.tenant.uid))
    found = json.loads(capsys.readouterr().out)
    assert [(one["tenant"], one["works"]) for one in found] == [("Alder Hospital", True)]
    assert found[0]["findings"][0]["check"] == "The instance can be reached"
    text = report.read_text(encoding="utf-8")
    assert "# Report on a ServiceNow connection" in text
    assert unseal(connected.sealed_refresh_token) not in text
    call_command(CHECK, report=str(tmp_path / "report.json"))
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))[0]["findings"]


def test_it_speaks_chinese_when_asked(
    sandbox: RunningSandbox, connected: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(CHECK, language="zh-hans")
    assert "可以访问实例" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "words"), [("", "Nothing to check"), ("Nobody", "no tenant “Nobody”")]
)
def test_nothing_to_check_ends_with_two(tenant: Tenant, name: str, words: str) -> None:
    with pytest.raises(CommandError, match=words) as ended:
        call_command(CHECK, tenant=name)
    assert ended.value.returncode == 2


def test_only_the_tenant_that_was_named_is_checked(
    sandbox: RunningSandbox, connected: Connection, other_tenant: Tenant
) -> None:
    with pytest.raises(CommandError):
        call_command(CHECK, tenant="Birch Bank")


def test_a_report_that_cannot_be_written_is_told(
    sandbox: RunningSandbox, connected: Connection, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command(CHECK, report=str(tmp_path / "missing" / "report.md"))
