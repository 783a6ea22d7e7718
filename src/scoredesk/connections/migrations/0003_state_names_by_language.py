"""Names of the states by language, and what the instance changed of them."""

from django.db import migrations, models

# The portal's languages, by the codes of ServiceNow that a connection can have had.
PORTAL_CODES = {"en": "en", "zh": "zh-hans"}


def take_over(apps, _schema_editor):
    """The label was read in the connection's language; a name was shown to every reader.

    They come from the instance's own list where the last check could read that list.
    """
    rows = apps.get_model("connections", "StateName").objects.select_related("connection")
    for row in rows.iterator():
        row.labels = {PORTAL_CODES.get(row.connection.language, "en"): row.label}
        row.names = dict.fromkeys(PORTAL_CODES.values(), row.name) if row.name else {}
        row.listed = {"check": "choices", "outcome": "good"} in [
            {key: found.get(key) for key in ("check", "outcome")}
            for found in row.connection.check_results
        ]
        row.save(update_fields=["labels", "names", "listed"])


def give_back(apps, _schema_editor):
    """The first name and label that there is."""
    rows = apps.get_model("connections", "StateName").objects
    for row in rows.iterator():
        row.label = next(iter(row.labels.values()), row.value)[:120]
        row.name = next(iter(row.names.values()), "")[:120]
        row.save(update_fields=["label", "name"])


class Migration(migrations.Migration):

    dependencies = [("connections", "0002_whole_life")]

    operations = [
        migrations.AddField(
            model_name="statename", name="listed", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="statename", name="before", field=models.JSONField(default=dict)
        ),
        migrations.AlterField(
            model_name="statename",
            name="label",
            field=models.CharField(default="", max_length=120),
        ),
        migrations.RunPython(take_over, give_back),
        migrations.RemoveField(model_name="statename", name="label"),
        migrations.RemoveField(model_name="statename", name="name"),
    ]
