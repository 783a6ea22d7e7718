"""How payloads differ between tenants and times: what the switches make of a seeded object."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

# Members that no documentation knows. Graph's types here are open: such members come and go
# (graph-secure-score 2.2 and 2.3), and who stores a payload must not lose them.
UNKNOWN_OF_OBJECT: Json = {
    "sandboxNote": None,
    "sandboxSegment": {"name": "demo", "weights": [1, 2.5, None], "active": True},
}
# As the payloads of 2018 had them, as text.
UNKNOWN_OF_CONTROL: Json = {"expiry": "90", "charSetsRequired": "3", "sandboxTrend": [0.5, -1]}


def with_comparisons(one: Json, variant: str) -> Json:
    """A snapshot whose comparisons fail as they once did, or have the third basis."""
    compared = one.get("averageComparativeScores") or []
    if variant == "empty":
        return {**one, "averageComparativeScores": []}
    if variant == "minus_one":
        compared = [
            {name: -1.0 if isinstance(value, float | int) else value for name, value in c.items()}
            for c in compared
        ]
    elif variant == "industry":
        compared = [*compared, {**compared[0], "basis": "IndustryTypes"}] if compared else []
    else:
        return one
    return {**one, "averageComparativeScores": compared}


def with_score_form(one: Json, form: str) -> Json:
    """A snapshot whose controls tell their score as text, or without a percentage."""
    if form == "text":
        numbers = ("score", "scoreInPercentage")
        entries = [
            {**c, **{name: str(c[name]) for name in numbers if name in c}}
            for c in one["controlScores"]
        ]
    elif form == "no_percentage":
        entries = [
            {name: value for name, value in c.items() if name != "scoreInPercentage"}
            for c in one["controlScores"]
        ]
    else:
        return one
    return {**one, "controlScores": entries}


def snapshot_with_unknown_members(one: Json) -> Json:
    """A snapshot with undeclared members at every level."""
    compared = one.get("averageComparativeScores") or []
    return {
        **one,
        **UNKNOWN_OF_OBJECT,
        "vendorInformation": {**(one.get("vendorInformation") or {}), **UNKNOWN_OF_OBJECT},
        "averageComparativeScores": [{**c, **UNKNOWN_OF_OBJECT} for c in compared],
        "controlScores": [{**c, **UNKNOWN_OF_CONTROL} for c in one["controlScores"]],
    }


def profile_with_unknown_members(profile: Json) -> Json:
    """A profile with undeclared members, also in its history of updates."""
    updates = profile.get("controlStateUpdates") or []
    return {
        **profile,
        **UNKNOWN_OF_OBJECT,
        "controlStateUpdates": [{**update, **UNKNOWN_OF_OBJECT} for update in updates],
    }
