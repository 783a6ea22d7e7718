"""The house itself: sizes, names and borders that a newcomer may rely on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "scoredesk"
LONGEST_FUNCTION = 60
LONGEST_FILE = 400
LONGEST_TEST_FILE = 300


def python_files(folder: Path) -> Iterator[Path]:
    """Hand-written modules below `folder`."""
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts and "node_modules" not in path.parts:
            yield path


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, nested ones included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_django_finds_nothing_to_complain_about(db: None) -> None:
    call_command("check", fail_level="WARNING")


def test_no_function_is_longer_than_a_page() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in [
            *python_files(SOURCE),
            *python_files(ROOT / "tests"),
            *python_files(ROOT / "scripts"),
        ]
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


@pytest.mark.parametrize(
    ("folder", "most"), [(SOURCE, LONGEST_FILE), (ROOT / "tests", LONGEST_TEST_FILE)]
)
def test_no_file_is_too_long_to_read_at_once(folder: Path, most: int) -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in python_files(folder)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > most
    }
    assert not long


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in python_files(SOURCE)
        for node in functions(path)
        for inner in ast.walk(node)
        if isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith("scoredesk")
    ]
    assert not hidden


def test_no_room_is_a_drawer_for_everything() -> None:
    drawers = re.compile(r"^(utils?|helpers?|misc|extras|common)\.py$")
    assert not [str(path) for path in python_files(SOURCE) if drawers.match(path.name)]


def test_every_exemption_from_a_check_has_its_reason_beside_it() -> None:
    bare = re.compile(r"#\s*(noqa|type:\s*ignore)(:\s*[A-Z0-9, ]+|\[[a-z-, ]+\])?\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*python_files(SOURCE), *python_files(ROOT / "tests")]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert not found


def test_every_page_binds_its_queries_to_a_tenant() -> None:
    """`Model.objects.all()` and friends have no place in a view."""
    unbound = re.compile(r"\.objects\.(?!of\()\w+\(")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCE.glob("*/views*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if unbound.search(line) and "border:" not in line
    ]
    assert not found
