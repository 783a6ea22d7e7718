"""pysnc with many records: its Batch API, changes and deletions of whole queries."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from pysnc import ServiceNowClient, exceptions
from tests.sandbox.strangers.pysnc_shorthand import INTEGRATION, connect, made

Control = Callable[[str, dict[str, Any]], Any]


@pytest.fixture
def client(host: str) -> ServiceNowClient:
    return connect(host)


class Answers(list[requests.Response | None]):
    """A hook of the Batch API that keeps what it is called with."""

    def __call__(self, answer: requests.Response | None) -> None:
        self.append(answer)

    def __bool__(self) -> bool:
        """pysnc takes a hook that counts as false for none at all."""
        return True

    def statuses(self) -> list[int | None]:
        return [answer.status_code if answer is not None else None for answer in self]


def queue_inserts(client: ServiceNowClient, count: int, answers: Answers) -> None:
    for place in range(count):
        record = client.GlideRecord("incident")
        record.initialize()
        record.short_description = f"Batch {place}"
        client.batch_api.post(record, answers)


def rows(client: ServiceNowClient, query: str = "short_descriptionSTARTSWITHBatch") -> int:
    found = client.GlideRecord("incident")
    found.add_encoded_query(query)
    found.query()
    return len(found)


def test_three_hundred_inserts_in_one_batch(client: ServiceNowClient) -> None:
    answers = Answers()
    queue_inserts(client, 300, answers)
    client.batch_api.execute()
    assert answers.statuses() == [201] * 300
    numbers = {answer.json()["result"]["number"]["value"] for answer in answers if answer}
    assert len(numbers) == rows(client) == 300


def test_every_kind_of_request_goes_in_a_batch(client: ServiceNowClient) -> None:
    incident, gone = made(client), made(client)
    answers = Answers()
    incident.short_description = "Changed in a batch"
    client.batch_api.get(client.GlideRecord("incident"), incident.sys_id, answers)
    client.batch_api.patch(incident, answers)
    client.batch_api.delete(gone, answers)
    client.batch_api.list(client.GlideRecord("incident"), answers)
    client.batch_api.get(client.GlideRecord("incident"), "bunk", answers)
    client.batch_api.execute()
    assert answers.statuses() == [200, 200, 204, 200, 404]
    assert answers[1] is not None
    assert answers[1].json()["result"]["short_description"]["value"] == "Changed in a batch"
    assert answers[3] is not None
    assert answers[3].headers["X-Total-Count"] == "1"


def test_what_is_not_serviced_is_sent_again(client: ServiceNowClient, control: Control) -> None:
    control("switches", {"batch_output_limit": 15_000})
    answers = Answers()
    queue_inserts(client, 6, answers)
    client.batch_api.execute()
    assert answers.statuses() == [201] * 6
    assert rows(client) == 6


def test_a_very_long_query_goes_by_batch(client: ServiceNowClient) -> None:
    wanted = made(client)
    incidents = client.GlideRecord("incident")
    for _ in range(2300):
        incidents.add_query("AAAA", "BBBB")
    incidents.add_query("sys_id", wanted.sys_id)
    assert len(incidents.get_encoded_query()) > 23_000
    incidents.query()
    assert len(incidents) == 1
    assert incidents.next()
    assert incidents.sys_id == wanted.sys_id


def test_update_multiple_sends_only_what_changed(client: ServiceNowClient) -> None:
    answers = Answers()
    queue_inserts(client, 10, answers)
    client.batch_api.execute()
    records = client.GlideRecord("incident")
    records.order_by("number")
    records.query()
    expected = []
    for place, record in enumerate(records):
        if place % 2 == 0:
            record.short_description = f"{record.short_description} even"
            expected.append(record.get_value("sys_id"))
    changed = Answers()
    assert records.update_multiple(changed)
    assert [a.json()["result"]["sys_id"]["value"] for a in changed if a] == expected
    assert rows(client, "short_descriptionENDSWITHeven") == 5


def test_update_multiple_says_when_one_was_refused(
    client: ServiceNowClient, control: Control
) -> None:
    for place in range(4):
        made(client, short_description=f"Batch {place}")
    records = client.GlideRecord("incident")
    records.order_by("number")
    records.query()
    for place, record in enumerate(records):
        if place < 2:
            record.short_description = f"Batch {place} appended"
        else:
            record.state = "6"
    assert not records.update_multiple()
    assert rows(client, "short_descriptionENDSWITHappended") == 2
    assert rows(client, "state=6") == 0


def test_delete_multiple_empties_a_query(client: ServiceNowClient) -> None:
    kept = made(client, short_description="Kept")
    for place in range(5):
        made(client, short_description=f"Batch {place}")
    records = client.GlideRecord("incident")
    records.add_query("short_description", "LIKE", "Batch")
    assert records.delete_multiple()
    assert rows(client) == 0
    assert client.GlideRecord("incident").get(kept.sys_id)


def test_delete_multiple_says_when_it_may_not(client: ServiceNowClient, host: str) -> None:
    made(client, short_description="Batch")
    records = connect(host, INTEGRATION).GlideRecord("incident")
    records.add_query("short_description", "Batch")
    assert not records.delete_multiple()
    assert rows(client) == 1


def test_eight_threads_share_one_session(client: ServiceNowClient) -> None:
    """Requests' cookie jar and kept connections serve all threads; nothing gets lost."""

    def insert(place: int) -> str:
        return str(made(client, short_description=f"Batch {place}").number)

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(insert, range(80)))
    assert len(set(numbers)) == rows(client) == 80


def test_five_thousand_rows_come_page_by_page(client: ServiceNowClient, control: Control) -> None:
    control("seed", {"table": "incident", "count": 5000})
    incidents = client.GlideRecord("incident", batch_size=1000)
    incidents.fields = "sys_id,number"
    incidents.query()
    numbers = {str(row.number) for row in incidents}
    assert len(numbers) == len(incidents) == 5000


def test_a_batch_as_nobody_is_refused(host: str) -> None:
    stranger = connect(host, ("admin", "guessed"))
    stranger.batch_api.list(stranger.GlideRecord("incident"), Answers())
    with pytest.raises(exceptions.AuthenticationException):
        stranger.batch_api.execute()
