"""Fields and choices read from the sandbox, by its variants."""

from __future__ import annotations

import httpx
import pytest
from tests.connections.browserless import told

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.errors import ReferenceNotFound
from scoredesk.connections.fields import reading, references
from scoredesk.connections.fields.sent import book_of
from scoredesk.connections.models import Catalogue, Connection, FieldDefault
from scoredesk.connections.tokens import client_for
from scoredesk.sandbox.program import RunningSandbox

JOB = Actor.job("test")


def take_up(connected: Connection) -> Catalogue:
    reading.take_up(connected, actor=JOB, now=now())
    row: Catalogue = connected.catalogues.get(table="incident")
    return row


def make_record(sandbox: RunningSandbox, table: str = "incident") -> None:
    told(sandbox, "seed", table=table, count=1)


def test_connecting_reads_the_choices_in_both_languages_of_the_portal(
    connected: Connection,
) -> None:
    english = book_of(connected, "incident", "en")
    chinese = book_of(connected, "incident", "zh-hans")
    assert "Inquiry / Help" in [each.label for each in english.options("category")]
    assert "咨询/帮助" in [each.label for each in chinese.options("category")]
    labels = [each.label for each in english.options("subcategory", "network")]
    assert labels == ["DHCP", "DNS", "IP Address", "VPN", "Wireless"]


def test_a_tables_own_choices_replace_those_that_it_inherits(connected: Connection) -> None:
    change = book_of(connected, "change_request", "en")
    incident = book_of(connected, "incident", "en")
    assert [each.value for each in change.options("priority")] == ["1", "2", "3", "4"]
    assert [each.value for each in incident.options("priority")] == ["1", "2", "3", "4", "5"]


def test_without_the_dictionary_the_fields_come_from_a_record(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    assert connected.catalogues.get(table="incident").fields == {}
    make_record(sandbox)
    row = take_up(connected)
    assert {"caller_id", "assignment_group", "sys_id"} <= set(row.fields)
    assert book_of(connected, "incident", "en").knows("u_nowhere") is False


def test_a_readable_dictionary_tells_labels_types_lengths_and_hints(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    told(sandbox, "switches", dictionary_readable=True)
    row = take_up(connected)
    group = row.fields["assignment_group"]
    assert (group["label"], group["reference"]) == ("Assignment group", "sys_user_group")
    assert row.fields["short_description"]["max_length"] == 160
    assert row.fields["caller_id"]["reference"] == "sys_user"


@pytest.mark.parametrize("readable", ["empty", "forbidden"])
def test_choices_that_can_no_longer_be_read_stay_as_they_were(
    connected: Connection, sandbox: RunningSandbox, readable: str
) -> None:
    before = take_up(connected).choices
    told(sandbox, "switches", choices_readable=readable)
    row = take_up(connected)
    assert row.choices == before
    assert row.differences == []


def test_a_fault_while_reading_keeps_everything(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    before = take_up(connected)
    told(sandbox, "faults", kind="server_error", times=None, match={"path": "sys_choice"})
    with pytest.raises(ScoredeskError):
        take_up(connected)
    after = connected.catalogues.get(table="incident")
    assert (after.choices, after.read_at) == (before.choices, before.read_at)


def test_the_daily_reading_goes_on_after_one_connection_failed(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    assert reading.take_up_all(now()) == 1
    told(sandbox, "faults", kind="hibernating", times=None)
    assert reading.take_up_all(now()) == 0


def test_what_the_instance_changes_is_a_difference_until_somebody_has_seen_it(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    FieldDefault.objects.create(
        connection=connected, table="incident", field="category", value="network", shown="Network"
    )
    take_up(connected)
    told(sandbox, "packs", customised=True)
    first = take_up(connected)
    assert [(each["kind"], each["value"]) for each in first.differences] == [
        ("choice_gone", "network")
    ]
    assert take_up(connected).differences == first.differences


def test_readings_are_audited(connected: Connection) -> None:
    take_up(connected)
    assert AuditEntry.objects.filter(action="connection.fields_read").count() == 2


def test_an_active_data_policy_without_a_condition_makes_a_field_mandatory(
    connected: Connection, sandbox: RunningSandbox
) -> None:
    url = f"{sandbox.servicenow_url}/api/now/table"
    admin = ("admin", "admin")
    policy = httpx.post(
        f"{url}/sys_data_policy2",
        json={"short_description": "Location always", "model_table": "incident", "active": "true"},
        auth=admin,
    ).json()["result"]["sys_id"]
    rule = {
        "sys_data_policy": policy,
        "table": "incident",
        "field": "location",
        "mandatory": "true",
    }
    httpx.post(f"{url}/sys_data_policy_rule", json=rule, auth=admin).raise_for_status()
    make_record(sandbox)
    roles = httpx.get(f"{url}/sys_user_role?sysparm_query=name=admin", auth=admin).json()["result"]
    user = {"user": connected.integration_user_id, "role": roles[0]["sys_id"]}
    httpx.post(f"{url}/sys_user_has_role", json=user, auth=admin).raise_for_status()
    row = take_up(connected)
    assert row.fields["location"]["mandatory_by"] == "data_policy"
    assert row.fields.get("close_code", {}).get("mandatory_by") in {"", None}, "has a condition"


def test_groups_and_people_are_found_by_name(connected: Connection) -> None:
    groups = references.search(connected, "sys_user_group", "identity")
    assert "Identity Operations" in [each.name for each in groups]
    people = references.search(connected, "sys_user", "change.owner")
    assert [each.about for each in people] == ["change.owner"]


@pytest.mark.parametrize("words", ["", "   ", "^", "javascript:gs.getUserID()"])
def test_words_that_would_change_the_query_find_nobody(connected: Connection, words: str) -> None:
    assert references.search(connected, "sys_user", words) == []


def test_inactive_people_are_not_offered_and_told_when_looked_at(connected: Connection) -> None:
    assert references.search(connected, "sys_user", "inactive.user") == []


def test_a_group_that_is_gone_is_told(connected: Connection) -> None:
    with client_for(connected) as client, pytest.raises(ReferenceNotFound):
        references.look(client, "sys_user_group", "0" * 32)
