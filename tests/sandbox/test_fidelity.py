"""Each numbered behaviour of the two references has a test that is named with its number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# How many behaviours the fidelity checklists number: servicenow-api 13, graph-secure-score 10.
BEHAVIOURS = {"servicenow": 102, "microsoft": 67}


def names_of_tests(folder: Path) -> list[str]:
    """The names of all tests below a folder."""
    return [
        node.name
        for path in sorted(folder.rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    ]


@pytest.mark.parametrize(("service", "last"), BEHAVIOURS.items())
def test_each_numbered_behaviour_has_its_test(service: str, last: int) -> None:
    named = [re.match(r"test_(\d+)_", name) for name in names_of_tests(HERE / service)]
    numbers = {int(found[1]) for found in named if found}
    assert sorted(set(range(1, last + 1)) - numbers) == []
    assert max(numbers) == last


@pytest.mark.parametrize("service", BEHAVIOURS)
def test_no_test_stands_for_several_behaviours(service: str) -> None:
    several = [name for name in names_of_tests(HERE / service) if re.match(r"test_\d+_\d+_", name)]
    assert several == []
