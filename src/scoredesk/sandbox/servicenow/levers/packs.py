"""Packs: whole situations as one lever, such as an instance that its owners made their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.levers.choices import change_choice
from scoredesk.sandbox.servicenow.levers.clone import clone_over
from scoredesk.sandbox.servicenow.state import Record

GERMAN_STATES = {
    "1": "Neu",
    "2": "In Bearbeitung",
    "3": "Wartend",
    "6": "Gelöst",
    "7": "Geschlossen",
    "8": "Abgebrochen",
}
LEGACY_CLOSE_CODES = (
    "Solved (Permanently)",
    "Solved (Work Around)",
    "Solved Remotely (Permanently)",
    "Not Solved (Too Costly)",
    "Closed/Resolved by Caller",
)


@dataclass(frozen=True)
class Pack:
    """A situation: switches to turn, what else is done to the records, in words."""

    about: str
    switches: dict[str, Any] = field(default_factory=dict)
    apply: Callable[[Instance], None] | None = None
    lasting: bool = False


def _customise(instance: Instance) -> None:
    for value, label in (("1", "Logged"), ("2", "Being worked on")):
        change_choice(
            instance, {"table": "incident", "element": "state", "value": value, "label": label}
        )
    for value, label in GERMAN_STATES.items():
        named = {"table": "incident", "element": "state", "value": value, "label": label}
        change_choice(instance, {**named, "language": "de"})
    change_choice(
        instance, {"table": "incident", "element": "category", "value": "network", "remove": True}
    )
    _speak(instance, "scoredesk.integration", language="de")


def _speak(instance: Instance, user_name: str, *, language: str) -> None:
    user = instance.store.find("sys_user", user_name=user_name)
    if user is not None:
        instance.store.replace("sys_user", {**user, "preferred_language": language})


def _older_close_codes(instance: Instance) -> None:
    for row in instance.store.find_all("sys_choice", name="incident", element="close_code"):
        instance.store.remove("sys_choice", row["sys_id"])
    for code in LEGACY_CLOSE_CODES:
        named = {"table": "incident", "element": "close_code", "value": code, "label": code}
        change_choice(instance, named)


PACKS = {
    "customised": Pack(
        "an extra mandatory field u_cost_center by data policy, renamed states, the category "
        "network removed, German as a second language (of the integration user too), other numbers",
        {
            "mandatory_fields": {
                "incident": {"u_cost_center": "Cost center"},
                "change_request": {"u_cost_center": "Cost center"},
            },
            "number_prefixes": {"incident": "TKT", "change_request": "RFC"},
        },
        _customise,
    ),
    "older_close_codes": Pack(
        "the resolution codes of older releases, such as Solved (Permanently)",
        apply=_older_close_codes,
    ),
    "hardened": Pack(
        "no passwords of people over Basic, no password grant, state required, choices unreadable",
        {
            "basic_restriction": True,
            "password_grant": False,
            "oauth_state_required": True,
            "token_in_query": False,
            "choices_readable": "forbidden",
        },
    ),
    "clone": Pack(
        "another instance was cloned over this one: all records and the OAuth application are "
        "replaced, no token is good any more",
        apply=clone_over,
        lasting=True,
    ),
}


@dataclass
class Packs:
    """Which packs are on, and what was there before."""

    instance: Instance
    _on: dict[str, dict[str, Any]] = field(default_factory=dict)
    _rows: dict[str, list[tuple[str, Record]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.instance.shared.on_reset.append(self._forget)

    def set(self, asked: dict[str, Any]) -> None:
        """Turn packs on or off; ValueError for one that there is not or that cannot go back."""
        for name, wanted in asked.items():
            if name not in PACKS:
                raise ValueError(f"There is no pack {name!r}. There are: {', '.join(PACKS)}.")
            if not isinstance(wanted, bool):
                raise TypeError("A pack is turned on with true and off with false.")
            if not wanted and name in self._on and PACKS[name].lasting:
                raise ValueError(f"The pack {name!r} cannot be undone; reset the sandbox.")
        for name, wanted in asked.items():
            if wanted and (name not in self._on or PACKS[name].lasting):
                self._turn_on(name)
            elif not wanted and name in self._on:
                self._turn_off(name)

    def as_json(self) -> dict[str, Any]:
        """Every pack: whether it is on, and what it does."""
        return {name: {"on": name in self._on, "about": PACKS[name].about} for name in PACKS}

    def _turn_on(self, name: str) -> None:
        pack, switches = PACKS[name], self.instance.shared.switches
        self._on[name] = {switch: switches.get(switch) for switch in pack.switches}
        if not pack.lasting:
            self._rows[name] = self._changeable()
        switches.set(pack.switches)
        if pack.apply is not None:
            pack.apply(self.instance)

    def _turn_off(self, name: str) -> None:
        store = self.instance.store
        self.instance.shared.switches.set(self._on.pop(name))
        if PACKS[name].apply is None:
            return
        for table, record in self._changeable():
            store.remove(table, record["sys_id"])
        by_table: dict[str, list[Record]] = {}
        for table, record in self._rows.pop(name):
            by_table.setdefault(table, []).append(record)
        for table, rows in by_table.items():
            store.insert_many(table, rows)

    def _changeable(self) -> list[tuple[str, Record]]:
        """The rows that a pack may change, as they are now."""
        store = self.instance.store
        return [
            (table, record)
            for table in ("sys_choice", "sys_user")
            for record in store.find_all(table)
        ]

    def _forget(self) -> None:
        self._on.clear()
        self._rows.clear()
