"""What every benchmark stands on: a database of its own, a sandbox, a connected tenant."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scoredesk.sandbox.program import RunningSandbox, running_sandbox


def tell(figure: str, value: float, unit: str) -> None:
    """Prints one figure as one line of JSON."""
    print(json.dumps({"figure": figure, "value": round(value, 4), "unit": unit}))


@contextmanager
def timed(figure: str) -> Iterator[None]:
    """Times the block and tells it in seconds."""
    start = time.perf_counter()
    yield
    tell(figure, time.perf_counter() - start, "s")


@contextmanager
def ground() -> Iterator[RunningSandbox]:
    """A sandbox, and Django on a fresh embedded database in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory() as folder, running_sandbox() as sandbox:
        host = sandbox.servicenow_url.removeprefix("http://")
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "scoredesk.settings",
                "SCOREDESK_VAR": folder,
                "SCOREDESK_GRAPH_URL": sandbox.microsoft_url,
                "SCOREDESK_LOGIN_URL": sandbox.microsoft_url,
                "SCOREDESK_INSTANCE_HOSTS": host,
                "SCOREDESK_PRIVATE_INSTANCE_HOSTS": host,
                "SCOREDESK_LOG_LEVEL": "ERROR",
            }
        )
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        with started(Path(folder)):
            yield sandbox


@contextmanager
def started(folder: Path) -> Iterator[None]:
    """Django with a migrated database; the server stops with the block."""
    # Django can only be loaded once its settings are in the environment.
    import django
    from django.core.management import call_command
    from django.db import connections

    from scoredesk.postgres import Cluster

    with Cluster(folder / "postgres").lease():
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield
        connections.close_all()
