"""Says the setup code that the first-run page asks for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from scoredesk.accounts.setup_code import code_to_announce


class Command(BaseCommand):
    """`scoredesk manage setupcode`; `--quietly` says nothing when the code is of no use."""

    help = "Says the setup code for the first-run page, while nobody has an account."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--quietly`: for the start of the portal."""
        parser.add_argument("--quietly", action="store_true")

    def handle(self, *_args: object, **options: Any) -> None:
        """Prints the page's address and the code.

        Raises CommandError when somebody has an account or the database is not ready.
        """
        code = code_to_announce()
        if code:
            page = f"{settings.PUBLIC_URL}{reverse('accounts:welcome')}"
            self.stdout.write(
                f"Nobody has an account yet. Open {page} and enter the setup code {code}."
            )
        elif not options["quietly"]:
            raise CommandError(
                "There is no setup code now: somebody has an account already, or the database is "
                "not ready. Use “scoredesk createadmin EMAIL” to add an administrator, or "
                "“scoredesk migrate” to make the database ready."
            )
