"""How long people get, wherever it is told: on the checklist, by the check, on the home page."""

from __future__ import annotations

from datetime import timedelta

# Who signs in and presses Allow is back within this; who is not is held up somewhere.
ANSWER_WITHIN = timedelta(minutes=2)
# A person has two weeks to plan a new authorization with the ServiceNow administrator.
WARN_BEFORE = timedelta(days=14)
