"""ServiceNow's own Python client, pysnc: signing in, and one record at a time."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pysnc.auth
import pytest
import requests
from oauthlib.oauth2 import LegacyApplicationClient
from pysnc import ServiceNowClient, exceptions
from pysnc.auth import ServiceNowClientCredentialsFlow, ServiceNowPasswordGrantFlow
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session
from tests.sandbox.servicenow.shorthand import CLIENT
from tests.sandbox.strangers.pysnc_shorthand import ADMIN, INTEGRATION, connect, made

Control = Callable[[str, dict[str, Any]], Any]
KEYS = (CLIENT["client_id"], CLIENT["client_secret"])


def me(client: ServiceNowClient) -> str:
    """Whom the instance takes this client for."""
    user = client.GlideRecord("sys_user")
    user.add_query("sys_id", "javascript:gs.getUserID()")
    user.query()
    assert user.next()
    return str(user.user_name)


def test_it_signs_in_with_a_name_and_a_password(host: str) -> None:
    assert me(connect(host, INTEGRATION)) == "scoredesk.integration"
    assert me(connect(host, HTTPBasicAuth(*ADMIN))) == "admin"


def test_it_signs_in_with_a_session_of_its_user(host: str) -> None:
    session = requests.Session()
    session.auth = INTEGRATION
    assert me(connect(host, session)) == "scoredesk.integration"


def test_a_wrong_password_is_an_authentication_exception(host: str) -> None:
    with pytest.raises(exceptions.AuthenticationException, match="User Not Authenticated") as told:
        connect(host, ("admin", "guessed")).GlideRecord("sys_user").get("of no matter")
    assert "Required to provide Auth information" in str(told.value)


def test_it_signs_in_by_password_grant(host: str, plain_oauth: None) -> None:
    client = connect(host, ServiceNowPasswordGrantFlow(*INTEGRATION, *KEYS))
    assert me(client) == "scoredesk.integration"
    assert client.session.token["scope"] == ["useraccount"]


def test_a_lapsed_token_is_refreshed(host: str, plain_oauth: None, control: Control) -> None:
    control("switches", {"access_token_life": 2})
    client = connect(host, ServiceNowPasswordGrantFlow(INTEGRATION, None, *KEYS))
    first = client.session.token["access_token"]
    client.session.token = {**client.session.token, "expires_at": 1}
    control("clock", {"offset_seconds": 30})
    # pysnc fetches a new token, but sends the request that needed it without any.
    with pytest.raises(exceptions.AuthenticationException):
        me(client)
    assert client.session.token["access_token"] != first
    assert me(client) == "scoredesk.integration"


def test_it_takes_an_oauth_session_made_by_hand(host: str, plain_oauth: None) -> None:
    session = OAuth2Session(client=LegacyApplicationClient(client_id=CLIENT["client_id"]))
    session.fetch_token(
        token_url=f"http://{host}/oauth_token.do",
        username=INTEGRATION[0],
        password=INTEGRATION[1],
        **CLIENT,
    )
    assert me(connect(host, session)) == "scoredesk.integration"


def test_the_password_grant_refuses_a_wrong_password(host: str, plain_oauth: None) -> None:
    with pytest.raises(Exception, match="access_denied"):
        connect(host, ServiceNowPasswordGrantFlow("admin", "guessed", *KEYS))


def test_it_signs_in_by_client_credentials(host: str, control: Control) -> None:
    control("switches", {"client_credentials": True})
    assert me(connect(host, ServiceNowClientCredentialsFlow(*KEYS))) == "scoredesk.integration"


def test_client_credentials_without_the_property_are_refused(host: str) -> None:
    with pytest.raises(exceptions.AuthenticationException, match=r"401 .*access_denied"):
        connect(host, ServiceNowClientCredentialsFlow(*KEYS))


def test_get_finds_by_sys_id_and_by_any_field(host: str) -> None:
    client = connect(host)
    incident = made(client)
    by_id, by_number = client.GlideRecord("incident"), client.GlideRecord("incident")
    assert by_id.get(incident.sys_id)
    assert by_number.get("number", incident.number)
    assert by_id.number == by_number.number == incident.number
    assert not client.GlideRecord("incident").get("bunk")
    assert not client.GlideRecord("incident").get("sys_id", "bunk")


def test_a_number_is_no_sys_id(host: str) -> None:
    client = connect(host)
    assert not client.GlideRecord("incident").get(str(made(client).number))


def test_insert_fills_the_record_with_what_was_stored(host: str) -> None:
    record = connect(host, INTEGRATION).GlideRecord("incident")
    record.initialize()
    assert record.is_new_record()
    record.short_description = "Unit"
    record.impact = 1
    record.urgency = "1"
    record.bunk_field = "no such column"
    assert record.sys_id is None
    sys_id = record.insert()
    assert sys_id == record.sys_id
    assert len(sys_id) == 32
    assert record.priority == "1"
    assert record.get_display_value("priority") == "1 - Critical"
    assert len(record.opened_by) == 32
    assert record.get_display_value("opened_by") == "Scoredesk Integration"
    assert "bunk_field" not in record


def test_a_sys_id_of_ones_own_is_kept(host: str) -> None:
    wanted = "AAAABBBBCCCCDDDDEEEEFFFF00001111"
    client = connect(host)
    record = client.GlideRecord("incident")
    record.initialize()
    record.set_new_guid_value(wanted)
    assert record.insert() == wanted
    assert client.GlideRecord("incident").get(wanted)


def test_update_sends_changes_and_takes_the_reply(host: str) -> None:
    client = connect(host)
    incident, owner = made(client), client.GlideRecord("sys_user")
    assert owner.get("user_name", "change.owner")
    assert not incident.changes()
    incident.short_description = "Changed"
    incident.assigned_to = owner.sys_id
    assert incident.changes()
    assert incident.serialize(changes_only=True).keys() == {"short_description", "assigned_to"}
    assert incident.update() == incident.sys_id
    assert incident.get_display_value("assigned_to") == owner.get_display_value("name")
    again = client.GlideRecord("incident")
    assert again.get(incident.sys_id)
    assert again.short_description == "Changed"
    assert again.sys_mod_count == "1"
    assert bool(again.active)


def test_delete_removes_the_record(host: str) -> None:
    client = connect(host)
    incident = made(client)
    assert incident.delete()
    assert not client.GlideRecord("incident").get(incident.sys_id)
    with pytest.raises(exceptions.NotFoundException, match="No Record found"):
        incident.delete()


def test_a_popped_record_is_updated_by_itself(host: str) -> None:
    client = connect(host)
    incident = made(client)
    copy = incident.pop_record()
    copy.short_description = "Popped"
    assert copy.update() == incident.sys_id
    assert incident.short_description == "Made by pysnc"


def test_missing_rights_are_a_role_exception(host: str) -> None:
    ours = made(connect(host))
    plain = connect(host, INTEGRATION).GlideRecord("incident")
    assert plain.get(ours.sys_id)
    with pytest.raises(exceptions.RoleException, match="ACL Exception Delete Failed"):
        plain.delete()
    nobody = connect(host, ("no.roles", "no.roles")).GlideRecord("incident")
    nobody.initialize()
    nobody.short_description = "Not mine to make"
    with pytest.raises(exceptions.RoleException, match="ACL Exception Insert Failed"):
        nobody.insert()


def test_a_data_policy_is_a_role_exception_too(host: str) -> None:
    incident = made(connect(host, INTEGRATION))
    incident.state = "6"
    with pytest.raises(exceptions.RoleException, match="Resolution code, Resolution notes"):
        incident.update()


def test_an_unknown_table_is_a_request_exception(host: str) -> None:
    with pytest.raises(exceptions.RequestException, match="Invalid table no_such_table"):
        connect(host).GlideRecord("no_such_table").query()


def test_a_web_page_in_the_place_of_json_is_a_request_exception(
    host: str, control: Control
) -> None:
    control("faults", {"kind": "unavailable"})
    with pytest.raises(exceptions.RequestException, match=r"(?is)^<.*html>"):
        connect(host, auto_retry=False).GlideRecord("incident").query()


def test_an_address_beyond_all_length_is_answered_by_a_page(host: str) -> None:
    with pytest.raises(exceptions.RequestException, match=r"^<.*html>.*"):
        connect(host).GlideRecord("A" * 23_000).get("of no matter")


def test_it_tries_again_after_429_500_and_503(host: str, control: Control) -> None:
    for kind in ("rate_limit", "server_error", "unavailable"):
        control("faults", {"kind": kind, "params": {}, "retry_after": 0})
    incidents = connect(host).GlideRecord("incident")
    incidents.query()
    assert len(incidents) == 0


def test_a_cancelled_transaction_advises_smaller_batches(host: str, control: Control) -> None:
    control("faults", {"kind": "cancelled"})
    with pytest.raises((exceptions.RequestException, KeyError)):
        connect(host).GlideRecord("incident").query()


def test_the_jwt_flow_is_refused_without_a_provider(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pysnc forgets the port of the address when it makes the token's; give it back.
    address, _, _ = host.partition("/")
    monkeypatch.setattr(
        pysnc.auth, "parse_url", lambda _: SimpleNamespace(scheme="http", host=address)
    )
    with pytest.raises(AssertionError, match="access_denied"):
        me(connect(host, pysnc.auth.ServiceNowJWTAuth(*KEYS, "not.a.jwt")))
