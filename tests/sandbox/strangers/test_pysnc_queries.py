"""pysnc's GlideRecord: queries, order, pages, values and what a record is turned into."""

from __future__ import annotations

import pytest
from pysnc import GlideRecord, ServiceNowClient, exceptions
from pysnc.query import Query
from pysnc.record import GlideElement
from tests.sandbox.strangers.pysnc_shorthand import connect, made

TEXTS = ("alpha one", "beta two", "gamma one")


@pytest.fixture
def client(host: str) -> ServiceNowClient:
    return connect(host)


@pytest.fixture
def three(client: ServiceNowClient) -> list[GlideRecord]:
    """Three incidents whose urgencies are 1, 2, 3; the last one is assigned."""
    owner = client.GlideRecord("sys_user")
    assert owner.get("user_name", "change.owner")
    return [
        made(
            client,
            short_description=text,
            urgency=str(place),
            assigned_to=str(owner.sys_id) if place == 3 else "",
        )
        for place, text in enumerate(TEXTS, 1)
    ]


def texts(records: GlideRecord) -> list[str]:
    records.query()
    return [str(record.short_description) for record in records]


@pytest.mark.parametrize(
    ("condition", "places"),
    [
        (("short_description", "beta two"), (2,)),
        (("short_description", "!=", "beta two"), (1, 3)),
        (("urgency", ">", "1"), (2, 3)),
        (("urgency", ">=", "2"), (2, 3)),
        (("urgency", "<", "2"), (1,)),
        (("urgency", "<=", "2"), (1, 2)),
        (("urgency", "IN", "1,3"), (1, 3)),
        (("urgency", "NOT IN", "1,3"), (2,)),
        (("short_description", "STARTSWITH", "gam"), (3,)),
        (("short_description", "ENDSWITH", "one"), (1, 3)),
        (("short_description", "CONTAINS", "ta t"), (2,)),
        (("short_description", "LIKE", "one"), (1, 3)),
        (("short_description", "NOT LIKE", "one"), (2,)),
        (("short_description", "DOES NOT CONTAIN", "one"), (2,)),
        (("sys_class_name", "INSTANCEOF", "task"), (1, 2, 3)),
        (("assigned_to.user_name", "change.owner"), (3,)),
        (("assigned_to", "LIKE", "Chen"), (3,)),
        (("sys_created_on", ">", "javascript:gs.daysAgo(1)"), (1, 2, 3)),
    ],
    ids=str,
)
def test_every_documented_operator(
    client: ServiceNowClient,
    three: list[GlideRecord],
    condition: tuple[str, ...],
    places: tuple[int, ...],
) -> None:
    incidents = client.GlideRecord("incident")
    incidents.add_query(*condition)
    incidents.order_by("number")
    assert texts(incidents) == [TEXTS[place - 1] for place in places]


def test_conditions_add_up_and_an_or_binds_to_the_one_before(
    client: ServiceNowClient, three: list[GlideRecord]
) -> None:
    incidents = client.GlideRecord("incident")
    incidents.add_active_query()
    either = incidents.add_query("urgency", "1")
    either.add_or_condition("urgency", "3")
    incidents.add_encoded_query("short_descriptionSTARTSWITHgamma")
    expected = "active=true^urgency=1^ORurgency=3^short_descriptionSTARTSWITHgamma"
    assert incidents.get_encoded_query() == f"{expected}^ORDERBYsys_id"
    assert texts(incidents) == ["gamma one"]


def test_null_and_not_null(client: ServiceNowClient, three: list[GlideRecord]) -> None:
    empty, filled = client.GlideRecord("incident"), client.GlideRecord("incident")
    empty.add_null_query("assigned_to")
    filled.add_not_null_query("assigned_to")
    assert sorted(texts(empty)) == ["alpha one", "beta two"]
    assert texts(filled) == ["gamma one"]


def test_users_who_lead_a_group(client: ServiceNowClient) -> None:
    owner = client.GlideRecord("sys_user")
    assert owner.get("user_name", "change.owner")
    group = client.GlideRecord("sys_user_group")
    group.initialize()
    group.name, group.manager, group.active = "Led", owner.sys_id, "true"
    assert group.insert()
    leaders = client.GlideRecord("sys_user")
    joined = leaders.add_join_query("sys_user_group", join_table_field="manager")
    joined.add_query("name", "Led")
    wanted = "JOINsys_user.sys_id=sys_user_group.manager!name=Led"
    assert leaders.get_encoded_query() == wanted
    leaders.query()
    assert [str(user.user_name) for user in leaders] == ["change.owner"]


@pytest.mark.parametrize(("condition", "found"), [(">0", True), ("=0", False)])
def test_users_by_their_roles(client: ServiceNowClient, condition: str, found: object) -> None:
    users = client.GlideRecord("sys_user")
    roles = users.add_rl_query("sys_user_has_role", "user", condition, stop_at_relationship=True)
    roles.add_query("role.name", "admin")
    users.query()
    assert ("admin" in [str(user.user_name) for user in users]) is found
    assert ("no.roles" in [str(user.user_name) for user in users]) is not found


def test_a_query_object_is_used_once(client: ServiceNowClient, three: list[GlideRecord]) -> None:
    query = Query()
    query.add_query("sys_id", three[0].sys_id)
    query.add_query("second", "a field that is not there")
    incidents = client.GlideRecord("incident")
    incidents.query(query)
    assert len(incidents) == 1
    assert incidents.get_encoded_query() == "ORDERBYsys_id"


def test_an_unknown_field_is_dropped_from_the_query(
    client: ServiceNowClient, three: list[GlideRecord]
) -> None:
    incidents = client.GlideRecord("incident")
    incidents.add_query("u_not_there", "x")
    incidents.query()
    assert len(incidents) == 3


def test_order_up_and_down(client: ServiceNowClient, three: list[GlideRecord]) -> None:
    up, down = client.GlideRecord("incident"), client.GlideRecord("incident")
    up.order_by("short_description")
    down.order_by_desc("short_description")
    assert texts(up) == list(TEXTS)
    assert texts(down) == list(reversed(TEXTS))


@pytest.mark.parametrize(
    ("size", "limit", "seen"), [(3, 9, 9), (3, 7, 7), (4, None, 11), (20, 5, 5)]
)
def test_it_pages_by_batch_size_up_to_the_limit(
    client: ServiceNowClient, size: int, limit: int | None, seen: int
) -> None:
    for place in range(11):
        made(client, short_description=f"row {place}")
    incidents = client.GlideRecord("incident", batch_size=size)
    incidents.fields = "sys_id"
    if limit:
        incidents.limit = limit
    incidents.query()
    assert len(incidents) == incidents.get_row_count() == 11
    assert len({str(row.sys_id) for row in incidents}) == seen


def test_it_goes_over_the_rows_again_after_rewind(
    client: ServiceNowClient, three: list[GlideRecord]
) -> None:
    incidents = client.GlideRecord("incident")
    incidents.limit = 2
    incidents.query()
    assert incidents.location == -1
    assert incidents.next()
    assert incidents.has_next()
    assert incidents.next()
    assert not incidents.has_next()
    incidents.rewind()
    assert incidents.next()
    spent = client.GlideRecord("incident", rewindable=False)
    spent.query()
    assert len(list(spent)) == 3
    with pytest.raises(Exception, match="rewind"):
        spent.rewind()


def test_no_rows_are_no_rows(client: ServiceNowClient) -> None:
    users = client.GlideRecord("sys_user")
    users.add_query("sys_id", "bunk")
    users.query()
    assert len(users) == 0
    assert not users.has_next()
    assert list(users) == []
    with pytest.raises(exceptions.NoRecordException):
        users.get_value("name")


def test_fields_choose_columns_and_walk_references(
    client: ServiceNowClient, three: list[GlideRecord]
) -> None:
    incidents = client.GlideRecord("incident")
    incidents.fields = "number,assigned_to,assigned_to.email,assigned_to.sys_domain,nothing.there"
    assert incidents.get(three[2].sys_id)
    assert set(incidents.serialize()) == {
        "sys_id", "number", "assigned_to", "assigned_to.email", "assigned_to.sys_domain",
    }  # fmt: skip
    assert incidents.get_value("assigned_to.email") == "change.owner@sandbox.example"
    assert incidents.assigned_to.email == "change.owner@sandbox.example"
    assert type(incidents.assigned_to.email) is GlideElement
    with pytest.raises(AttributeError, match=r"nor GlideElement 'assigned_to\.building'"):
        _ = incidents.assigned_to.building
    assert "number" in incidents
    assert "priority" not in incidents


def test_values_and_display_values(client: ServiceNowClient, three: list[GlideRecord]) -> None:
    incident = client.GlideRecord("incident")
    assert incident.get(three[2].sys_id)
    assert incident.get_value("state") == "1"
    assert incident.get_display_value("state") == "New"
    assert incident.get_display_value("assigned_to") == "Chen Owen"
    assert incident.active
    assert incident.get_element("close_code").nil()
    assert incident.get_element("u_not_there") is None
    assert incident.sys_created_on.date_numeric_value() > 1_700_000_000_000
    incident.set_display_value("state", "Shown")
    assert (incident.get_value("state"), incident.get_display_value("state")) == ("1", "Shown")


@pytest.mark.parametrize(("shown", "value"), [(False, "1"), (True, "New"), ("all", "1")])
def test_display_value_modes(
    client: ServiceNowClient, three: list[GlideRecord], shown: object, value: str
) -> None:
    incident = client.GlideRecord("incident")
    incident.display_value = shown
    assert incident.get(three[0].sys_id)
    assert incident.get_value("state") == value


def test_reference_links_on_demand(client: ServiceNowClient, three: list[GlideRecord]) -> None:
    incident = client.GlideRecord("incident")
    assert incident.get(three[2].sys_id)
    assert incident.assigned_to.get_link() is None
    incident.exclude_reference_link = False
    assert incident.get(three[2].sys_id)
    link = incident.assigned_to.get_link()
    assert link.endswith(f"/api/now/table/sys_user/{incident.assigned_to}")
    assert client.session.get(link).json()["result"]["user_name"] == "change.owner"


def test_links_into_the_instance_open(client: ServiceNowClient, three: list[GlideRecord]) -> None:
    link = three[0].get_link(no_stack=True)
    assert link.endswith(f"/incident.do?sys_id={three[0].sys_id}")
    assert client.session.get(link).status_code == 200
    incidents = client.GlideRecord("incident")
    incidents.add_active_query()
    listed = incidents.get_link_list()
    assert listed is not None
    assert listed.endswith("/incident_list.do?sysparm_query=active%3Dtrue%5EORDERBYsys_id")
    assert client.session.get(listed).status_code == 200


def test_what_a_query_is_turned_into(client: ServiceNowClient, three: list[GlideRecord]) -> None:
    incidents = client.GlideRecord("incident")
    incidents.fields = ["sys_id", "short_description", "state"]
    incidents.order_by("short_description")
    incidents.query()
    rows = incidents.serialize_all()
    assert [row["short_description"] for row in rows] == list(TEXTS)
    both = incidents.serialize_all(display_value="both")
    assert both[0]["state"] == {"value": "1", "display_value": "New"}
    frame = incidents.to_pandas()
    assert list(frame) == ["sys_id", "short_description", "state__value", "state__display"]
    assert frame["state__display"] == ["New"] * 3
    assert incidents.to_pandas(columns=["a", "b", "c"], mode="display")["c"] == ["New"] * 3


def test_a_view_is_taken_and_fields_win(client: ServiceNowClient, three: list[GlideRecord]) -> None:
    incidents = client.GlideRecord("incident")
    incidents.view = "mobile"
    incidents.fields = "number"
    incidents.query()
    assert incidents.next()
    assert set(incidents.serialize()) == {"sys_id", "number"}
