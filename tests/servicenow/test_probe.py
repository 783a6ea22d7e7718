"""Looks at an address without signing in (servicenow-api 1.12 C and D)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.servicenow.instance import URL, Script, wire_to

from scoredesk.servicenow import errors, probe
from scoredesk.servicenow.probe import look_at_allow_page

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
REDIRECT = "https://scoredesk.example/connections/callback"
NO_USER = {"error": {"message": "User Not Authenticated", "detail": ""}, "status": "failure"}
NOBODY = httpx.Response(401, json=NO_USER)
LOGIN = httpx.Response(200, html="<title>Log in</title>")


def page(text: str, status: int = 400) -> httpx.Response:
    return httpx.Response(status, html=f"<title>Refused</title><body><p>{text}</p></body>")


def test_a_normal_instance_refuses_nobody_in_particular() -> None:
    peer = Script(NOBODY, LOGIN)
    assert probe(URL, wire_to(peer)).ahead is None
    assert "authorization" not in peer.last.headers


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Sun, 01 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 01 Mar 2026 11:59:59 GMT", timedelta(seconds=-1)),
        ("noon", None),
    ],
)
def test_the_instances_clock_is_compared_with_ours(date: str, ahead: timedelta | None) -> None:
    dated = httpx.Response(401, json=NO_USER, headers={"Date": date})
    assert probe(URL, wire_to(Script(dated, LOGIN)), clock=lambda: NOON).ahead == ahead


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(200, html="<title>Instance Hibernating page</title>"), errors.Hibernating),
        (httpx.Response(200, html="<title>Welcome</title>"), errors.NotServiceNow),
        (httpx.Response(200, json={"result": []}), errors.NotServiceNow),
        (httpx.Response(404, html="<title>nginx</title>"), errors.NotServiceNow),
        (httpx.Response(404, json={"detail": "Not Found"}), errors.NotServiceNow),
        (httpx.Response(405, json={}), errors.NotServiceNow),
        (httpx.Response(401, json={"message": "who?"}), errors.NotServiceNow),
        (httpx.Response(403, html="<title>Forbidden</title>"), errors.GatewayRefused),
        (httpx.Response(503, html="<title>Upgrade</title>"), errors.Maintenance),
        (httpx.ConnectTimeout("x"), errors.ConnectTimedOut),
        (httpx.ConnectError("x"), errors.ConnectionRefused),
        (httpx.ReadTimeout("x"), errors.AnswerTimedOut),
        (httpx.RemoteProtocolError("x"), errors.ConnectionCut),
    ],
)
def test_what_is_in_the_way_is_named(
    answer: httpx.Response | Exception, error: type[errors.ServiceNowError]
) -> None:
    with pytest.raises(errors.ServiceNowError) as raised:
        probe(URL, wire_to(Script(answer)))
    assert type(raised.value) is error


def test_a_login_page_that_is_refused_like_a_call_means_our_address() -> None:
    with pytest.raises(errors.AddressRefused):
        probe(URL, wire_to(Script(NOBODY, NOBODY)))


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
    peer = Script(httpx.Response(302, headers={"location": location}))
    assert look_at_allow_page(URL, wire_to(peer), "client", REDIRECT).sso_host == host
    assert peer.last.url.path == "/oauth_auth.do"
    assert peer.last.url.params["redirect_uri"] == REDIRECT


def test_a_sign_in_page_without_a_redirect_is_no_single_sign_on() -> None:
    asked = '<body><input name="goto" value="/oauth_auth.do?redirect_uri=x">'
    shown = httpx.Response(200, html=f"<title>Log in</title>{asked}")
    assert look_at_allow_page(URL, wire_to(Script(shown)), "client", REDIRECT).sso_host == ""


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (page("Invalid redirect_uri: not registered"), errors.RedirectRefused),
        (page("Invalid Redirect URI", 200), errors.RedirectRefused),
        (page("Invalid client_id: no active application"), errors.ClientUnknown),
        (page("OAuth is not active on this instance."), errors.OAuthInactive),
        (page("", 404), errors.OAuthInactive),
        (page("Something else"), errors.ApplicationRefused),
        (page("", 403), errors.GatewayRefused),
        (page("", 503), errors.Maintenance),
        (NOBODY, errors.AddressRefused),
    ],
)
def test_what_the_allow_page_refuses_is_named(
    answer: httpx.Response, error: type[errors.ServiceNowError]
) -> None:
    with pytest.raises(errors.ServiceNowError) as raised:
        look_at_allow_page(URL, wire_to(Script(answer)), "client", REDIRECT)
    assert type(raised.value) is error
