"""Encoded queries and who may ask them; numbers are those of servicenow-api 13."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.sandbox.servicenow.shorthand import error_of, new_incident

Control = Callable[[str, dict[str, Any]], Any]
ME = "90d1921e5f510100a9ad2572f2b477fe"
MY_GROUPS = "d6435e965f510100a9ad2572f2b477fe"


def names(client: httpx.Client, query: str, table: str = "incident") -> str:
    """The short descriptions that a query finds, in their order."""
    params = {"sysparm_query": query, "sysparm_fields": "short_description"}
    answer = client.get(f"/table/{table}", params=params)
    assert answer.status_code == 200, answer.text
    return "".join(row["short_description"] for row in answer.json()["result"])


def found(client: httpx.Client, query: str) -> str:
    return names(client, f"{query}^ORDERBYshort_description")


@pytest.fixture
def five(integration: httpx.Client, admin: httpx.Client) -> httpx.Client:
    """Incidents a to e with urgencies 1, 2, 3, 1, 2; b is the admin's, c has a text and a group."""
    for place, name in enumerate("abcde"):
        client = admin if name == "b" else integration
        extra = {"description": "Größe 50%_x", "assignment_group": "Service Desk"}
        new_incident(
            client,
            short_description=name,
            urgency=str(place % 3 + 1),
            **(extra if name == "c" else {}),
        )
    return integration


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("no_such_field=1", "abcde"),
        ("urgency=1^no_such_field=2", "ad"),
        ("urgency=1^ORno_such_field=2", "ad"),
        ("opened_by.no_such_field=1", "abcde"),
        ("urgency.name=1", "abcde"),
        ("urgency", "abcde"),
        ("urgency~1", "abcde"),
        ("URGENCY=1", "abcde"),
        ("urgencyCHANGESTO1", "abcde"),
        ("urgencyVALCHANGES", "abcde"),
        ("JOINincident.opened_by=nothing.sys_id!", "abcde"),
        ("RLQUERYnothing.field,>=1^ENDRLQUERY", "abcde"),
        ("urgency=1^ORDERBYno_such_field", "ad"),
        ("opened_byDYNAMIC0", "abcde"),
        ("", "abcde"),
        ("^^^", "abcde"),
    ],
)
def test_45_what_makes_no_sense_is_dropped(five: httpx.Client, query: str, expected: str) -> None:
    assert found(five, query) == expected


def test_45_by_switch_such_a_query_gives_no_rows(five: httpx.Client, control: Control) -> None:
    control("switches", {"invalid_query_no_rows": True})
    assert found(five, "urgency=1^no_such_field=1") == ""
    assert found(five, "urgency=1") == "ad"


def test_45_the_property_does_the_same(five: httpx.Client, admin: httpx.Client) -> None:
    sent = {"name": "glide.invalid_query.returns_no_rows", "value": "true"}
    made = admin.post("/table/sys_properties", json=sent).json()["result"]
    assert found(five, "no_such_field=1") == ""
    admin.patch(f"/table/sys_properties/{made['sys_id']}", json={"value": "false"})
    assert found(five, "no_such_field=1") == "abcde"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sys_created_by=admin^urgency=1^ORurgency=2", "b"),
        ("urgency=1^ORurgency=2^sys_created_by=admin", "b"),
        ("sys_created_by=admin^NQurgency=3", "bc"),
        ("sys_created_by=admin^NQurgency=3^NQurgency=1^short_description=d", "bcd"),
        ("urgency=1^EQ", "ad"),
        ("urgency=1^EQ^NQurgency=3^EQ", "acd"),
        ("urgency=1^NQ", "ad"),
        ("urgency=1^GROUPBYurgency", "ad"),
        ("urgency=1^NQno_such_field=1", "abcde"),
    ],
)
def test_46_or_binds_to_the_condition_before_and_nq_unions(
    five: httpx.Client, query: str, expected: str
) -> None:
    assert found(five, query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("urgency=1", "ad"),
        ("urgency!=1", "bce"),
        ("urgencyIN1,2", "abde"),
        ("urgencyNOT IN1,2", "c"),
        ("sys_idIN" + ",".join(["0" * 32] * 60), ""),
        ("short_descriptionLIKEA", "a"),
        ("short_descriptionNOT LIKEA", "bcde"),
        ("short_description*A", "a"),
        ("short_description!*A", "bcde"),
        ("short_descriptionCONTAINSA", "a"),
        ("short_descriptionDOES NOT CONTAINA", "bcde"),
        ("descriptionLIKEgrÖSSE", "c"),
        ("descriptionLIKE50%_", "c"),
        ("descriptionLIKE5%", ""),
        ("descriptionENDSWITH_X", "c"),
        ("description%_x", "c"),
        ("descriptionSTARTSWITHGRÖ", "c"),
        ("descriptionNOTSTARTSWITHGRÖ", "abde"),
        ("description=größe 50%_X", "c"),
        ("descriptionINgröße 50%_x,other", "c"),
        ("short_descriptionSTARTSWITHb^ORshort_descriptionENDSWITHe", "be"),
        ("assigned_toISEMPTY", "abcde"),
        ("assignment_groupISNOTEMPTY", "c"),
        ("assignment_groupISEMPTYx", "abde"),
        ("assignment_groupEMPTY", "abde"),
        ("assignment_groupNOTEMPTY", "c"),
        ("descriptionEMPTYSTRING", "abde"),
        ("descriptionANYTHING", "abcde"),
        ("urgencyBETWEEN2@3", "bce"),
        ("urgency>=2", "bce"),
        ("urgency>2", "c"),
        ("urgency<=1", "ad"),
        ("urgency<2", "ad"),
        ("order<5", ""),
        ("impactSAMEASurgency", "c"),
        ("impactNSAMEASurgency", "abde"),
        ("impactGT_FIELDurgency", "abde"),
        ("urgencyLT_FIELDimpact", "abde"),
        ("impactGT_OR_EQUALS_FIELDurgency", "abcde"),
        ("impactLT_OR_EQUALS_FIELDurgency", "c"),
        ("sys_created_by=admin", "b"),
        ("sys_created_by=ADMIN", "b"),
        ("opened_by.user_name=admin", "b"),
        (f"opened_byDYNAMIC{ME}", "acde"),
        (f"assignment_groupDYNAMIC{MY_GROUPS}", ""),
        ("sys_class_nameINSTANCEOFtask", "abcde"),
        ("sys_class_nameINSTANCEOFproblem", ""),
        ("short_description=x^^y", ""),
    ],
)
def test_47_operators(five: httpx.Client, query: str, expected: str) -> None:
    assert found(five, query) == expected


def test_47_one_of_my_groups(five: httpx.Client, as_user: Callable[[str], httpx.Client]) -> None:
    query = f"assignment_groupDYNAMIC{MY_GROUPS}"
    assert found(as_user("incident.owner"), query) == "c"
    assert found(as_user("change.owner"), query) == ""


def test_47_orders(five: httpx.Client) -> None:
    assert names(five, "ORDERBYshort_description") == "abcde"
    assert names(five, "ORDERBYDESCshort_description") == "edcba"
    assert names(five, "ORDERBYurgency^ORDERBYDESCshort_description") == "daebc"
    assert names(five, "ORDERBYDESCurgency^ORDERBYshort_description") == "cbead"
    assert names(five, "ORDERBYopened_by.name^ORDERBYshort_description") == "acdeb"


def test_47_a_literal_caret_is_doubled(integration: httpx.Client) -> None:
    new_incident(integration, short_description="x^y")
    assert names(integration, "short_description=x^^y^urgency=3") == "x^y"


def test_47_groups_stand_in_a_hierarchy(admin: httpx.Client, five: httpx.Client) -> None:
    params = {"name": "Service Desk"}
    child = admin.get("/table/sys_user_group", params=params).json()["result"][0]
    parent = admin.post("/table/sys_user_group", json={"name": "All desks"}).json()["result"]
    assert found(five, f"assignment_groupIN_HIERARCHY{parent['sys_id']}") == ""
    admin.patch(f"/table/sys_user_group/{child['sys_id']}", json={"parent": parent["sys_id"]})
    assert found(five, f"assignment_groupIN_HIERARCHY{parent['sys_id']}") == "c"


def test_47_joins_and_related_lists(five: httpx.Client) -> None:
    params = {"sysparm_query": "short_description=d"}
    row = five.get("/table/incident", params=params).json()["result"][0]
    for text in ("one", "two"):
        five.patch(f"/table/incident/{row['sys_id']}", json={"work_notes": text})
    join = "JOINincident.sys_id=sys_journal_field.element_id!"
    assert found(five, f"{join}value=two^element=work_notes") == "d"
    assert found(five, f"{join}value=three") == ""
    related = "RLQUERYsys_journal_field.element_id"
    assert found(five, f"{related},>=2^element=work_notes^ENDRLQUERY") == "d"
    assert found(five, f"{related},=0^ENDRLQUERY^urgency=1") == "a"


def test_48_the_caller_is_who_asks(five: httpx.Client, admin: httpx.Client) -> None:
    mine = "opened_by=javascript:gs.getUserID()"
    assert (found(five, mine), found(admin, mine)) == ("acde", "b")
    assert found(five, "opened_by=javascript:gs.getUser().getID()") == "acde"
    assert found(five, "sys_created_by=javascript:gs.getUserName();") == "acde"


@pytest.mark.parametrize(
    "script", ["new GlideRecord('incident').deleteMultiple()", "evil()", "1+1", "gs.", ""]
)
def test_48_any_other_script_gives_nothing(five: httpx.Client, script: str) -> None:
    assert found(five, f"opened_by!=javascript:{script}") == ""


def test_49_like_on_a_reference_looks_at_the_name(five: httpx.Client) -> None:
    assert found(five, "opened_byLIKEsystem adm") == "b"
    assert found(five, "opened_bySTARTSWITHSystem") == "b"
    assert found(five, "opened_byENDSWITHIntegration") == "acde"
    assert found(five, "opened_byNOT LIKEsystem") == "acde"


REFUSED = (
    403,
    "Insufficient rights to query records",
    "Field(s) present in the query do not have permission to be read",
)


def test_50_a_query_on_an_unreadable_field_is_refused(
    five: httpx.Client, admin: httpx.Client, control: Control
) -> None:
    control("switches", {"unreadable_fields": {"incident": ["urgency"], "sys_user": ["email"]}})
    for query in ("urgency=1", "impact=3^ORurgency=1", "opened_by.emailISEMPTY"):
        params = {"sysparm_query": query}
        assert error_of(five.get("/table/incident", params=params)) == REFUSED
    assert five.get("/table/incident").status_code == 200
    assert found(admin, "urgency=1") == "ad"


@pytest.mark.parametrize("operator", ["=9", "!=3", "IN9", "NOT IN3", "ISEMPTY", "SAMEASurgency"])
def test_51_matching_is_allowed_where_ranges_are_not(
    five: httpx.Client, control: Control, operator: str
) -> None:
    control("switches", {"range_refused_fields": {"incident": ["impact"]}})
    assert found(five, f"impact{operator}") in {"", "c"}


@pytest.mark.parametrize("operator", [">=1", "<9", "LIKE1", "STARTSWITH1", "BETWEEN1@2"])
def test_51_ranges_are_refused(five: httpx.Client, control: Control, operator: str) -> None:
    control("switches", {"range_refused_fields": {"incident": ["impact"]}})
    params = {"sysparm_query": f"impact{operator}"}
    assert error_of(five.get("/table/incident", params=params)) == REFUSED


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("urgency", "1", "ad"),
        ("urgency", "1 - High", "ad"),
        ("opened_by", "System Administrator", "b"),
        ("opened_by.user_name", "admin", "b"),
        ("no_such_field", "1", "abcde"),
        ("short_description", "a^ORshort_description=b", ""),
    ],
)
def test_52_name_value_parameters_filter(
    five: httpx.Client, name: str, value: str, expected: str
) -> None:
    rows = five.get("/table/incident", params={name: value}).json()["result"]
    assert "".join(sorted(row["short_description"] for row in rows)) == expected
