"""A clone: production copied over this instance (servicenow-api 9.15)."""

from __future__ import annotations

import secrets
from datetime import timedelta

from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.seeds.tasks import seed_tasks
from scoredesk.sandbox.servicenow.state import new_sys_id, stamped
from scoredesk.sandbox.shared import SeedOrder

RECORDS = 25
GONE = (
    "incident",
    "change_request",
    "problem",
    "sys_journal_field",
    "sys_audit_delete",
    "sys_attachment",
    "oauth_entity",
)


def clone_over(instance: Instance) -> None:
    """Replace all records and the OAuth application at once; nothing tells of what was there."""
    db = instance.store.db
    for table in GONE:
        db.execute("DELETE FROM sn_record WHERE tbl = ?", (table,))
    db.execute("DELETE FROM sn_credential")
    now = instance.now()
    instance.store.insert(
        "oauth_entity",
        {
            "sys_id": new_sys_id(),
            "name": "Application of the other instance",
            "client_id": secrets.token_hex(16),
            "client_secret": secrets.token_urlsafe(24),
            "redirect_url": "https://other.example/callback",
            "type": "client",
            "active": "true",
            **stamped(instance.stamp(), "admin"),
        },
    )
    # Numbers go on as in the other instance, far from those that were given here.
    for prefix in ("INC", "CHG"):
        instance.store.next_numbers(prefix, 50_000)
    for table in ("incident", "change_request"):
        seed_tasks(instance, table, SeedOrder(RECORDS, now - timedelta(days=60), now))
