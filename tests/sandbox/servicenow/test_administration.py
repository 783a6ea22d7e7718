"""What an administrator does by hand: OAuth applications, users, roles, properties, tokens."""

from __future__ import annotations

import re

import httpx
import pytest
from tests.sandbox.servicenow.browsing import form_with, log_in, press, words_of
from tests.sandbox.servicenow.shorthand import by_password, new_change, new_incident, token, who

from scoredesk.sandbox.program import RunningSandbox

CALLBACK = "http://127.0.0.1:9/callback"


@pytest.fixture
def browser(anonymous: httpx.Client) -> httpx.Client:
    """A browser in which the administrator is signed in."""
    log_in(anonymous, "admin")
    return anonymous


def secret_on(page: httpx.Response) -> str:
    found = re.search(r'<code data-field="client_secret">([^<]+)</code>', page.text)
    assert found
    return found[1]


def register(browser: httpx.Client, **typed: str) -> httpx.Response:
    """Register an OAuth application as the installation checklist says."""
    wizard = browser.get("/wizard_view.do?sys_target=oauth_entity")
    leads = re.search(r'href="([^"]+)">Create an OAuth API endpoint for external', wizard.text)
    assert leads
    page = browser.get(leads[1].replace("&amp;", "&"))
    return press(browser, page, "Submit", name="By hand", redirect_url=CALLBACK, **typed)


def test_the_list_of_applications_leads_to_the_kinds(browser: httpx.Client) -> None:
    page = browser.get("/oauth_entity_list.do")
    assert 'href="/wizard_view.do?sys_target=oauth_entity"' in page.text
    newer = browser.get("/wizard_view.do?sys_target=oauth_entity&kind=inbound")
    assert "OAuth - Authorization code grant" in words_of(newer)


def test_a_new_application_shows_its_id_and_a_made_up_secret(browser: httpx.Client) -> None:
    page = register(browser)
    client_id = dict(form_with(page, "Update").values)["client_id"]
    assert re.fullmatch(r"[0-9a-f]{32}", client_id)
    asked = {"grant_type": "password", "username": "admin", "password": "admin"}
    answer = token(browser, client_id=client_id, client_secret=secret_on(page), **asked)
    assert answer.status_code == 200


def test_an_application_is_changed_later(browser: httpx.Client) -> None:
    page = register(browser)
    before = secret_on(page)
    page = press(browser, page, "Update", access_token_lifespan="600", name="Renamed")
    assert "Renamed" in words_of(page)
    # An empty box has kept the secret.
    assert secret_on(page) == before
    page = press(browser, page, "Update", client_secret="chosen by hand")
    assert secret_on(page) == "chosen by hand"
    client_id = dict(form_with(page, "Update").values)["client_id"]
    asked = {"grant_type": "password", "username": "admin", "password": "admin"}
    reply = token(browser, client_id=client_id, client_secret="chosen by hand", **asked).json()
    assert reply["expires_in"] <= 600
    page = press(browser, page, "Update", active="false")
    answer = token(browser, client_id=client_id, client_secret="chosen by hand", **asked)
    assert answer.status_code == 401


def test_only_administrators_see_applications_and_tokens(
    anonymous: httpx.Client, sandbox: RunningSandbox
) -> None:
    log_in(anonymous, "change.owner")
    for path in (
        "/oauth_entity_list.do",
        "/oauth_entity.do?sys_id=-1",
        "/wizard_view.do?sys_target=oauth_entity",
        "/oauth_credential_list.do",
        "/syslog_list.do",
    ):
        assert anonymous.get(path).status_code == 403
    words = words_of(anonymous.get("/incident_list.do"))
    assert "System OAuth" not in words
    assert "Incidents" in words


def test_a_user_with_a_role_is_made_by_hand(browser: httpx.Client, sandbox: RunningSandbox) -> None:
    page = browser.get("/sys_user.do?sys_id=-1")
    typed = {"user_name": "by.hand", "first_name": "Bea", "last_name": "Hand"}
    page = press(browser, page, "Submit", **typed, user_password="a password")
    assert "Bea Hand" in words_of(page)
    assert "a password" not in page.text
    asked = {"auth": ("by.hand", "a password"), "headers": {"Accept": "application/json"}}
    incidents = f"{sandbox.servicenow_url}/api/now/table/incident"
    assert httpx.post(incidents, json={}, **asked).status_code == 403  # type: ignore[arg-type] # the words of httpx.post
    form = form_with(page, "role")
    roles = dict(re.findall(r'<option value="(\w+)"[^>]*>(\w+)</option>', page.text))
    itil = next(value for value in form.options["role"] if roles[value] == "itil")
    answer = browser.post(form.action, data=dict(form.filled(role=itil)), follow_redirects=True)
    assert "itil" in words_of(answer).split("Roles")[-1]
    assert httpx.post(incidents, json={}, **asked).status_code == 201  # type: ignore[arg-type] # the words of httpx.post
    remove = form_with(answer, "Remove")
    taken = browser.post(
        remove.action, data=dict(remove.filled(sysverb="delete")), follow_redirects=True
    )
    assert taken.status_code == 200
    assert httpx.post(incidents, json={}, **asked).status_code == 403  # type: ignore[arg-type] # the words of httpx.post


def test_a_password_is_kept_when_its_box_is_empty(
    browser: httpx.Client, sandbox: RunningSandbox
) -> None:
    page = browser.get("/sys_user.do?sysparm_query=user_name=change.owner")
    press(browser, page, "Update", title="Owner")
    answer = httpx.get(
        f"{sandbox.servicenow_url}/api/now/table/incident",
        auth=("change.owner", "change.owner"),
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 200


def test_a_system_property_is_created_by_hand(browser: httpx.Client, admin: httpx.Client) -> None:
    name = "glide.oauth.inbound.client.credential.grant_type.enabled"
    assert token(browser, grant_type="client_credentials").status_code == 401
    page = browser.get("/sys_properties.do?sys_id=-1")
    press(browser, page, "Submit", name=name, value="true")
    assert token(browser, grant_type="client_credentials").status_code == 200
    page = browser.get("/sys_properties.do", params={"sysparm_query": f"name={name}"})
    press(browser, page, "Update", value="false")
    assert token(browser, grant_type="client_credentials").status_code == 401


def test_a_choice_is_renamed_by_hand(browser: httpx.Client, integration: httpx.Client) -> None:
    query = "name=incident^element=state^value=2^language=en"
    page = browser.get("/sys_choice.do", params={"sysparm_query": query})
    press(browser, page, "Update", label="Being worked on")
    number = new_incident(integration, state="2")["number"]
    page = browser.get("/incident.do", params={"sysparm_query": f"number={number}"})
    assert "Being worked on" in words_of(page)


def test_the_system_log_tells_why_a_sign_in_failed(browser: httpx.Client) -> None:
    token(browser, grant_type="password", username="admin", password="wrong")
    words = words_of(browser.get("/syslog_list.do"))
    assert "Wrong password of user admin" in words
    assert "OAuth" in words


def test_rows_that_lack_what_they_should_have_do_no_harm(
    anonymous: httpx.Client, admin: httpx.Client, browser: httpx.Client
) -> None:
    client = {"client_id": "ab" * 16, "client_secret": "given"}
    assert admin.post("/table/oauth_entity", json=client).status_code == 201
    form = {"grant_type": "password", "username": "admin", "password": "admin"}
    assert anonymous.post("/oauth_token.do", data={**client, **form}).status_code == 200
    assert client["client_id"] in browser.get("/oauth_credential_list.do").text
    incident = new_incident(admin)["sys_id"]
    entry = admin.post("/table/sys_journal_field", json={"element_id": incident})
    assert entry.status_code == 201
    shown = admin.get(f"/table/incident/{incident}", params={"sysparm_display_value": "all"})
    assert shown.json()["result"]["work_notes"] == {"display_value": "", "value": ""}
    assert browser.get(f"/incident.do?sys_id={incident}").status_code == 200
    member = {"user": shown.json()["result"]["opened_by"]["value"]}
    assert admin.post("/table/sys_user_grmember", json=member).status_code == 201
    params = {"sysparm_query": "assignment_groupINjavascript:getMyGroups()"}
    assert admin.get("/table/incident", params=params).status_code == 200
    each = admin.get("/table/sys_transform_map").json()["result"][0]
    entry = admin.post("/table/sys_transform_entry", json={"map": each["sys_id"], "coalesce": True})
    assert entry.status_code == 201
    assert admin.post(f"/import/{each['source_table']}", json={}).status_code == 201


def test_a_token_is_revoked_by_hand(browser: httpx.Client) -> None:
    access = by_password(browser).json()["access_token"]
    page = browser.get("/oauth_credential_list.do")
    words = words_of(page)
    assert "Scoredesk Integration Access token" in words
    assert access not in page.text
    while "No token is in force." not in words_of(page):
        page = press(browser, page, "Revoke")
    assert who(browser, access).status_code == 401


def test_an_approver_lets_a_change_go_on(
    anonymous: httpx.Client, integration: httpx.Client
) -> None:
    change = new_change(integration, assignment_group="Identity Operations")
    log_in(anonymous, "change.owner")
    path = f"/change_request.do?sys_id={change['sys_id']}"
    page = press(anonymous, anonymous.get(path), "Update", state="-4")
    assert "Chen Owen Requested" in words_of(page).split("Approvers")[1]
    row = re.search(r'href="(/sysapproval_approver\.do\?sys_id=\w+)"', page.text)
    assert row
    page = press(anonymous, anonymous.get(row[1]), "Update", state="approved")
    assert "The record was updated." in words_of(page)
    assert dict(form_with(anonymous.get(path), "Update").values)["state"] == "-3"


def test_a_data_policy_is_made_by_hand(browser: httpx.Client, integration: httpx.Client) -> None:
    page = browser.get("/sys_data_policy2.do?sys_id=-1")
    typed = {"short_description": "Costs", "model_table": "incident"}
    page = press(browser, page, "Submit", **typed)
    new = re.search(r'href="(/sys_data_policy_rule\.do\?sys_id=-1[^"]+)"', page.text)
    assert new
    rule = browser.get(new[1].replace("&amp;", "&"))
    press(browser, rule, "Submit", table="incident", field="cmdb_ci")
    answer = integration.post("/table/incident", json={"short_description": "Refused"})
    assert answer.status_code == 403
    assert answer.json()["error"]["detail"].endswith("mandatory: Configuration item")


def test_who_administers_oauth_alone_sees_its_pages(
    anonymous: httpx.Client, admin: httpx.Client
) -> None:
    grant = {"user": "change.owner", "role": "oauth_admin"}
    assert admin.post("/table/sys_user_has_role", json=grant).status_code == 201
    log_in(anonymous, "change.owner")
    words = words_of(anonymous.get("/oauth_credential_list.do"))
    assert "Application Registry" in words
    assert "System Properties" not in words
