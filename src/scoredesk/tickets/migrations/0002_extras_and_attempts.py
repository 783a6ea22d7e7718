"""What a ticket's form asked for besides; the requests to an instance move to its room."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

_COLUMNS = ("at", "method", "path", "status", "milliseconds", "fault_code")
_AT_ONCE = 2000


def hand_over(apps: Any, _schema_editor: Any) -> None:
    """The connections room keeps them now, with the ticket's uid instead of its row."""
    attempt = apps.get_model("connections", "Attempt")
    rows = apps.get_model("tickets", "Attempt").objects.order_by("id")
    wanted = ("tenant_id", "connection_id", "ticket__uid", *_COLUMNS)
    moved = (
        attempt(
            tenant_id=row["tenant_id"],
            connection_id=row["connection_id"],
            ticket_uid=row["ticket__uid"],
            **{column: row[column] for column in _COLUMNS},
        )
        for row in rows.values(*wanted).iterator()
    )
    attempt.objects.bulk_create(moved, batch_size=_AT_ONCE)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("tickets", "0001_initial"),
        ("connections", "0002_whole_life"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="ticket",
            name="extras",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(hand_over, migrations.RunPython.noop),
        migrations.DeleteModel(
            name="Attempt",
        ),
    ]
