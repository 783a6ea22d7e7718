"""Scoredesk's figures for Prometheus, read from the database when they are asked for.

They say the same in whichever process they are read, so any number of portals may be scraped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Max
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from scoredesk import __version__
from scoredesk.connections.models import Connection, Status
from scoredesk.posture.models import ScoreSnapshot
from scoredesk.tickets.models import Delivery, Ticket


class Figures(Collector):
    """Counts over all tenants; a tenant appears by its uid only."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Four queries."""
        yield counted("scoredesk_info", "The version that runs.", "version", {__version__: 1})
        yield counted(
            "scoredesk_tickets",
            "Tickets by how far they are on their way to ServiceNow.",
            "delivery",
            {**dict.fromkeys(Delivery.values, 0), **tally(Ticket, "delivery")},
        )
        yield counted(
            "scoredesk_connections",
            "Connections to ServiceNow by status.",
            "status",
            {**dict.fromkeys(Status.values, 0), **tally(Connection, "status")},
        )
        jobs = {
            row["queue_name"]: row["number"]
            for row in ProcrastinateJob.objects.filter(status="todo")
            .order_by()
            .values("queue_name")
            .annotate(number=Count("id"))
        }
        yield counted("scoredesk_jobs_waiting", "Jobs that wait for a worker.", "queue", jobs)
        yield snapshot_ages()


def tally(model: type[Ticket | Connection], field: str) -> dict[str, int]:
    """How many rows there are for each value of a field."""
    rows = model.objects.order_by().values(field).annotate(number=Count("id"))
    return {row[field]: row["number"] for row in rows}


def counted(name: str, meaning: str, label: str, numbers: dict[str, int]) -> GaugeMetricFamily:
    """A gauge with one sample for each value of its label."""
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, number in sorted(numbers.items()):
        family.add_metric([value], number)
    return family


def snapshot_ages() -> GaugeMetricFamily:
    """How old each tenant's newest Secure Score is, in seconds from the start of its day (UTC)."""
    family = GaugeMetricFamily(
        "scoredesk_secure_score_age_seconds", "Age of the newest Secure Score.", labels=["tenant"]
    )
    now = timezone.now()
    newest = ScoreSnapshot.objects.order_by().values("tenant__uid").annotate(day=Max("day"))
    for row in newest:
        start = dt.datetime.combine(row["day"], dt.time.min, tzinfo=dt.UTC)
        family.add_metric([str(row["tenant__uid"])], (now - start).total_seconds())
    return family


def exposition() -> bytes:
    """All figures in Prometheus' text format, with a registry of their own."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return generate_latest(registry)
