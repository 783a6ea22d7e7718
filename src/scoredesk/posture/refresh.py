"""Reading Secure Score anew for a tenant: first all of the network, then one transaction.

What was read before stays until the new is complete; a fault is kept on the source.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Tenant
from scoredesk.common import clock
from scoredesk.common.errors import ScoredeskError
from scoredesk.common.http import Timeouts
from scoredesk.common.retrying import Pauses
from scoredesk.graph import Graph, Profile, Snapshot
from scoredesk.graph.errors import PartialAnswer
from scoredesk.posture import keeping
from scoredesk.posture.errors import NoSource
from scoredesk.posture.joining import join, newest_of_each_day
from scoredesk.posture.models import ScoreSnapshot, SecureScoreSource
from scoredesk.posture.sources import access_of, must_be_same_directory, open_graph, set_fault

log = logging.getLogger(__name__)

ACTOR = Actor.job("refresh")
# Microsoft may still correct the newest days: they are read again.
DAYS_READ_AGAIN = 2
# Graph keeps no more (graph-secure-score 3).
DAYS_KEPT = 90
# A job may come back later instead of sleeping through a longer wish of Microsoft's.
PAUSES = Pauses(longest=5.0)


@dataclass(frozen=True)
class RefreshResult:
    """What a refresh brought: days read, actions seen, new ones, gone ones, changes of points."""

    days: int
    actions: int
    new: int
    gone: int
    changes: int


@dataclass(frozen=True)
class Fetched:
    """What Microsoft answered: snapshots newest first, one a day; the whole catalogue."""

    snapshots: list[Snapshot]
    profiles: list[Profile]


def refresh(tenant: Tenant, actor: Actor = ACTOR) -> RefreshResult:
    """Reads the score and the catalogue and stores both; running it again changes nothing.

    Raises ScoredeskError (GraphError, PostureError, SecretError); its code is then on the source
    and the data is as it was. Must not be called inside a transaction: it talks to the network.
    """
    source = SecureScoreSource.objects.of(tenant).first()
    if source is None:
        raise NoSource
    _begin(source)
    try:
        fetched = fetch(source)
    except ScoredeskError as fault:
        _keep_fault(source, fault, actor)
        raise
    return store(source, fetched, actor)


def fetch(source: SecureScoreSource) -> Fetched:
    """All that a refresh needs from Microsoft, with no transaction open. Raises ScoredeskError."""
    floor = _oldest_day_to_read(source.tenant)
    timeouts = Timeouts(read=settings.HTTP_TIMEOUT_SECONDS)
    with open_graph(access_of(source), timeouts=timeouts, pauses=PAUSES) as graph:
        snapshots = newest_of_each_day(_read_back_to(graph, floor))
        if snapshots:
            must_be_same_directory(source.tenant, snapshots[0])
        profiles = list(graph.control_profiles())
    if not snapshots or not profiles:
        # Writing this down would make every action look gone.
        raise PartialAnswer("The score or the catalogue of improvement actions came back empty.")
    return Fetched(snapshots, profiles)


def _read_back_to(graph: Graph, floor: date | None) -> list[Snapshot]:
    """Snapshots from the newest back to `floor`; all that Microsoft keeps if there is none."""
    if floor is None:
        return list(graph.score_snapshots())
    # As many as our clock says are missing; all, if that does not reach back far enough.
    missing = min((clock.now().date() - floor).days + 2, DAYS_KEPT)
    found = list(graph.score_snapshots(top=missing))
    if all(snapshot.day is None or snapshot.day > floor for snapshot in found):
        found = list(graph.score_snapshots())
    return [snapshot for snapshot in found if snapshot.day is not None and snapshot.day >= floor]


def _oldest_day_to_read(tenant: Tenant) -> date | None:
    """The older of the newest two days that are known."""
    days = list(ScoreSnapshot.objects.of(tenant).values_list("day", flat=True)[:DAYS_READ_AGAIN])
    return days[-1] if days else None


def _begin(source: SecureScoreSource) -> None:
    now = clock.now()
    SecureScoreSource.objects.filter(pk=source.pk).update(attempted_at=now, refreshing_since=now)


def _keep_fault(source: SecureScoreSource, fault: ScoredeskError, actor: Actor) -> None:
    """The fault on the source; its age is that of the last refresh that went well."""
    log.warning("refresh failed", extra={"tenant": source.tenant_id, "fault": fault.code})
    with transaction.atomic():
        set_fault(source, fault)
        SecureScoreSource.objects.filter(pk=source.pk).update(
            fault_code=source.fault_code,
            fault_detail=source.fault_detail,
            fault_facts=source.fault_facts,
            refreshing_since=None,
        )
        audit.record(
            actor,
            "secure_score.refresh_failed",
            tenant=source.tenant,
            subject=source,
            after={"fault": fault.code},
        )


def store(source: SecureScoreSource, fetched: Fetched, actor: Actor = ACTOR) -> RefreshResult:
    """Writes all of `fetched` in one transaction. Raises NoSource if the source is gone by now."""
    tenant, now = source.tenant, clock.now()
    with transaction.atomic():
        # One refresh at a time; and a source that was removed meanwhile is not brought back.
        if SecureScoreSource.objects.select_for_update().filter(pk=source.pk).first() is None:
            raise NoSource
        result = _write(tenant, fetched, now)
        SecureScoreSource.objects.filter(pk=source.pk).update(
            refreshed_at=now, refreshing_since=None, fault_code="", fault_detail="", fault_facts={}
        )
        audit.record(
            actor, "secure_score.refreshed", tenant=tenant, subject=source, after=asdict(result)
        )
    log.info("secure score refreshed", extra={"tenant": tenant.pk, **asdict(result)})
    return result


def _write(tenant: Tenant, fetched: Fetched, now: datetime) -> RefreshResult:
    keeping.keep_snapshots(tenant, fetched.snapshots)
    newest = keeping.newest_controls(fetched.snapshots)
    rows = join(fetched.profiles, newest, keeping.known_actions(tenant))
    new, gone = keeping.keep_actions(tenant, rows, now)
    changed = keeping.keep_history(tenant, fetched.snapshots)
    return RefreshResult(
        days=len(fetched.snapshots), actions=len(rows), new=new, gone=gone, changes=changed
    )
