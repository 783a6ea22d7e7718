"""Control room of the Microsoft side, under /_sandbox/microsoft: what no real service offers."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.control.exchange import asked, done, plain
from scoredesk.sandbox.microsoft import seed
from scoredesk.sandbox.microsoft.days import KINDS
from scoredesk.sandbox.microsoft.state import MicrosoftState
from scoredesk.sandbox.microsoft.tokens import issue_user_token
from scoredesk.sandbox.shared import Shared

PREFIX = "/_sandbox/microsoft"


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
                plain(self.score),
                'measures a control so from the next day on: `{"control": "UserRiskPolicy", '
                '"scoreInPercentage": 100}`; null gives it back',
                post,
            ),
            Address(
                f"{PREFIX}/day",
                plain(self.day),
                'what the next day brings: `{"kind": "catalogue_change"}`, `regression` or '
                "`fleet_churn`",
                post,
            ),
            Address(
                f"{PREFIX}/certificate",
                plain(self.certificate),
                'only this one proves client assertions: `{"certificate": "…"}`; null: any does',
                post,
            ),
            Address(
                f"{PREFIX}/token",
                plain(self.token),
                'a token in the name of a person, without a sign-in: `{"upn": "…", "scopes": […], '
                '"wids": […]}`',
                post,
            ),
        ]

    async def about(self, request: Request) -> Response:  # noqa: ARG002 # the shape of an endpoint
        """Who can sign in, and which scored controls the levers can move."""
        return JSONResponse(self.panel())

    def panel(self) -> dict[str, Any]:
        """The same for the page of the control room."""
        newest = next(iter(self._state.snapshots()), None)
        scored = [] if newest is None else [c["controlName"] for c in newest["controlScores"]]
        return {
            "tenant": {"id": seed.TENANT_ID, "domain": seed.TENANT_DOMAIN},
            "client_id": seed.CLIENT_ID,
            "newest_snapshot": None if newest is None else newest["createdDateTime"],
            "controls": scored,
            "days": KINDS,
            "planned": self._state.planned_days(),
        }

    async def score(self, request: Request) -> Response:
        """`{"control", "scoreInPercentage"}`: measured so from the next snapshot on.

        100 completes an action, less lets it fall back, null gives it back to the seed.
        """
        given = await asked(request)
        control, percent = str(given["control"]), given["scoreInPercentage"]
        if percent is not None and not 0 <= float(percent) <= 100:
            raise ValueError("scoreInPercentage is 0 to 100, or null.")
        self._refuse_captured()
        try:
            self._state.force(control, None if percent is None else float(percent))
        except KeyError as error:
            raise ValueError(f"The tenant has no score for {control!r}.") from error
        return done(request, {"control": control, "scoreInPercentage": percent, "from": "next day"})

    async def day(self, request: Request) -> Response:
        """`{"kind"}` of `days.KINDS`: what the coming midnight brings, and which controls."""
        kind = str((await asked(request))["kind"])
        self._refuse_captured()
        planned = self._state.plan_day(kind)
        return done(
            request, {"kind": kind, "date": planned.date.isoformat(), "strikes": planned.strikes}
        )

    def _refuse_captured(self) -> None:
        if self._shared.scores is not None:
            raise ValueError("The scores come from a captured file and cannot be moved.")

    async def certificate(self, request: Request) -> Response:
        """`{"certificate": PEM}`: only it proves client assertions; null: any does."""
        pem = (await asked(request))["certificate"]
        if pem is not None:
            x509.load_pem_x509_certificate(str(pem).encode())
        self._state.register_certificate(None if pem is None else str(pem))
        return JSONResponse({"registered": pem is not None})

    async def token(self, request: Request) -> Response:
        """`{"upn", "scopes": [...], "wids": [...]}`: a delegated token without a sign-in page."""
        given = await asked(request)
        token = issue_user_token(
            self._state.signing_key,
            upn=str(given.get("upn", "reader@demo.example")),
            scopes=[str(scope) for scope in given.get("scopes", [])],
            wids=[str(role) for role in given.get("wids", [])],
            now=self._shared.clock.now(),
        )
        return JSONResponse({"access_token": token})
