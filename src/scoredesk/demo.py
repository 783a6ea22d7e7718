"""What `scoredesk demo` starts and says. The rows it begins with are made by `filldemo`."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.panel import Panel

from scoredesk.environment import Environment
from scoredesk.processes import Process, ProcessError

PORTAL_PORT = 8000
SERVICENOW_PORT = 8081
MICROSOFT_PORT = 8082
PORTAL = f"http://127.0.0.1:{PORTAL_PORT}"
SERVICENOW = f"http://127.0.0.1:{SERVICENOW_PORT}"
MICROSOFT = f"http://127.0.0.1:{MICROSOFT_PORT}"

# The demo alone may reach private addresses without https: its two sandboxes, by host and port.
# A folder of its own, since its people have passwords that everybody knows.
DEMO_SETTINGS = {
    "SCOREDESK_VAR": "var/demo",
    "SCOREDESK_PUBLIC_URL": PORTAL,
    "SCOREDESK_GRAPH_URL": MICROSOFT,
    "SCOREDESK_LOGIN_URL": MICROSOFT,
    "SCOREDESK_INSTANCE_HOSTS": f"*.service-now.com,127.0.0.1:{SERVICENOW_PORT}",
    "SCOREDESK_PRIVATE_INSTANCE_HOSTS": f"127.0.0.1:{SERVICENOW_PORT}",
    "SCOREDESK_TRACK_SECONDS": "10",  # somebody is watching; 30 is the product's default
}

WELCOME = f"""\
[bold]Scoredesk[/]             {PORTAL}
  administrator        admin@demo.example / scoredesk-demo
  reader               reader@demo.example / scoredesk-demo

[bold]Sandbox ServiceNow[/]    {SERVICENOW}
  integration user     scoredesk.integration / integration
  a change owner       change.owner / change.owner
  OAuth client         5c0ded3500000000000000000000c1d0 / sandbox-secret

[bold]Sandbox Microsoft[/]     {MICROSOFT}   control room: {SERVICENOW}/_sandbox/

Press Ctrl-C to stop everything."""


def check_apart(settings: Environment) -> None:
    """Raises ProcessError where the demo would fill a database that is not its own."""
    if settings.database_url:
        raise ProcessError(
            "DATABASE_URL is set, and the demo would put people with known passwords into that "
            "database. Unset it; the demo brings a database of its own."
        )


def demo_processes(var: Path) -> list[Process]:
    """Sandbox, portal and worker on the fixed ports, in the order they start."""
    return [
        Process(
            "sandbox",
            ["--data", str(var / "sandbox.sqlite3")],
            program=(sys.executable, "-m", "scoredesk.sandbox"),  # starts sooner than the command
            ready_url=f"{SERVICENOW}/_sandbox/clock",
            ports=(SERVICENOW_PORT, MICROSOFT_PORT),
        ),
        Process("portal", ["serve"], ready_url=f"{PORTAL}/readyz", ports=(PORTAL_PORT,)),
        Process("worker", ["worker"]),
    ]


def announce(console: Console) -> None:
    """Prints where everything is and how to sign in."""
    console.print(Panel(WELCOME, title="The demo is ready", expand=False))
