"""Days that the control room plans: the three look-alikes of a falling score (section 6 and 10).

A planned day begins at the midnight to come and leaves everything before it as it was. Which
control it strikes is chosen by rule, so that the same plan has the same result every time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from scoredesk.sandbox.microsoft.catalogue import APPS, IDENTITY, Action
from scoredesk.sandbox.microsoft.history import (
    Scored,
    devices_on,
    invented_course,
    percent_on,
)

Profile = dict[str, Any]

KINDS = {
    "catalogue_change": (
        "one maximum falls, one control vanishes, one appears, one changes its category"
    ),
    "regression": "one completed control falls to 40 percent, or is switched off",
    "fleet_churn": "one device more or less; the points of device controls hardly move",
}
REGRESSED_PERCENT = 40.0


@dataclass(frozen=True)
class Day:
    """A planned day: its kind, when it is, its number after the seeding, and what it strikes."""

    kind: str
    date: date
    number: int
    strikes: dict[str, str]


def choose(kind: str, controls: Sequence[Scored], *, number: int, nth: int) -> dict[str, str]:
    """What a day of `kind` strikes, as {what: control id}; `nth` counts such days before.

    ValueError names an unknown kind, or says that no control is left for it.
    """
    if kind not in KINDS:
        raise ValueError(f"There is no day {kind!r}. There are: {', '.join(sorted(KINDS))}.")
    if kind == "fleet_churn":
        # One device at a time: two at once would move some control by a tenth of a point.
        comes_anyway = devices_on(number) != devices_on(number - 1)
        return {"devices": "0" if comes_anyway else "1"}
    done = _ids(controls, lambda one: percent_on(one, number) >= 100 and one.max_score >= 2)
    if kind == "regression":
        return {"falls": _next(done)}
    apps = _ids(controls, lambda one: one.category == APPS and percent_on(one, number) < 100)
    return {
        "maxScore": _next(done),
        "vanishes": _next(done),
        "appears": f"exo_shared_mailbox_signin_{nth + 1}",
        "controlCategory": _next(apps),
    }


def controls_after(controls: Iterable[Scored], days: Iterable[Day]) -> list[Scored]:
    """The scored controls once `days` have come."""
    kept = list(controls)
    for day in days:
        kept = [struck for one in kept for struck in _struck_control(one, day)]
        if day.kind == "catalogue_change":
            kept.append(_scored(_new_action(day.strikes["appears"])))
    return kept


def profiles_after(
    profiles: Iterable[Profile], days: Iterable[Day], *, make: Callable[[Action], Profile]
) -> list[Profile]:
    """The catalogue once `days` have come; `make` turns an Action into a profile."""
    kept = list(profiles)
    for day in days:
        if day.kind != "catalogue_change":
            continue
        kept = [struck for one in kept for struck in _struck_profile(one, day.strikes)]
        kept.append(make(_new_action(day.strikes["appears"])))
    return kept


def _struck_control(one: Scored, day: Day) -> Iterator[Scored]:
    strikes = day.strikes
    if one.id == strikes.get("vanishes"):
        return
    if one.id == strikes.get("maxScore"):
        yield replace(one, max_score=one.max_score - 1)
    elif one.id == strikes.get("controlCategory"):
        yield replace(one, category=IDENTITY)
    elif one.id == strikes.get("falls"):
        low = 0.0 if one.kind == "switch" else REGRESSED_PERCENT
        yield replace(one, course=(*(one.course or invented_course(one)), (day.number, low)))
    elif one.kind == "fleet" and "devices" in strikes:
        yield replace(one, joined=(*one.joined, (day.number, int(strikes["devices"]))))
    else:
        yield one


def _struck_profile(one: Profile, strikes: dict[str, str]) -> Iterator[Profile]:
    if one["id"] == strikes["vanishes"]:
        return
    if one["id"] == strikes["maxScore"]:
        yield {**one, "maxScore": one["maxScore"] - 1}
    elif one["id"] == strikes["controlCategory"]:
        yield {**one, "controlCategory": IDENTITY}
    else:
        yield one


def _new_action(name: str) -> Action:
    return Action(
        name,
        "Block sign-in to shared mailboxes",
        3,
        why="<p>A shared mailbox has an account of its own, whose password nobody watches.</p>",
        steps=(
            "List the accounts behind your shared mailboxes in the Microsoft 365 admin center.",
            "Open each account and choose <strong>Block sign-in</strong>.",
        ),
        docs="microsoft-365/admin/email/about-shared-mailboxes",
        effect="Nobody can sign in to a shared mailbox directly any more.",
        cost="Low",
        impact="Low",
        kind="switch",
        course=((0, 0.0),),
    )


def _scored(action: Action) -> Scored:
    return Scored(
        action.id, action.category, float(action.points), action.kind, action.course, action.why
    )


def _ids(controls: Iterable[Scored], wanted: Callable[[Scored], bool]) -> Iterator[str]:
    return iter(sorted(one.id for one in controls if wanted(one)))


def _next(ids: Iterator[str]) -> str:
    found = next(ids, None)
    if found is None:
        raise ValueError("No control is left that such a day could strike.")
    return found
