"""What the status page shows of the last check."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.connections.browserless import told

from scoredesk.common.clock import now
from scoredesk.connections.findings import Check, Outcome, Step
from scoredesk.connections.models import Connection
from scoredesk.connections.results import by_step, check_lines, link_into, verdict
from scoredesk.sandbox.program import RunningSandbox

OVERVIEW = "connections:overview"


def kept(check: Check, outcome: Outcome, code: str = "", **facts: str) -> dict[str, object]:
    return {
        "check": check.value,
        "outcome": outcome.value,
        "code": code,
        "detail": "",
        "facts": facts,
        "at": now().isoformat(),
    }


def test_findings_stand_under_their_steps_in_the_order_of_the_checklist() -> None:
    connection = Connection(
        check_results=[
            kept(Check.REACH, Outcome.GOOD),
            kept(Check.TOKENS, Outcome.GOOD),
            kept(Check.IDENTITY, Outcome.FAILED, "connection.wrong_user"),
            kept(Check.CHOICES, Outcome.GOOD),
            kept(Check.FIELDS, Outcome.WARNING, "servicenow.data_policy"),
        ]
    )
    parts = by_step(check_lines(connection))
    assert [part.step for part in parts] == [Step.INSTANCE, Step.USER, Step.AUTHORIZE, Step.VERIFY]
    assert [line.check for line in parts[-1].lines] == [Check.CHOICES, Check.FIELDS]
    assert all(part.at for part in parts)


def test_what_an_older_version_stored_under_another_name_is_left_out() -> None:
    old = {**kept(Check.REACH, Outcome.GOOD), "check": "weather"}
    assert check_lines(Connection(check_results=[old])) == []


@pytest.mark.parametrize(
    ("outcomes", "works", "words"),
    [
        ([Outcome.GOOD, Outcome.SKIPPED], True, "The connection works."),
        ([Outcome.GOOD, Outcome.UNSURE], True, "with 1 remark:"),
        ([Outcome.WARNING, Outcome.UNSURE], True, "with 2 remarks:"),
        ([Outcome.FAILED, Outcome.WARNING], False, "1 fault."),
        ([Outcome.FAILED, Outcome.FAILED], False, "2 faults."),
    ],
)
def test_one_sentence_sums_up(outcomes: list[Outcome], *, works: bool, words: str) -> None:
    assert verdict(outcomes)[0] is works
    assert words in verdict(outcomes)[1]


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://acme.service-now.com/sys_script.do?sys_id=1", True),
        ("https://acme.service-now.com.evil.example/", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_a_link_into_the_instance_is_shown(link: str, *, shown: bool) -> None:
    connection = Connection(address="https://acme.service-now.com")
    assert bool(link_into(connection, link)) is shown


def test_a_fault_is_shown_with_cause_cure_own_words_and_code(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    told(sandbox, "switches", range_refused_fields={"incident": ["sys_updated_on"]})
    page = admin_client.post(reverse("connections:check"), follow=True).content.decode()
    assert 'data-check="incident" data-outcome="failed"' in page
    assert "<code>connection.search_refused</code>" in page
    assert "What to do:" in page
    told(sandbox, "switches", range_refused_fields={})
    page = admin_client.post(reverse("connections:check"), follow=True).content.decode()
    assert 'data-outcome="failed"' not in page


def test_a_reader_sees_the_findings_and_no_report(
    reader_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    page = reader_client.get(reverse(OVERVIEW)).content.decode()
    assert 'data-check="identity" data-outcome="good"' in page
    assert reverse("connections:report") not in page


def test_an_own_page_that_a_finding_names_is_linked(
    admin_client: Client, sandbox: RunningSandbox, connected: Connection
) -> None:
    link = f"{connected.address}/sys_script.do?sys_id=7"
    found = [
        kept(Check.FIELDS, Outcome.FAILED, "servicenow.business_rule", link=link),
        kept(Check.CHOICES, Outcome.FAILED, "servicenow.error", link="https://evil.example/"),
    ]
    Connection.objects.update(check_results=found)
    page = admin_client.get(reverse(OVERVIEW)).content.decode()
    assert f'<a href="{link}"' in page
    assert 'href="https://evil.example/' not in page
