"""The value of an HTTP Basic header."""

from __future__ import annotations

import base64


def by_basic(encoded: str) -> tuple[str, str] | None:
    """Name and password of a Basic header's value; None if it cannot be read."""
    try:
        name, _, password = base64.b64decode(encoded).decode().partition(":")
    except ValueError:  # no base64, no ASCII, or no UTF-8 in it
        return None
    return name, password
