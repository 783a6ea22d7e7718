"""A look at an address without signing in (servicenow-api 1.12 C and D)."""

from __future__ import annotations

import httpx
import pytest
from tests.servicenow.instance import URL, Script, wire_to

from scoredesk.servicenow import errors, probe

NO_USER = {"error": {"message": "User Not Authenticated", "detail": ""}, "status": "failure"}


def test_a_normal_instance_refuses_nobody_in_particular() -> None:
    peer = Script(httpx.Response(401, json=NO_USER))
    assert probe(URL, wire_to(peer)).sso_host == ""
    assert "authorization" not in peer.last.headers


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(200, html="<title>Instance Hibernating page</title>"), errors.Hibernating),
        (httpx.Response(200, html="<title>Welcome</title>"), errors.NotServiceNow),
        (httpx.Response(200, json={"result": []}), errors.NotServiceNow),
        (httpx.Response(404, html="<title>nginx</title>"), errors.NotServiceNow),
        (httpx.Response(403, html="<title>Forbidden</title>"), errors.GatewayRefused),
        (httpx.Response(503, html="<title>Upgrade</title>"), errors.Maintenance),
        (httpx.ConnectTimeout("x"), errors.ConnectTimedOut),
        (httpx.ConnectError("x"), errors.ConnectionRefused),
    ],
)
def test_what_is_in_the_way_is_named(
    answer: httpx.Response | Exception, error: type[errors.ServiceNowError]
) -> None:
    with pytest.raises(errors.ServiceNowError) as raised:
        probe(URL, wire_to(Script(answer)))
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("/login.do", ""),
        (f"{URL}/login.do", ""),
        ("https://sso.example/saml?x=1", "sso.example"),
        ("/login_with_sso.do?glide_sso_id=1", "acme.service-now.com"),
    ],
)
def test_single_sign_on_in_the_way_is_seen(location: str, host: str) -> None:
    to_login = httpx.Response(302, headers={"location": location})
    peer = Script(httpx.Response(401, json=NO_USER), to_login)
    assert probe(URL, wire_to(peer), client_id="client").sso_host == host
    assert peer.last.url.path == "/oauth_auth.do"


def test_a_sign_in_page_without_a_redirect_is_no_single_sign_on() -> None:
    peer = Script(
        httpx.Response(401, json=NO_USER), httpx.Response(200, html="<title>Log in</title>")
    )
    assert probe(URL, wire_to(peer), client_id="client").sso_host == ""
