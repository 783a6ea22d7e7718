"""The rows of the mapping page: every field that matters, with what is sent in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoredesk.connections.fields.catalogue import UNNAMED, Book, FieldInfo, suggested
from scoredesk.connections.fields.known import ALWAYS_OFFERED, shipped
from scoredesk.connections.fields.sent import Default


@dataclass(frozen=True)
class Row:
    """A field of the page. `default`: what is mapped, None for nothing."""

    info: FieldInfo
    default: Default | None = None

    @property
    def missing(self) -> bool:
        """Whether the instance demands it and nobody fills it before somebody shares."""
        return self.info.mandatory and self.default is None


@dataclass(frozen=True)
class Listing:
    """`rows`: mandatory ones first; `unnamed`: labels of refusals whose field is not known, each
    with the name it mostly has; `others`: the fields that can be added."""

    rows: Sequence[Row]
    unnamed: Sequence[tuple[str, str]]
    others: Sequence[FieldInfo]


def listing(book: Book, defaults: Sequence[Default]) -> Listing:
    """What the page of a table shows."""
    mapped = {each.field: each for each in defaults}
    demanded = book.mandatory()
    offered = [name for name in ALWAYS_OFFERED if name in shipped(book.table)]
    names = dict.fromkeys(
        [*(each.name for each in demanded if not each.unnamed), *offered, *sorted(mapped)]
    )
    return Listing(
        rows=[Row(book.info(name), mapped.get(name)) for name in names],
        unnamed=[
            (label, suggested(label))
            for each in demanded
            if each.unnamed and (label := each.name.removeprefix(UNNAMED))
        ],
        others=[each for each in book.all() if each.name not in names and not each.unnamed],
    )
