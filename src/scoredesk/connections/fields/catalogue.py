"""What the instance says of a table, as plain data: fields, choices, and what changed. Pure.

`Catalogue.fields` holds for each field {"label", "labels", "type", "reference", "max_length",
"mandatory_by"}; `mandatory_by` says how we know: "data_policy" and "refusal" are sure,
"dictionary" is a hint, since REST does not enforce it (servicenow-api 2.5, 12.3). A field that is
known by its label alone (from a refusal) stands under "label:…" until somebody names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict

from scoredesk.connections.fields.known import JOURNAL, OURS, USED_CHOICES, mappable, shipped

FieldData = dict[str, Any]
ChoiceData = dict[str, Any]
UNNAMED: Final = "label:"
SURE: Final = frozenset({"data_policy", "refusal"})
NO_FIELD: Final[FieldData] = {
    "label": "",
    "labels": {},
    "type": "",
    "reference": "",
    "max_length": 0,
    "mandatory_by": "",
}


class Difference(TypedDict):
    """One thing that the instance changed; `kind` is a key of `differences.SENTENCES`."""

    kind: str
    field: str
    value: str
    before: str
    after: str


@dataclass(frozen=True)
class FieldInfo:
    """A field as a page shows it, in one language."""

    name: str
    label: str
    kind: str = ""
    reference: str = ""
    max_length: int = 0
    mandatory_by: str = ""

    @property
    def mandatory(self) -> bool:
        """Whether the instance certainly refuses a record without it."""
        return self.mandatory_by in SURE

    @property
    def unnamed(self) -> bool:
        """Whether only its label is known."""
        return self.name.startswith(UNNAMED)


@dataclass(frozen=True)
class Option:
    """A choice as a page shows it."""

    value: str
    label: str
    dependent: str = ""
    inactive: bool = False


@dataclass(frozen=True)
class Book:
    """The catalogue of one table, in the language of the page."""

    table: str
    fields: Mapping[str, FieldData] = field(default_factory=dict)
    choices: Mapping[str, Sequence[ChoiceData]] = field(default_factory=dict)
    language: str = "en"

    def info(self, name: str) -> FieldInfo:
        """A field: as the instance names it, else as shipped, else by its name."""
        found = {**NO_FIELD, **self.fields.get(name, {})}
        known = shipped(self.table).get(name)
        label = in_language(found["labels"], self.language) or found["label"]
        if not label or (known and not found["labels"]):
            label = str(known.label if known else OURS.get(name, label or name))
        return FieldInfo(
            name=name,
            label=label,
            kind=self._kind(name, found["type"] or (known.kind if known else "")),
            reference=found["reference"] or (known.reference if known else ""),
            max_length=found["max_length"] or (known.max_length if known else 0),
            mandatory_by=found["mandatory_by"],
        )

    def all(self) -> list[FieldInfo]:
        """Every field that may be mapped, by label."""
        names = {*shipped(self.table), *self.fields}
        found = [self.info(name) for name in names if mappable(name)]
        return sorted(found, key=lambda each: each.label.casefold())

    def knows(self, name: str) -> bool | None:
        """Whether the instance has the field; None if it never showed us all of them."""
        if name in self.fields or name in OURS:
            return True
        return False if self.whole else None

    @property
    def whole(self) -> bool:
        """Whether the instance has shown all fields, not only some that a refusal named."""
        return "sys_id" in self.fields

    def options(self, name: str, dependent: str | None = None) -> list[Option]:
        """The choices of a field; with `dependent`, those of that value of the other field."""
        return [
            Option(
                each["value"],
                in_language(each["labels"], self.language) or each["value"],
                each["dependent"],
                each["inactive"],
            )
            for each in self.choices.get(name, [])
            if dependent is None or each["dependent"] in {"", dependent}
        ]

    def mandatory(self) -> list[FieldInfo]:
        """The fields without which the instance certainly refuses a record; ours left out."""
        found = [self.info(name) for name in self.fields if mappable(name)]
        return [each for each in found if each.mandatory]

    def _kind(self, name: str, kind: str) -> str:
        if name in JOURNAL:
            return "journal_input"
        return "choice" if name in self.choices and kind in {"", "string", "integer"} else kind


def in_language(labels: Mapping[str, str], language: str) -> str:
    """The label in that language, else in English, else in any."""
    plain = language.partition("-")[0]
    return labels.get(plain) or labels.get("en") or next(iter(labels.values()), "")


def named(label: str, fields: Mapping[str, FieldData]) -> str:
    """The name of the field with this label, "" if none has it.

    A refusal names labels only (servicenow-api 12.3). Where no label is known, a custom field's
    name mostly follows from it: "Cost center" became u_cost_center when it was made.
    """
    wanted = label.strip().casefold()
    for name, data in fields.items():
        said = {str(data.get("label", "")), *data.get("labels", {}).values()}
        if not name.startswith(UNNAMED) and wanted in {each.casefold() for each in said if each}:
            return name
    custom = suggested(label)
    return next((each for each in (custom[2:], custom) if each and each in fields), "")


def suggested(label: str) -> str:
    """The name that a custom field with this label mostly has; "" where the label has no Latin
    letters."""
    slug = re.sub(r"[^a-z0-9]+", "_", label.strip().casefold()).strip("_")
    return f"u_{slug}" if slug else ""


def with_mandatory(
    fields: Mapping[str, FieldData], labels: Iterable[str]
) -> tuple[dict[str, FieldData], list[str]]:
    """The fields, these labels marked as demanded by a refusal; and the names that are new so."""
    kept = {name: {**NO_FIELD, **data} for name, data in fields.items()}
    added = []
    for label in labels:
        name = named(label, kept) or f"{UNNAMED}{label}"
        data = kept.setdefault(name, {**NO_FIELD, "labels": {}})
        data["label"] = data["label"] or label
        if data["mandatory_by"] not in SURE:
            data["mandatory_by"] = "refusal"
            added.append(name)
    return kept, added


def without_demands(fields: Mapping[str, FieldData], sent: Iterable[str]) -> dict[str, FieldData]:
    """The fields after a record was created with the `sent` ones: what only a refusal has taught
    of the others is outdated."""
    still = set(sent)
    kept = {}
    for name, data in fields.items():
        if data.get("mandatory_by") == "refusal" and name not in still:
            if name.startswith(UNNAMED):
                continue
            kept[name] = {**data, "mandatory_by": ""}
        else:
            kept[name] = dict(data)
    return kept


def merged(old: Mapping[str, FieldData], new: Mapping[str, FieldData]) -> dict[str, FieldData]:
    """A new reading of the fields over the old one: what only a refusal has taught stays, until
    somebody says otherwise. An unnamed field whose label was found now gets its name."""
    kept = {name: {**NO_FIELD, **data} for name, data in new.items()}
    taught = [name for name, data in old.items() if data.get("mandatory_by") == "refusal"]
    for name in taught:
        known = named(name.removeprefix(UNNAMED), kept) if name.startswith(UNNAMED) else name
        data = kept.setdefault(known or name, {**NO_FIELD, "labels": {}})
        data["label"] = data["label"] or old[name].get("label", "")
        data["mandatory_by"] = data["mandatory_by"] if data["mandatory_by"] in SURE else "refusal"
    return kept


def compare(old: Book, new: Book, used: Iterable[str]) -> list[Difference]:
    """What changed in the instance since the last reading, of the fields that are `used`.

    Only what was known before can have changed: a first reading brings no differences.
    """
    found: list[Difference] = []
    wanted = {*used, *USED_CHOICES}
    for name in sorted(wanted):
        if old.choices.get(name) and new.choices.get(name):
            found += _choices(name, old.options(name), new.options(name))
        if old.knows(name) and new.knows(name) is False:
            found.append(_difference("field_gone", name, before=old.info(name).label))
    demanded = {each.name for each in old.mandatory()}
    if old.fields:
        found += [
            _difference("field_mandatory", each.name, after=each.label)
            for each in new.mandatory()
            if each.name not in demanded
        ]
    return found


def _choices(name: str, old: Sequence[Option], new: Sequence[Option]) -> list[Difference]:
    before = {(each.value, each.dependent): each for each in old}
    after = {(each.value, each.dependent): each for each in new}
    found = []
    for key, each in before.items():
        now = after.get(key)
        if now is None or (now.inactive and not each.inactive):
            found.append(_difference("choice_gone", name, each.value, before=each.label))
        elif now.label != each.label:
            found.append(_difference("choice_renamed", name, each.value, each.label, now.label))
    found += [
        _difference("choice_new", name, each.value, after=each.label)
        for key, each in after.items()
        if key not in before and not each.inactive
    ]
    return found


def _difference(
    kind: str, name: str, value: str = "", before: str = "", after: str = ""
) -> Difference:
    return {"kind": kind, "field": name, "value": value, "before": before, "after": after}
