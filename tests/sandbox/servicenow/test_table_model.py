"""The table beside a plain Python model of it, driven over HTTP in thousands of random steps."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    rule,
    run_state_machine_as_test,
)

from scoredesk.sandbox.program import RunningSandbox
from scoredesk.sandbox.servicenow.database.query import Group, Query, Term, encode

STEPS = 2000
NUMBERS = {"urgency", "impact", "order"}
TEXTS = ["", "a", "A", "b", "Örtlich", "öRTLICH", "50%", "a_b", "axb", "x^y", "it's", "李雷", "^OR"]
DATES = ["", "2026-01-22 08:00:00", "2026-01-22 08:00:01", "2027-12-31 23:59:59"]
LEVELS = ["1", "2", "3"]
VALUES = {
    "short_description": TEXTS,
    "description": TEXTS,
    "correlation_id": TEXTS,
    "urgency": LEVELS,
    "impact": LEVELS,
    "order": ["", "0", "2", "10", "-3"],
    "due_date": DATES,
    "upon_reject": ["", "cancel", "goto"],
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "LIKE": lambda value, wanted: wanted in value,
    "NOT LIKE": lambda value, wanted: wanted not in value,
    "STARTSWITH": str.startswith,
    "ENDSWITH": str.endswith,
}


def rank(name: str, value: str) -> Any:
    """What an order or a comparison looks at."""
    if name in NUMBERS:
        return int(value or 0), value
    # SQLite's NOCASE folds ASCII letters only.
    return bytes(value.encode()).lower()


def holds(row: dict[str, str], term: Term) -> bool:
    value, wanted = row[str(term.field)], term.value
    if term.operator == "ISEMPTY":
        return value == ""
    if term.operator == "ISNOTEMPTY":
        return value != ""
    if term.operator in {"IN", "NOT IN"}:
        inside = value.casefold() in {part.casefold() for part in wanted.split(",")}
        return inside == (term.operator == "IN")
    if term.operator == "BETWEEN":
        low, _, high = wanted.partition("@")
        name = str(term.field)
        return value != "" and rank(name, low) <= rank(name, value) <= rank(name, high)
    if term.operator in COMPARE:
        name = str(term.field)
        return value != "" and COMPARE[term.operator](rank(name, value), rank(name, wanted))
    return TEXT_TESTS[term.operator](value.casefold(), wanted.casefold())


def fits(row: dict[str, str], query: Query) -> bool:
    if not query.groups:
        return True
    return any(
        all(any(holds(row, term) for term in clause) for clause in group.clauses)
        for group in query.groups
    )


@st.composite
def terms(draw: st.DrawFn) -> Term:
    name = draw(st.sampled_from(sorted(VALUES)))
    known = st.sampled_from(VALUES[name])
    filled = st.sampled_from([value for value in VALUES[name] if value])
    word = draw(st.sampled_from([*TEXT_TESTS, *COMPARE, "IN", "NOT IN", "ISEMPTY", "BETWEEN"]))
    if word in COMPARE:
        return Term(name, word, draw(filled))
    if word == "ISEMPTY":
        return Term(name, draw(st.sampled_from(["ISEMPTY", "ISNOTEMPTY"])))
    if word == "BETWEEN":
        return Term(name, word, f"{draw(filled)}@{draw(filled)}")
    if "IN" in word and "LIKE" not in word:
        return Term(name, word, ",".join(draw(st.lists(known, min_size=1, max_size=3))))
    return Term(name, word, draw(known))


def some(what: st.SearchStrategy[Any], least: int, most: int) -> st.SearchStrategy[Any]:
    return st.lists(what, min_size=least, max_size=most).map(tuple)


QUERIES = st.builds(Query, some(st.builds(Group, some(some(terms(), 1, 3), 1, 3)), 0, 3))
ORDERS = some(st.tuples(st.sampled_from(sorted(VALUES)), st.booleans()), 0, 2)
FIELDS = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}
)
DEFAULTS = {**dict.fromkeys(VALUES, ""), "urgency": "3", "impact": "3", "upon_reject": "cancel"}


class Table(RuleBasedStateMachine):
    """Every rule does one thing to the table and the same to the model, then compares."""

    url: ClassVar[str] = ""
    steps: ClassVar[int] = 0
    made = Bundle("made")

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[str, dict[str, str]] = {}
        httpx.post(f"{self.url}/_sandbox/reset")
        self.client = httpx.Client(
            base_url=f"{self.url}/api/now",
            auth=("admin", "admin"),
            headers={"Accept": "application/json"},
            timeout=30,
        )

    def teardown(self) -> None:
        self.client.close()

    def listed(self, query: Query, **params: str) -> tuple[list[str], int]:
        asked = {"sysparm_query": encode(query), "sysparm_fields": "sys_id", **params}
        answer = self.client.get("/table/incident", params=asked)
        assert answer.status_code == 200, answer.text
        ids = [row["sys_id"] for row in answer.json()["result"]]
        return ids, int(answer.headers["X-Total-Count"])

    def expected(self, query: Query) -> list[str]:
        found = [(sys_id, row) for sys_id, row in self.model.items() if fits(row, query)]
        found.sort(key=operator.itemgetter(0))
        for name, descending in reversed(query.order):
            if name != "sys_id":
                found.sort(key=lambda pair: rank(name, pair[1][name]), reverse=descending)
        return [sys_id for sys_id, _ in found]

    def same(self, shown: dict[str, Any], sys_id: str) -> None:
        row = self.model[sys_id]
        assert {name: shown[name] for name in row} == row
        assert shown["priority"] == str(int(row["urgency"]) + int(row["impact"]) - 1)

    @initialize()
    def begin(self) -> None:
        assert self.listed(Query()) == ([], 0)

    @rule(target=made, sent=FIELDS)
    def create(self, sent: dict[str, str]) -> str:
        type(self).steps += 1
        answer = self.client.post("/table/incident", json=sent)
        assert answer.status_code == 201, answer.text
        shown = answer.json()["result"]
        row = {name: value or DEFAULTS[name] for name, value in {**DEFAULTS, **sent}.items()}
        self.model[shown["sys_id"]] = {**row, "sys_mod_count": "0"}
        self.same(shown, shown["sys_id"])
        return str(shown["sys_id"])

    @rule(sys_id=made, sent=FIELDS)
    def update(self, sys_id: str, sent: dict[str, str]) -> None:
        type(self).steps += 1
        if sys_id not in self.model:
            return
        row = self.model[sys_id]
        moved = any(row[name] != value for name, value in sent.items())
        row.update(sent, sys_mod_count=str(int(row["sys_mod_count"]) + moved))
        answer = self.client.patch(f"/table/incident/{sys_id}", json=sent)
        assert answer.status_code == 200, answer.text
        self.same(answer.json()["result"], sys_id)

    @rule(sys_id=consumes(made))
    def delete(self, sys_id: str) -> None:
        type(self).steps += 1
        del self.model[sys_id]
        assert self.client.delete(f"/table/incident/{sys_id}").status_code == 204

    @rule(sys_id=made)
    def read(self, sys_id: str) -> None:
        type(self).steps += 1
        answer = self.client.get(
            f"/table/incident/{sys_id}", params={"sysparm_exclude_reference_link": "true"}
        )
        self.same(answer.json()["result"], sys_id)

    @rule(query=QUERIES, order=ORDERS)
    def query(self, query: Query, order: tuple[tuple[str, bool], ...]) -> None:
        type(self).steps += 1
        asked = Query(query.groups, (*order, ("sys_id", False)))
        expected = self.expected(asked)
        assert self.listed(asked) == (expected, len(expected)), encode(asked)

    @rule(query=QUERIES, order=ORDERS, size=st.integers(1, 4))
    def page_by_offset(self, query: Query, order: Any, size: int) -> None:
        type(self).steps += 1
        asked = Query(query.groups, (*order, ("sys_id", False)))
        expected = self.expected(asked)
        for offset in range(0, len(expected) + 1, size):
            window = {"sysparm_limit": str(size), "sysparm_offset": str(offset)}
            page = (expected[offset : offset + size], len(expected))
            assert self.listed(asked, **window) == page, encode(asked)

    @rule(query=QUERIES, size=st.integers(1, 4))
    def page_by_key(self, query: Query, size: int) -> None:
        type(self).steps += 1
        seen: list[str] = []
        last = "0"
        while last:
            later = (Term("sys_id", ">", last),)
            groups = tuple(Group((*group.clauses, later)) for group in query.groups)
            asked = Query(groups or (Group((later,)),), (("sys_id", False),))
            page, _ = self.listed(asked, sysparm_limit=str(size))
            seen += page
            last = page[-1] if page else ""
        assert seen == self.expected(Query(query.groups, (("sys_id", False),)))

    @rule(query=QUERIES, name=st.sampled_from(["urgency", "impact", "upon_reject"]))
    def count(self, query: Query, name: str) -> None:
        type(self).steps += 1
        params = {
            "sysparm_query": encode(query),
            "sysparm_count": "true",
            "sysparm_group_by": name,
        }
        groups = self.client.get("/stats/incident", params=params).json()["result"]
        counted = {
            group["groupby_fields"][0]["value"]: int(group["stats"]["count"]) for group in groups
        }
        found = [self.model[sys_id] for sys_id in self.expected(query)]
        assert counted == dict(Counter(row[name] for row in found))


def test_the_table_behaves_like_its_model(sandbox_program: RunningSandbox) -> None:
    Table.url, Table.steps = sandbox_program.servicenow_url, 0
    run_state_machine_as_test(
        Table,
        settings=settings(
            max_examples=30,
            stateful_step_count=90,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Table.steps >= STEPS
