"""The shape of the sandbox's own improvement actions, and how their HTML is put together.

Ids, titles, points, ranks and threats are facts of the real service; every text that a person
reads was written for the sandbox. One thing is not as in the real service: the sandbox files a few
actions about servers under Infrastructure, a category that tenants seldom have today, so that all
five categories can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

IDENTITY, DATA, DEVICE, APPS = "Identity", "Data", "Device", "Apps"
INFRASTRUCTURE = "Infrastructure"
# Threats come as human text, in two spellings (graph-secure-score 2.4).
BREACH, BREACH_OLD = "Account breach", "Account Breach"
CRACKING = "Password Cracking"
EXFILTRATION, SPILLAGE, DELETION = "Data Exfiltration", "Data Spillage", "Data Deletion"
ELEVATION, INSIDER = "Elevation of Privilege", "Malicious Insider"

LEARN = "https://learn.microsoft.com/en-us/"
RECOMMENDATION = "https://security.microsoft.com/security-recommendations?recommendationId=sca-_-"
TENANT_MARK = "{tenant}"


@dataclass(frozen=True)
class Action:
    """An improvement action before it becomes a profile.

    `steps` make the remediation's ordered list; `raw` replaces the whole of it. `docs` is a path
    under learn.microsoft.com, `url` the settings page (with `{tenant}` where its `tid=` goes;
    empty: the recommendation of a device action, else the documentation). `kind` and `course` as
    in `history.Scored`; kind "none" means that the tenant has a profile but no score for it.
    """

    id: str
    title: str
    points: float
    why: str
    steps: tuple[str, ...] = ()
    docs: str = ""
    url: str = ""
    effect: str = "Unknown"
    raw: str = ""
    category: str = APPS
    service: str = "EXO"
    rank: int = 10
    cost: str = "Unknown"
    impact: str | None = "Unknown"
    tier: str = "Core"
    threats: tuple[str, ...] = ()
    kind: str = "switch"
    course: tuple[tuple[int, float], ...] = ()


def remediation(action: Action) -> str:
    """The remediation as HTML, in the uneven manner of the real service."""
    if action.raw:
        return action.raw
    steps = "".join(f"<li>{step}</li>" for step in action.steps)
    listed = f"<ol>{steps}</ol>" if action.steps else ""
    if not action.docs:
        return listed
    link = f"<a href='{LEARN}{action.docs}' target='_blank'>Read how in the documentation</a>"
    return f"{listed}<p>{link}&nbsp;</p>"


def address(action: Action, tenant_id: str) -> str:
    """The actionUrl, with the tenant's id where the real one carries it."""
    url = action.url or f"{LEARN}{action.docs}"
    if action.category == DEVICE:
        url = f"{RECOMMENDATION}{action.id.replace('_', '-')}&tid={TENANT_MARK}"
    return url.replace(TENANT_MARK, tenant_id)
