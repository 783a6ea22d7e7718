"""What a posted form stores."""

from __future__ import annotations

import secrets

from scoredesk.sandbox.servicenow.database.schema import DATETIME
from scoredesk.sandbox.servicenow.instance import Caller, Instance, to_utc
from scoredesk.sandbox.servicenow.pages import forms, layout
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import records


def store(instance: Instance, caller: Caller, *, table: str, typed: Record) -> str:
    """Create or change a record as a person typed it; answers its sys_id.

    Raises the Refusal of rights, rules and data policies.
    """
    sys_id = typed.get("sys_id", "-1")
    new = sys_id == "-1"
    names = forms.editable(instance, table, new=new)
    sent = {name: value for name, value in typed.items() if name in names}
    for name in (layout.PASSWORDS | layout.SECRETS) & set(sent):
        # An empty box keeps what is stored.
        if not sent[name]:
            del sent[name]
    for name, value in sent.items():
        found = instance.schema.tables[table].fields.get(name)
        if found and found.kind == DATETIME:
            sent[name] = to_utc(value, caller.zone)
    writing = records.Writing(instance, caller)
    if new:
        return records.create(writing, table, sent=_completed(table, sent))["sys_id"]
    records.update(writing, table, sys_id=sys_id, sent=sent)
    return sys_id


def _completed(table: str, sent: Record) -> Record:
    """What the instance's own scripts add to a new record on its form."""
    if table == "sys_user" and not sent.get("name"):
        names = (sent.get("first_name", ""), sent.get("last_name", ""))
        sent["name"] = " ".join(part for part in names if part) or sent.get("user_name", "")
    elif table == "sys_user_has_role":
        sent.update(state="active", inherited="false")
    elif table == "oauth_entity":
        sent["type"] = "client"
        sent["client_id"] = sent.get("client_id") or secrets.token_hex(16)
        sent["client_secret"] = sent.get("client_secret") or secrets.token_urlsafe(12)
    return sent
