"""The address before it was changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("connections", "0003_state_names_by_language")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="connection",
            name="moved_from",
            field=models.URLField(blank=True, default="", max_length=255),
            preserve_default=False,
        ),
    ]
