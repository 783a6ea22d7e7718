"""OAuth with an instance: what is sent, what is understood, what is never shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from tests.servicenow.instance import URL, Script, wire_to

from scoredesk.servicenow import OAuthApplication, Tokens, errors, new_verifier
from scoredesk.servicenow.oauth import read_tokens

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
GIVEN: dict[str, Any] = {
    "access_token": "acc",
    "refresh_token": "ref",
    "scope": "useraccount",
    "token_type": "Bearer",
    "expires_in": 1799,
}

NO_USER = {"error": {"message": "User Not Authenticated", "detail": ""}, "status": "failure"}
HIDDEN = {"error_description": "access_denied", "error": "server_error"}
AWAY = {"location": "https://sso.example/"}


def application(peer: Script, *, public: bool = False) -> OAuthApplication:
    """Our registration in the instance behind `peer`."""
    secret = "" if public else "s3cret"
    return OAuthApplication(
        URL, "client", secret, "https://portal.example/cb", wire_to(peer), lambda: NOON
    )


def form(peer: Script) -> dict[str, str]:
    """The form in the newest request."""
    assert peer.last.headers["content-type"].startswith("application/x-www-form-urlencoded")
    return dict(parse_qsl(peer.last.content.decode()))


def test_the_browser_is_sent_with_state_and_a_challenge() -> None:
    # RFC 7636 appendix B
    url = application(Script()).authorization_url(
        "st4te", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    )
    assert url.startswith(f"{URL}/oauth_auth.do?")
    assert {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()} == {
        "response_type": "code",
        "client_id": "client",
        "redirect_uri": "https://portal.example/cb",
        "state": "st4te",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }


def test_a_verifier_is_long_and_new_each_time() -> None:
    assert len(new_verifier()) == 64
    assert new_verifier() != new_verifier()


def test_a_code_is_exchanged_with_its_verifier_and_the_same_redirect_address() -> None:
    peer = Script(httpx.Response(200, json=GIVEN))
    tokens = application(peer).exchange("c0de", "ver1fier")
    assert peer.last.url.path == "/oauth_token.do"
    assert form(peer) == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "code_verifier": "ver1fier",
        "redirect_uri": "https://portal.example/cb",
        "client_id": "client",
        "client_secret": "s3cret",
    }
    assert (tokens.access_token, tokens.refresh_token) == ("acc", "ref")
    assert tokens.expires_at == NOON + timedelta(seconds=1799)


def test_a_public_client_sends_no_secret() -> None:
    peer = Script(httpx.Response(200, json=GIVEN))
    application(peer, public=True).exchange("c0de", "ver1fier")
    assert "client_secret" not in form(peer)


@pytest.mark.parametrize(("returned", "kept"), [(None, "old"), ("", "old"), ("new", "new")])
def test_the_refresh_token_stays_unless_another_comes(returned: str | None, kept: str) -> None:
    peer = Script(httpx.Response(200, json={**GIVEN, "refresh_token": returned}))
    assert application(peer).refresh("old").refresh_token == kept
    assert form(peer)["refresh_token"] == "old"
    assert form(peer)["grant_type"] == "refresh_token"


def test_client_credentials_need_no_refresh_token() -> None:
    peer = Script(httpx.Response(200, json={"access_token": "acc"}))
    tokens = application(peer).client_credentials()
    assert tokens.refresh_token is None
    assert form(peer)["grant_type"] == "client_credentials"


def test_a_token_is_revoked() -> None:
    peer = Script(httpx.Response(200))
    application(peer).revoke("acc")
    assert peer.last.url.path == "/oauth_revoke_token.do"
    assert form(peer)["token"] == "acc"
    assert not peer.last.url.query


@pytest.mark.parametrize(
    ("said", "seconds"), [(1799, 1799), ("1799", 1799), (None, 3600), ("soon", 3600), (0, 0)]
)
def test_the_end_of_a_token_is_understood(said: Any, seconds: int) -> None:
    tokens = read_tokens({"access_token": "a", "expires_in": said}, NOON)
    assert tokens.expires_at == NOON + timedelta(seconds=seconds)
    assert read_tokens({"access_token": "a"}, NOON).token_type == "Bearer"


def test_tokens_and_secrets_are_in_no_repr() -> None:
    shown = repr(Tokens("acc", "ref", NOON)) + repr(application(Script()))
    assert not any(secret in shown for secret in ("acc", "ref'", "s3cret"))


@pytest.mark.parametrize(
    ("answer", "error", "maybe"),
    [
        (
            httpx.Response(401, json=HIDDEN),
            errors.CodeRefused,
            False,
        ),
        (httpx.Response(401, json=NO_USER), errors.AddressRefused, False),
        (httpx.Response(404, json={}), errors.OAuthInactive, False),
        (httpx.Response(401, json={"error": "invalid_client"}), errors.ClientRefused, False),
        (httpx.Response(400, json={"error": "unauthorized_client"}), errors.ClientRefused, False),
        (httpx.Response(400, json={"error": "invalid_grant"}), errors.GrantRefused, False),
        (httpx.Response(200, json={"scope": "x"}), errors.CodeRefused, False),
        (httpx.Response(200, text="ok"), errors.CodeRefused, False),
        (httpx.Response(200, html="<title>Hibernating</title>"), errors.Hibernating, False),
        (httpx.Response(200, html="<html>hello</html>"), errors.NotServiceNow, True),
        (httpx.Response(302, headers=AWAY), errors.SsoRedirect, False),
        (httpx.Response(504), errors.Maintenance, True),
        (httpx.Response(429, headers={"Retry-After": "5"}), errors.RateLimited, False),
        (httpx.ReadTimeout("x"), errors.LostAnswer, True),
        (httpx.ConnectTimeout("x"), errors.ConnectTimedOut, False),
    ],
)
def test_each_refusal_of_a_token_has_its_error(
    answer: httpx.Response | Exception, *, error: type[errors.ServiceNowError], maybe: bool
) -> None:
    with pytest.raises(errors.ServiceNowError) as raised:
        application(Script(answer)).exchange("c0de", "v")
    assert type(raised.value) is error
    assert raised.value.maybe_done is maybe


def test_the_refusal_says_what_was_asked_for() -> None:
    refusals = Script(*[httpx.Response(401, json=HIDDEN) for _ in range(2)])
    with pytest.raises(errors.RefreshRefused):
        application(refusals).refresh("ref")
    with pytest.raises(errors.ClientCredentialsRefused):
        application(refusals).client_credentials()


def test_a_refused_revocation_is_said() -> None:
    with pytest.raises(errors.ServiceNowError):
        application(Script(httpx.Response(500))).revoke("acc")
