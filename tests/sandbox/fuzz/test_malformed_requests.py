"""Nothing that a client may send makes the sandbox stumble: no accidental 500, no lost answer."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from tests.sandbox.fuzz.shots import Gunner, Shot
from tests.sandbox.fuzz.wire import Answer, Line
from tests.sandbox.servicenow.shorthand import by_password, new_incident

from scoredesk.sandbox.microsoft.routes import addresses as microsoft_served
from scoredesk.sandbox.microsoft.state import MicrosoftState
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.routes import addresses as servicenow_served
from scoredesk.sandbox.servicenow.state import Store
from scoredesk.sandbox.shared import Shared

SHOTS = 500
TENANT = "11111111-2222-4333-8444-555555555555"
SERVICENOW_SEEDS = range(10)
MICROSOFT_SEEDS = range(100, 103)
TOKEN_SEEDS = range(200, 202)
ELSEWHERE = [("/api/now/doc/none", ("GET", "POST")), ("/{path}", ("GET", "POST", "DELETE"))]
Addresses = list[tuple[str, tuple[str, ...]]]


def servicenow_addresses() -> Addresses:
    shared = Shared()
    served = servicenow_served(Instance(shared, Store(None)))
    return [(address.path, address.methods) for address in served] + ELSEWHERE


def microsoft_addresses() -> Addresses:
    shared = Shared()
    served = microsoft_served(shared, MicrosoftState(shared))
    return [(address.path, address.methods) for address in served]


def stumbles(answer: Answer | None) -> str:
    """What is wrong with an answer; empty for one that a real service could give too.

    501 is the sandbox's own: it says what it does not simulate.
    """
    if answer is None:
        return "the connection ended without an answer"
    if answer.status >= 500 and not _honest(answer.status, answer.body):
        return f"{answer.status}: {answer.body[:200]!r}"
    if answer.headers.get("content-type", "").startswith("application/json"):
        return "; ".join(_inside(answer.body))
    return ""


def _honest(status: int, body: bytes) -> bool:
    return status == 501 and (b"simulate" in body or not body)  # no body: the answer to a HEAD


def _inside(body: bytes) -> Iterator[str]:
    """What is wrong with the items of a batch."""
    read = json.loads(body or b"{}")
    for item in read.get("serviced_requests", []) if isinstance(read, dict) else []:
        inner = base64.b64decode(item["body"])
        if item["status_code"] >= 500 and not _honest(item["status_code"], inner):
            yield f"in a batch {item['status_code']}: {inner[:200]!r}"


def fire(url: str, gunner: Gunner, authorization: bytes) -> list[str]:
    """What went wrong in a volley of SHOTS."""
    wrong = []
    with Line(url) as line:
        for _ in range(SHOTS):
            shot: Shot = gunner.shot(authorization)
            trouble = stumbles(line.send(shot.raw(), shot.method))
            if trouble:
                wrong.append(f"{trouble} <- {shot}")
    return wrong


def assert_well(admin: httpx.Client) -> None:
    """The instance still does what it is there for."""
    made = new_incident(admin, short_description="Still well", urgency="1")
    read = admin.get(f"/table/incident/{made['sys_id']}").json()["result"]
    assert (read["short_description"], read["priority"]) == ("Still well", "3")
    assert admin.get("/table/incident", params={"sysparm_query": "state=1"}).status_code == 200


@pytest.mark.parametrize("seed", SERVICENOW_SEEDS)
def test_servicenow_answers_every_absurd_request(
    sandbox: RunningSandbox, admin: httpx.Client, seed: int
) -> None:
    admin_signs_in = b"Basic " + base64.b64encode(b"admin:admin")
    wrong = fire(sandbox.servicenow_url, Gunner(seed, servicenow_addresses()), admin_signs_in)
    assert wrong == []
    assert_well(admin)


@pytest.mark.parametrize("seed", TOKEN_SEEDS)
def test_oauth_answers_every_absurd_request(
    sandbox: RunningSandbox, anonymous: httpx.Client, seed: int
) -> None:
    oauth = [(path, methods) for path, methods in servicenow_addresses() if "oauth" in path]
    assert fire(sandbox.servicenow_url, Gunner(seed, oauth), b"Basic eDp5") == []
    assert by_password(anonymous).json()["token_type"] == "Bearer"


@pytest.mark.parametrize("seed", MICROSOFT_SEEDS)
def test_graph_and_entra_answer_every_absurd_request(
    sandbox: RunningSandbox, control: Callable[[str, dict[str, Any]], Any], seed: int
) -> None:
    token = graph_token(sandbox).encode()
    gunner = Gunner(seed, microsoft_addresses())
    assert fire(sandbox.microsoft_url, gunner, b"Bearer " + token) == []
    # So many requests have met the limits of Graph; the next minute's are free again.
    control("clock", {"offset_seconds": 600})
    shown = httpx.get(
        f"{sandbox.microsoft_url}/v1.0/security/secureScores",
        params={"$top": 1},
        headers={"Authorization": f"Bearer {token.decode()}"},
    )
    assert len(shown.json()["value"]) == 1


def graph_token(sandbox: RunningSandbox) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": "scoredesk-graph",
        "client_secret": "sandbox-secret",
        "scope": "https://graph.microsoft.com/.default",
    }
    answer = httpx.post(f"{sandbox.microsoft_url}/{TENANT}/oauth2/v2.0/token", data=form)
    read: dict[str, Any] = answer.json()
    return str(read["access_token"])


def test_there_are_thousands_of_shots() -> None:
    volleys = len(SERVICENOW_SEEDS) + len(MICROSOFT_SEEDS) + len(TOKEN_SEEDS)
    assert volleys * SHOTS >= 5000
