"""What every lever of the control room shares: reading JSON or a form, answering either.

A form says with its field names what JSON it stands for: a dot leads into an object, a type
follows after a colon (`match.path`, `times:int`, `fields:pairs`); empty fields are left out, but
for those of the type `text`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

PAGE = "/_sandbox/"
Handler = Callable[[Request], Awaitable[Response]]


def plain(handler: Handler) -> Handler:
    """Answer 400 with a sentence where the caller's order is not what it should be."""

    async def handled(request: Request) -> Response:
        try:
            return await handler(request)
        except (ValueError, TypeError, KeyError, OverflowError) as error:
            told = f"{error} is missing." if isinstance(error, KeyError) else str(error)
            if by_a_person(request):
                back = f"{PAGE}?{urlencode({'trouble': told})}"
                return RedirectResponse(back, status_code=303)
            return JSONResponse({"error": told}, status_code=400)

    return handled


def by_a_person(request: Request) -> bool:
    """Whether a button of the page was pressed."""
    return request.method == "POST" and "text/html" in request.headers.get("accept", "")


async def asked(request: Request) -> dict[str, Any]:
    """The JSON object of the body, or of the page's form."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return from_form(await request.form())
    given = json.loads(await request.body() or b"{}")
    if not isinstance(given, dict):
        raise TypeError("The body must be a JSON object.")
    return given


def done(request: Request, shown: dict[str, Any], *, status: int = 200) -> Response:
    """JSON for programs; back to the page for a person who pressed one of its buttons."""
    if by_a_person(request):
        section = request.query_params.get("back", "")
        return RedirectResponse(f"{PAGE}#{section}" if section else PAGE, status_code=303)
    return JSONResponse(shown, status_code=status)


def from_form(form: FormData) -> dict[str, Any]:
    """The JSON that a form stands for; its field `json` is JSON as it is."""
    made: dict[str, Any] = {}
    for full, raw in form.multi_items():
        value = str(raw).strip()
        if full == "json":
            given = json.loads(value or "{}")
            if not isinstance(given, dict):
                raise TypeError("The JSON must be an object.")
            made.update(given)
        elif value or full.endswith(":text"):
            path, _, kind = full.partition(":")
            _put(made, path.split("."), value=TYPES[kind](value, path))
    return made


def _put(made: dict[str, Any], path: list[str], *, value: Any) -> None:
    inner = made
    for name in path[:-1]:
        inner = inner.setdefault(name, {})
    inner[path[-1]] = value


def _whole(value: str, name: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"{name} is a whole number, not {value!r}.") from None


def _number(value: str, name: str) -> float | int:
    try:
        return int(value) if value.lstrip("-").isdigit() else float(value)
    except ValueError:
        raise ValueError(f"{name} is a number, not {value!r}.") from None


def _json(value: str, name: str) -> Any:
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError(f"{name} is no JSON: {error}") from None


def _pairs(value: str, name: str) -> dict[str, str]:
    pairs = {}
    for line in value.splitlines():
        left, equals, right = line.partition("=")
        if not equals or not left.strip():
            raise ValueError(f"Each line of {name} is `field=value`, not {line!r}.")
        pairs[left.strip()] = right.strip()
    return pairs


TYPES: dict[str, Callable[[str, str], Any]] = {
    "": lambda value, _: value,
    "text": lambda value, _: value,
    "int": _whole,
    "number": _number,
    "times": lambda value, name: None if value == "always" else _whole(value, name),
    "json": _json,
    "yes": lambda value, _: value in {"true", "on", "yes", "1"},
    "pairs": _pairs,
}
