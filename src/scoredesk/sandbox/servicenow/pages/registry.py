"""Pages of OAuth for administrators: which kind of application, and the tokens issued."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import TIME_FORMAT, Caller, Instance, in_zone
from scoredesk.sandbox.servicenow.sign_in.credentials import Credential, Credentials
from scoredesk.sandbox.servicenow.sign_in.sessions import Sessions
from scoredesk.sandbox.servicenow.tables import access

Show = Callable[..., Response]
# Newer releases lead through "New Inbound Integration Experience" (servicenow-api 11).
INBOUND = (
    ("OAuth - Authorization code grant", {"default_grant_type": "authorization_code"}),
    ("OAuth - Client credentials grant", {"default_grant_type": "client_credentials"}),
    (
        "OAuth - Resource owner password credential grant",
        {"default_grant_type": "password"},
    ),
    ("OAuth - JWT bearer grant", {"default_grant_type": "jwt_bearer"}),
)


@dataclass(frozen=True)
class Token:
    """A line of the list of tokens; `key` stands for the token, which is not shown."""

    key: str
    client: str
    user: str
    kind: str
    expires: str


class Registry:
    """See the module."""

    def __init__(
        self, instance: Instance, sessions: Sessions, credentials: Credentials, *, show: Show
    ) -> None:
        self._instance = instance
        self._sessions = sessions
        self._credentials = credentials
        self._show = show

    async def wizard(self, request: Request, caller: Caller) -> Response:
        """What kind of OAuth application is registered: the old way, or the newer one."""
        access.check_insert(caller, "oauth_entity")
        inbound = request.query_params.get("kind") == "inbound"
        new = "/oauth_entity.do?sys_id=-1"
        if inbound:
            title = "New Inbound Integration Experience"
            kinds = [(name, f"{new}&{_preset(values)}") for name, values in INBOUND]
        else:
            title = "What kind of OAuth application?"
            newer = "/wizard_view.do?sys_target=oauth_entity&kind=inbound"
            kinds = [
                ("Create an OAuth API endpoint for external clients", new),
                ("New Inbound Integration Experience", newer),
            ]
        return self._show(request, caller, "wizard.html", title=title, kinds=kinds)

    async def tokens(self, request: Request, caller: Caller) -> Response:
        """Every token that was issued and has not lapsed; its button revokes it."""
        if not caller.has("oauth_admin"):
            raise errors.unreadable_table()
        if request.method == "POST":
            form = await request.form()
            if self._sessions.genuine(request, form):
                self._revoke(str(form.get("key", "")))
            return RedirectResponse("/oauth_credential_list.do", status_code=303)
        held = [self._token(caller, each) for each in self._credentials.held()]
        return self._show(request, caller, "tokens.html", tokens=held)

    def _revoke(self, key: str) -> None:
        for each in self._credentials.held():
            if _key(each) == key:
                self._credentials.remove(each.secret)

    def _token(self, caller: Caller, held: Credential) -> Token:
        client = self._instance.store.find("oauth_entity", client_id=held.client_id)
        user = self._credentials.user(held)
        expires = datetime.fromtimestamp(held.expires_at, UTC).strftime(TIME_FORMAT)
        return Token(
            _key(held),
            (client or {}).get("name") or held.client_id,
            (user or {}).get("name") or held.user_id,
            {"access": "Access token", "refresh": "Refresh token"}[held.kind],
            in_zone(expires, caller.zone),
        )


def _preset(values: dict[str, str]) -> str:
    query = "^".join(f"{name}={value}" for name, value in values.items())
    return urlencode({"sysparm_query": query})


def _key(held: Credential) -> str:
    """Names a token without showing any of it."""
    return hashlib.sha256(held.secret.encode()).hexdigest()[:16]
