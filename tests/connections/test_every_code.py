"""Every code that a connection can meet is explained in both languages, documented in both, and
proved against the sandbox: by a test of its name (`test_<code with dots as underscores>…`), or by
one that has the sandbox and names the code, or the code's class."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from scoredesk.common.addresses import AddressError
from scoredesk.common.errors import all_codes
from scoredesk.common.secrets import SecretError
from scoredesk.connections.errors import ConnectionFault
from scoredesk.connections.faults import TEXTS, explain
from scoredesk.servicenow.errors import ServiceNowError

ROOT = Path(__file__).resolve().parents[2]
# Fixtures behind which the sandbox stands.
SANDBOX = {"sandbox", "instance", "connected", "waiting", "marked", "desk"}
ROOMS = ("connections", "servicenow", "tickets", "security", "common")
ROOTS = (ServiceNowError, AddressError, SecretError, ConnectionFault)
OURS = {
    code: cls
    for root in ROOTS
    for code, cls in all_codes(root).items()
    if cls.__module__.startswith("scoredesk.")
}
# A class that others stand under is raised where no closer one fits: the texts are checked all the
# same, a situation of its own it has not.
FAMILIES = {code for code, cls in OURS.items() if cls.__subclasses__()}
CODES = sorted(OURS)

# What the sandbox cannot bring about, each with the reason.
ELSEWHERE = {
    "address.empty": "the form asks for the address first; common/test_addresses.py",
    "servicenow.connect_timeout": "no port of one machine is silent; servicenow/test_classify.py",
    "servicenow.no_such_resource": "the portal asks for no such path; servicenow/test_classify.py",
    "servicenow.payload_too_large": "only longer than we send; servicenow/test_classify.py",
    "servicenow.mfa_required": "answers passwords only, we send tokens; servicenow/test_classify.py",
    "connection.secret_needed": "stands beside a field of the form; connections/test_setup.py",
    "connection.field_not_mappable": "refused before anything is asked; connections/fields tests",
    "connection.placeholder_unknown": "refused before anything is asked; connections/fields tests",
}


def tests_of_rooms() -> Iterator[ast.FunctionDef]:
    """Every test function of the rooms that meet an instance."""
    for room in ROOMS:
        for path in (ROOT / "tests" / room).glob("test_*.py"):
            if path != Path(__file__):
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                        yield node


def codes_of(test: ast.FunctionDef) -> set[str]:
    """The codes that a test proves: by its name, or by what it says if the sandbox is in it."""
    by_name = {code for code in CODES if re.match(f"{_as_name(code)}(_|$)", test.name)}
    if not SANDBOX & {argument.arg for argument in test.args.args}:
        return by_name
    said = {node.value for node in ast.walk(test) if isinstance(node, ast.Constant)}
    classes = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(test)
        if isinstance(node, (ast.Name, ast.Attribute))
    }
    return by_name | {code for code, cls in OURS.items() if code in said or cls.__name__ in classes}


def _as_name(code: str) -> str:
    return f"test_{code.replace('.', '_')}"


PROVED = {code for test in tests_of_rooms() for code in codes_of(test)}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_without_a_gap(code: str, language: str) -> None:
    assert code in TEXTS
    english = explain(code, {})
    with override(language):
        told = explain(code, {})
    for part, original in zip(
        (told.what, told.why, told.cure), (english.what, english.why, english.cure), strict=True
    ):
        assert part.strip()
        assert "%(" not in part
        assert part.count("…") >= original.count("…") or language == "en"
        assert (part != original) == (language == "zh-hans"), part


@pytest.mark.parametrize("folder", ["docs", "docs/zh"])
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_section(code: str, folder: str) -> None:
    page = (ROOT / folder / "troubleshooting.md").read_text(encoding="utf-8")
    assert f"\n### {code}\n" in page


def test_every_code_is_proved_by_a_test_of_its_name() -> None:
    missing = [code for code in CODES if code not in {*PROVED, *ELSEWHERE}]
    assert sorted(set(missing) - FAMILIES) == []


def test_every_exemption_names_a_code_that_exists() -> None:
    assert [code for code in ELSEWHERE if code not in OURS] == []
