"""The one builder of HTTP clients, against a real server on a socket."""

from __future__ import annotations

import json
import logging
import socket
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from tests.common.peer import peer, say

from scoredesk.common.addresses import AddressNotHttps, AddressPolicy, HostNotAllowed
from scoredesk.common.http import (
    Attempt,
    Timeouts,
    Trouble,
    Wire,
    build_client,
    network_trouble,
)


def wire_to(port: int, **options: object) -> Wire:
    """A wire that may call this port of this machine."""
    return Wire(policy=AddressPolicy(private_hosts=(f"127.0.0.1:{port}",)), **options)  # type: ignore[arg-type]  # options of a test


def echo(handler: BaseHTTPRequestHandler) -> None:
    """Tells the caller which headers it sent, and tries to set a cookie."""
    body = json.dumps(dict(handler.headers)).encode()
    say(handler, body, Set_Cookie="glide_user_route=x; Path=/")


def test_a_client_asks_for_json_and_keeps_no_cookie() -> None:
    with peer(echo) as port, build_client(f"http://127.0.0.1:{port}", wire_to(port)) as client:
        client.get("/")
        sent = client.get("/").json()
    assert sent["Accept"] == "application/json"
    assert sent["User-Agent"].startswith("Scoredesk/")
    assert "Cookie" not in sent


def test_a_redirect_is_shown_and_not_followed() -> None:
    def away(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "https://sso.example/login")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with peer(away) as port, build_client(f"http://127.0.0.1:{port}", wire_to(port)) as client:
        answer = client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://sso.example/login")


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with peer(echo) as port, build_client(f"http://127.0.0.1:{port}", wire_to(port)) as client:
        assert client.get("/").status_code == 200


def test_a_client_talks_to_its_own_origin_only() -> None:
    wire = Wire(
        policy=AddressPolicy(),
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json={})),
    )
    with build_client("https://acme.service-now.com", wire) as client:
        assert client.get("/x").status_code == 200
        with pytest.raises(HostNotAllowed):
            client.get("https://other.service-now.com/x")
        with pytest.raises(HostNotAllowed):
            client.get("https://evil.example/x")


def test_an_address_off_the_allow_list_is_refused_before_anything_is_sent() -> None:
    asked: list[httpx.Request] = []
    wire = Wire(transport=httpx.MockTransport(lambda r: asked.append(r) or httpx.Response(200)))
    with build_client("http://acme.service-now.com", wire) as c, pytest.raises(AddressNotHttps):
        c.get("/")
    assert asked == []


def test_each_attempt_is_told_and_logged_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    told: list[Attempt] = []
    with (
        caplog.at_level(logging.INFO, logger="scoredesk"),
        peer(echo) as port,
        build_client(f"http://127.0.0.1:{port}", wire_to(port, on_attempt=told.append)) as client,
    ):
        client.post(
            "/oauth_revoke_token.do?token=hidden42",
            headers={"Authorization": "Bearer hidden43"},
        )
    (attempt,) = told
    assert (attempt.method, attempt.status, attempt.error) == ("POST", 200, "")
    assert attempt.target == "/oauth_revoke_token.do?token=***"
    assert attempt.seconds >= 0
    lines = [record for record in caplog.records if record.name.startswith("scoredesk")]
    assert len(lines) == 1
    assert "hidden" not in caplog.text


def test_a_failed_attempt_is_told_too() -> None:
    told: list[Attempt] = []
    port = unused_port()
    with (
        build_client(f"http://127.0.0.1:{port}", wire_to(port, on_attempt=told.append)) as client,
        pytest.raises(httpx.ConnectError) as raised,
    ):
        client.get("/")
    assert told[0].status is None
    assert "ConnectError" in told[0].error
    trouble = network_trouble(raised.value)
    assert (trouble.kind, trouble.sent) == (Trouble.REFUSED, False)


def test_a_name_without_an_address_is_its_own_trouble() -> None:
    wire = Wire(policy=AddressPolicy(allowed_hosts=("*.invalid",)))
    with (
        build_client("https://acme.invalid", wire) as client,
        pytest.raises(httpx.ConnectError) as raised,
    ):
        client.get("/")
    trouble = network_trouble(raised.value)
    assert (trouble.kind, trouble.sent) == (Trouble.NAME, False)


def test_a_silent_peer_is_a_time_out_after_sending() -> None:
    def silent(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(1)  # ends when the client hangs up

    with peer(silent) as port:
        wire = wire_to(port, timeouts=Timeouts(read=0.2))
        with (
            build_client(f"http://127.0.0.1:{port}", wire) as client,
            pytest.raises(httpx.ReadTimeout) as raised,
        ):
            client.get("/")
    trouble = network_trouble(raised.value)
    assert (trouble.kind, trouble.sent) == (Trouble.ANSWER_TIMEOUT, True)


def test_a_dropped_connection_may_have_been_sent() -> None:
    def drop(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)

    with (
        peer(drop) as port,
        build_client(f"http://127.0.0.1:{port}", wire_to(port)) as client,
        pytest.raises(httpx.TransportError) as raised,
    ):
        client.post("/", json={})
    trouble = network_trouble(raised.value)
    assert (trouble.kind, trouble.sent) == (Trouble.LOST, True)


def test_time_outs_for_a_page_are_short() -> None:
    assert Timeouts.page(3) == Timeouts(connect=3, read=3, total=3)
    assert Timeouts() == Timeouts(connect=5, read=30, total=120)


def unused_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
