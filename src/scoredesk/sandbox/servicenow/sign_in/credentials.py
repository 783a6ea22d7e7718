"""Codes, tokens and browser sessions that the instance has issued."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.state import Record

CODE, ACCESS, REFRESH, SESSION = "code", "access", "refresh", "session"
CODE_SECONDS = 120
SESSION_SECONDS = 8 * 3600


@dataclass(frozen=True)
class Credential:
    """An issued secret, for whom, through which client, and until when (epoch seconds)."""

    secret: str
    kind: str
    client_id: str
    user_id: str
    expires_at: float
    details: dict[str, Any]


class Credentials:
    """Issues and checks credentials by the instance's own clock."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._db = instance.store.db

    def issue(
        self,
        kind: str,
        *,
        client_id: str,
        user_id: str,
        life: float,
        details: Any = None,
        secret: str = "",
    ) -> Credential:
        """A new credential that lasts `life` seconds; its secret is made up unless given."""
        # About 86 URL-safe characters, as opaque tokens of real instances (servicenow-api 1.3).
        made = Credential(
            secret or secrets.token_urlsafe(64),
            kind,
            client_id,
            user_id,
            self._time() + life,
            details or {},
        )
        self._db.execute(
            "INSERT INTO sn_credential VALUES (?, ?, ?, ?, ?, ?)",
            (made.secret, kind, client_id, user_id, made.expires_at, json.dumps(made.details)),
        )
        return made

    def find(self, kind: str, secret: str) -> Credential | None:
        """The credential if it exists and has not lapsed."""
        return self._one("secret = ? AND kind = ?", secret, kind)

    def find_for(self, kind: str, *, client_id: str, user_id: str) -> Credential | None:
        """The credential that a user already holds through a client."""
        return self._one("kind = ? AND client_id = ? AND user_id = ?", kind, client_id, user_id)

    def held(self) -> list[Credential]:
        """Every token that has not lapsed, the newest first."""
        rows = self._db.execute(
            "SELECT secret, kind, client_id, user_id, expires_at, details FROM sn_credential"
            " WHERE kind IN (?, ?) AND expires_at > ? ORDER BY rowid DESC",
            (ACCESS, REFRESH, self._time()),
        )
        return [_credential(row) for row in rows]

    def remove(self, secret: str) -> None:
        """Make a credential worthless."""
        self._db.execute("DELETE FROM sn_credential WHERE secret = ?", (secret,))

    def remaining(self, credential: Credential) -> int:
        """Whole seconds until it lapses, at least 1."""
        return max(1, int(credential.expires_at - self._time()))

    def user(self, credential: Credential) -> Record | None:
        """The user whom it belongs to."""
        found = self._instance.store.get("sys_user", credential.user_id)
        return found[1] if found else None

    def user_name_of(self, access_token: str) -> str:
        """The name of the user whom an access token was issued for; empty if it is not good."""
        credential = self.find(ACCESS, access_token)
        user = self.user(credential) if credential else None
        return user.get("user_name", "") if user else ""

    def _one(self, condition: str, *params: str) -> Credential | None:
        row = self._db.execute(
            "SELECT secret, kind, client_id, user_id, expires_at, details FROM sn_credential"  # noqa: S608 # conditions are this file's own
            f" WHERE {condition} AND expires_at > ? ORDER BY expires_at DESC",
            (*params, self._time()),
        ).fetchone()
        return None if row is None else _credential(row)

    def _time(self) -> float:
        return self._instance.shared.clock.now().timestamp()


def _credential(row: tuple[Any, ...]) -> Credential:
    secret, kind, client_id, user_id, expires_at, details = row
    return Credential(secret, kind, client_id, user_id, expires_at, json.loads(details))
