"""What the objects and lists of switches have in them; each raises with a sentence."""

from __future__ import annotations

from typing import Any

RULE_KEYS = {"api", "table", "user", "role", "limit"}
ASSIGNMENT_KEYS = {"after_seconds", "after_reads", "fields"}


def check_rate_rules(rules: list[dict[str, Any]]) -> None:
    """Each rule has a limit of requests and says with texts whom and what it is for."""
    for rule in rules:
        limit, texts = rule.get("limit"), [rule[name] for name in rule if name != "limit"]
        if set(rule) - RULE_KEYS or type(limit) is not int or limit < 0 or not _texts(texts):
            raise ValueError(
                f"A rate rule has {', '.join(sorted(RULE_KEYS))}: limit is a whole number, the "
                "others are texts."
            )


def check_assignment_rules(rules: dict[str, dict[str, Any]]) -> None:
    """Each table's rule says when and which fields."""
    for rule in rules.values():
        fields = rule.get("fields", {})
        waits = [rule[name] for name in ("after_seconds", "after_reads") if name in rule]
        whole = all(type(wait) in {int, float} and 0 <= wait < 10**9 for wait in waits)
        if set(rule) - ASSIGNMENT_KEYS or not isinstance(fields, dict) or not whole:
            raise ValueError(
                "An assignment rule has fields, an object, and after_seconds or after_reads, a "
                "number."
            )


def check_labels(tables: dict[str, dict[str, Any]]) -> None:
    """Each table names its fields with their labels."""
    if not all(_texts(list(fields.values())) for fields in tables.values()):
        raise ValueError("Each field has a label, which is a text.")


def check_names(tables: dict[str, list[Any]]) -> None:
    """Each table names its fields."""
    if not all(_texts(fields) for fields in tables.values()):
        raise ValueError("Each table has a list of names of fields.")


def _texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)
