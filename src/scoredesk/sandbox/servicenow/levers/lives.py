"""Scripted lives: what becomes of a record after so many reads, seconds or updates."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.levers.people import caller_named, known_table, matching, meant
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.servicenow.tables import records

WHEN = ("after_reads", "after_seconds", "after_updates")
STEP_KEYS = {*WHEN, "fields", "as"}
LIFE_KEYS = {*STEP_KEYS, "table", "sys_id", "number", "query", "next", "steps"}
TICK_SECONDS = 0.1


@dataclass(frozen=True)
class Step:
    """When it happens (one of the three, counted from the step before), what is written by whom."""

    fields: dict[str, str]
    by: str
    after_reads: int | None = None
    after_seconds: float | None = None
    after_updates: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The step for the control room."""
        when = {name: getattr(self, name) for name in WHEN if getattr(self, name) is not None}
        return {**when, "fields": self.fields, "as": self.by}


@dataclass
class Life:
    """One record's way through its steps; `trouble` is why the instance refused one."""

    number: int
    table: str
    sys_id: str
    record: str
    steps: tuple[Step, ...]
    since: datetime
    done: int = 0
    reads: int = 0
    updates: int = 0
    trouble: str = ""

    @property
    def step(self) -> Step | None:
        """What comes next; None at the end and after trouble."""
        return self.steps[self.done] if self.done < len(self.steps) and not self.trouble else None

    def due_at(self) -> datetime | None:
        """When a step that waits for a time comes."""
        step = self.step
        if step is None or step.after_seconds is None:
            return None
        return self.since + timedelta(seconds=step.after_seconds)

    def counted(self) -> bool:
        """Whether a step that waits for reads or updates has seen enough of them."""
        step = self.step
        if step is None:
            return False
        enough_reads = step.after_reads is not None and self.reads >= step.after_reads
        return enough_reads or (
            step.after_updates is not None and self.updates >= step.after_updates
        )

    def as_json(self) -> dict[str, Any]:
        """The life for the control room, with how far it has come."""
        return {
            "number": self.number,
            "table": self.table,
            "sys_id": self.sys_id,
            "record": self.record,
            "steps": [step.as_json() for step in self.steps],
            "done": self.done,
            "reads": self.reads,
            "updates": self.updates,
            "finished": self.done == len(self.steps),
            "trouble": self.trouble,
        }


@dataclass
class Expected:
    """A life for records that will be created: the next `left` ones (None: each) that fit."""

    number: int
    table: str
    query: str
    steps: tuple[Step, ...]
    left: int | None

    def as_json(self) -> dict[str, Any]:
        """The expectation for the control room."""
        return {
            "number": self.number,
            "table": self.table,
            "query": self.query,
            "steps": [step.as_json() for step in self.steps],
            "left": self.left,
        }


@dataclass
class Lives:
    """All lives of the instance."""

    instance: Instance
    _lives: list[Life] = field(default_factory=list)
    _expected: list[Expected] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _writing: bool = False
    _ticking: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.instance.on_read.append(self._read)
        self.instance.on_change.append(self._changed)
        shared = self.instance.shared
        shared.on_request.append(self.advance)
        shared.on_clock.append(self.advance)
        shared.on_reset.append(self.clear)

    def plan(self, asked: dict[str, Any]) -> list[Life | Expected]:
        """Begin the life that an order asks for; ValueError says what is wrong with it."""
        unknown = sorted(set(asked) - LIFE_KEYS)
        if unknown:
            raise ValueError(
                f"A life takes {', '.join(sorted(LIFE_KEYS))}, not {', '.join(unknown)}."
            )
        table = known_table(asked.get("table", "incident"))
        steps = self._steps(asked)
        if "next" in asked:
            left = None if asked["next"] in {None, "each"} else int(asked["next"])
            number = next(self._numbers)
            expected = Expected(number, table, str(asked.get("query", "")), steps, left)
            self._expected.append(expected)
            made: list[Life | Expected] = [expected]
        else:
            found = meant(self.instance, table, asked=asked)
            if not found:
                raise ValueError("No such record is there.")
            made = [self._begin(table, record, steps=steps) for table, record in found]
        self._keep_ticking()
        return made

    def advance(self) -> None:
        """Carry out every step whose time has come, each at its own time."""
        if not self._lives or self._writing:
            return
        now = self.instance.shared.clock.now()
        due = [(at, life) for life in self._lives if (at := life.due_at()) and at <= now]
        while due:
            at, life = min(due, key=lambda pair: pair[0])
            with self.instance.shared.clock.at(at):
                self._carry_out(life)
            due = [(at, life) for life in self._lives if (at := life.due_at()) and at <= now]

    def remove(self, number: int) -> bool:
        """End a life or an expectation where it is; False if there is none of this number."""
        before = len(self._lives) + len(self._expected)
        self._lives = [life for life in self._lives if life.number != number]
        self._expected = [one for one in self._expected if one.number != number]
        return len(self._lives) + len(self._expected) < before

    def clear(self) -> None:
        """End all."""
        self._lives, self._expected = [], []

    def as_json(self) -> dict[str, Any]:
        """All lives with their progress, and those still expected."""
        return {
            "lives": [life.as_json() for life in self._lives],
            "expected": [one.as_json() for one in self._expected],
        }

    def _steps(self, asked: dict[str, Any]) -> tuple[Step, ...]:
        given = asked.get("steps")
        if given is None:
            given = [{name: asked[name] for name in STEP_KEYS if name in asked}]
        if not isinstance(given, list) or not given:
            raise ValueError("steps is a list with at least one step.")
        return tuple(self._step(step) for step in given)

    def _step(self, given: Any) -> Step:
        if not isinstance(given, dict) or set(given) - STEP_KEYS:
            raise ValueError(f"A step takes {', '.join(sorted(STEP_KEYS))}.")
        if sum(given.get(name) is not None for name in WHEN) != 1:
            raise ValueError(f"A step has exactly one of {', '.join(WHEN)}.")
        fields = given.get("fields")
        if not isinstance(fields, dict) or not fields:
            raise ValueError("A step writes fields: an object of names and values.")
        by = str(given.get("as", "change.owner"))
        caller_named(self.instance, by)
        reads, seconds, updates = (given.get(name) for name in WHEN)
        return Step(
            fields={name: str(value) for name, value in fields.items()},
            by=by,
            after_reads=None if reads is None else int(reads),
            after_seconds=None if seconds is None else float(seconds),
            after_updates=None if updates is None else int(updates),
        )

    def _begin(self, table: str, record: Record, *, steps: tuple[Step, ...]) -> Life:
        life = Life(
            number=next(self._numbers),
            table=table,
            sys_id=record["sys_id"],
            record=record.get("number", ""),
            steps=steps,
            since=self.instance.shared.clock.now(),
        )
        self._lives.append(life)
        return life

    def _read(self, _: str, read: Sequence[Record]) -> None:
        if not self._lives or self._writing:
            return
        ids = {record["sys_id"] for record in read}
        for life in list(self._lives):
            if life.sys_id in ids and life.step is not None:
                life.reads += 1
                if life.counted():
                    self._carry_out(life)

    def _changed(self, operation: str, table: str, record: Record) -> None:
        if self._writing:
            return
        if operation == "insert":
            self._born(table, record)
        elif operation == "update":
            for life in list(self._lives):
                if life.sys_id == record["sys_id"] and life.step is not None:
                    life.updates += 1
                    if life.counted():
                        self._carry_out(life)

    def _born(self, table: str, record: Record) -> None:
        for one in list(self._expected):
            if one.table != table or not self._expects(one, record):
                continue
            self._begin(table, record, steps=one.steps)
            if one.left is not None:
                one.left -= 1
                if one.left <= 0:
                    self._expected.remove(one)
            self._keep_ticking()
            return

    def _expects(self, one: Expected, record: Record) -> bool:
        if not one.query:
            return True
        this = f"sys_id={record['sys_id']}"
        text = f"{this}^{one.query.replace('^NQ', f'^NQ{this}^')}"
        return bool(matching(self.instance, one.table, text=text))

    def _carry_out(self, life: Life) -> None:
        step = life.step
        if step is None:
            return
        self._writing = True
        try:
            writing = records.Writing(self.instance, caller_named(self.instance, step.by))
            records.update(writing, life.table, sys_id=life.sys_id, sent=dict(step.fields))
        except errors.Refusal as refusal:
            life.trouble = f"{refusal.message}: {refusal.detail or ''}".removesuffix(": ")
        except ValueError as error:
            life.trouble = str(error)
        else:
            life.done += 1
            life.reads = life.updates = 0
            life.since = self.instance.shared.clock.now()
        finally:
            self._writing = False

    def _keep_ticking(self) -> None:
        """Steps that wait for a time come also while nobody asks for anything."""
        if self._ticking is None or self._ticking.done():
            try:
                self._ticking = asyncio.get_running_loop().create_task(self._tick())
            except RuntimeError:  # no loop runs: whoever asks next moves the lives on
                self._ticking = None

    async def _tick(self) -> None:
        while any(life.due_at() for life in self._lives):
            self.advance()
            await asyncio.sleep(TICK_SECONDS)
