"""The stored results of the last check, explained in the language of the page, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoredesk.common.errors import Explanation
from scoredesk.connections.faults import explain, facts_of
from scoredesk.connections.findings import STEP_OF, Check, Outcome, Step
from scoredesk.connections.models import Connection

_LOOKS = {
    Outcome.GOOD: ("green", "circle-check"),
    Outcome.WARNING: ("orange", "alert-triangle"),
    Outcome.UNSURE: ("yellow", "info-circle"),
    Outcome.FAILED: ("red", "circle-x"),
    Outcome.SKIPPED: ("secondary", "circle-dashed"),
}


@dataclass(frozen=True)
class CheckLine:
    """One finding of a check. `detail`: the instance's own words; `link`: its page there."""

    check: Check
    outcome: Outcome
    fault: Explanation | None = None
    detail: str = ""
    link: str = ""
    at: datetime | None = None

    @property
    def label(self) -> str:
        """What was looked at."""
        return str(self.check.label)

    @property
    def step(self) -> Step:
        """The step of the checklist that it belongs to."""
        return STEP_OF[self.check]

    @property
    def colour(self) -> str:
        """Tabler's colour of the outcome."""
        return _LOOKS[self.outcome][0]

    @property
    def icon(self) -> str:
        """The icon of the outcome."""
        return _LOOKS[self.outcome][1]


@dataclass(frozen=True)
class StepLines:
    """What was found in one step."""

    step: Step
    lines: list[CheckLine] = field(default_factory=list)

    @property
    def at(self) -> datetime | None:
        """When the step was checked."""
        return max((line.at for line in self.lines if line.at), default=None)


def check_lines(connection: Connection) -> list[CheckLine]:
    """Every finding of the last check, in the order of the checks."""
    known = set(Check.values)
    return [_line(kept, connection) for kept in connection.check_results if kept["check"] in known]


def by_step(lines: Iterable[CheckLine]) -> list[StepLines]:
    """The same by step of the installation checklist."""
    order = list(Step)
    ordered = sorted(lines, key=lambda line: order.index(line.step))
    return [StepLines(step, list(group)) for step, group in groupby(ordered, lambda x: x.step)]


def verdict(outcomes: Iterable[Outcome]) -> tuple[bool, str]:
    """Whether nothing failed, and one sentence that sums up."""
    found = list(outcomes)
    failed = found.count(Outcome.FAILED)
    doubts = found.count(Outcome.WARNING) + found.count(Outcome.UNSURE)
    if failed:
        told = ngettext(
            "The check found %(count)s fault. See below what to do.",
            "The check found %(count)s faults. See below what to do.",
            failed,
        )
        return False, told % {"count": failed}
    if doubts:
        told = ngettext(
            "The connection works, with %(count)s remark: see below.",
            "The connection works, with %(count)s remarks: see below.",
            doubts,
        )
        return True, told % {"count": doubts}
    return True, _("The connection works.")


def link_into(connection: Connection, link: str) -> str:
    """The link if it leads into this instance, else "": an answer must not lead people away."""
    return link if link.startswith(f"{connection.address}/") else ""


def _line(kept: dict[str, Any], connection: Connection) -> CheckLine:
    facts = {**facts_of(connection), **kept["facts"]}
    return CheckLine(
        check=Check(kept["check"]),
        outcome=Outcome(kept["outcome"]),
        fault=explain(kept["code"], facts) if kept["code"] else None,
        detail=kept["detail"],
        link=link_into(connection, str(kept["facts"].get("link", ""))),
        at=parse_datetime(kept["at"]) if kept.get("at") else None,
    )
