"""An action's history made into steps for a table and a line for a drawing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# The drawing's size in its own units, with room for the line's thickness at the top and bottom.
WIDTH, HEIGHT, EDGE = 300.0, 80.0, 4.0


@dataclass(frozen=True)
class Step:
    """From `day` on the action had `score`; `change` against before, None for the first known."""

    day: date
    score: float
    change: float | None


@dataclass(frozen=True)
class Chart:
    """A stepped line as the `points` of an SVG polyline, from the day `first` to `last`."""

    points: str
    first: date
    last: date


def steps(scores: Sequence[tuple[date, float]]) -> list[Step]:
    """Steps, newest first. `scores`: days on which the points changed, oldest first."""
    before = [None, *(score for _, score in scores)]
    found = [
        Step(day, score, None if known is None else score - known)
        for (day, score), known in zip(scores, before, strict=False)
    ]
    return found[::-1]


def chart(scores: Sequence[tuple[date, float]], most: float, today: date) -> Chart | None:
    """The line from the first known day to `today`; None where there is nothing to draw.

    `most`: the points at the drawing's upper edge, unless more were ever reached.
    """
    if not scores or today <= scores[0][0]:
        return None
    first, top = scores[0][0], max([most, *(score for _, score in scores)]) or 1.0
    days = (today - first).days

    def place(day: date, score: float) -> str:
        across = (day - first).days / days * WIDTH
        down = HEIGHT - EDGE - score / top * (HEIGHT - 2 * EDGE)
        return f"{across:.1f},{down:.1f}"

    corners, level = [place(*scores[0])], scores[0][1]
    for day, score in scores[1:]:
        corners += [place(day, level), place(day, score)]
        level = score
    return Chart(" ".join([*corners, place(today, level)]), first, today)
