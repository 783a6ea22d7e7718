"""`scoredesk rotate-keys`: seals every stored secret anew with the newest key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from scoredesk.accounts import rotation
from scoredesk.accounts.audit import Actor


class Command(BaseCommand):
    """Ends with 0, or with 1 if there are secrets that no key opens."""

    help = "Seals every stored secret anew with the first of SCOREDESK_ENCRYPTION_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--dry-run`: says what would be done."""
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *_args: object, **options: Any) -> None:
        """Rotates with a progress bar, then says whether the older keys can be dropped."""
        dry_run: bool = options["dry_run"]
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Secrets", total=rotation.count())
            done = rotation.rotate(
                actor=Actor(label="command:rotate-keys"),
                dry_run=dry_run,
                progress=lambda rows: bar.advance(task, rows),
            )
        console = Console(highlight=False, soft_wrap=True)
        verb = "would be sealed" if dry_run else "were sealed"
        console.print(
            f"{done.changed} secrets {verb} anew with the first key; "
            f"{done.newest} were sealed with it already."
        )
        for lost in done.lost:
            console.print(
                f"[bold red]No key opens[/] {escape(f'{lost.place} of {lost.tenant}. {lost.cure}')}"
            )
        console.print(_conclusion(done, keys=len(settings.ENCRYPTION_KEYS), dry_run=dry_run))
        if done.lost:
            raise SystemExit(1)


def _conclusion(done: rotation.Rotation, *, keys: int, dry_run: bool) -> str:
    if keys == 1:
        told = (
            "Only one key is configured. To rotate, put a new one before it in "
            "SCOREDESK_ENCRYPTION_KEYS and restart everything."
        )
    elif done.changed and dry_run:
        told = "Nothing was changed. Run it without --dry-run."
    elif done.changed:
        told = (
            "Run it once more: when it says that 0 secrets were sealed anew, every process uses "
            "the new key, and the older ones can be dropped."
        )
    else:
        told = "The keys after the first one are needed for nothing and can be dropped now."
    if done.lost:
        told += (
            " What no key opens now stays lost unless the key that sealed it is added at the end "
            "of the list."
        )
    return told
