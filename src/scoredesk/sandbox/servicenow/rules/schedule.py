"""What is to happen later: rows of `sys_trigger`, as the platform keeps its scheduled items."""

from __future__ import annotations

import json
from datetime import timedelta

from scoredesk.sandbox.servicenow.instance import TIME_FORMAT, Instance
from scoredesk.sandbox.servicenow.state import Record, new_sys_id, stamped

TABLE = "sys_trigger"
LONGEST = 10**9
APPROVE, ASSIGN = "Approve change", "Assignment rule"


def add(
    instance: Instance, name: str, *, document: tuple[str, str], after: float, fields: Record
) -> None:
    """Note that `name` is to be done to the document `(table, sys_id)` after so many seconds.

    A time that is no sensible number of seconds means at once.
    """
    wait = timedelta(seconds=after if 0 <= after <= LONGEST else 0)
    due = (instance.now() + wait).strftime(TIME_FORMAT)
    instance.store.insert(
        TABLE,
        {
            "sys_id": new_sys_id(),
            "name": name,
            "next_action": due,
            "document": document[0],
            "document_key": document[1],
            "script": json.dumps(fields),
            "state": "ready",
            **stamped(instance.stamp(), "system"),
        },
    )
