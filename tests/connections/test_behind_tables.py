"""Tables, fields and limits behind the door: each fault is found, and gone after its cure."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from tests.connections.behind import facts, filled, outcome, roles_are, user_is
from tests.connections.browserless import told

from scoredesk.common.clock import now
from scoredesk.connections.findings import Check, Outcome
from scoredesk.connections.models import Connection, FieldDefault, Status
from scoredesk.sandbox.program import RunningSandbox


def incident(connection: Connection, code: str) -> Outcome | None:
    return outcome(connection, Check.INCIDENT, code)


def faults_off(sandbox: RunningSandbox) -> None:
    httpx.delete(f"{sandbox.servicenow_url}/_sandbox/faults").raise_for_status()


def trial(connection: Connection, **result: object) -> None:
    """What a trial record of incident showed, a second from now, after the roles were given."""
    at = (now() + timedelta(seconds=1)).isoformat()
    Connection.objects.filter(pk=connection.pk).update(
        trial_results={"incident": {"at": at, "outcome": "refused", **result}}
    )


@pytest.fixture(autouse=True)
def _records(sandbox: RunningSandbox) -> None:
    filled(sandbox)


@pytest.mark.parametrize("table", ["incident", "change_request"])
def test_connection_read_role_missing_without_any_role(
    sandbox: RunningSandbox, connected: Connection, table: str
) -> None:
    roles_are(sandbox)
    assert outcome(connected, Check(table), "connection.read_role_missing") == Outcome.FAILED
    roles_are(sandbox, "itil")
    assert outcome(connected, Check(table), "") == Outcome.GOOD
    assert connected.status == Status.CONNECTED


def test_connection_create_role_missing_for_one_table(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    roles_are(sandbox, "sn_incident_read", "sn_change_write")
    assert incident(connected, "connection.create_role_missing") == Outcome.FAILED
    assert outcome(connected, Check.CHANGE_REQUEST, "") == Outcome.GOOD
    assert connected.status == Status.CONNECTED  # everything else works
    roles_are(sandbox, "sn_incident_write", "sn_change_write")
    assert incident(connected, "") == Outcome.GOOD


def test_connection_read_refused(sandbox: RunningSandbox, connected: Connection) -> None:
    told(
        sandbox, "faults", kind="forbidden", variant="table", times=None,
        match={"path": "/table/incident"},
    )  # fmt: skip
    assert incident(connected, "connection.read_refused") == Outcome.FAILED
    faults_off(sandbox)
    assert incident(connected, "") == Outcome.GOOD


def test_connection_search_refused_names_the_field(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "switches", range_refused_fields={"incident": ["correlation_id"]})
    assert facts(connected, "connection.search_refused")["fields"] == "correlation_id"
    told(sandbox, "switches", range_refused_fields={})
    assert incident(connected, "") == Outcome.GOOD
    assert connected.status == Status.CONNECTED


def test_connection_fields_missing(sandbox: RunningSandbox, connected: Connection) -> None:
    told(sandbox, "switches", unreadable_fields={"incident": ["sys_mod_count"]})
    assert incident(connected, "connection.fields_missing") == Outcome.FAILED
    told(sandbox, "switches", unreadable_fields={})
    assert incident(connected, "") == Outcome.GOOD


def test_connection_fields_hidden(sandbox: RunningSandbox, connected: Connection) -> None:
    told(sandbox, "switches", unreadable_fields={"incident": ["assigned_to"]})
    assert incident(connected, "connection.fields_hidden") == Outcome.WARNING
    told(sandbox, "switches", unreadable_fields={})
    assert incident(connected, "") == Outcome.GOOD


def test_connection_dates_in_session_zone(sandbox: RunningSandbox, connected: Connection) -> None:
    told(sandbox, "switches", literal_date_zone="session")
    user_is(sandbox, time_zone="America/New_York")
    assert incident(connected, "connection.dates_in_session_zone") == Outcome.WARNING
    user_is(sandbox, time_zone="GMT")
    assert incident(connected, "") == Outcome.GOOD


def test_connection_create_refused_until_a_record_was_created(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    trial(connected, code="servicenow.insert_refused", detail="ACL Exception Insert Failed")
    assert incident(connected, "connection.create_refused") == Outcome.FAILED
    trial(connected, code="", outcome="passed")
    assert incident(connected, "") == Outcome.GOOD


def test_connection_created_invisible(sandbox: RunningSandbox, connected: Connection) -> None:
    found = {"code": "connection.trial_invisible", "facts": {"number": "INC0000001"}}
    trial(connected, outcome="invisible", **found)
    assert incident(connected, "connection.created_invisible") == Outcome.FAILED
    trial(connected, code="", outcome="passed")
    assert incident(connected, "") == Outcome.GOOD


def test_connection_mandatory_fields_until_a_default_fills_them(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    trial(connected, code="servicenow.data_policy", facts={"fields": "Cost center"})
    code = "connection.mandatory_fields"
    assert outcome(connected, Check.FIELDS, code) == Outcome.FAILED
    assert facts(connected, code)["fields"] == "Cost center"
    FieldDefault.objects.create(
        connection=connected, table="incident", field="u_cost_center", value="4711"
    )
    assert outcome(connected, Check.FIELDS, "") == Outcome.GOOD


def test_connection_rule_in_the_way_links_to_the_rule(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    rule = {"rule": "Check cost center", "rule_sys_id": "a" * 32}
    trial(connected, code="servicenow.business_rule", facts=rule)
    told_facts = facts(connected, "connection.rule_in_the_way")
    assert told_facts["link"] == f"{connected.address}/sys_script.do?sys_id={'a' * 32}"
    assert connected.status == Status.CONNECTED
    trial(connected, code="", outcome="passed")
    assert outcome(connected, Check.FIELDS, "connection.rule_in_the_way") is None
    assert outcome(connected, Check.FIELDS, "connection.rules_tried") == Outcome.GOOD


def test_connection_rules_untried_until_a_record_was_created_from_here(
    sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "switches", mandatory_fields={"incident": {"u_cost_center": "Cost center"}})
    assert outcome(connected, Check.FIELDS, "connection.rules_untried") == Outcome.UNSURE
    assert connected.status == Status.CONNECTED
    trial(connected, code="", outcome="passed")
    assert outcome(connected, Check.FIELDS, "connection.rules_untried") is None
    assert facts(connected, "connection.rules_tried")["tables"].startswith("incident (20")


def test_connection_rate_rule(sandbox: RunningSandbox, connected: Connection) -> None:
    told(sandbox, "switches", rate_limit=200)
    assert outcome(connected, Check.LIMITS, "connection.rate_rule") == Outcome.WARNING
    told(sandbox, "switches", rate_limit=5000)
    assert outcome(connected, Check.LIMITS, "connection.rate_rule") == Outcome.GOOD
    told(sandbox, "switches", rate_limit=0)
    assert outcome(connected, Check.LIMITS, "") == Outcome.GOOD


def test_connection_queries_cancelled(sandbox: RunningSandbox, connected: Connection) -> None:
    told(
        sandbox, "faults", kind="cancelled", variant="partial", times=None,
        match={"path": "/table/incident"},
    )  # fmt: skip
    assert outcome(connected, Check.LIMITS, "connection.queries_cancelled") == Outcome.WARNING
    faults_off(sandbox)
    assert outcome(connected, Check.LIMITS, "") == Outcome.GOOD
