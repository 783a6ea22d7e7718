"""The grammar of encoded queries: there and back, and nothing makes the server stumble."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoredesk.sandbox.program import RunningSandbox
from scoredesk.sandbox.servicenow.database.query import (
    CANONICAL,
    OPERATORS,
    WITHOUT_VALUE,
    Group,
    Join,
    Query,
    Related,
    Term,
    encode,
    parse,
    parse_term,
)

THOROUGH = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
NAMES = st.text("abz_9", max_size=6).map("f".__add__)
FIELDS = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
VALUES = st.text(max_size=20)
REAL_FIELDS = st.sampled_from(
    [
        "number",
        "state",
        "urgency",
        "opened_by",
        "opened_by.name",
        "sys_updated_on",
        "active",
        "caller_id.manager.name",
        "sys_mod_count",
        "correlation_id",
        "description",
        "nothing",
    ]
)
PIECES = st.one_of(
    REAL_FIELDS,
    st.sampled_from(sorted(OPERATORS)),
    st.sampled_from(["^", "^OR", "^NQ", "^EQ", "^^", "@", ",", "ORDERBY", "ORDERBYDESC"]),
    st.sampled_from(["GROUPBY", "javascript:", "gs.daysAgo(", "gs.getUserID()", ")", "'", "\0"]),
    st.sampled_from(["JOINincident.sys_id=sys_journal_field.element_id!", "^ENDRLQUERY", "%", "_"]),
    st.sampled_from(["RLQUERYincident.opened_by,>=1", "@dayofweek@ago@3", "Today", "2026-01-01"]),
    st.text(max_size=8),
)


def can_be_written(term: Term) -> bool:
    return parse_term(f"{term.field}{term.operator}{term.value}") == term


def terms() -> st.SearchStrategy[Term]:
    alone = st.builds(Term, FIELDS, st.sampled_from(sorted(WITHOUT_VALUE)))
    others = st.builds(Term, FIELDS, st.sampled_from(sorted(CANONICAL - WITHOUT_VALUE)), VALUES)
    return st.one_of(alone, others).filter(can_be_written)


def tuples_of(what: st.SearchStrategy, least: int = 0) -> st.SearchStrategy:
    return st.lists(what, min_size=least, max_size=3).map(tuple)


CLAUSES = tuples_of(tuples_of(terms(), 1))
RELATIONS = st.one_of(
    st.builds(Join, NAMES, FIELDS, NAMES, FIELDS, CLAUSES),
    st.builds(
        Related, NAMES, FIELDS, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
        st.integers(0, 999), st.booleans(), CLAUSES,
    ),
)  # fmt: skip
GROUPS = st.builds(Group, CLAUSES, tuples_of(RELATIONS)).filter(
    lambda group: bool(group.clauses or group.relations)
)
ORDER = tuples_of(st.tuples(FIELDS, st.booleans()))
TREES = st.builds(Query, tuples_of(GROUPS), ORDER, tuples_of(FIELDS))


@pytest.fixture(scope="module")
def server(sandbox_program: RunningSandbox) -> Iterator[httpx.Client]:
    sandbox_program.reset()
    with httpx.Client(
        base_url=f"{sandbox_program.servicenow_url}/api/now",
        auth=("admin", "admin"),
        headers={"Accept": "application/json"},
        timeout=30,
    ) as client:
        for place in range(5):
            client.post("/table/incident", json={"short_description": f"Größe {place}"})
        yield client


@THOROUGH
@given(TREES)
def test_a_tree_survives_its_text(tree: Query) -> None:
    assert parse(encode(tree)) == tree


@THOROUGH
@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_any_text_can_be_parsed_and_what_was_read_can_be_written(text: str) -> None:
    tree = parse(text)
    readable = [term for term in tree.terms() if term.field is not None]
    assert all(can_be_written(term) for term in readable)


@pytest.mark.parametrize("term", [Term("state", "<", "=1"), Term("state", "I", "N"), Term(None)])
def test_what_no_text_stands_for_is_not_encoded(term: Term) -> None:
    with pytest.raises(ValueError, match="No text stands for"):
        encode(Query((Group(((term,),)),)))


@THOROUGH
@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_text_makes_the_server_stumble(server: httpx.Client, text: str) -> None:
    params = {"sysparm_query": text, "sysparm_fields": "number", "sysparm_limit": "3"}
    answer = server.get("/table/incident", params=params)
    assert answer.status_code == 200, (text, answer.text)


@settings(THOROUGH, max_examples=200)
@given(REAL_FIELDS, st.sampled_from(sorted(OPERATORS)), st.text(max_size=30))
def test_no_value_makes_the_server_stumble(
    server: httpx.Client, field: str, operator: str, value: str
) -> None:
    params = {"sysparm_query": f"{field}{operator}{value}", "sysparm_count": "true"}
    answer = server.get("/stats/incident", params=params)
    assert answer.status_code == 200, (params, answer.text)


def asked(server: httpx.Client, query: str) -> int:
    """The status of a query of any length: only a batch takes addresses beyond 64 KB."""
    params = httpx.QueryParams(sysparm_query=query, sysparm_suppress_pagination_header="true")
    item = {
        "id": "1",
        "method": "GET",
        "url": f"/api/now/table/incident?{params}",
        "headers": [{"name": "Accept", "value": "application/json"}],
    }
    sent = {"batch_request_id": "1", "rest_requests": [item]}
    serviced = server.post("/v1/batch", json=sent).json()["serviced_requests"]
    return serviced[0]["status_code"]


@pytest.mark.parametrize("word", ["^", "^OR", "^NQ"])
@pytest.mark.parametrize("term", ["order=1", "descriptionLIKEx", "opened_by!=x"])
def test_five_thousand_terms_are_answered(server: httpx.Client, word: str, term: str) -> None:
    assert asked(server, word.join([term] * 5000)) == 200


@pytest.mark.parametrize(("term", "count"), [("order=1", 10_001), ("opened_by.nameLIKEx", 1001)])
def test_what_the_sandbox_cannot_hold_is_refused(
    server: httpx.Client, term: str, count: int
) -> None:
    assert asked(server, "^OR".join([term] * count)) == 400


@pytest.mark.parametrize(
    "query",
    [
        "numberLIKE" + "%" * 40_000,
        "numberIN" + ",".join(["x"] * 20_000),
        "opened_by" + ".manager" * 2000 + "=1",
        "urgency>" + "9" * 5000,
        "sys_created_on>javascript:gs.daysAgo(999999)",
        "sys_created_on>=javascript:gs.yearsAgo(-99999)",
        "urgencyDATEPARTx@javascript:gs.datePart('dayofweek','99999999999999999999','EE')",
        "RLQUERYincident.opened_by,>=1^" * 500,
    ],
)
def test_extreme_queries_are_answered(server: httpx.Client, query: str) -> None:
    assert asked(server, query) == 200
