"""Bytes that are no HTTP at all: refused or hung up on, and never the end of the sandbox."""

from __future__ import annotations

import random
import socket
from urllib.parse import urlsplit

import httpx
import pytest
from tests.sandbox.fuzz.absurd import SYS_ID
from tests.sandbox.fuzz.shots import ADMIN
from tests.sandbox.fuzz.test_malformed_requests import assert_well
from tests.sandbox.servicenow.shorthand import new_incident

from scoredesk.sandbox.program import RunningSandbox

MUTANTS = 200
PATIENCE = 10
AUTH = b"Host: x\r\nAccept: application/json\r\nAuthorization: " + ADMIN + b"\r\n"
JSON = AUTH + b"Content-Type: application/json\r\n"
GET = b"GET /api/now/table/incident?sysparm_limit=1 HTTP/1.1\r\n" + AUTH + b"\r\n"
POST = b"POST /api/now/table/incident HTTP/1.1\r\n" + JSON + b"Content-Length: 2\r\n\r\n{}"
CHUNKED = (
    b"POST /api/now/table/incident HTTP/1.1\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
)
BROKEN = {
    "an unknown version": GET.replace(b"HTTP/1.1", b"HTTP/9.9"),
    "no version": b"GET /api/now/table/incident\r\n\r\n",
    "no target": b"GET HTTP/1.1\r\nHost: x\r\n\r\n",
    "a method that is no word": GET.replace(b"GET", b"G@T\x01"),
    "bytes beyond ASCII in the target": GET.replace(b"incident", b"\xff\xfe"),
    "a space in the target": GET.replace(b"incident", b"inci dent"),
    "NUL in the target": GET.replace(b"incident", b"\0"),
    "NUL in a header": GET.replace(b"Accept: a", b"Accept: \0a"),
    "a header without a colon": GET.replace(b"Accept:", b"Accept"),
    "a header name with a space": GET.replace(b"Accept:", b"Acc ept:"),
    "a folded header": GET.replace(b"Accept: ", b"Accept:\r\n "),
    "no Host": GET.replace(b"Host: x\r\n", b""),
    "two Hosts": GET.replace(b"Host: x", b"Host: x\r\nHost: y"),
    "a header of 80 kB": GET.replace(b"Host: x", b"Host: x\r\nX: " + b"y" * 80_000),
    "a target of 80 kB": GET.replace(b"incident?", b"incident?" + b"y" * 80_000),
    "ten thousand headers": GET.replace(b"Host: x", b"Host: x" + b"\r\nX: y" * 10_000),
    "a length that is no number": POST.replace(b"Length: 2", b"Length: two"),
    "a negative length": POST.replace(b"Length: 2", b"Length: -2"),
    "a length beyond all": POST.replace(b"Length: 2", b"Length: " + b"9" * 40),
    "two lengths": POST.replace(b"Length: 2", b"Length: 2\r\nContent-Length: 3"),
    "a body that ends too soon": POST.replace(b"Length: 2", b"Length: 2000"),
    "a length and chunks": POST.replace(b"Length: 2", b"Length: 2\r\nTransfer-Encoding: chunked"),
    "an unknown transfer coding": CHUNKED.replace(b"chunked", b"magic") + b"{}",
    "a chunk size that is no number": CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
    "a chunk shorter than it says": CHUNKED + b"9\r\n{}\r\n0\r\n\r\n",
    "a chunk size beyond all": CHUNKED + b"f" * 40 + b"\r\n{}\r\n0\r\n\r\n",
    "chunks that do not end": CHUNKED + b"2\r\n{}\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x7f" * 500,
    "nothing but line ends": b"\r\n" * 500,
    "nothing": b"",
    "noise": bytes(range(256)) * 20,
}

# h11 forgives these, and so do other servers.
FORGIVEN = {
    "an unknown version", "a folded header", "a header of 80 kB", "ten thousand headers"
}  # fmt: skip


def status_of(url: str, raw: bytes) -> int | None:
    """The status that such bytes are answered with; None when the sandbox just hangs up."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname or "", address.port or 0), PATIENCE) as line:
        try:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            head = line.recv(64)
        except ConnectionError:
            return None
        return int(head[9:12]) if head.startswith(b"HTTP/1.1 ") else None


@pytest.mark.parametrize("name", BROKEN)
def test_broken_http_is_refused(sandbox: RunningSandbox, admin: httpx.Client, name: str) -> None:
    forgiven = {200} if name in FORGIVEN else set()
    assert status_of(sandbox.servicenow_url, BROKEN[name]) in {None, 400, 404, 414, 431, *forgiven}
    assert status_of(sandbox.microsoft_url, BROKEN[name]) in {None, 400, 404, 431, 501}
    assert_well(admin)


@pytest.mark.parametrize("seed", range(3))
def test_requests_with_random_bytes_changed(
    sandbox: RunningSandbox, admin: httpx.Client, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 # a seed, not a secret
    for _ in range(MUTANTS):
        raw = bytearray(chance.choice((GET, POST, CHUNKED + b"2\r\n{}\r\n0\r\n\r\n")))
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(raw))
            change = chance.choice(
                (b"", b"\r", b"\n", b"\0", b"\xff", b" ", b":", b"%", b"\r\n\r\n")
            )
            raw[place : place + chance.randint(0, 3)] = change
        status = status_of(sandbox.servicenow_url, bytes(raw))
        assert status is None or status < 500 or status == 501, bytes(raw)
    assert_well(admin)


def test_two_requests_in_one_packet_get_two_answers(sandbox: RunningSandbox) -> None:
    address = urlsplit(sandbox.servicenow_url)
    last = GET.replace(b"Host: x", b"Host: x\r\nConnection: close")
    with socket.create_connection((address.hostname or "", address.port or 0), PATIENCE) as line:
        line.sendall(GET + last)
        answered = b""
        while part := line.recv(65_536):
            answered += part
    assert answered.count(b"HTTP/1.1 200 OK") == 2


def test_a_body_in_chunks_is_read(sandbox: RunningSandbox, admin: httpx.Client) -> None:
    answer = admin.post(
        "/table/incident",
        content=iter((b'{"short_desc', b'ription":"In chunks"}')),
        headers={"Content-Type": "application/json"},
    )
    assert answer.request.headers["Transfer-Encoding"] == "chunked"
    assert answer.json()["result"]["short_description"] == "In chunks"


def test_an_eight_kilobyte_query_is_read(sandbox: RunningSandbox, admin: httpx.Client) -> None:
    query = "^".join([f"short_description!={'x' * 90}"] * 75)
    answer = admin.get("/table/incident", params={"sysparm_query": query})
    assert len(str(answer.request.url)) > 8000
    assert answer.json() == {"result": []}


def test_a_slash_at_the_end_counts_for_nothing(admin: httpx.Client) -> None:
    made = new_incident(admin, impact=1.0)
    listed = admin.get("/table/incident/", params={"sysparm_fields": "sys_id,impact"})
    assert listed.json() == {"result": [{"sys_id": made["sys_id"], "impact": "1"}]}
    assert admin.get(f"/table/incident/{made['sys_id']}/").json()["result"] == made


def test_the_administrator_has_the_sys_id_of_every_instance(admin: httpx.Client) -> None:
    answer = admin.get(f"/table/sys_user/{SYS_ID}", params={"sysparm_fields": "user_name"})
    assert answer.json() == {"result": {"user_name": "admin"}}
