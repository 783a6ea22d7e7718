"""A tenant at the stages of its life, made through the portal's own services, for many pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import httpx
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from playwright.sync_api import Page
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.browser.programs import Portal
from tests.tickets.world import Instance, connect, wish

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Person, Tenant
from scoredesk.accounts.sealed import seal
from scoredesk.common import clock
from scoredesk.connections import checks, states
from scoredesk.connections.models import Connection, ConnectorApp
from scoredesk.posture.models import CredentialKind, ImprovementAction, SecureScoreSource
from scoredesk.posture.refresh import refresh
from scoredesk.sandbox.program import RunningSandbox
from scoredesk.sandbox.servicenow.seed import CLIENT_ID, CLIENT_SECRET
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Source, Ticket
from scoredesk.tickets.sharing import share

ACTION = "AdminMFAV2"


@dataclass
class World:
    """The portal, the instance, Ada (administrator), Rob (reader), and what the tenant has."""

    portal: Portal
    instance: RunningSandbox
    admin: Person
    reader: Person
    tickets: dict[str, Ticket] = field(default_factory=dict)

    @property
    def tenant(self) -> Tenant:
        """Alder Hospital."""
        return self.admin.memberships.select_related("tenant").get().tenant

    @property
    def ada(self) -> Actor:
        """Ada as the audit log names her."""
        return Actor(label=self.admin.email, person=self.admin)

    def enter(self, page: Page, person: Person | None = None) -> Page:
        """Signs a person (Ada) in to the page's browser without its sign-in page."""
        client = Client()
        client.force_login(person or self.admin)
        cookie = client.cookies["sessionid"]
        assert SessionStore(cookie.value).exists(cookie.value)
        page.context.add_cookies(
            [{"name": "sessionid", "value": cookie.value, "url": self.portal.url}]
        )
        return page

    def read_score(self) -> None:
        """The tenant has a Secure Score source, and it was read."""
        SecureScoreSource.objects.create(
            tenant=self.tenant,
            directory=self.tenant.entra_id,
            kind=CredentialKind.CLIENT_SECRET,
            client_id="scoredesk-graph",
            sealed_secret=seal("sandbox-secret"),
        )
        refresh(self.tenant)

    def set_up(self) -> Connection:
        """A connection that is set up and waits to be authorized."""
        return Connection.objects.create(
            tenant=self.tenant,
            address=self.instance.servicenow_url,
            connector_app=ConnectorApp.WITHOUT,
            client_id=CLIENT_ID,
            sealed_client_secret=seal(CLIENT_SECRET),
            integration_user="scoredesk.integration",
        )

    def connect(self) -> Connection:
        """An authorized, checked connection with its state names."""
        connection = connect(self.tenant, Instance(self.instance.servicenow_url))
        states.take_up(connection, actor=self.ada)
        checks.run(connection, actor=self.ada, now=clock.now())
        return connection

    def share_tickets(self, connection: Connection) -> None:
        """Four tickets: a delivered change, a delivered incident, a refused one, a queued one."""
        action = ImprovementAction.objects.of(self.tenant).get(control_id=ACTION)
        from_score = {"source": Source.MICROSOFT, "action": action, "name": action.title}
        self._share(connection, "change", table="change_request", **from_score)
        self._share(connection, "incident", name="Ask the helpdesk for their oldest passwords")
        deliver(connection.pk)
        instance = Instance(self.instance.servicenow_url)
        instance.switch(mandatory_fields={"incident": {"u_cost_center": "Cost center"}})
        self._share(connection, "refused", name="Close the old guest accounts")
        deliver(connection.pk)
        self._share(connection, "queued", name="Look at the sign-in logs", due_date=None)
        for ticket in self.tickets.values():
            ticket.refresh_from_db()

    def _share(self, connection: Connection, called: str, **changes: object) -> None:
        due = {"due_date": clock.now().date() + dt.timedelta(days=14)}
        self.tickets[called] = share(connection, wish(**{**due, **changes}), self.ada)

    def furnish(self) -> None:
        """All of the above: a tenant in the midst of its work."""
        ProcrastinateJob.objects.all().delete()  # Django does not empty Procrastinate's tables
        self.read_score()
        self.share_tickets(self.connect())

    def requests(self) -> list[dict[str, object]]:
        """What the instance was asked so far."""
        answer = httpx.get(f"{self.instance.servicenow_url}/_sandbox/requests")
        found: list[dict[str, object]] = answer.json()["requests"]
        return found
