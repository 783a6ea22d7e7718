"""Pages of the simulated instance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse

from scoredesk.sandbox.servicenow.templates.words import translator

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, *, status: int = 200, language: str = "en", **values: Any) -> HTMLResponse:
    """A page made from its template, its words in the person's language."""
    template = PAGES.get_template(name)
    t = translator(language)
    lang = "zh-CN" if language == "zh" else "en"
    return HTMLResponse(template.render(t=t, lang=lang, **values), status_code=status)
