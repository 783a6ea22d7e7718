"""`scoredesk check`: looks at every connection now and says what is wrong with each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override
from rich.console import Console
from rich.markup import escape

from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.connections.checkup import Checked, check, connections_of, tell, tenants_named
from scoredesk.connections.report import gather
from scoredesk.connections.report_text import markdown

NOTHING = 2  # the exit code where nothing could be checked


class Command(BaseCommand):
    """Ends with 0 if all is well, 1 if a check failed, 2 if there was nothing to check."""

    help = "Checks the connections to ServiceNow now, and says what to do about each fault."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which tenant, and what to print or write."""
        parser.add_argument("--tenant", default="", help="this tenant only (name or uid)")
        parser.add_argument("--json", action="store_true", help="print JSON, for programs")
        parser.add_argument("--report", default="", help="write a report without secrets there")
        parser.add_argument("--language", default="en", choices=dict(settings.LANGUAGES))

    def handle(self, *_args: object, **options: Any) -> None:
        """Checks, prints, writes. Raises CommandError (2) for a tenant that does not exist, or
        where none is connected; SystemExit (1) if a check failed."""
        with override(options["language"]):
            checked = self._check(options["tenant"], quietly=options["json"])
            if options["json"]:
                found = [one.as_json() for one in checked]
                self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            if options["report"]:
                self._write(Path(options["report"]), checked)
        if not all(one.works for one in checked):
            raise SystemExit(1)

    def _check(self, name: str, *, quietly: bool) -> list[Checked]:
        tenants = tenants_named(name)
        if name and not tenants:
            raise CommandError(f"There is no tenant “{name}”.", returncode=NOTHING)
        rows = connections_of(tenants)
        if not rows:
            raise CommandError(
                "Nothing to check: no tenant is connected to ServiceNow.", returncode=NOTHING
            )
        checked = []
        for row in rows:
            with Console(stderr=True).status(escape(f"{row.tenant}: {row.address}")):
                checked.append(check(row, actor=Actor(label="command:check"), now=now()))
            if not quietly:
                tell(Console(highlight=False), checked[-1])
        return checked

    def _write(self, path: Path, checked: list[Checked]) -> None:
        reports = [gather(one.connection, now=now()) for one in checked]
        if path.suffix == ".json":
            text = json.dumps(reports, ensure_ascii=False, indent=2)
        else:
            text = "\n".join(markdown(report) for report in reports)
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as fault:
            raise CommandError(f"The report cannot be written: {fault}.") from None
        self.stderr.write(f"Report: {path}")
