"""What the instance does by itself as time passes (servicenow-api 6.4, 7.1, 12.8).

The clock of the sandbox may be moved, so nothing waits here: whatever has become due is done before
the next request is answered.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.database import query, sql
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import TIME_FORMAT, Caller, Instance
from scoredesk.sandbox.servicenow.rules import approvals, schedule
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import records

SYSTEM = Caller(sys_id="system", user_name="system", name="System", roles=frozenset({"admin"}))
AUTO_CLOSE = "glide.ui.autoclose.time"
BY_RESOLVED_AT = "com.snc.incident.autoclose.basedon.resolved_at"
NEVER = "~"  # after every date
# The real job runs hourly; here nobody shall wait for it after moving the clock.
EACH_MINUTE = timedelta(minutes=1)


class Jobs:
    """Scheduled jobs and asynchronous rules of one instance."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._swept: datetime | None = None
        self._next_trigger: str | None = None
        self._reads: dict[str, tuple[str, int, Record]] = {}
        self._busy = False
        instance.store.on_write.append(self._noticed)
        instance.on_change.append(self._changed)
        instance.on_read.append(self._read)

    def run(self) -> None:
        """Do whatever has become due; called before each request."""
        if self._busy:
            return
        self._busy = True
        try:
            now = self._instance.now()
            if self._swept is None or not self._swept <= now < self._swept + EACH_MINUTE:
                self._swept = now
                self._close_resolved(now)
            if self._upcoming() <= now.strftime(TIME_FORMAT):
                self._pull_triggers(now)
        finally:
            self._busy = False

    def _close_resolved(self, now: datetime) -> None:
        """Resolved incidents become closed after the days of the property; 0: never (6.4)."""
        days = self._instance.property(AUTO_CLOSE)
        if not days.isdecimal() or int(days) == 0 or int(days) > 36_500:
            return
        by = "resolved_at"
        if self._instance.property(BY_RESOLVED_AT, "true") == "false":
            by = "sys_updated_on"
        limit = (now - timedelta(days=int(days))).strftime(TIME_FORMAT)
        asked = query.parse(f"state=6^{by}<{limit}^{by}ISNOTEMPTY")
        for _, record in self._instance.store.select(sql.where("incident", asked)):
            sent = {"state": "7", "closed_by": record.get("resolved_by", "")}
            self._write("incident", record["sys_id"], sent)

    def _upcoming(self) -> str:
        """When the next scheduled item is due; `NEVER` if there is none."""
        if self._next_trigger is None:
            rows = self._instance.store.find_all(schedule.TABLE)
            self._next_trigger = min((_due(row) for row in rows), default=NEVER)
        return self._next_trigger

    def _pull_triggers(self, now: datetime) -> None:
        rows = self._instance.store.find_all(schedule.TABLE)
        for row in sorted(rows, key=_due):
            if _due(row) > now.strftime(TIME_FORMAT):
                continue
            self._instance.store.remove(schedule.TABLE, row["sys_id"])
            table, sys_id = row.get("document", ""), row.get("document_key", "")
            if row.get("name") == schedule.APPROVE:
                self._approve(sys_id)
            elif table in TABLES:
                self._write(table, sys_id, _fields(row))

    def _approve(self, change_id: str) -> None:
        found = self._instance.store.get("change_request", change_id)
        waiting = approvals.open_rows(self._instance, change_id)
        if found is None or not waiting:
            return
        row = {**waiting[0], "state": "approved"}
        user = self._instance.store.get("sys_user", row.get("approver", ""))
        by = user[1].get("user_name", "") if user else SYSTEM.user_name
        approvals.store_changed(self._instance, approvals.TABLE, row, by=by)
        approvals.decide(self._instance, row, found[1], by=by)

    def _write(self, table: str, sys_id: str, sent: dict[str, Any]) -> None:
        """Change a record as the system; what rules refuse stays undone."""
        writing = records.Writing(self._instance, SYSTEM, input_display=True)
        try:
            records.update(writing, table, sys_id=sys_id, sent=sent)
        except errors.Refusal:
            return

    def _noticed(self, table: str) -> None:
        if table in {"", schedule.TABLE}:
            self._next_trigger = None
        if table == "":
            self._reads.clear()
            self._swept = None

    def _changed(self, operation: str, table: str, record: Record) -> None:
        """An assignment rule takes a new record into its hands (12.8)."""
        rule = self._instance.shared.switches.get("assignment_rules").get(table)
        if operation != "insert" or not isinstance(rule, dict):
            return
        given = rule.get("fields")
        fields = {name: str(value) for name, value in given.items()} if given else {}
        reads = rule.get("after_reads")
        if isinstance(reads, int):
            self._reads[record["sys_id"]] = (table, reads, fields)
            return
        after = rule.get("after_seconds", 10)
        document = (table, record["sys_id"])
        seconds = float(after) if isinstance(after, int | float) else 10.0
        schedule.add(
            self._instance, schedule.ASSIGN, document=document, after=seconds, fields=fields
        )

    def _read(self, _: str, shown: Sequence[Record]) -> None:
        """A rule that waits for reads shows its work to the read after the last of them."""
        if not self._reads:
            return
        for record in shown:
            waiting = self._reads.pop(record["sys_id"], None)
            if waiting is None:
                continue
            table, left, fields = waiting
            if left > 1:
                self._reads[record["sys_id"]] = (table, left - 1, fields)
            else:
                self._write(table, record["sys_id"], dict(fields))


def _due(row: Record) -> str:
    return row.get("next_action") or NEVER


def _fields(row: Record) -> dict[str, Any]:
    """The values that a scheduled item sets; an administrator's own script is not run."""
    try:
        fields = json.loads(row.get("script", "{}"))
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
