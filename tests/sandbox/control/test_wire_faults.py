"""Faults on the wire: what a client sees, and whether the record was stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

Control = Callable[[str, dict[str, Any]], Any]
CREATE = {"method": "POST", "path": "table/incident"}


def found(client: httpx.Client) -> int:
    params = {"sysparm_query": "correlation_id=key"}
    return len(client.get("/table/incident", params=params).json()["result"])


def create(client: httpx.Client, **other: Any) -> httpx.Response:
    return client.post("/table/incident", json={"correlation_id": "key"}, **other)


def drain(answer: httpx.Response, received: bytearray) -> None:
    """Everything that arrives, also if it breaks off."""
    for piece in answer.iter_raw():
        received += piece


def test_a_reset_connection_leaves_nothing(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "reset", "match": CREATE})
    with pytest.raises(httpx.ReadError):
        create(integration)
    assert found(integration) == 0


def test_a_reset_after_the_record_was_stored_leaves_it(
    integration: httpx.Client, control: Control
) -> None:
    control("faults", {"kind": "reset_after", "match": CREATE})
    with pytest.raises(httpx.ReadError):
        create(integration)
    assert found(integration) == 1


def test_a_lost_reply_leaves_the_record(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "lost_reply", "match": CREATE})
    with pytest.raises(httpx.RemoteProtocolError):
        create(integration)
    assert found(integration) == 1
    assert create(integration).status_code == 201


def test_a_time_out_leaves_nothing(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "timeout", "match": CREATE, "delay": 20})
    with pytest.raises(httpx.ReadTimeout):
        create(integration, timeout=0.3)
    assert found(integration) == 0


def test_a_slow_answer_is_a_right_answer(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "slow", "match": CREATE, "delay": 0.3})
    answer = create(integration)
    assert answer.status_code == 201
    assert answer.elapsed.total_seconds() >= 0.3


def test_half_a_body_breaks_off(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "half_body", "match": CREATE})
    received = bytearray()
    url, plain = integration.base_url.join("table/incident"), {"Accept-Encoding": "identity"}
    sent = {"correlation_id": "key"}
    with integration.stream("POST", url, json=sent, headers=plain) as answer:
        assert answer.status_code == 201
        with pytest.raises(httpx.RemoteProtocolError):
            drain(answer, received)
    assert received.startswith(b'{"result":{')
    assert found(integration) == 1


def test_a_dripping_answer_comes_in_pieces(integration: httpx.Client, control: Control) -> None:
    control("faults", {"kind": "slow_drip", "match": CREATE, "bytes": 1000, "delay": 0.05})
    answer = create(integration, headers={"Accept-Encoding": "identity"})
    pauses = (len(answer.content) - 1) // 1000
    assert pauses >= 1
    assert answer.elapsed.total_seconds() >= 0.05 * pauses
    assert answer.json()["result"]["correlation_id"] == "key"


def test_a_stored_record_may_be_answered_with_500(
    integration: httpx.Client, control: Control
) -> None:
    control("faults", {"kind": "stored_error", "match": CREATE})
    assert create(integration).status_code == 500
    assert found(integration) == 1


def test_a_refusing_port_lets_nobody_in_and_the_other_port_ends_it(
    sandbox: Any, integration: httpx.Client
) -> None:
    room = f"{sandbox.microsoft_url}/_sandbox/faults"
    planned = {"kind": "refuse", "service": "servicenow", "seconds": 60}
    number = httpx.post(room, json=planned).json()["number"]
    for _ in range(2):
        with pytest.raises(httpx.ConnectError):
            create(integration)
    httpx.delete(f"{room}/{number}").raise_for_status()
    assert create(integration).status_code == 201


def test_a_refusing_port_opens_again_by_itself(sandbox: Any, integration: httpx.Client) -> None:
    room = f"{sandbox.servicenow_url}/_sandbox/faults"
    assert httpx.post(room, json={"kind": "refuse", "seconds": 0.2}).json()["kind"] == "refuse"
    with pytest.raises(httpx.ConnectError):
        create(integration)
    patient = httpx.Client(
        transport=httpx.HTTPTransport(retries=6), auth=("admin", "admin"), timeout=10
    )
    answer = patient.get(f"{sandbox.servicenow_url}/api/now/table/incident")
    assert answer.status_code == 200


def test_a_refusing_port_drops_connections_that_are_open(
    sandbox: Any, integration: httpx.Client
) -> None:
    assert found(integration) == 0
    room = f"{sandbox.microsoft_url}/_sandbox/faults"
    httpx.post(room, json={"kind": "refuse", "service": "servicenow"}).raise_for_status()
    with pytest.raises(httpx.ConnectError):
        found(integration)
    sandbox.reset()
    assert found(integration) == 0
