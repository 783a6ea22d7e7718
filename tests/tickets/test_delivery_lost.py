"""Lost answers and crashes: whatever happens on the way, one record is created."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings as django_settings
from django.db import connections as databases
from tests.tickets.world import Instance, Time, events

from scoredesk.connections.models import Connection
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Delivery, Outgoing, Ticket
from scoredesk.tickets.plan import SETTLED_AFTER
from scoredesk.tickets.tracking import track
from scoredesk.tickets.turns import turn

Share = Callable[..., Ticket]
CRASHING = Path(__file__).with_name("crashing.py")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["lost_reply", "broken_json", "gateway_timeout", "server_error"])
def test_a_lost_answer_is_looked_up_before_sending_again(
    kind: str, instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    instance.fault(kind, method="POST", path="incident")
    ticket = share_one()
    later = deliver(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.UNCERTAIN
    assert later is not None
    arrived = bool(instance.records("incident"))
    time.pass_by(seconds=3)
    deliver(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.delivery == (Delivery.DELIVERED if arrived else Delivery.UNCERTAIN)
    time.pass_by(seconds=SETTLED_AFTER.total_seconds())
    deliver(connection.pk, now=time)
    deliver(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED
    assert len(instance.records("incident")) == 1
    assert events(ticket) == ["shared", "adopted" if arrived else "delivered"]


@pytest.mark.django_db
def test_an_answer_that_never_comes_ends_in_doubt_not_in_a_second_record(
    instance: Instance,
    connection: Connection,
    share_one: Share,
    time: Time,
    settings: Any,
) -> None:
    settings.HTTP_TIMEOUT_SECONDS = 0.5
    instance.fault("lost_reply", method="POST", path="incident", delay=2)
    ticket = share_one()
    deliver(connection.pk, now=time)
    assert Outgoing.objects.get().error_code == "servicenow.lost_answer"
    settings.HTTP_TIMEOUT_SECONDS = 5
    time.pass_by(seconds=3)
    deliver(connection.pk, now=time)
    assert events(ticket) == ["shared", "adopted"]
    assert len(instance.records("incident")) == 1


@pytest.mark.django_db
def test_a_look_up_that_fails_concludes_nothing(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    instance.fault("lost_reply", method="POST", path="incident")
    ticket = share_one()
    deliver(connection.pk, now=time)
    instance.switch(unreadable_fields={"incident": ["correlation_id"]})
    time.pass_by(hours=1)
    deliver(connection.pk, now=time)
    time.pass_by(hours=1)
    deliver(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.UNCERTAIN
    instance.switch(unreadable_fields={})
    time.pass_by(hours=1)
    deliver(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED
    assert len(instance.records("incident")) == 1


@pytest.mark.django_db
def test_tracking_adopts_a_record_whose_answer_was_lost(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    instance.fault("lost_reply", method="POST", path="incident")
    ticket = share_one()
    deliver(connection.pk, now=time)
    time.pass_by(seconds=2)
    track(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED
    assert ticket.number == instance.records("incident")[0]["number"]
    time.pass_by(hours=1)
    assert deliver(connection.pk, now=time) is None
    assert len(instance.records("incident")) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("place", "records"), [("sending committed", 0), ("request sent", 1), ("answer received", 1)]
)
def test_a_process_killed_on_the_way_leaves_one_record_after_the_next_run(
    place: str,
    records: int,
    instance: Instance,
    connection: Connection,
    share_one: Share,
    time: Time,
) -> None:
    ticket = share_one()
    killed = run_crashing(connection, place)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert len(instance.records("incident")) == records
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.SENDING
    for _ in range(3):
        deliver(connection.pk, now=time)
        time.pass_by(seconds=SETTLED_AFTER.total_seconds())
    ticket.refresh_from_db()
    assert ticket.delivery == Delivery.DELIVERED
    assert len(instance.records("incident")) == 1


def run_crashing(connection: Connection, place: str) -> subprocess.CompletedProcess[bytes]:
    """Delivers in a process of its own that kills itself at `place`."""
    host = httpx.URL(connection.address).netloc.decode()
    environment = {
        **os.environ,
        "CRASH_AT": place,
        "DATABASE_URL": database_url(),
        "SCOREDESK_ENCRYPTION_KEYS": ",".join(django_settings.ENCRYPTION_KEYS),
        "SCOREDESK_PRIVATE_INSTANCE_HOSTS": host,
    }
    command = [sys.executable, str(CRASHING), str(connection.pk)]
    return subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)


def database_url() -> str:
    """The address of this test's own database, for another process."""
    place = {key: quote(str(value)) for key, value in databases["default"].settings_dict.items()}
    socket = place["HOST"].startswith("/")
    server = "" if socket else f"{place['HOST']}:{place['PORT'] or 5432}"
    user = f"{place['USER']}:{place['PASSWORD']}" if place["PASSWORD"] else place["USER"]
    return f"postgresql://{user}@{server}/{place['NAME']}" + f"?host={place['HOST']}" * socket


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_another_session_works_on_is_left_alone(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    share_one()
    other = databases["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [0x5C0DE, connection.pk])
        later = deliver(connection.pk, now=time)
    finally:
        other.close()
    assert later is not None
    assert later > time() + dt.timedelta(seconds=1)
    assert instance.records("incident") == []
    with turn(connection.pk) as mine:
        assert mine


def test_tracking_that_finds_a_lost_record_claims_no_difference_in_what_it_does_not_read(
    instance: Instance, connection: Connection, share_one: Share, time: Time
) -> None:
    ticket = share_one()
    instance.fault("lost_reply", method="POST", path="/table/incident")
    deliver(connection.pk, now=time)
    time.pass_by(seconds=2)
    track(connection.pk, now=time)
    ticket.refresh_from_db()
    assert ticket.number.startswith("INC")
    assert events(ticket) == ["shared", "adopted"]
