"""The layers around the sockets: the checked address and the capped answer."""

from __future__ import annotations

import gzip
import ssl
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.common.peer import peer, say

from scoredesk.common.addresses import AddressPolicy, PrivateAddress
from scoredesk.common.clock import now
from scoredesk.common.http import Trouble, network_trouble
from scoredesk.common.transports import (
    AnswerTooLarge,
    AnswerTooSlow,
    CappedTransport,
    NameNotResolved,
    PinnedTransport,
    resolve,
)

NAME = "acme.service-now.com"


def tell_host(handler: BaseHTTPRequestHandler) -> None:
    """Answers with the Host header that arrived."""
    say(handler, handler.headers["Host"].encode())


def pinned(
    *addresses: str, policy: AddressPolicy, tls: ssl.SSLContext | None = None
) -> httpx.Client:
    """A client whose DNS knows these addresses."""
    inner = httpx.HTTPTransport(verify=tls or True, trust_env=False)
    return httpx.Client(
        transport=PinnedTransport(inner, policy, lambda _host, _port: list(addresses)), timeout=2
    )


def test_the_name_stays_while_the_checked_address_is_connected() -> None:
    with peer(tell_host) as port:
        policy = AddressPolicy(private_hosts=(f"{NAME}:{port}",))
        with pinned("127.0.0.1", policy=policy) as client:
            assert client.get(f"http://{NAME}:{port}/").text == f"{NAME}:{port}"


def test_a_private_address_is_refused_before_connecting() -> None:
    arrived: list[str] = []

    def note(handler: BaseHTTPRequestHandler) -> None:
        arrived.append(handler.path)
        say(handler, b"")

    with (
        peer(note) as port,
        pinned("127.0.0.1", policy=AddressPolicy()) as client,
        pytest.raises(PrivateAddress),
    ):
        client.get(f"https://{NAME}:{port}/")
    assert arrived == []


def test_a_second_answer_of_the_name_server_is_never_asked_for() -> None:
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    with peer(tell_host) as port:
        policy = AddressPolicy(private_hosts=(f"{NAME}:{port}",))
        transport = PinnedTransport(httpx.HTTPTransport(trust_env=False), policy, rebinding)
        with httpx.Client(transport=transport, timeout=2) as client:
            assert client.get(f"http://{NAME}:{port}/").status_code == 200
    assert asked == [NAME]


def test_an_address_that_refuses_is_passed_over() -> None:
    with peer(tell_host) as port:
        policy = AddressPolicy(private_hosts=(NAME,))
        with pinned("::1", "127.0.0.1", policy=policy) as client:
            assert client.get(f"http://{NAME}:{port}/").status_code == 200


def test_the_certificate_is_checked_against_the_name(tmp_path: Path) -> None:
    server, trusting = certificates_for(NAME, tmp_path)
    with peer(tell_host, tls=server) as port:
        policy = AddressPolicy(private_hosts=(NAME, "other.service-now.com"))
        with pinned("127.0.0.1", policy=policy, tls=trusting) as client:
            assert client.get(f"https://{NAME}:{port}/").text == f"{NAME}:{port}"
        with (
            pinned("127.0.0.1", policy=policy, tls=trusting) as client,
            pytest.raises(httpx.ConnectError) as raised,
        ):
            client.get(f"https://other.service-now.com:{port}/")
    trouble = network_trouble(raised.value)
    assert (trouble.kind, trouble.sent) == (Trouble.TLS, False)


def test_an_answer_longer_than_the_cap_is_dropped_even_when_packed() -> None:
    def bomb(handler: BaseHTTPRequestHandler) -> None:
        say(handler, gzip.compress(b"0" * 5_000_000), Content_Encoding="gzip")

    with (
        peer(bomb) as port,
        capped(limit=1_000_000) as client,
        pytest.raises(AnswerTooLarge) as raised,
    ):
        client.get(f"http://127.0.0.1:{port}/")
    assert network_trouble(raised.value).kind is Trouble.TOO_LARGE


def test_a_packed_answer_within_the_cap_is_unpacked_once() -> None:
    def packed(handler: BaseHTTPRequestHandler) -> None:
        say(handler, gzip.compress(b'{"result": []}'), Content_Encoding="gzip")

    with peer(packed) as port, capped(limit=1000) as client:
        assert client.get(f"http://127.0.0.1:{port}/").json() == {"result": []}


def test_a_damaged_packed_answer_is_a_lost_one() -> None:
    def damaged(handler: BaseHTTPRequestHandler) -> None:
        say(handler, b"this is not gzip", Content_Encoding="gzip")

    with (
        peer(damaged) as port,
        capped(limit=1000) as client,
        pytest.raises(httpx.RemoteProtocolError) as raised,
    ):
        client.get(f"http://127.0.0.1:{port}/")
    assert network_trouble(raised.value).sent


def test_an_answer_in_drops_ends_at_the_total_time() -> None:
    over = threading.Event()

    def dripping(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        while not over.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    with (
        peer(dripping) as port,
        capped(limit=1000, seconds=0.3) as client,
        pytest.raises(AnswerTooSlow),
    ):
        client.get(f"http://127.0.0.1:{port}/")
    over.set()


def test_the_machines_own_name_has_an_address() -> None:
    assert {"127.0.0.1", "::1"} & set(resolve("localhost", 80))
    with pytest.raises(NameNotResolved):
        resolve("x" * 70 + ".invalid", 443)


def capped(limit: int, seconds: float = 5) -> httpx.Client:
    """A client with nothing but the cap."""
    inner = httpx.HTTPTransport(trust_env=False)
    return httpx.Client(transport=CappedTransport(inner, limit=limit, seconds=seconds), timeout=2)


def certificates_for(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS side for `name`, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))
