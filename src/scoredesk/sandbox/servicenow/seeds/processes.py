"""What a fresh instance holds of change models, standard changes and import maps."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from scoredesk.sandbox.servicenow.rules import models
from scoredesk.sandbox.servicenow.rules.tasks import LOOKUP, PRIORITY
from scoredesk.sandbox.servicenow.state import Record

FixedId = Callable[..., str]

STATES = {
    models.NEW: "New",
    models.ASSESS: "Assess",
    models.AUTHORIZE: "Authorize",
    models.SCHEDULED: "Scheduled",
    models.IMPLEMENT: "Implement",
    models.REVIEW: "Review",
    models.CLOSED: "Closed",
    models.CANCELLED: "Canceled",
}
# key: (name, description, type that the model presets, its way)
MODELS = {
    "normal": (
        "Normal",
        "Assessed and authorized before it is scheduled.",
        "normal",
        models.CHANGE_WAY["normal"],
    ),
    "standard": (
        "Standard",
        "Pre-approved work after a template.",
        "standard",
        models.CHANGE_WAY["standard"],
    ),
    "emergency": (
        "Emergency",
        "Must be done soon; authorized without assessment.",
        "emergency",
        models.CHANGE_WAY["emergency"],
    ),
    "registration": (
        "Change Registration",
        "Records an automated change; there are no approvals.",
        "normal",
        (models.NEW, models.IMPLEMENT, models.REVIEW, models.CLOSED),
    ),
}
# name: (short description, category, fields that the template fills)
TEMPLATES = {
    "Restart a server": (
        "Restart a server outside office hours",
        "Hardware",
        (
            "short_description=Restart a server^description=Restart the server that is named."
            "^implementation_plan=Announce, drain, restart, check.^backout_plan=Start the standby."
            "^test_plan=The health page is green.^risk=4^impact=3^category=Hardware^EQ"
        ),
    ),
    "Renew a certificate": (
        "Replace a certificate before it expires",
        "Software",
        (
            "short_description=Renew a certificate^description=Replace what expires."
            "^implementation_plan=Install, reload, check.^backout_plan=Put the old one back."
            "^test_plan=A browser shows the new date.^risk=4^impact=3^category=Software^EQ"
        ),
    ),
}
# Columns of a staging row, and the fields that they become; the first finds existing records.
COMMON = {
    "correlation_id": "correlation_id",
    "correlation_display": "correlation_display",
    "short_description": "short_description",
    "description": "description",
    "impact": "impact",
    "urgency": "urgency",
    "category": "category",
    "state": "state",
    "assignment_group": "assignment_group",
    "assigned_to": "assigned_to",
    "close_code": "close_code",
    "close_notes": "close_notes",
    "work_notes": "work_notes",
    "due_date": "due_date",
}
MAPS = {
    "u_scoredesk_incident_import": (
        "Scoredesk incident", "incident", {**COMMON, "caller": "caller_id"},
    ),
    "u_scoredesk_change_import": (
        "Scoredesk change",
        "change_request",
        {**COMMON, "type": "type", "priority": "priority"},
    ),
}  # fmt: skip


def process_rows(fixed_id: FixedId) -> Iterator[tuple[str, list[Record]]]:
    """Tables with their first rows; `fixed_id` makes the same sys_ids in every sandbox."""
    yield (
        LOOKUP,
        [
            {
                "sys_id": fixed_id(LOOKUP, impact, urgency),
                "impact": impact,
                "urgency": urgency,
                "priority": priority,
                "active": "true",
                "order": "100",
            }
            for (impact, urgency), priority in PRIORITY.items()
        ],
    )
    yield "chg_model", [_model(fixed_id, key) for key in MODELS]
    transitions = [row for key in MODELS for row in _transitions(fixed_id, key)]
    yield "sttrm_state_transition", transitions
    yield (
        "sttrm_transition_condition",
        [
            {
                "sys_id": fixed_id("sttrm_transition_condition", row["sys_id"]),
                "name": "Not On hold",
                "sttrm_state_transition": row["sys_id"],
                "condition": "on_hold!=true",
            }
            for row in transitions
            if row["to_state"] not in {models.NEW, models.CANCELLED}
        ],
    )
    yield (
        "std_change_record_producer",
        [
            {
                "sys_id": fixed_id("std_change_record_producer", name),
                "name": name,
                "sys_name": name,
                "short_description": text,
                "active": "true",
                "category": category,
                "template": template,
                "current_version": fixed_id("std_change_producer_version", name),
            }
            for name, (text, category, template) in TEMPLATES.items()
        ],
    )
    yield "sys_transform_map", [_map(fixed_id, source) for source in MAPS]
    yield "sys_transform_entry", [row for source in MAPS for row in _entries(fixed_id, source)]


def _model(fixed_id: FixedId, key: str) -> Record:
    name, description, kind, _ = MODELS[key]
    return {
        "sys_id": fixed_id("chg_model", key),
        "name": name,
        "sys_name": name,
        "description": description,
        "active": "true",
        "available_in_ui": "false" if key == "registration" else "true",
        "default_change_model": "true" if key == "normal" else "false",
        "color": "#cbcbcb",
        "record_preset": f"type={kind}^EQ",
        "state_field": "state",
        "table_name": "change_request",
        "sys_class_name": "chg_model",
        "sys_domain": "global",
        "sys_domain_path": "/",
    }


def _transitions(fixed_id: FixedId, key: str) -> Iterator[Record]:
    way = MODELS[key][3]
    steps = list(itertools.pairwise(way))
    if key in models.BACK_TO_NEW:
        steps.append((models.BACK_TO_NEW[key], models.NEW))
    steps += [(state, models.CANCELLED) for state in way if state in models.CANCELLABLE]
    for before, after in steps:
        yield {
            "sys_id": fixed_id("sttrm_state_transition", key, before, after),
            "name": f"{STATES[before]} to {STATES[after]}",
            "sttrm_model": fixed_id("chg_model", key),
            "from_state": before,
            "to_state": after,
            "automatic_transition": "false",
            "active": "true",
        }


def _map(fixed_id: FixedId, source: str) -> Record:
    name, target, _ = MAPS[source]
    return {
        "sys_id": fixed_id("sys_transform_map", source),
        "name": name,
        "source_table": source,
        "target_table": target,
        "active": "true",
        "order": "100",
        "copy_empty_fields": "false",
    }


def _entries(fixed_id: FixedId, source: str) -> list[Record]:
    return [
        {
            "sys_id": fixed_id("sys_transform_entry", source, column),
            "map": fixed_id("sys_transform_map", source),
            "source_field": column,
            "target_field": target,
            "coalesce": "true" if column == "correlation_id" else "false",
        }
        for column, target in MAPS[source][2].items()
    ]
