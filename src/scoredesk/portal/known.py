"""What the check of a connection may know of improvement actions (`connections.evidence.above`)."""

from __future__ import annotations

from dataclasses import replace

from scoredesk.accounts.models import Membership, Tenant
from scoredesk.connections.evidence import above
from scoredesk.connections.evidence.facts import Above
from scoredesk.connections.models import Connection, Status
from scoredesk.posture.models import ImprovementAction


def look(connection: Connection, so_far: Above) -> Above:
    """How many improvement actions its tenant has; if none, whether they are in another tenant of
    the same people that has no connection."""
    actions = ImprovementAction.objects.of(connection.tenant).filter(gone_at=None).count()
    elsewhere = not actions and _elsewhere(connection.tenant)
    return replace(so_far, actions=actions, actions_elsewhere=elsewhere)


def _elsewhere(tenant: Tenant) -> bool:
    people = Membership.objects.of(tenant).values("person")
    others = Tenant.objects.exclude(pk=tenant.pk).filter(memberships__person__in=people)
    served = Connection.objects.exclude(status=Status.REMOVED).values("tenant")
    unserved = others.exclude(pk__in=served)
    return ImprovementAction.objects.filter(tenant__in=unserved, gone_at=None).exists()


above.register("portal", look)
