"""The check from the command line: which connections, one after another, and what to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Tenant
from scoredesk.connections import arrival
from scoredesk.connections.findings import Outcome
from scoredesk.connections.models import Connection, Status
from scoredesk.connections.report import findings
from scoredesk.connections.results import CheckLine, check_lines

# Ticks and crosses that every terminal and log file shows.
_SIGNS = {
    Outcome.GOOD: "[green]ok[/]",
    Outcome.WARNING: "[yellow]!![/]",
    Outcome.UNSURE: "[yellow]??[/]",
    Outcome.FAILED: "[bold red]XX[/]",
    Outcome.SKIPPED: "[dim]--[/]",
}


@dataclass(frozen=True)
class Checked:
    """A connection as its check left it."""

    connection: Connection
    lines: list[CheckLine]

    @property
    def works(self) -> bool:
        """Whether nothing failed."""
        return all(line.outcome != Outcome.FAILED for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """For programs; no secrets."""
        return {
            "tenant": self.connection.tenant.name,
            "tenant_uid": str(self.connection.tenant.uid),
            "instance": self.connection.address,
            "status": self.connection.status,
            "works": self.works,
            "findings": findings(self.connection),
        }


def tenants_named(name: str) -> list[Tenant]:
    """The tenants with this name (whatever its case) or this uid; all for ""."""
    if not name:
        return list(Tenant.objects.all())
    found = list(Tenant.objects.filter(name__iexact=name))
    return found or list(Tenant.objects.filter(uid=uid) if (uid := _uid(name)) else [])


def connections_of(tenants: Sequence[Tenant]) -> list[Connection]:
    """Their connections that are not removed, by the tenants' names."""
    rows = Connection.objects.exclude(status=Status.REMOVED).filter(tenant__in=tenants)
    return list(rows.select_related("tenant").order_by("tenant__name", "id"))


def check(connection: Connection, *, actor: Actor, now: datetime) -> Checked:
    """Checks one; whatever an instance causes is a finding, so that the others follow."""
    arrival.check(connection, actor=actor, now=now)
    return Checked(connection, check_lines(connection))


def tell(console: Console, checked: Checked) -> None:
    """Prints what was found of one connection, with cause and cure of each fault."""
    row = checked.connection
    console.print(
        f"[bold]{escape(row.tenant.name)}[/]  {escape(row.address)}  "
        f"{escape(str(row.get_status_display()))}",
        soft_wrap=True,
    )
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column()
    for line in checked.lines:
        table.add_row(_SIGNS[line.outcome], _told(line))
    console.print(Padding(table, (0, 0, 1, 2)))


def _told(line: CheckLine) -> Group:
    parts = [escape(line.label)]
    if line.fault:
        parts.append(escape(f"{line.fault.what} {line.fault.why}"))
        parts.append(f"[bold]{escape(_('What to do:'))}[/] {escape(line.fault.cure)}")
        if line.detail:
            parts.append(escape(f"{_('In its own words:')} {line.detail}"))
        if line.link:
            parts.append(escape(line.link))
        parts.append(f"[dim]{escape(line.fault.code)}[/]")
    return Group(*parts)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
