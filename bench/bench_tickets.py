"""Secure Score in, tickets out, changes back: seconds for each on a sandbox without delays."""

from __future__ import annotations

import datetime as dt
import time
import uuid

import httpx
from bench.ground import ground, tell, timed

from scoredesk.sandbox.program import RunningSandbox

TICKETS = 200
ADMIN = ("admin", "admin")


def main() -> None:
    """Prints the figures."""
    with ground() as sandbox:
        # Models can only be imported once Django is set up.
        from tests.tickets.world import Instance, connect

        from scoredesk.accounts.audit import Actor
        from scoredesk.accounts.models import Person, Tenant
        from scoredesk.accounts.sealed import seal
        from scoredesk.posture.models import SecureScoreSource
        from scoredesk.posture.refresh import refresh
        from scoredesk.tickets.delivery import deliver
        from scoredesk.tickets.sharing import Wish, share
        from scoredesk.tickets.tracking import track

        tenant = Tenant.objects.create(
            name="Bench", entra_id="11111111-2222-4333-8444-555555555555"
        )
        person = Person.objects.create_user("bench@bench.example", None)
        actor = Actor(label=person.email, person=person)
        SecureScoreSource.objects.create(
            tenant=tenant,
            directory=tenant.entra_id,
            kind="client_secret",
            client_id="scoredesk-graph",
            sealed_secret=seal("sandbox-secret"),
        )
        with timed("first_refresh_of_secure_score"):
            refresh(tenant)
        with timed("refresh_without_changes"):
            refresh(tenant)
        connection = connect(tenant, Instance(sandbox.servicenow_url))
        for number in range(TICKETS):
            due = dt.date.today() + dt.timedelta(days=30)  # any day will do
            wish = Wish("incident", "user", f"Bench {number}", "Text", 3, due, uuid.uuid4())
            share(connection, wish, actor)
        start = time.perf_counter()
        deliver(connection.pk)
        tell("tickets_delivered", TICKETS / (time.perf_counter() - start), "1/s")
        with timed("track_without_changes"):
            track(connection.pk)
        move(sandbox, 20)
        with timed("track_20_changes_of_200"):
            track(connection.pk)


def move(sandbox: RunningSandbox, count: int) -> None:
    """Somebody takes `count` incidents in hand."""
    with httpx.Client(base_url=sandbox.servicenow_url, auth=ADMIN) as client:
        client.headers["Accept"] = "application/json"
        query = {"sysparm_query": "correlation_idSTARTSWITHscoredesk-", "sysparm_limit": str(count)}
        for record in client.get("/api/now/table/incident", params=query).json()["result"]:
            client.patch(f"/api/now/table/incident/{record['sys_id']}", json={"state": "2"})


if __name__ == "__main__":
    main()
