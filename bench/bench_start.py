"""How long the embedded PostgreSQL takes: a first start, and a lease while it runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.ground import timed

from scoredesk.postgres import Cluster


def main() -> None:
    """Prints two figures in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(Path(folder) / "postgres")
        with timed("postgres_first_start"), cluster.lease():
            pass
        with timed("postgres_lease_while_running"), cluster.lease():
            pass


if __name__ == "__main__":
    main()
