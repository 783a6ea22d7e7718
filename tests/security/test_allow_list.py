"""Whom the portal may call is asked before and after DNS, for every request, whoever makes it.

The name server and the route are the only make-believe: a name of ServiceNow's own domain leads to
the sandbox over a "public" address, through all of the portal's own layers.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from tests.connections.browserless import requests_of, told
from tests.connections.conftest import connected, waiting

from scoredesk.accounts.audit import Actor
from scoredesk.common import http
from scoredesk.common.addresses import AddressError
from scoredesk.common.clock import now
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import checks, states, tokens
from scoredesk.connections.instance import application, wire
from scoredesk.connections.models import Connection
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.servicenow import Query, probe

__all__ = ["connected", "waiting"]  # fixtures of the neighbour

NAME = "acme.service-now.com"
PUBLIC, PRIVATE = "151.101.1.1", "10.0.0.5"
JOB = Actor.job("test")


def _read(row: Connection) -> object:
    with tokens.client_for(row, insist=True) as client:
        return client.list("incident", Query(), ["sys_id"], limit=1)


def _revoke(row: Connection) -> object:
    application(row).revoke("a-token-that-nobody-has")
    return None


CALLS: dict[str, Callable[[Connection], object]] = {
    "look from outside": lambda row: probe(row.address, wire()),
    "exchange of a code": lambda row: application(row).exchange("code", "v" * 64),
    "renewal": lambda row: application(row).refresh("refresh-token"),
    "client credentials": lambda row: application(row).client_credentials(),
    "revocation": _revoke,
    "records": _read,
    "who am I": checks.verify_identity,
    "state names": lambda row: states.take_up(row, actor=JOB),
}
EVERY_CALL = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@dataclass
class World:
    """What the name server answers, one answer a question, the last one for ever; and who came."""

    answers: list[list[str]]
    sandbox: str
    arrived: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int, **_more: Any) -> list[tuple[Any, ...]]:
        assert host == NAME
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    def carry(self, request: httpx.Request) -> httpx.Response:
        """Brings a request that was let out to the sandbox."""
        self.arrived.append(request.url.host)
        headers = {"accept": "application/json"}
        headers |= {
            name: request.headers[name]
            for name in ("authorization", "content-type")
            if name in request.headers
        }
        target = f"{self.sandbox}{request.url.raw_path.decode()}"
        answer = httpx.request(request.method, target, headers=headers, content=request.read())
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture
def world(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> World:
    """A public name server and a route to the sandbox."""
    made = World([[PUBLIC]], sandbox.servicenow_url)
    real = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        return made.resolve(host, port) if host == NAME else real(host, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(http, "_sockets", lambda: httpx.MockTransport(made.carry))
    return made


@pytest.fixture
def acme(connected: Connection, world: World, settings: pytest.FixtureRequest) -> Connection:
    """The connection under a name of ServiceNow's own domain; nothing is exempt any more."""
    settings.INSTANCE_HOSTS = ["*.service-now.com"]  # type: ignore[attr-defined]  # pytest-django's settings
    settings.PRIVATE_INSTANCE_HOSTS = []  # type: ignore[attr-defined]  # as above
    Connection.objects.update(address=f"https://{NAME}")
    connected.refresh_from_db()
    return connected


def code_of(call: Callable[[Connection], object], row: Connection) -> str:
    """The code of the error that a call ends with; "" for none."""
    try:
        call(row)
    except ScoredeskError as error:
        return error.code
    return ""


@EVERY_CALL
def test_a_public_address_is_called(
    acme: Connection, world: World, call: Callable[[Connection], object]
) -> None:
    assert not code_of(call, acme).startswith("address.")
    assert set(world.arrived) == {PUBLIC}


@EVERY_CALL
def test_address_private_before_anything_leaves(
    acme: Connection, world: World, call: Callable[[Connection], object]
) -> None:
    world.answers = [[PRIVATE]]
    assert code_of(call, acme) == "address.private"
    assert world.arrived == []


@EVERY_CALL
def test_one_private_address_among_public_ones_is_enough(
    acme: Connection, world: World, call: Callable[[Connection], object]
) -> None:
    world.answers = [[PUBLIC, PRIVATE]]
    assert code_of(call, acme) == "address.private"
    assert world.arrived == []


@EVERY_CALL
def test_a_name_that_turns_private_after_a_call_gets_nothing_more(
    acme: Connection, world: World, call: Callable[[Connection], object]
) -> None:
    assert code_of(CALLS["look from outside"], acme) == ""
    world.answers = [[PRIVATE]]
    before = len(world.arrived)
    assert code_of(call, acme) == "address.private"
    assert len(world.arrived) == before


@EVERY_CALL
def test_address_host_not_allowed_once_the_operator_took_it_off_the_list(
    acme: Connection,
    world: World,
    settings: pytest.FixtureRequest,
    call: Callable[[Connection], object],
) -> None:
    settings.INSTANCE_HOSTS = ["*.example.org"]  # type: ignore[attr-defined]  # pytest-django's settings
    assert code_of(call, acme) == "address.host_not_allowed"
    assert world.arrived == []


def test_a_check_says_so_and_asks_nothing_else(acme: Connection, world: World) -> None:
    world.answers = [[PRIVATE]]
    found = checks.run(acme, actor=JOB, now=now())
    assert "address.private" in {finding.code for finding in found}
    assert world.arrived == []


@EVERY_CALL
def test_a_redirect_to_another_host_is_not_followed(
    sandbox: RunningSandbox, connected: Connection, call: Callable[[Connection], object]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        host = f"127.0.0.1:{elsewhere.getsockname()[1]}"
        told(sandbox, "faults", kind="sso_redirect", times=None, host=host)
        assert code_of(call, connected)
        elsewhere.setblocking(False)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()
    assert requests_of(sandbox, "/")


def test_a_link_of_the_instance_to_another_host_gets_no_token() -> None:
    policy = http.AddressPolicy(allowed_hosts=("*.service-now.com",))
    seen: list[httpx.Request] = []
    transport = httpx.MockTransport(lambda request: seen.append(request) or httpx.Response(200))
    with (
        http.build_client(f"https://{NAME}", http.Wire(policy, transport=transport)) as client,
        pytest.raises(AddressError),
    ):
        client.get("https://other.service-now.com/api")
    assert seen == []
