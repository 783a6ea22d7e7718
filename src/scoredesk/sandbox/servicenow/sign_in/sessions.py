"""Browser sessions of the instance's own pages."""

from __future__ import annotations

import hashlib
import hmac

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from scoredesk.sandbox.servicenow.instance import usable
from scoredesk.sandbox.servicenow.sign_in.credentials import SESSION, SESSION_SECONDS, Credentials
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.wire import note_user

# The portal's own session runs on the same host (ports do not part cookies), so the name differs.
COOKIE = "glide_sandbox_session"
# A real instance's name for it (servicenow-api 1.1). Every reply of the API sets that one anew,
# so a browser's session must not hang on it alone.
REAL_COOKIE = "JSESSIONID"


class Sessions:
    """Who is signed in with which browser."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def start(self, reply: Response, user: Record) -> None:
        """Sign a user in with this reply."""
        session = self._credentials.issue(
            SESSION, client_id="", user_id=user["sys_id"], life=SESSION_SECONDS
        )
        for name in (COOKIE, REAL_COOKIE):
            reply.set_cookie(name, session.secret, httponly=True, samesite="lax")

    def end(self, request: Request, reply: Response) -> None:
        """Sign out."""
        self._credentials.remove(_secret(request))
        for name in (COOKIE, REAL_COOKIE):
            reply.delete_cookie(name)

    def of(self, request: Request) -> Record | None:
        """The signed-in user of a request."""
        session = self._credentials.find(SESSION, _secret(request))
        user = self._credentials.user(session) if session else None
        if user is None or not usable(user):
            return None
        note_user(request.scope, user["user_name"])
        return user

    def form_token(self, request: Request) -> str:
        """What a form carries to prove that it came from this browser's own page."""
        return hashlib.sha256(f"sysparm_ck:{_secret(request)}".encode()).hexdigest()

    def genuine(self, request: Request, form: FormData) -> bool:
        """Whether a posted form came from this browser's own page."""
        return hmac.compare_digest(str(form.get("sysparm_ck", "")), self.form_token(request))


def _secret(request: Request) -> str:
    return request.cookies.get(COOKIE) or request.cookies.get(REAL_COOKIE, "")
