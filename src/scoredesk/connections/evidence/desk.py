"""What the people of the tenant need in the portal itself to see cards and Share."""

from __future__ import annotations

from datetime import datetime, timedelta

from procrastinate.contrib.django.models import ProcrastinateWorker

from scoredesk.accounts.models import Membership, Role
from scoredesk.connections.evidence.facts import DeskEvidence
from scoredesk.connections.models import Connection

# A worker shows itself every ten seconds.
WORKER_SEEN = timedelta(seconds=60)


def look_at_desk(connection: Connection, now: datetime) -> DeskEvidence:
    """Administrators of the tenant, and whether a worker is alive."""
    admins = Membership.objects.filter(
        tenant=connection.tenant_id, role=Role.SECURITY_ADMIN, person__is_active=True
    )
    alive = ProcrastinateWorker.objects.filter(last_heartbeat__gt=now - WORKER_SEEN)
    return DeskEvidence(admins=admins.count(), worker=alive.exists())
