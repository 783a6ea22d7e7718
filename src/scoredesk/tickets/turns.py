"""One at a time: what keeps two workers off the same connection.

Procrastinate's lock queues the jobs of a connection. This lock of the database session stands
behind it for the case that a worker is taken for dead although it is only slow: as long as its
session lives, no other run begins; when the process dies, PostgreSQL gives the lock back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection as database

# First half of the key: keeps our locks apart from those of other programs in the same database.
_FAMILY = 0x5C0DE


@contextmanager
def turn(connection_id: int) -> Iterator[bool]:
    """Whether the block may touch this connection; holds the turn until the block ends."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_FAMILY, connection_id])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with database.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_FAMILY, connection_id])
