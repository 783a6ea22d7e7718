"""What every page has: navigation, icons, form controls, tables, and pages for what went wrong."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import django_tables2 as tables
import pytest
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from scoredesk.accounts.models import Membership, Person, Role, Tenant
from scoredesk.common.errors import Explanation
from scoredesk.portal.context import PLACES, links
from scoredesk.portal.views import server_error

SOURCE = Path(settings.PACKAGE)
ICONS = (SOURCE / "portal" / "icons.txt").read_text(encoding="utf-8").split()
ICON_TAG = re.compile(r'{%\s*icon\s+"([^"]+)"')
ICON_NAME = re.compile(r'icon_name="([^"]+)"')


class Example(forms.Form):
    """One of each kind of control."""

    name = forms.CharField(label="Name", help_text="As people know it")
    note = forms.CharField(widget=forms.Textarea, required=False)
    colour = forms.ChoiceField(choices=[("r", "Red"), ("b", "Blue")])
    size = forms.ChoiceField(choices=[("s", "Small")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Complains about the whole."""
        self.add_error(None, "The parts do not fit.")
        return self.cleaned_data


class Controls(HTMLParser):
    """Collects the attributes of each named control, and all ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.named: dict[str, dict[str, str | None]] = {}
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for each tag."""
        found = dict(attrs)
        if found.get("name"):
            self.named[str(found["name"])] = {"tag": tag, **found}
        if found.get("id"):
            self.ids.append(str(found["id"]))


def rendered(source: str, **values: Any) -> str:
    """A template's text."""
    return Template(source).render(Context(values))


def test_every_icon_that_a_page_names_is_installed() -> None:
    named = {
        name
        for page in SOURCE.rglob("*.html")
        for pattern in (ICON_TAG, ICON_NAME)
        for name in pattern.findall(page.read_text(encoding="utf-8"))
    }
    named |= {place.icon for place in PLACES}
    assert named <= set(ICONS)


def test_an_icon_is_drawn_for_eyes_only() -> None:
    drawn = rendered('{% icon "home" "icon-lg" %}')
    assert drawn.startswith('<svg class="icon icon-lg"')
    assert 'aria-hidden="true"' in drawn
    assert "<path" in drawn


@pytest.mark.parametrize("name", ["no-such-icon", "../tabler/LICENSE"])
def test_an_icon_that_is_not_there_leaves_the_page_whole(name: str) -> None:
    assert rendered("{% icon name %}after", name=name) == "after"


def test_each_control_has_its_class_its_hint_and_its_error() -> None:
    found = Controls(str(Example({"colour": "r", "size": "s"})))
    assert found.named["name"]["class"] == "form-control is-invalid"
    assert found.named["name"]["aria-invalid"] == "true"
    assert found.named["note"]["class"] == "form-control"
    assert found.named["colour"]["class"] == "form-select"
    assert found.named["size"]["class"] == "form-check-input"
    assert found.named["agree"]["class"] == "form-check-input"
    assert "class" not in found.named["key"]
    described = str(found.named["name"]["aria-describedby"]).split()
    assert described == ["id_name_helptext", "id_name_error"]
    assert set(described) <= set(found.ids)


def test_a_fault_of_the_whole_form_stands_above_it() -> None:
    page = str(Example({"name": "x"}))
    assert page.index("The parts do not fit.") < page.index('name="name"')
    assert 'role="alert"' in page


def test_the_summary_of_errors_leads_to_each_field() -> None:
    page = rendered(
        '{% include "portal/_form_errors.html" %}', form=Example({"colour": "x", "size": "s"})
    )
    assert 'href="#id_name"' in page
    assert 'href="#id_colour"' in page
    assert "What you typed is kept" in page


def test_a_fault_says_what_why_and_what_next_and_is_escaped() -> None:
    fault = Explanation("a.b", "It <failed>", "Because", "Do this")
    page = rendered('{% include "portal/_fault.html" %}', fault=fault)
    for part in ("It &lt;failed&gt;", "Because", "Do this", "<code>a.b</code>"):
        assert part in page


class Fruit(tables.Table):
    """A table to sort."""

    name = tables.Column()
    colour = tables.Column(orderable=False)


def table_page(rows: list[dict[str, str]], query: str = "") -> str:
    """The table as a page shows it."""
    request = RequestFactory().get(f"/{query}")
    table = Fruit(rows)
    tables.RequestConfig(request, paginate={"per_page": 2}).configure(table)
    return rendered(
        "{% load django_tables2 %}{% render_table table %}", table=table, request=request
    )


def test_a_sorted_column_says_so() -> None:
    rows = [{"name": "pear", "colour": "green"}]
    assert 'aria-sort="none"' in table_page(rows)
    assert 'aria-sort="ascending"' in table_page(rows, "?sort=name")
    assert 'aria-sort="descending"' in table_page(rows, "?sort=-name")
    assert table_page(rows).count("aria-sort") == 1


def test_a_long_table_has_pages_and_keeps_its_filters() -> None:
    page = table_page([{"name": str(number), "colour": ""} for number in range(5)], "?page=2&q=x")
    assert 'aria-current="page"' in page
    assert "3–4 of 5" in page
    assert "page=3&amp;q=x" in page or "q=x&amp;page=3" in page


def test_an_empty_table_says_so() -> None:
    assert "Nothing to show here." in table_page([])


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("home", "Home"),
        ("tickets:ticket", "Tickets"),
        ("tickets:share", "Improvement actions"),
        ("connections:setup", "ServiceNow"),
        ("accounts:person-new", "People"),
    ],
)
def test_the_navigation_marks_where_one_is(view: str, expected: str) -> None:
    assert [str(link.label) for link in links(view) if link.current] == [expected]


def test_a_page_has_its_language_landmarks_and_one_heading(admin_client: Client) -> None:
    page = admin_client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert 'href="#content"' in page
    assert page.count("<main ") == page.count("<h1 ") == 1
    assert "<title>Home – Scoredesk</title>" in page
    ids = Controls(page).ids
    assert len(ids) == len(set(ids))


def test_no_script_or_style_of_a_page_lacks_the_nonce(admin_client: Client) -> None:
    answer = admin_client.get("/")
    nonce = re.search(r"'nonce-([^']+)'", answer["Content-Security-Policy"])
    assert nonce
    scripts = re.findall(r"<script[^>]*>", answer.content.decode())
    assert scripts
    for script in scripts:
        assert f'nonce="{nonce.group(1)}"' in script or 'type="application/json"' in script
    assert "<style" not in answer.content.decode()
    assert not re.search(r"\son[a-z]+=", answer.content.decode())


def test_the_tenant_switch_is_there_for_people_of_several_tenants(
    admin_client: Client, admin: Person, other_tenant: Tenant
) -> None:
    switch = reverse("accounts:switch-tenant")
    assert switch not in admin_client.get("/").content.decode()
    Membership.objects.create(tenant=other_tenant, person=admin, role=Role.SECURITY_READER)
    assert switch in admin_client.get("/").content.decode()


def test_an_unknown_address_is_a_page_with_a_way_home(admin_client: Client) -> None:
    answer = admin_client.get("/no/such/page")
    assert answer.status_code == 404
    assert "Nothing at this address" in answer.content.decode()


def test_a_stale_form_says_that_nothing_is_lost(admin: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    answer = client.post(reverse("accounts:profile"), {"name": "x"})
    assert answer.status_code == 403
    assert "what you typed is still there" in answer.content.decode()


def test_a_fault_of_ours_gives_a_number_and_asks_nothing_of_the_database(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = server_error(HttpRequest())
    page = answer.content.decode()
    number = re.search(r"<code>([0-9a-f]{12})</code>", page)
    assert answer.status_code == 500
    assert number
    assert caplog.records[-1].__dict__["reference"] == number.group(1)


def test_somebody_without_a_tenant_learns_whom_to_ask(client: Client, db: None) -> None:
    client.force_login(Person.objects.create_user("lone@x.example", "a long enough password"))
    answer = client.get("/")
    assert answer.status_code == 403
    assert "no tenant has you as a member" in answer.content.decode()
