"""The list of improvement actions and an action's page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from scoredesk.accounts.models import Tenant
from scoredesk.posture.models import (
    ActionScore,
    ImprovementAction,
    ScoreSnapshot,
    SecureScoreSource,
)

LIST = "/improvement-actions/"


def make(tenant: Tenant, control_id: str, **fields: Any) -> ImprovementAction:
    values = {"title": f"Do {control_id}", "status": "to_address", "max_score": 10.0, "rank": 5}
    return ImprovementAction.objects.create(
        tenant=tenant, control_id=control_id, **{**values, **fields}
    )


@pytest.fixture
def actions(tenant: Tenant) -> None:
    """Four actions and a day's score of 200 points."""
    ScoreSnapshot.objects.create(
        tenant=tenant, graph_id="x", day="2026-07-01", current_score=50, max_score=200
    )
    make(
        tenant, "mfa", title="Turn on MFA", category="Identity", service="AzureAD", rank=2, score=5
    )
    make(tenant, "links", title="Safe links", category="Apps", service="MDO", rank=1, score=9)
    make(tenant, "disk", title="Encrypt disks", category="Device", rank=None, score=0)
    make(tenant, "done", title="Audit log", category="Apps", rank=3, score=10, status="completed")


def listed(client: Client, **query: str) -> list[str]:
    page = client.get(LIST, query)
    assert page.status_code == 200
    return re.findall(rf'href="{LIST}([^"]+)/"', page.content.decode())


@pytest.mark.usefixtures("actions")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["links", "mfa", "done", "disk"]),
        ({"sort": "-rank"}, ["done", "mfa", "links", "disk"]),
        ({"sort": "-points_left"}, ["disk", "mfa", "links", "done"]),
        ({"sort": "points_left"}, ["done", "links", "mfa", "disk"]),
        ({"sort": "-impact"}, ["disk", "mfa", "links", "done"]),
        ({"sort": "title"}, ["done", "disk", "links", "mfa"]),
        ({"sort": "nonsense"}, ["links", "mfa", "done", "disk"]),
        ({"q": "SAFE"}, ["links"]),
        ({"q": "turn mfa"}, ["mfa"]),
        ({"q": "turn links"}, []),
        ({"q": "disk"}, ["disk"]),
        ({"q": "office 365"}, ["links"]),
        ({"q": "100%"}, []),
        ({"category": "Apps"}, ["links", "done"]),
        ({"category": "Apps", "status": "completed"}, ["done"]),
        ({"service": "MDO"}, ["links"]),
        ({"category": "Quantum"}, ["links", "mfa", "done", "disk"]),
        ({"page": "99"}, ["links", "mfa", "done", "disk"]),
    ],
)
def test_the_list_searches_filters_and_sorts(
    reader_client: Client, query: dict[str, str], found: list[str]
) -> None:
    assert listed(reader_client, **query) == found


@pytest.mark.usefixtures("actions")
def test_the_list_shows_points_impact_and_number(reader_client: Client) -> None:
    page = reader_client.get(LIST).content.decode()
    assert "4 improvement actions" in page
    assert "+2.50 %" in page  # 5 of 200 points
    assert "Microsoft Defender for Office 365" in page


def test_a_long_list_is_paged_on_the_server_with_few_queries(
    tenant: Tenant, reader_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        make(tenant, f"control-{number:02}", rank=number)
    with django_assert_max_num_queries(14):
        first = listed(reader_client)
    assert first == [f"control-{number:02}" for number in range(25)]
    assert listed(reader_client, page="3") == [f"control-{number:02}" for number in range(50, 60)]


def test_an_empty_list_says_why(
    tenant: Tenant, reader_client: Client, source: SecureScoreSource
) -> None:
    assert "Nothing has been read yet" in reader_client.get(LIST).content.decode()
    source.delete()
    assert "No Microsoft 365 tenant is connected yet" in reader_client.get(LIST).content.decode()
    make(tenant, "mfa")
    page = reader_client.get(LIST, {"q": "nothing like it"}).content.decode()
    assert "No improvement action matches" in page


def test_old_data_is_called_old(
    tenant: Tenant, reader_client: Client, source: SecureScoreSource
) -> None:
    source.fault_code, source.refreshed_at = "graph.fault", timezone.now()
    source.save()
    make(tenant, "mfa")
    assert "The last refresh did not work" in reader_client.get(LIST).content.decode()


def test_actions_of_other_tenants_are_neither_listed_nor_shown(
    tenant: Tenant, other_tenant: Tenant, reader_client: Client, stranger_client: Client
) -> None:
    make(tenant, "ours")
    make(other_tenant, "theirs")
    assert listed(reader_client) == ["ours"]
    assert listed(stranger_client) == ["theirs"]
    assert reader_client.get(f"{LIST}theirs/").status_code == 404


def test_a_vanished_action_leaves_the_list_and_keeps_its_page(
    tenant: Tenant, reader_client: Client
) -> None:
    make(tenant, "gone", gone_at=timezone.now())
    assert listed(reader_client) == []
    assert "no longer lists" in reader_client.get(f"{LIST}gone/").content.decode()


@pytest.mark.parametrize(
    "control_id", ["11770.MDA_Google_EnableTwoFactorAuth", "aad_x", "Odd id/with slash & 100%"]
)
def test_ids_of_every_form_have_a_page(
    tenant: Tenant, reader_client: Client, control_id: str
) -> None:
    action = make(tenant, control_id)
    address = re.findall(rf'href="({LIST}[^"]+/)"', reader_client.get(LIST).content.decode())
    answer = reader_client.get(address[0].replace("&amp;", "&"))
    assert answer.status_code == 200
    assert answer.context["action"] == action


def test_an_action_page_shows_cleaned_texts_and_placeholders(
    tenant: Tenant, reader_client: Client
) -> None:
    make(
        tenant,
        "mfa",
        remediation_html="<ol><li>Run /SC:<DomainName></li></ol><script>alert(1)</script>",
        action_url="https://security.microsoft.com/x",
        threats=["Account <b>breach</b>"],
        control_score={"count": "43", "total": "45"},
    )
    page = reader_client.get(f"{LIST}mfa/").content.decode()
    assert "<li>Run /SC:&lt;DomainName&gt;</li>" in page
    assert "alert(1)" not in page
    assert "43 of 45" in page
    assert 'href="https://security.microsoft.com/x"' in page
    assert "Account &lt;b&gt;breach" in page


def test_the_share_menu_offers_servicenow_to_administrators_only(
    tenant: Tenant, reader_client: Client, admin_client: Client, settings: Any
) -> None:
    settings.PUBLIC_URL = "https://desk.example"
    make(tenant, "a.b", title="Turn on MFA & more")
    for_admin = admin_client.get(f"{LIST}a.b/").content.decode()
    for_reader = reader_client.get(f"{LIST}a.b/").content.decode()
    assert 'href="/tickets/share/a.b"' in for_admin
    assert "/tickets/share/" not in for_reader
    assert "Only security administrators" in for_reader
    for page in (for_admin, for_reader):
        assert f'data-copy="https://desk.example{LIST}a.b/"' in page
        assert 'href="mailto:?subject=Secure%20Score%3A%20Turn%20on%20MFA%20%26%20more&amp;' in page
        assert 'hx-get="/tickets/of-action/a.b"' in page


def test_the_history_shows_gains_and_losses(tenant: Tenant, reader_client: Client) -> None:
    action = make(tenant, "mfa", score=4)
    for day, score in (("2026-07-01", 2), ("2026-07-05", 9.5), ("2026-07-09", 4)):
        ActionScore.objects.create(tenant=tenant, action=action, day=day, score=score)
    page = reader_client.get(f"{LIST}mfa/").content.decode()
    assert "+7.5" in page
    assert "-5.5" in page
    assert "first known" in page
    assert "<polyline" in page


@pytest.mark.parametrize("path", [LIST, f"{LIST}mfa/"])
def test_nobody_sees_a_page_without_signing_in(db: None, client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert "login" in answer["Location"]
