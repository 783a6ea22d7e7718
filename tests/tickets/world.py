"""What tests of this room share: the instance's levers, virtual time, a wish, a connection."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from scoredesk.accounts.models import Tenant
from scoredesk.accounts.sealed import seal
from scoredesk.common import clock
from scoredesk.connections.models import Connection, Status
from scoredesk.sandbox.servicenow.seed import CLIENT_ID, CLIENT_SECRET
from scoredesk.tickets.models import Source, Ticket
from scoredesk.tickets.sharing import Wish


@dataclass
class Instance:
    """The sandbox's ServiceNow, as its administrator and through its control room."""

    url: str
    _admin: tuple[str, str] = ("admin", "admin")

    def fault(self, kind: str, *, method: str = "", path: str = "", **more: Any) -> None:
        asked = {"kind": kind, "match": {"method": method, "path": path}, **more}
        httpx.post(f"{self.url}/_sandbox/faults", json=asked).raise_for_status()

    def mend(self) -> None:
        httpx.delete(f"{self.url}/_sandbox/faults").raise_for_status()

    def switch(self, **values: Any) -> None:
        httpx.post(f"{self.url}/_sandbox/switches", json=values).raise_for_status()

    def requests(self, method: str = "") -> list[dict[str, Any]]:
        answer = httpx.get(f"{self.url}/_sandbox/requests", params={"service": "servicenow"})
        # The administrator's own requests come with Basic and are no business of the portal.
        ours = [entry for entry in answer.json()["requests"] if entry["user"] != "admin"]
        return [entry for entry in ours if method in {"", entry["method"]}]

    def records(self, table: str) -> list[dict[str, str]]:
        """Every record of a table that carries a correlation id."""
        query = {
            "sysparm_query": "correlation_idISNOTEMPTY",
            "sysparm_exclude_reference_link": "true",
        }
        found: list[dict[str, str]] = self._call("GET", table, params=query)["result"]
        return found

    def change(self, table: str, sys_id: str, **values: str) -> dict[str, str]:
        """What a person does in ServiceNow's own pages."""
        record: dict[str, str] = self._call("PATCH", f"{table}/{sys_id}", json=values)["result"]
        return record

    def create(self, table: str, **values: str) -> dict[str, str]:
        record: dict[str, str] = self._call("POST", table, json=values)["result"]
        return record

    def delete(self, table: str, sys_id: str) -> None:
        url = f"{self.url}/api/now/table/{table}/{sys_id}"
        httpx.delete(
            url, auth=self._admin, headers={"Accept": "application/json"}
        ).raise_for_status()

    def _call(self, method: str, path: str, **more: Any) -> Any:
        url = f"{self.url}/api/now/table/{path}"
        headers = {"Accept": "application/json"}
        answer = httpx.request(method, url, auth=self._admin, headers=headers, **more)
        return answer.raise_for_status().json()


@dataclass
class Time:
    """A clock whose hands the test moves; it starts at the machine's time."""

    ahead: dt.timedelta = field(default_factory=dt.timedelta)

    def __call__(self) -> dt.datetime:
        return clock.now() + self.ahead

    def pass_by(self, **amount: float) -> None:
        self.ahead += dt.timedelta(**amount)


def connect(tenant: Tenant, instance: Instance) -> Connection:
    """A connection with real tokens of the sandbox."""
    asked = {
        "grant_type": "password",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "username": "scoredesk.integration",
        "password": "integration",
    }
    tokens = httpx.post(f"{instance.url}/oauth_token.do", data=asked).raise_for_status().json()
    now = clock.now()
    return Connection.objects.create(
        tenant=tenant,
        address=instance.url,
        status=Status.CONNECTED,
        client_id=CLIENT_ID,
        sealed_client_secret=seal(CLIENT_SECRET),
        integration_user="scoredesk.integration",
        sealed_access_token=seal(tokens["access_token"]),
        sealed_refresh_token=seal(tokens["refresh_token"]),
        access_expires_at=now + dt.timedelta(seconds=tokens["expires_in"]),
        connected_at=now,
    )


def wish(**changes: Any) -> Wish:
    """What Ada asks for unless told otherwise: an incident of her own."""
    values: dict[str, Any] = {
        "table": "incident",
        "source": Source.USER,
        "name": "Turn on the policy",
        "description": "Line one.\nLine two.",
        "priority": 2,
        "due_date": dt.date(2027, 1, 31),
        "form_key": uuid.uuid4(),
    }
    return Wish(**{**values, **changes})


def events(ticket: Ticket) -> list[str]:
    """The kinds of a ticket's events, oldest first."""
    return list(ticket.events.order_by("id").values_list("kind", flat=True))
