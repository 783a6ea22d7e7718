"""`scoredesk refresh`: reads Secure Score at once, without a worker, for every tenant."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.posture.models import SecureScoreSource
from scoredesk.posture.refresh import refresh


class Command(BaseCommand):
    """One line a tenant; ends with an error if any tenant could not be refreshed."""

    help = "Reads Secure Score now for every tenant that has a source."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Refreshes tenant after tenant; one that fails does not hold up the others."""
        failed = 0
        sources = list(SecureScoreSource.objects.select_related("tenant").order_by("tenant__name"))
        for source in sources:
            try:
                result = refresh(source.tenant, Actor(label="command:refresh"))
            except ScoredeskError as fault:
                failed += 1
                self.stderr.write(f"{source.tenant}: {fault}")
            else:
                self.stdout.write(f"{source.tenant}: {result.days} days, {result.actions} actions")
        if not sources:
            self.stdout.write("No tenant has a Secure Score source yet.")
        if failed:
            raise CommandError(f"{failed} of {len(sources)} tenants could not be refreshed.")
