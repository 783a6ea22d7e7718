"""A delivery that kills its own process at the place named by CRASH_AT. For one test only."""

from __future__ import annotations

import os
import signal
import sys

import django

django.setup()

# ruff: noqa: E402  # Django must be set up before its models are imported
from scoredesk.servicenow import Record, ServiceNow
from scoredesk.tickets.delivery import deliver

PLACE = os.environ["CRASH_AT"]
real_insert = ServiceNow.insert


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def insert(client: ServiceNow, table: str, values: dict[str, str]) -> Record:
    """`ServiceNow.insert`, with an end at the place."""
    if PLACE == "sending committed":
        die()
    if PLACE == "request sent":
        client._client.event_hooks = {"response": [lambda _answer: die()]}
    record = real_insert(client, table, values)
    if PLACE == "answer received":
        die()
    return record


ServiceNow.insert = insert  # type: ignore[method-assign]  # the crash needs its place
deliver(int(sys.argv[1]))
