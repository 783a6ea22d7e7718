"""Everything that the portal writes or shows during a story, searched for the story's secrets."""

from __future__ import annotations

import base64
import binascii
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection as database
from django.http import HttpResponse
from django.test import Client

from scoredesk.common.logs import JsonLines
from scoredesk.common.secrets import SecretBox
from scoredesk.servicenow import Tokens, oauth

SHORTEST = 8  # what is shorter is found in any text


@dataclass
class Witness:
    """Hears every secret as it comes up, and keeps all that was written."""

    secrets: dict[str, str] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    log: StringIO = field(default_factory=StringIO)
    output: pytest.CaptureFixture[str] | None = None
    printed: str = ""
    states: set[str] = field(default_factory=set)  # a browser must see these, nobody else

    def learn(self, kind: str, secret: str | None) -> None:
        """This text must not turn up anywhere."""
        if secret and len(secret) >= SHORTEST:
            self.secrets.setdefault(secret, kind)

    def learn_way_back(self, path: str) -> str:
        """The code and the state of the callback's path; returns the path."""
        given = parse_qs(urlsplit(path).query)
        self.learn("code", given.get("code", [""])[0])
        self.states.update(given.get("state", []))
        return path

    def written(self) -> dict[str, str]:
        """All texts by the place where they stand."""
        if self.output is not None:
            self.printed += "".join(self.output.readouterr())
        mails = [f"{one.subject}\n{one.body}\n{one.message()}" for one in mail.outbox]
        return {
            "log": self.log.getvalue(),
            "output": self.printed,
            "pages": "\n".join(self.pages),
            "mail": "\n".join(mails),
            **{f"table {name}": text for name, text in _tables()},
        }

    def leaks(self) -> list[str]:
        """Which kind of secret stands where."""
        found = []
        for place, text in self.written().items():
            hidden = {**self.secrets}
            if place != "pages":
                hidden |= dict.fromkeys(self.states, "state")
            found += [
                f"{kind} in {place}"
                for secret, kind in hidden.items()
                if secret in text or quote(secret, safe="") in text
            ]
        return sorted(set(found))


class Browser(Client):
    """A browser whose every answer is kept: headers, cookies and body."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self._witness = witness

    def request(self, **request: Any) -> HttpResponse:
        """As Django's test client, and remembers."""
        answer = super().request(**request)
        self.keep(answer)
        return answer  # type: ignore[no-any-return]  # Django's test response is one

    def keep(self, answer: HttpResponse) -> None:
        """Remembers an answer."""
        cookies, body = answer.cookies.output(), answer.content.decode(errors="replace")
        self._witness.pages.append(f"{answer.serialize_headers()!r}\n{cookies}\n{body}")


@contextmanager
def witnessed(
    monkeypatch: pytest.MonkeyPatch, output: pytest.CaptureFixture[str]
) -> Iterator[Witness]:
    """Hears whatever is sealed and every token that arrives; logs are kept as they are in use,
    at DEBUG."""
    witness = Witness(output=output)
    seal, read_tokens = SecretBox.seal, oauth.read_tokens

    def sealing(box: SecretBox, text: str) -> str:
        for part in _parts(text):
            witness.learn("sealed secret", part)
        return seal(box, text)

    def reading(*given: Any) -> Tokens:
        tokens = read_tokens(*given)
        witness.learn("access token", tokens.access_token)
        witness.learn("refresh token", tokens.refresh_token)
        return tokens

    monkeypatch.setattr(SecretBox, "seal", sealing)
    monkeypatch.setattr(oauth, "read_tokens", reading)
    handler = logging.StreamHandler(witness.log)
    handler.setFormatter(JsonLines("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield witness
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def _parts(text: str) -> list[str]:
    """A sealed text, or the values of the form that was sealed as a whole."""
    try:
        found = json.loads(text)
    except ValueError:
        return [text]
    return [str(value) for value in found.values()] if isinstance(found, dict) else [text]


def _tables() -> Iterator[tuple[str, str]]:
    """Every row of every table as it stands there, and what is only packed, unpacked."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        names = [row[0] for row in cursor.fetchall()]
        for name in names:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{name}" t')  # noqa: S608  # its own tables
            yield name, "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT value FROM cache")
        yield "cache, unpacked", "\n".join(_unpacked(row[0]) for row in cursor.fetchall())
    yield "sessions, unpacked", json.dumps([row.get_decoded() for row in Session.objects.all()])


def _unpacked(value: str) -> str:
    try:
        return base64.b64decode(value).decode("latin-1")
    except binascii.Error:
        return value
