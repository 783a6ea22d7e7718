"""Looks whether the groups, people and other records that mapped fields point to are there."""

from __future__ import annotations

from collections.abc import Sequence

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.errors import ReferenceNotFound
from scoredesk.connections.fields import references
from scoredesk.connections.fields.catalogue import Book
from scoredesk.connections.fields.sent import Filled
from scoredesk.connections.models import Connection
from scoredesk.connections.tokens import client_for
from scoredesk.tickets.trial.dry_run import Target


def look_at_targets(
    connection: Connection, book: Book, mapped: Sequence[Filled]
) -> dict[str, Target]:
    """One look per field that points to a record. A look that fails proves nothing."""
    pointing = [each for each in mapped if book.info(each.field).reference]
    if not pointing:
        return {}
    found = {}
    with client_for(connection, insist=True) as client:
        for each in pointing:
            try:
                seen = references.look(client, book.info(each.field).reference, each.value)
                found[each.field] = Target(True, seen.active)
            except ReferenceNotFound:
                found[each.field] = Target(False)
            except ScoredeskError:
                found[each.field] = Target(None)
    return found
