"""What a fresh sandbox holds: the demo tenant, its application, its catalogue; or captures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scoredesk.sandbox.microsoft.catalogue import Action, address, remediation
from scoredesk.sandbox.microsoft.catalogue_apps import APP_ACTIONS
from scoredesk.sandbox.microsoft.catalogue_data import DATA_ACTIONS, INFRASTRUCTURE_ACTIONS
from scoredesk.sandbox.microsoft.catalogue_device import DEVICE_ACTIONS
from scoredesk.sandbox.microsoft.catalogue_identity import ENTRA_ACTIONS
from scoredesk.sandbox.microsoft.catalogue_mail import MAIL_ACTIONS
from scoredesk.sandbox.microsoft.history import Scored, vendor
from scoredesk.sandbox.switches import Switch

TENANT_ID = "11111111-2222-4333-8444-555555555555"
TENANT_NAME = "Demo tenant"
TENANT_DOMAIN = "demo.example"
CLIENT_ID = "scoredesk-graph"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 # public on purpose: the sandbox guards nothing

READ = "SecurityEvents.Read.All"
READ_WRITE = "SecurityEvents.ReadWrite.All"

# Variants that the control room's /_sandbox/switches chooses between.
SWITCHES = {
    "graph_roles": Switch(
        READ, "permissions that new tokens of the application carry, separated by spaces"
    ),
    "entra_consent": Switch(
        "granted",
        "consent: granted, no service principal (AADSTS7000229), none given (AADSTS65001)",
        ("granted", "missing_principal", "not_consented"),
    ),
    "entra_tenant_known": Switch(True, "the tenant exists"),
    "entra_secret_expired": Switch(False, "the client secret has expired"),
    "entra_refusal": Switch(
        "none",
        "the application is disabled (AADSTS7000112) or blocked by a policy (AADSTS53003)",
        ("none", "disabled", "conditional_access"),
    ),
    "graph_scores": Switch(
        "normal",
        "snapshots: as usual, none (a new tenant), or the newest is three weeks old",
        ("normal", "none", "stale"),
    ),
    "graph_comparatives": Switch(
        "normal",
        "comparisons: as usual, -1 everywhere, none, or with a third basis",
        ("normal", "minus_one", "empty", "industry"),
    ),
    "graph_score_form": Switch(
        "normal",
        "a control's score: as usual, its numbers as text, or without scoreInPercentage",
        ("normal", "text", "no_percentage"),
    ),
    "graph_unknown_members": Switch(
        False, "snapshots, controls and profiles carry members that no documentation knows"
    ),
    "graph_catalogue_size": Switch(0, "profiles that there are at least; large tenants have 430"),
    "graph_undeclared_in_patch": Switch(
        "ignored",
        "properties in a PATCH that Graph does not declare",
        ("ignored", "refused"),
    ),
    "graph_compliance_null": Switch(False, "complianceInformation is null, not an empty list"),
    "graph_throttled": Switch(False, "every call answers 429"),
    "graph_retry_after": Switch(True, "429 carries Retry-After"),
    "graph_limits": Switch(True, "Graph's own limits hold: 150 a minute, 4 at once"),
    "graph_latency_ms": Switch(0, "milliseconds that every Graph call takes"),
}

ACTIONS: tuple[Action, ...] = (
    *ENTRA_ACTIONS,
    *MAIL_ACTIONS,
    *DATA_ACTIONS,
    *DEVICE_ACTIONS,
    *APP_ACTIONS,
    *INFRASTRUCTURE_ACTIONS,
)
# Controls that are scored although the catalogue has no profile for them (graph-secure-score 2.4).
WITHOUT_PROFILE = (
    Scored("mdo_recipientlimitperday", "Apps", 1.0, "ratio", ((-90, 100.0),)),
    Scored("aad_sign_in_freq_session_timeout", "Apps", 5.0, "plain", ((-90, 0.0),)),
)


def seeded_profiles() -> list[dict[str, Any]]:
    """The sandbox's own secureScoreControlProfiles, as Graph returns them."""
    return [profile_of(action) for action in ACTIONS]


def seeded_controls() -> list[Scored]:
    """The controls that make the sandbox's own score."""
    own = [
        Scored(
            action.id, action.category, float(action.points), action.kind, action.course, action.why
        )
        for action in ACTIONS
        if action.kind != "none"
    ]
    return [*own, *WITHOUT_PROFILE]


def controls_of(profiles: Iterable[dict[str, Any]]) -> list[Scored]:
    """Controls that give captured profiles a score of the sandbox's making."""
    kinds = {"Device": "fleet", "Identity": "ratio"}
    return [
        Scored(
            str(profile["id"]),
            str(profile["controlCategory"]),
            float(profile["maxScore"]),
            kinds.get(str(profile["controlCategory"]), "plain"),
        )
        for profile in profiles
    ]


def captured(path: Path, *, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """The objects of a captured payload, unaltered.

    Takes a list, an answer of Graph (`{"value": [...]}`) or a single object, with or without a
    byte order mark. ValueError if the file holds anything else or an object lacks one of `keys`.
    """
    payload = json.loads(path.read_text(encoding="utf-8-sig"))
    if isinstance(payload, dict):
        payload = payload.get("value", [payload])
    if not isinstance(payload, list) or not all(
        isinstance(item, dict) and item.keys() >= set(keys) for item in payload
    ):
        raise ValueError(
            f"{path} is not a captured Graph payload: each object needs {', '.join(keys)}."
        )
    return payload


def default_update() -> dict[str, Any]:
    """The one controlStateUpdates entry of a control that nobody has touched."""
    return {
        "assignedTo": None,
        "comment": None,
        "state": "Default",
        "updatedBy": None,
        "updatedDateTime": None,
    }


def profile_of(action: Action) -> dict[str, Any]:
    """An action as Graph shows it in this tenant, with its twenty properties."""
    return {
        "id": action.id,
        "azureTenantId": TENANT_ID,
        "actionType": "Config",
        "actionUrl": address(action, TENANT_ID),
        "controlCategory": action.category,
        "title": action.title,
        "deprecated": False,
        "implementationCost": action.cost,
        "lastModifiedDateTime": None,
        "maxScore": float(action.points),
        "rank": action.rank,
        "remediation": remediation(action),
        "remediationImpact": action.effect,
        "service": action.service,
        "threats": list(action.threats),
        "tier": action.tier,
        "userImpact": action.impact,
        "vendorInformation": vendor(),
        "complianceInformation": [],
        "controlStateUpdates": [default_update()],
    }
