"""An instance that does not keep to the query: terms that it does not know are dropped without a
word (servicenow-api 3.4). A small web server stands in for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from tests.common.peer import peer, say
from tests.tickets.world import Instance, Time

from scoredesk.connections.models import Connection, Watermark
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Delivery, Ticket
from scoredesk.tickets.tracking import track

pytestmark = pytest.mark.django_db
Share = Callable[..., Ticket]
STRANGER = {
    "sys_id": "f" * 32,
    "correlation_id": "",
    "sys_updated_on": "2027-01-01 00:00:00",
    "sys_mod_count": "9",
    "state": "2",
}


@contextmanager
def answering(settings: Any, *records: dict[str, str], for_ever: bool = False) -> Iterator[None]:
    """All connections lead to an instance that answers any query with these records, then with
    none (or `for_ever` with the same)."""
    pages = [list(records)]

    def answer(handler: BaseHTTPRequestHandler) -> None:
        page = (pages[0] if for_ever else pages.pop()) if pages else []
        body = json.dumps({"result": page}).encode()
        say(handler, body, Content_Type="application/json")

    with peer(answer) as port:
        settings.PRIVATE_INSTANCE_HOSTS = [f"127.0.0.1:{port}"]
        Connection.objects.update(address=f"http://127.0.0.1:{port}")
        yield


def ours(ticket: Ticket, sys_id: str, updated_on: str) -> dict[str, str]:
    own = {"sys_id": sys_id, "correlation_id": ticket.correlation_id, "sys_updated_on": updated_on}
    return {**STRANGER, **own}


def refused(connection: Connection) -> bool:
    connection.refresh_from_db()
    return connection.reason == "servicenow.query_refused" and not Watermark.objects.exists()


def test_records_of_others_are_not_ours_although_the_instance_returns_them(
    connection: Connection, share_one: Share, settings: Any
) -> None:
    ticket = share_one()
    with answering(settings, STRANGER):
        track(connection.pk)
    ticket.refresh_from_db()
    assert ticket.sys_id == ""
    assert refused(connection)


def test_an_answer_out_of_order_moves_no_watermark(
    connection: Connection, share_one: Share, settings: Any
) -> None:
    first = ours(share_one(), "1" * 32, "2027-01-02 00:00:00")
    second = ours(share_one(), "2" * 32, "2027-01-01 00:00:00")
    with answering(settings, first, second):
        track(connection.pk)
    assert refused(connection)


def test_an_answer_without_dates_moves_no_watermark(
    connection: Connection, share_one: Share, settings: Any
) -> None:
    with answering(settings, ours(share_one(), "1" * 32, "")):
        track(connection.pk)
    assert refused(connection)


def test_an_instance_that_gives_the_same_page_for_ever_is_left(
    connection: Connection, share_one: Share, settings: Any
) -> None:
    same = ours(share_one(), "1" * 32, "2027-01-01 00:00:00")
    with answering(settings, same, for_ever=True):
        track(connection.pk)
    assert refused(connection)


def test_a_look_up_that_returns_a_record_of_others_adopts_nothing(
    instance: Instance, connection: Connection, share_one: Share, time: Time, settings: Any
) -> None:
    instance.fault("lost_reply", method="POST", path="incident")
    ticket = share_one()
    deliver(connection.pk, now=time)
    time.pass_by(seconds=3)
    with answering(settings, STRANGER):
        deliver(connection.pk, now=time)
    ticket.refresh_from_db()
    assert (ticket.delivery, ticket.sys_id) == (Delivery.UNCERTAIN, "")


def test_a_copied_record_with_our_correlation_id_does_not_take_the_tickets_place(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    ticket = share_one()
    deliver(connection.pk)
    ticket.refresh_from_db()
    copy = instance.create("incident", correlation_id=ticket.correlation_id)
    instance.change("incident", copy["sys_id"], short_description="A copy")
    track(connection.pk)
    before = ticket.sys_id
    ticket.refresh_from_db()
    assert (ticket.sys_id, ticket.remote_name) == (before, "Turn on the policy")


def test_records_that_we_did_not_make_are_not_even_asked_for(
    instance: Instance, connection: Connection, share_one: Share
) -> None:
    instance.create("incident", short_description="Somebody else's", correlation_id="other-1")
    ticket = share_one()
    deliver(connection.pk)
    track(connection.pk)
    connection.refresh_from_db()
    assert connection.reason == ""
    assert Ticket.objects.get().sys_id == Ticket.objects.get(pk=ticket.pk).sys_id != ""
    queries = [entry["query"] for entry in instance.requests("GET")]
    assert all("correlation_idSTARTSWITH" in query for query in queries)
