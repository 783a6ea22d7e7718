"""The command `scoredesk`: each subcommand in a few lines; the work is done in the rooms below."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import django
import typer
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
from rich.console import Console
from rich.markup import escape

from scoredesk import __version__
from scoredesk.common.errors import ScoredeskError
from scoredesk.demo import DEMO_SETTINGS, announce, check_apart, demo_processes
from scoredesk.environment import environment
from scoredesk.postgres import Cluster, PostgresError
from scoredesk.processes import Process, ProcessError, run_all
from scoredesk.sandbox.program import run as run_sandbox
from scoredesk.working import work

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Scoredesk: Secure Score to ServiceNow."
)
console = Console(stderr=True)
_DATABASE_CURE = (
    "Check that the server of DATABASE_URL runs and lets us in; after an upgrade, run "
    "“scoredesk migrate”."
)
Port = Annotated[int, typer.Option(min=1, max=65535)]


def _start_django(*, database: bool = True) -> None:
    """Loads Django; with `database`, the embedded PostgreSQL runs as long as this process does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scoredesk.settings")
    settings = environment()
    if database and not settings.database_url:
        Cluster(settings.var.expanduser().absolute() / "postgres").acquire()
    django.setup()


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


@app.command()
def migrate() -> None:
    """Brings the database to this version's shape."""
    _start_django()
    _migrate()


@app.command()
def serve(host: str = "127.0.0.1", port: Port = 8000, workers: int = 1) -> None:
    """Serves the portal."""
    _start_django()
    call_command("setupcode", quietly=True)
    connections.close_all()  # the server's own processes must not share this one's
    Server(
        "scoredesk.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,  # a page waits for the database, and now and then for ServiceNow
        log_level=LogLevels.warning,
        log_access=False,
        websockets=False,
    ).serve()


@app.command()
def worker(concurrency: int = 0) -> None:
    """Runs jobs: delivers and tracks tickets, refreshes Secure Score."""
    _start_django()
    work(concurrency or environment().worker_concurrency)


@app.command()
def run(host: str = "127.0.0.1", port: Port = 8000) -> None:
    """Runs the portal and one worker together."""
    _start_django()
    _migrate()
    run_all(
        [
            Process(
                "portal",
                ["serve", "--host", host, "--port", str(port)],
                ready_url=f"http://127.0.0.1:{port}/readyz",
                ports=(port,),
                port_option="--port",
            ),
            Process("worker", ["worker"]),
        ]
    )


@app.command()
def demo() -> None:
    """Runs portal, worker and sandbox on the fixed ports, filled for a first look."""
    for name, value in DEMO_SETTINGS.items():
        os.environ.setdefault(name, value)
    environment.cache_clear()
    check_apart(environment())
    _start_django()
    _migrate()
    call_command("filldemo")
    run_all(demo_processes(environment().var), when_ready=lambda: announce(console))


@app.command()
def sandbox(
    servicenow_port: Port = 8081,
    microsoft_port: Port = 8082,
    data: Path | None = None,
    profiles: Path | None = None,
    scores: Path | None = None,
) -> None:
    """A stand-in ServiceNow instance and a stand-in Microsoft Graph, over real HTTP."""
    run_sandbox(
        servicenow_port=servicenow_port,
        microsoft_port=microsoft_port,
        data=data,
        profiles=profiles,
        scores=scores,
    )


@app.command()
def createadmin(email: str, tenant: str = "") -> None:
    """Makes a security administrator; asks for the password (or reads SCOREDESK_ADMIN_PASSWORD)."""
    _start_django()
    call_command("createadmin", email, tenant=tenant)


@app.command()
def refresh() -> None:
    """Reads Secure Score now, for every tenant that has a source."""
    _start_django()
    call_command("refresh_secure_score")


@app.command()
def check(
    tenant: Annotated[str, typer.Option(help="This tenant only (name or uid).")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    report: Annotated[
        Path | None, typer.Option(help="Write a report without secrets there (.md or .json).")
    ] = None,
    language: Annotated[str, typer.Option(help="en or zh-hans.")] = "en",
) -> None:
    """Checks each connection to ServiceNow now; ends with 1 if a check failed, 2 if none exists."""
    _start_django()
    given = str(report) if report else ""
    call_command("check_connections", tenant=tenant, json=json, report=given, language=language)


@app.command(name="rotate-keys")
def rotate_keys(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
) -> None:
    """Seals every stored secret anew with the first of SCOREDESK_ENCRYPTION_KEYS."""
    _start_django()
    call_command("rotate_keys", dry_run=dry_run)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context) -> None:
    """Passes a command on to Django's own management (for operators who know it)."""
    _start_django()
    call_command(*context.args)


@app.command()
def version() -> None:
    """Prints the version."""
    typer.echo(__version__)


def main() -> None:
    """The console script; known faults end with one clear sentence instead of a stack trace."""
    try:
        app()
    except (PostgresError, ProcessError, ScoredeskError) as fault:
        _end(str(fault), 1)
    except CommandError as fault:
        _end(str(fault), fault.returncode)
    except DatabaseError as fault:
        _end(f"The database cannot be used: {str(fault).strip()}\n{_DATABASE_CURE}", 1)


def _end(told: str, code: int) -> NoReturn:
    console.print(f"[bold red]{escape(told)}[/]", soft_wrap=True, highlight=False)
    sys.exit(code)
