"""What an administrator wants to be sent in further fields: kept with its audit entry."""

from __future__ import annotations

from django.db import transaction

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor, Value
from scoredesk.connections.errors import FieldNotMappable
from scoredesk.connections.fields import placeholders
from scoredesk.connections.fields.catalogue import UNNAMED, named
from scoredesk.connections.fields.known import mappable
from scoredesk.connections.fields.sent import TEMPLATE, Default, as_default
from scoredesk.connections.models import Catalogue, Connection, FieldDefault


def save(connection: Connection, table: str, wanted: Default, *, actor: Actor) -> None:
    """Keeps what is to be sent in a field; nothing (no value, not asked) takes it away.

    Raises FieldNotMappable for a field that the portal or the platform fills, PlaceholderUnknown
    for a template with an unknown placeholder.
    """
    if not mappable(wanted.field):
        raise FieldNotMappable(facts={"field": wanted.field})
    if wanted.template:
        placeholders.check(wanted.value)
    with transaction.atomic():
        rows = FieldDefault.objects.select_for_update()
        row = rows.filter(connection=connection, table=table, field=wanted.field).first()
        before = _told(as_default(row)) if row else None
        if not (wanted.asked or wanted.value):
            if row is not None:
                row.delete()
            after = None
        else:
            row = row or FieldDefault(connection=connection, table=table, field=wanted.field)
            row.value, row.asked = wanted.value, wanted.asked
            row.shown = TEMPLATE if wanted.template else wanted.shown[:255]
            row.save()
            after = _told(wanted)
        if before == after:
            return
        audit.record(
            actor,
            "connection.field_mapped",
            tenant=connection.tenant,
            subject=f"{table}.{wanted.field}",
            before=before or {"how": "not sent"},
            after=after or {"how": "not sent"},
        )


def name_field(connection: Connection, table: str, label: str, name: str, *, actor: Actor) -> None:
    """Says which field a refusal meant with a label; nothing happens if none waits under it (any
    more). Raises FieldNotMappable."""
    if not mappable(name):
        raise FieldNotMappable(facts={"field": name})
    with transaction.atomic():
        rows = Catalogue.objects.select_for_update()
        row = rows.filter(connection=connection, table=table).first()
        if row is None or f"{UNNAMED}{label}" not in row.fields:
            return
        data = row.fields.pop(f"{UNNAMED}{label}")
        known = row.fields.setdefault(name, {**data, "label": label})
        known["mandatory_by"] = "refusal"
        known["label"] = known.get("label") or label
        row.save()
        audit.record(
            actor,
            "connection.field_named",
            tenant=connection.tenant,
            subject=f"{table}.{name}",
            after={"label": label},
        )


def name_of(connection: Connection, table: str, labels: str) -> str:
    """The first field with one of the labels of a refusal ("A, B"); "" if none is known."""
    row = Catalogue.objects.filter(connection=connection, table=table).first()
    if row is None:
        return ""
    names = (named(label, row.fields) for label in labels.split(",") if label.strip())
    return next((name for name in names if name), "")


def acknowledge(connection: Connection, table: str, *, actor: Actor) -> None:
    """A person has seen what changed."""
    with transaction.atomic():
        rows = Catalogue.objects.select_for_update()
        row = rows.filter(connection=connection, table=table).first()
        if row is None or not row.differences:
            return
        count = len(row.differences)
        row.differences = []
        row.save()
        audit.record(
            actor,
            "connection.fields_acknowledged",
            tenant=connection.tenant,
            subject=connection.address,
            after={"table": table, "count": count},
        )


def _told(wanted: Default) -> dict[str, Value]:
    if wanted.asked:
        return {"how": "asked"}
    how = "template" if wanted.template else "constant"
    return {"how": how, "value": wanted.value[:200], "shown": wanted.shown[:200]}
