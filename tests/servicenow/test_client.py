"""Reads and writes of the Table API, as seen by the instance and by the caller."""

from __future__ import annotations

import json

import httpx
import pytest
from tests.servicenow.instance import URL, Script, client_of, result, wire_to

from scoredesk.servicenow import Query, Record, ServiceNow, errors
from scoredesk.servicenow.records import own_choices

NO_USER = {"error": {"message": "User Not Authenticated", "detail": ""}, "status": "failure"}


def test_a_list_asks_for_both_values_without_links() -> None:
    peer = Script(result([{"sys_id": "1"}]))
    with client_of(peer) as instance:
        found = instance.list("incident", Query().where("state", "=", "1"), ["number"], limit=5)
    assert [record.sys_id for record in found] == ["1"]
    assert peer.last.url.path == "/api/now/table/incident"
    assert dict(peer.last.url.params) == {
        "sysparm_display_value": "all",
        "sysparm_exclude_reference_link": "true",
        "sysparm_suppress_pagination_header": "true",
        "sysparm_no_count": "true",
        "sysparm_limit": "5",
        "sysparm_query": "state=1",
        "sysparm_fields": "number",
    }
    assert peer.last.headers["authorization"] == "Bearer tok"
    assert peer.last.headers["accept"] == "application/json"


def test_whoami_asks_the_instance_and_not_our_own_rows() -> None:
    peer = Script(result([{"sys_id": "7", "user_name": "scoredesk.integration"}]))
    user = client_of(peer).whoami()
    assert (user.sys_id, user.user_name) == ("7", "scoredesk.integration")
    assert peer.last.url.params["sysparm_query"] == "sys_id=javascript:gs.getUserID()"


@pytest.mark.parametrize("rows", [[], [{"sys_id": "7"}]])
def test_an_instance_that_hides_its_user_is_an_error(rows: list[dict[str, str]]) -> None:
    with pytest.raises(errors.NotFound):
        client_of(Script(result(rows))).whoami()


def test_pages_go_on_until_an_empty_one_and_never_use_offsets() -> None:
    peer = Script(result([{"sys_id": "a"}, {"sys_id": "b"}]), result([{"sys_id": "c"}]), result([]))
    query = Query().where("active", "=", "true")
    pages = list(client_of(peer).pages("incident", query, ["number"], page_size=2))
    assert [[record.sys_id for record in page] for page in pages] == [["a", "b"], ["c"]]
    assert [request.url.params["sysparm_query"] for request in peer.requests] == [
        "active=true^ORDERBYsys_id",
        "active=true^sys_id>b^ORDERBYsys_id",
        "active=true^sys_id>c^ORDERBYsys_id",
    ]
    assert {request.url.params["sysparm_fields"] for request in peer.requests} == {"number,sys_id"}


def test_pages_stop_when_the_instance_ignores_the_order() -> None:
    peer = Script(result([{"sys_id": "b"}]), result([{"sys_id": "a"}]))
    with pytest.raises(errors.ServiceNowError):
        list(client_of(peer).pages("incident", Query(), []))


def test_one_record_is_read_by_its_id() -> None:
    peer = Script(result({"sys_id": "1", "number": "INC1"}))
    assert client_of(peer).get("incident", "1", ["number"]).value("number") == "INC1"
    assert peer.last.url.path == "/api/now/table/incident/1"


def test_a_correlation_id_is_checked_again_on_our_side() -> None:
    """An instance drops a term that it does not know, and returns everybody's records."""
    rows = [
        {"sys_id": "1", "correlation_id": {"value": "k", "display_value": "k"}},
        {"sys_id": "2", "correlation_id": "other"},
        {"sys_id": "3", "correlation_id": ""},
    ]
    peer = Script(result(rows))
    found = client_of(peer).find_by_correlation("incident", "k", ["number"])
    assert [record.sys_id for record in found] == ["1"]
    assert peer.last.url.params["sysparm_fields"] == "number,correlation_id,sys_id"


def test_nothing_is_concluded_where_the_correlation_id_cannot_be_read() -> None:
    with pytest.raises(errors.QueryRefused):
        client_of(Script(result([{"sys_id": "1"}]))).find_by_correlation("incident", "k")


def test_an_empty_correlation_id_is_never_searched() -> None:
    peer = Script()
    with pytest.raises(ValueError, match="empty"):
        client_of(peer).find_by_correlation("incident", "")
    assert peer.requests == []


def test_an_insert_returns_the_record_as_stored() -> None:
    peer = Script(result({"sys_id": "1", "priority": {"value": "5", "display_value": "5"}}, 201))
    record = client_of(peer).insert("incident", {"short_description": "x", "priority": "1"})
    assert isinstance(record, Record)
    assert (record.value("priority"), record.table) == ("5", "incident")
    assert (peer.last.method, peer.last.url.path) == ("POST", "/api/now/table/incident")
    assert json.loads(peer.last.content) == {"short_description": "x", "priority": "1"}
    assert peer.last.headers["content-type"] == "application/json"


def test_an_update_patches_only_what_is_given() -> None:
    peer = Script(result({"sys_id": "1"}))
    client_of(peer).update("incident", "1", {"work_notes": "n"})
    assert (peer.last.method, peer.last.url.path) == ("PATCH", "/api/now/table/incident/1")
    assert json.loads(peer.last.content) == {"work_notes": "n"}


LOST = httpx.ReadTimeout("no answer")


def test_a_write_is_never_repeated_here() -> None:
    peer = Script(LOST, result({"sys_id": "1"}, 201))
    with pytest.raises(errors.LostAnswer) as raised:
        client_of(peer).insert("incident", {})
    assert raised.value.maybe_done
    assert len(peer.requests) == 1


@pytest.mark.parametrize("body", [[], "text", None])
def test_a_write_with_a_strange_answer_may_be_done(body: object) -> None:
    with pytest.raises(errors.LostAnswer) as raised:
        client_of(Script(result(body, 201))).insert("incident", {})
    assert raised.value.maybe_done


def test_a_write_that_never_left_is_certainly_not_done() -> None:
    with pytest.raises(errors.ConnectionRefused) as raised:
        client_of(Script(httpx.ConnectError("refused"))).insert("incident", {})
    assert not raised.value.maybe_done


def test_a_read_is_repeated_after_passing_trouble() -> None:
    peer = Script(LOST, httpx.Response(503), result([]))
    assert client_of(peer).list("incident", Query(), []) == []
    assert len(peer.requests) == 3


def test_a_read_gives_up_in_the_end() -> None:
    peer = Script(LOST, LOST, LOST)
    with pytest.raises(errors.LostAnswer) as raised:
        client_of(peer).list("incident", Query(), [])
    assert not raised.value.maybe_done


def test_a_limited_rate_is_handed_up_and_not_slept_through() -> None:
    peer = Script(httpx.Response(429, headers={"Retry-After": "900"}, json={}))
    with pytest.raises(errors.RateLimited) as raised:
        client_of(peer).list("incident", Query(), [])
    assert raised.value.retry_after == 900
    assert len(peer.requests) == 1


def test_a_token_that_lapsed_is_renewed_once() -> None:
    peer = Script(httpx.Response(401, json=NO_USER), result({"sys_id": "1"}, 201))
    instance = ServiceNow(URL, lambda: "old", wire=wire_to(peer), on_unauthorized=lambda: "new")
    assert instance.insert("incident", {"a": "b"}).sys_id == "1"
    sent = [request.headers["authorization"] for request in peer.requests]
    assert sent == ["Bearer old", "Bearer new"]
    assert json.loads(peer.last.content) == {"a": "b"}


def test_a_second_refusal_is_final_because_more_would_lock_the_user_out() -> None:
    peer = Script(httpx.Response(401, json=NO_USER), httpx.Response(401, json=NO_USER))
    instance = ServiceNow(URL, lambda: "old", wire=wire_to(peer), on_unauthorized=lambda: "new")
    with pytest.raises(errors.Unauthorized):
        instance.list("incident", Query(), [])
    assert len(peer.requests) == 2


def test_without_a_way_to_renew_a_refusal_is_final() -> None:
    peer = Script(httpx.Response(401, json=NO_USER))
    with pytest.raises(errors.Unauthorized):
        client_of(peer).list("incident", Query(), [])


def test_choices_are_read_at_once_and_those_of_the_table_replace_those_of_task() -> None:
    rows = [
        {"name": "task", "element": "state", "value": "1", "label": "Open", "language": "en"},
        {"name": "incident", "element": "state", "value": "1", "label": "New", "language": "en"},
    ]
    peer = Script(result(rows))
    found = client_of(peer).choice_rows(["incident"], ["state"], ["en", "zh"])
    assert [row.label for row in own_choices(found, "incident", "state", "en")] == ["New"]
    assert [row.label for row in own_choices(found, "problem", "state", "en")] == ["Open"]
    assert own_choices(found, "incident", "state", "zh") == []
    assert peer.last.url.params["sysparm_query"] == (
        "nameINincident,task^elementINstate^languageINen,zh^ORDERBYsequence^ORDERBYvalue"
    )


def test_rows_that_are_no_records_are_left_out_and_a_lone_one_is_no_list() -> None:
    assert client_of(Script(result(["x", {"sys_id": "1"}]))).list("incident", Query(), [])[0].sys_id
    with pytest.raises(errors.LostAnswer):
        client_of(Script(*[result({"sys_id": "1"})] * 3)).list("incident", Query(), [])
