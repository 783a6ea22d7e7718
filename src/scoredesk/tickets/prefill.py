"""What the share form begins with, made from an improvement action. Pure but for translation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scoredesk.posture.markup import readable_text
from scoredesk.posture.models import ImprovementAction
from scoredesk.tickets.models import SHORT_DESCRIPTION_LENGTH, Priority

# Days until due, by priority: our suggestion; the person decides.
DAYS_UNTIL_DUE = {
    Priority.CRITICAL: 7,
    Priority.HIGH: 14,
    Priority.MODERATE: 30,
    Priority.LOW: 60,
}


@dataclass(frozen=True)
class Prefill:
    """First values of the share form."""

    name: str
    description: str
    priority: Priority
    due_date: dt.date
    name_was_cut: bool


def suggest_priority(points_left: float) -> Priority:
    """More points left, more pressing. Secure Score gives a control at most 10 points
    (graph-secure-score 6)."""
    if points_left >= 8:
        return Priority.HIGH
    if points_left >= 3:
        return Priority.MODERATE
    return Priority.LOW


def shortened(text: str, room: int) -> str:
    """`text` in at most `room` characters, cut at a word and marked with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= room:
        return text
    head = text[: room - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[room // 2 :] else head).rstrip(" ,;:-") + "…"


def shortened_lines(text: str, room: int) -> str:
    """`text` in at most `room` characters, its line breaks kept, cut at a line or word."""
    text = text.strip()
    if len(text) <= room:
        return text
    head = text[: room - 2]
    cut = max(head.rfind("\n"), head.rfind(" "))
    return (head[:cut] if cut > room // 2 else head).rstrip() + "\n…"


def prefill(action: ImprovementAction, today: dt.date, room: int) -> Prefill:
    """The form's first values for `action`; the description holds at most `room` characters."""
    priority = suggest_priority(action.points_left or 0)
    sections = [
        (_("What to do"), readable_text(action.remediation_html)),
        (_("Effect on people"), readable_text(action.impact_html)),
        (_("Why"), readable_text(action.description_html)),
    ]
    colon = pgettext("after a label", ": ").rstrip()
    text = "\n\n".join(f"{title}{colon}\n{body}" for title, body in sections if body)
    return Prefill(
        name=shortened(action.title, SHORT_DESCRIPTION_LENGTH),
        description=shortened_lines(text or action.title, room),
        priority=priority,
        due_date=today + dt.timedelta(days=DAYS_UNTIL_DUE[priority]),
        name_was_cut=len(action.title) > SHORT_DESCRIPTION_LENGTH,
    )
