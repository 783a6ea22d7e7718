"""What the sandbox says of its own addresses, so that its documentation follows from its code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Address:
    """One simulated address: `about` says in a few words what a caller finds there."""

    path: str
    endpoint: Endpoint
    about: str
    methods: tuple[str, ...] = ("GET",)

    def route(self) -> Route:
        """The address as Starlette serves it."""
        return Route(self.path, self.endpoint, methods=list(self.methods))
