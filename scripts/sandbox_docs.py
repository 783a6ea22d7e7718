"""The tables of docs/sandbox.md that follow from the sandbox's own code.

The page is written by hand between its tables; a table stands between `<!-- table: name -->` and
`<!-- end -->`. The Chinese of each text in the code is in `sandbox.zh.po`, by its English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import polib

from scoredesk.sandbox import microsoft, servicenow
from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.control.routes import control_addresses
from scoredesk.sandbox.faults.kinds import (
    ANSWER_KINDS,
    MICROSOFT_KINDS,
    SERVICENOW_KINDS,
    WIRE_KINDS,
)
from scoredesk.sandbox.microsoft.routes import addresses as microsoft_addresses
from scoredesk.sandbox.microsoft.seed import SWITCHES as MICROSOFT_SWITCHES
from scoredesk.sandbox.microsoft.state import MicrosoftState
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.levers.packs import PACKS
from scoredesk.sandbox.servicenow.routes import addresses as servicenow_addresses
from scoredesk.sandbox.servicenow.state import Store
from scoredesk.sandbox.servicenow.switches.apis import API_SWITCHES
from scoredesk.sandbox.servicenow.switches.app import APP_SWITCHES
from scoredesk.sandbox.servicenow.switches.network import NETWORK_SWITCHES
from scoredesk.sandbox.servicenow.switches.rules import RULE_SWITCHES
from scoredesk.sandbox.servicenow.switches.sign_in import SIGN_IN_SWITCHES
from scoredesk.sandbox.servicenow.switches.tables import TABLE_SWITCHES
from scoredesk.sandbox.shared import Shared
from scoredesk.sandbox.switches import Switch

CATALOGUE = Path(__file__).parent / "sandbox.zh.po"
TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
HEADS = {
    "en": {
        "addresses": ("address", "methods", "what is there"),
        "switches": ("switch", "default", "what it changes"),
        "faults": ("kind", "what happens"),
        "packs": ("pack", "what is then so"),
        "records": ("table", "label", "extends", "fields"),
    },
    "zh": {
        "addresses": ("地址", "方法", "内容"),
        "switches": ("开关", "默认值", "改变什么"),
        "faults": ("种类", "效果"),
        "packs": ("情形", "效果"),
        "records": ("表", "标签", "扩展自", "字段数"),
    },
}
FAULT_TABLES = {
    "wire": WIRE_KINDS,
    "answer": ANSWER_KINDS,
    "servicenow": SERVICENOW_KINDS,
    "microsoft": MICROSOFT_KINDS,
}
SWITCH_TABLES: dict[str, Mapping[str, Switch]] = {
    "sign_in": SIGN_IN_SWITCHES,
    "tables": TABLE_SWITCHES,
    "rules": RULE_SWITCHES,
    "apis": API_SWITCHES,
    "app": APP_SWITCHES,
    "network": NETWORK_SWITCHES,
    "microsoft": MICROSOFT_SWITCHES,
}


def sandbox_page(language: str, page: str) -> str:
    """`page` with each of its tables as the code has it now; `language` is "en" or "zh"."""
    made = tables(language)
    return TABLE.sub(lambda found: f"{found[1]}\n{made[found[2]]}\n\n{found[3]}", page)


def tables(language: str) -> dict[str, str]:
    """Each table of the page by its name, as Markdown."""
    say = _Words(language)
    made = {f"{name}_addresses": say.addresses(found) for name, found in all_addresses().items()}
    made |= {
        f"{name}_faults": say.table("faults", say.pairs(kinds))
        for name, kinds in FAULT_TABLES.items()
    }
    made["packs"] = say.table("packs", say.pairs({n: p.about for n, p in PACKS.items()}))
    made["records"] = say.table("records", _record_rows())
    for name, switches in SWITCH_TABLES.items():
        rows = [
            (f"`{switch}`", _default(about), say(about.meaning))
            for switch, about in switches.items()
        ]
        made[f"{name}_switches"] = say.table("switches", rows)
    return made


def all_addresses() -> dict[str, list[Address]]:
    """Every simulated address, from the sandbox as it is put together."""
    shared = Shared()
    servicenow.create_app(shared)
    microsoft.create_app(shared)
    state = MicrosoftState(shared)
    return {
        "servicenow": _without_versions(servicenow_addresses(Instance(shared, Store(None)))),
        "microsoft": microsoft_addresses(shared, state),
        "control": control_addresses(shared),
    }


def sentences() -> set[str]:
    """Every text of the code that the page shows and that therefore has its Chinese."""
    shown = {address.about for found in all_addresses().values() for address in found}
    shown |= {meaning for kinds in FAULT_TABLES.values() for meaning in kinds.values()}
    shown |= {pack.about for pack in PACKS.values()}
    return shown | {
        about.meaning for switches in SWITCH_TABLES.values() for about in switches.values()
    }


def bring_catalogue_up_to_date() -> None:
    """Add what is new to the catalogue, to be translated, and drop what is gone."""
    kept = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE))}
    written = polib.POFile(wrapwidth=100)
    written.metadata = {"Content-Type": "text/plain; charset=utf-8", "Language": "zh_Hans"}
    for sentence in sorted(sentences()):
        written.append(polib.POEntry(msgid=sentence, msgstr=kept.get(sentence, "")))
    written.save(str(CATALOGUE))


def chinese() -> dict[str, str]:
    """The Chinese of each sentence that has one."""
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE)) if entry.msgstr}


def _without_versions(found: Iterable[Address]) -> list[Address]:
    """The addresses without their twins that name a version (`/api/now/v1/…`)."""
    return [address for address in found if "{version:version}" not in address.path]


def _default(switch: Switch) -> str:
    shown = {True: "on", False: "off"}[switch.default] if _is_flag(switch) else switch.default
    value = f"`{shown}`" if shown not in ("", [], {}) else "–"
    others = [f"`{choice}`" for choice in switch.choices if choice != switch.default]
    return " / ".join([value, *others])


def _is_flag(switch: Switch) -> bool:
    return isinstance(switch.default, bool)


def _record_rows() -> list[tuple[str, ...]]:
    return [
        (
            f"`{table.name}`",
            table.label,
            f"`{table.parent}`" if table.parent else "–",
            str(len(table.fields)),
        )
        for table in TABLES.values()
    ]


class _Words:
    def __init__(self, language: str) -> None:
        self._language = language
        self._chinese = chinese() if language == "zh" else {}

    def __call__(self, sentence: str) -> str:
        return self._chinese.get(sentence, sentence)

    def pairs(self, meanings: Mapping[str, str]) -> list[tuple[str, ...]]:
        return [(f"`{name}`", self(meaning)) for name, meaning in meanings.items()]

    def addresses(self, found: Iterable[Address]) -> str:
        rows = [
            (f"`{address.path}`", " ".join(address.methods), self(address.about))
            for address in found
        ]
        return self.table("addresses", rows)

    def table(self, kind: str, rows: Iterable[tuple[str, ...]]) -> str:
        heads = HEADS[self._language][kind]
        lines = [heads, tuple("---" for _ in heads), *rows]
        return "\n".join(f"| {' | '.join(map(_cell, row))} |" for row in lines)


def _cell(text: str) -> str:
    return text.replace("|", "&#124;")
