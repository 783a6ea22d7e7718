"""Paging headers of lists (servicenow-api 2.6)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Page:
    """Where a list stands: first row, rows a page, rows in all."""

    offset: int
    limit: int
    total: int
    always_prev: bool = False


def link_header(url: str, params: list[tuple[str, str]], *, page: Page) -> str:
    """`Link` with first, prev, next and last as they apply."""
    if page.limit <= 0:
        return ""
    last = ((page.total - 1) // page.limit) * page.limit if page.total else 0
    offsets = {"first": 0}
    if page.always_prev:
        offsets["prev"] = page.offset - page.limit
    elif page.offset > 0:
        offsets["prev"] = max(0, page.offset - page.limit)
    if page.offset + page.limit < page.total:
        offsets["next"] = page.offset + page.limit
    offsets["last"] = last
    return ",".join(
        f'<{_with_offset(url, params, offset=offset)}>;rel="{rel}"'
        for rel, offset in offsets.items()
    )


def _with_offset(url: str, params: list[tuple[str, str]], *, offset: int) -> str:
    kept = [(name, value) for name, value in params if name != "sysparm_offset"]
    return f"{url}?{urlencode([*kept, ('sysparm_offset', str(offset))], quote_via=quote)}"
