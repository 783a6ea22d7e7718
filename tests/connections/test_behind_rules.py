"""Rules behind the door as tables: evidence in, code and outcome out; no instance is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scoredesk.connections.evidence.facts import (
    Above,
    AccountEvidence,
    DeskEvidence,
    Evidence,
    FieldEvidence,
    KnownRecords,
    Refusal,
    Seen,
    Subject,
    TableEvidence,
    UserEvidence,
)
from scoredesk.connections.findings import Outcome
from scoredesk.connections.models import SignIn, Status
from scoredesk.connections.rules import account, cards, fields, limits, tables
from scoredesk.connections.rules.account import is_personal
from scoredesk.servicenow import InstanceUser, RateRule, Record
from scoredesk.servicenow.errors import PartialResult, RateLimited
from scoredesk.servicenow.vocabulary import TRACKED_FIELDS

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SUBJECT = Subject(
    "https://acme.service-now.com", "svc", SignIn.AUTHORIZATION_CODE, Status.CONNECTED, True
)
ROW = Record(dict.fromkeys(TRACKED_FIELDS, "1"), "incident")
READ = TableEvidence(Seen((ROW,)), Seen(()))
USER = UserEvidence(Seen(InstanceUser("1" * 32, "svc", "Scoredesk Integration")))
BASE = Evidence(
    at=NOW,
    subject=SUBJECT,
    user=USER,
    account=AccountEvidence(Seen({"itil": None})),
    tables={"incident": READ, "change_request": READ},
    fields=FieldEvidence(Seen()),
    desk=DeskEvidence(admins=1, worker=True),
)


def refused(code: str, **facts: str) -> Above:
    return Above(refusals=(Refusal("incident", code, NOW, facts=facts),))


def role(name: str, since: datetime | None = None) -> AccountEvidence:
    return AccountEvidence(Seen({name: since}))


EMPTY = replace(READ, newest=Seen(()))
HIDDEN = replace(BASE, tables={"incident": EMPTY}, account=AccountEvidence(Seen()))


@pytest.mark.parametrize(
    ("evidence", "code", "outcome"),
    [
        (BASE, "", None),
        (replace(BASE, tables={"incident": EMPTY}), "", None),  # its roles say that it may read
        (HIDDEN, "table_unreadable", Outcome.UNSURE),
        (replace(HIDDEN, above=Above(created={"incident": NOW})), "", None),
        (
            replace(BASE, tables={"incident": replace(READ, search=Seen((ROW,)))}),
            "search_ignored",
            Outcome.FAILED,
        ),
        (replace(BASE, account=role("approver")), "create_role_missing", Outcome.FAILED),
        (replace(BASE, account=AccountEvidence(Seen({}))), "", None),  # hidden roles are no proof
        (
            replace(BASE, above=refused("servicenow.insert_refused")),
            "create_refused",
            Outcome.FAILED,
        ),
        (
            replace(
                BASE,
                above=refused("servicenow.insert_refused"),
                account=role("itil", NOW + timedelta(minutes=1)),
            ),
            "",
            None,
        ),
    ],
)
def test_what_is_found_of_a_table(evidence: Evidence, code: str, outcome: Outcome | None) -> None:
    found = tables.incident(evidence) or []
    assert [(each.code, each.outcome) for each in found] == (
        [(f"connection.{code}", outcome)] if code else []
    )


@pytest.mark.parametrize(
    ("user_name", "name", "kind", "personal"),
    [
        ("scoredesk.integration", "Scoredesk Integration", "Machine", False),
        ("scoredesk.integration", "Scoredesk Integration", "Human", False),
        ("svc_tickets", "Tickets", "", False),
        ("chen.owen", "Chen Owen", "Human", True),
        ("chen.owen", "Chen Owen", "Machine", False),
        ("chen@acme.example", "Chen", "", True),
        ("wang", "王芳", "Human", True),
    ],
)
def test_an_account_is_taken_for_a_persons_by_its_kind_and_name(
    user_name: str, name: str, kind: str, *, personal: bool
) -> None:
    assert is_personal(InstanceUser("1", user_name, name, identity_type=kind)) is personal


@pytest.mark.parametrize(
    ("known", "codes"),
    [(KnownRecords(1, 0), []), (KnownRecords(5, 1), []), (KnownRecords(2, 0), ["cloned"])],
)
def test_a_clone_is_told_when_all_of_several_records_are_gone(
    known: KnownRecords, codes: list[str]
) -> None:
    found = account.clone(replace(BASE, known=Seen(known))) or []
    assert [each.code.rpartition("_")[2] for each in found] == codes


@pytest.mark.parametrize(
    ("mapped", "names"), [((), "Cost center, Site"), (("u_cost_center",), "Site")]
)
def test_a_mandatory_field_is_told_until_a_default_fills_it(
    mapped: tuple[str, ...], names: str
) -> None:
    filled = FieldEvidence(Seen(), {"incident": frozenset(mapped)})
    above = refused("servicenow.data_policy", fields="Cost center, Site")
    found = fields.mandatory(replace(BASE, fields=filled, above=above)) or []
    assert [each.facts["fields"] for each in found] == [names]


def test_a_field_whose_label_came_in_another_language_counts_as_filled_once_it_is_mapped() -> None:
    known = {"incident": {"u_kst": {"label": "Cost center", "labels": {"zh": "成本中心"}}}}
    above = refused("servicenow.data_policy", fields="成本中心")
    told = FieldEvidence(Seen(), known=known)
    mapped = replace(told, mapped={"incident": frozenset({"u_kst"})})
    found = [fields.mandatory(replace(BASE, fields=each, above=above)) for each in (told, mapped)]
    assert [len(each or []) for each in found] == [1, 0]


def test_connection_other_numbers_are_noted_and_do_no_harm() -> None:
    above = Above(numbers={"incident": "TKT0001", "change_request": "CHG0001"})
    found = fields.numbers(replace(BASE, above=above)) or []
    assert [(each.code, each.outcome, each.facts["number"]) for each in found] == [
        ("connection.other_numbers", Outcome.GOOD, "TKT0001")
    ]


@pytest.mark.parametrize(("limit", "outcome"), [(999, Outcome.WARNING), (1000, Outcome.GOOD)])
def test_a_rate_rule_is_a_doubt_only_where_it_is_tight(limit: int, outcome: Outcome) -> None:
    found = limits.rate(replace(BASE, rate_rule=RateRule(limit))) or []
    assert [each.outcome for each in found] == [outcome]


def test_limits_that_were_met_are_told() -> None:
    met = replace(READ, newest=Seen(fault=RateLimited()), search=Seen(fault=PartialResult()))
    evidence = replace(BASE, tables={"incident": met})
    assert [each.code for each in limits.rate(evidence) or []] == ["servicenow.rate_limited"]
    assert [each.code for each in limits.queries(evidence) or []] == [
        "connection.queries_cancelled"
    ]


def test_people_see_cards_where_all_is_in_order() -> None:
    assert cards.cards(replace(BASE, above=Above(actions=72))) == []
    assert cards.cards(replace(BASE, desk=None)) is None
