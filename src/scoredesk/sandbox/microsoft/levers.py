"""Control room of the Microsoft side, under /_sandbox/microsoft: what no real service offers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from cryptography import x509
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.microsoft import seed
from scoredesk.sandbox.microsoft.state import MicrosoftState
from scoredesk.sandbox.microsoft.tokens import issue_user_token
from scoredesk.sandbox.shared import Shared

PREFIX = "/_sandbox/microsoft"

Handler = Callable[[Request], Awaitable[Response]]


def _checked(handler: Handler) -> Handler:
    async def handled(request: Request) -> Response:
        try:
            return await handler(request)
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return handled


async def _asked(request: Request) -> dict[str, Any]:
    asked = await request.json()
    if not isinstance(asked, dict):
        raise TypeError("The body must be a JSON object.")
    return asked


class Levers:
    """What the control room can do to the demo tenant."""

    def __init__(self, shared: Shared, state: MicrosoftState) -> None:
        self._shared = shared
        self._state = state

    def addresses(self) -> list[Address]:
        """The levers, each with what it does."""
        post = ("POST",)
        return [
            Address(PREFIX, self.about, "tenant, client, and the controls that can be moved"),
            Address(
                f"{PREFIX}/score",
                _checked(self.score),
                'moves a control from the next day on: {"control", "scoreInPercentage"}',
                post,
            ),
            Address(
                f"{PREFIX}/day",
                _checked(self.day),
                'what tomorrow brings: {"kind"}: catalogue_change, regression or fleet_churn',
                post,
            ),
            Address(
                f"{PREFIX}/certificate",
                _checked(self.certificate),
                'only this one proves client assertions: {"certificate"}; null: any does',
                post,
            ),
            Address(
                f"{PREFIX}/token",
                _checked(self.token),
                'a delegated token, without a sign-in: {"upn", "scopes", "wids"}',
                post,
            ),
        ]

    async def about(self, request: Request) -> Response:  # noqa: ARG002 # the shape of an endpoint
        """Who can sign in, and which scored controls the levers can move."""
        newest = next(iter(self._state.snapshots()), None)
        scored = [] if newest is None else [c["controlName"] for c in newest["controlScores"]]
        return JSONResponse(
            {
                "tenant": {"id": seed.TENANT_ID, "domain": seed.TENANT_DOMAIN},
                "client_id": seed.CLIENT_ID,
                "newest_snapshot": None if newest is None else newest["createdDateTime"],
                "controls": scored,
            }
        )

    async def score(self, request: Request) -> Response:
        """`{"control", "scoreInPercentage"}`: measured so from the next snapshot on.

        100 completes an action, less lets it fall back, null gives it back to the seed.
        """
        asked = await _asked(request)
        control, percent = str(asked["control"]), asked["scoreInPercentage"]
        if percent is not None and not 0 <= float(percent) <= 100:
            raise ValueError("scoreInPercentage is 0 to 100, or null.")
        self._refuse_captured()
        try:
            self._state.force(control, None if percent is None else float(percent))
        except KeyError as error:
            raise ValueError(f"The tenant has no score for {control!r}.") from error
        return JSONResponse({"control": control, "scoreInPercentage": percent, "from": "next day"})

    async def day(self, request: Request) -> Response:
        """`{"kind"}` of `days.KINDS`: what the coming midnight brings, and which controls."""
        kind = str((await _asked(request))["kind"])
        self._refuse_captured()
        planned = self._state.plan_day(kind)
        return JSONResponse(
            {"kind": kind, "date": planned.date.isoformat(), "strikes": planned.strikes}
        )

    def _refuse_captured(self) -> None:
        if self._shared.scores is not None:
            raise ValueError("The scores come from a captured file and cannot be moved.")

    async def certificate(self, request: Request) -> Response:
        """`{"certificate": PEM}`: only it proves client assertions; null: any does."""
        pem = (await _asked(request))["certificate"]
        if pem is not None:
            x509.load_pem_x509_certificate(str(pem).encode())
        self._state.register_certificate(None if pem is None else str(pem))
        return JSONResponse({"registered": pem is not None})

    async def token(self, request: Request) -> Response:
        """`{"upn", "scopes": [...], "wids": [...]}`: a delegated token without a sign-in page."""
        asked = await _asked(request)
        token = issue_user_token(
            self._state.signing_key,
            upn=str(asked.get("upn", "reader@demo.example")),
            scopes=[str(scope) for scope in asked.get("scopes", [])],
            wids=[str(role) for role in asked.get("wids", [])],
            now=self._shared.clock.now(),
        )
        return JSONResponse({"access_token": token})
