"""Pages of the simulated instance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page made from its template."""
    return HTMLResponse(PAGES.get_template(name).render(**values), status_code=status)
