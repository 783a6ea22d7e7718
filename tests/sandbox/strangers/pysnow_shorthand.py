"""How the tests reach the sandbox with pysnow."""

from __future__ import annotations

import pysnow

ADMIN = ("admin", "admin")


def connect(host: str, sign_in: tuple[str, str] = ADMIN) -> pysnow.Client:
    """A client over plain HTTP, which pysnow allows."""
    return pysnow.Client(host=host, use_ssl=False, user=sign_in[0], password=sign_in[1])


def incidents_of(client: pysnow.Client) -> pysnow.Resource:
    return client.resource(api_path="/table/incident")
