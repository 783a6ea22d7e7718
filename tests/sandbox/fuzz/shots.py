"""Requests that no client should send: well-formed HTTP with absurd contents, from one seed."""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from tests.sandbox.fuzz.absurd import (
    ACCEPTS,
    FIELDS,
    IN_PATH,
    JOINTS,
    OPERATORS,
    PART,
    QUERIES,
    SIGN_INS,
    SYSPARMS,
    TABLES,
    TEXTS,
    TYPES,
)

ADMIN = b"Basic " + base64.b64encode(b"admin:admin")
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
DEEP = 3000


@dataclass(frozen=True)
class Shot:
    """One request as it goes over the wire."""

    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""

    def raw(self) -> bytes:
        """The bytes of the request, with the length that its body really has."""
        lines = [self.method + b" " + self.target + b" HTTP/1.1", b"Host: sandbox"]
        lines += [name + b": " + value for name, value in self.headers]
        if self.body or self.method in {b"POST", b"PUT", b"PATCH"}:
            lines.append(b"Content-Length: %d" % len(self.body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body

    def __str__(self) -> str:
        sent = self.raw()
        return repr(sent if len(sent) < 900 else sent[:900] + b"...")


class Gunner:
    """Makes shots at addresses; the same seed makes the same shots."""

    def __init__(self, seed: int, addresses: Sequence[tuple[str, Sequence[str]]]) -> None:
        self._random = random.Random(seed)  # noqa: S311 # a seed, not a secret
        self._addresses = addresses
        # Pages and discovery documents are many and simple; the APIs are where things go wrong.
        self._apis = [address for address in addresses if "{table}" in address[0]] or addresses

    def shot(self, authorization: bytes = ADMIN) -> Shot:
        """The next request; most are signed in rightly, or they would all end at the 401."""
        pick, some = self._pick, self._chance
        path, methods = pick(self._apis if some(0.6) else self._addresses)
        method = (
            pick(methods) if some(0.95) else pick(("GET", "POST", "PUT", "TRACE", "OPTIONS", "X"))
        )
        target = self._path(path) + self._query()
        headers = [(b"Accept", b"application/json" if some(0.8) else pick(ACCEPTS))]
        if some(0.97):
            headers.append((b"Authorization", authorization if some(0.96) else pick(SIGN_INS)))
        headers += self._odd_headers()
        kind, body = self._body(path) if method not in {"GET", "HEAD"} else (b"", b"")
        if kind:
            headers.append((b"Content-Type", kind))
        return Shot(method.encode(), target.encode("latin-1"), tuple(headers), body)

    def _pick(self, of: Sequence[Any]) -> Any:
        return self._random.choice(of)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _path(self, path: str) -> str:
        def value(found: re.Match[str]) -> str:
            if found[1] == "version":
                return str(self._pick(("v1", "v2", "v1", "v2", "v3")))
            if found[1] == "table":
                return str(self._pick(TABLES if self._chance(0.9) else IN_PATH))
            return str(self._pick(IN_PATH))

        return PARAMETER.sub(value, path)

    def _query(self) -> str:
        pairs: list[tuple[str, str]] = []
        if self._chance(0.6):
            pairs.append(("sysparm_query", self._encoded_query()))
        if self._chance(0.3):
            fields = [str(self._pick(FIELDS)) for _ in range(self._pick((1, 3, 40)))]
            pairs.append(("sysparm_fields", ",".join(fields)))
        for _ in range(self._pick((0, 1, 2, 5))):
            name = self._pick(tuple(SYSPARMS))
            pairs.append((name, self._pick(SYSPARMS[name])))
        if self._chance(0.05):
            return "?" + str(self._pick(("&&&===&", "%", "%zz=%", "=", "a" * 7000)))
        encoded = urlencode(pairs, errors="surrogatepass", quote_via=quote)
        return f"?{encoded}" if pairs else ""

    def _encoded_query(self) -> str:
        if self._chance(0.3):
            return str(self._pick(QUERIES))
        parts = []
        for _ in range(self._pick((1, 2, 3, 8))):
            value = self._pick(TEXTS)
            parts.append(f"{self._pick(FIELDS)}{self._pick(OPERATORS)}{value[:600]}")
            parts.append(self._pick(JOINTS))
        return "".join(parts)

    def _odd_headers(self) -> list[tuple[bytes, bytes]]:
        odd = (
            (b"X-HTTP-Method-Override", self._pick((b"PATCH", b"DELETE", b"X", b"", b"\xff"))),
            (b"X-no-response-body", self._pick((b"true", b"TRUE", b"x"))),
            (b"Cookie", self._pick((b"a", b"=;=;", b"glide_user_route=\xff", b"x=" + b"y" * 4000))),
            (b"Range", b"bytes=9-1"),
            (b"Accept-Encoding", self._pick((b"gzip", b"br;q=x", b"\xff"))),
            (b"Content-Encoding", self._pick((b"gzip", b"identity", b"x"))),
            (
                b"X-BATCHREQUEST-MAX-OUTPUT-SIZE",
                self._pick((b"-1", b"0", b"x", b"\xb2", b"9" * 30)),
            ),
            (b"X-UserToken", b"\xff" * 40),
            (b"Prefer", b"odata.maxpagesize=x"),
            (b"If-Match", b"*"),
            (b"X-Long", b"z" * 30_000),
        )
        return [self._pick(odd) for _ in range(self._pick((0, 0, 1, 2)))]

    def _body(self, path: str) -> tuple[bytes, bytes]:
        makers: tuple[Callable[[], bytes], ...] = (
            self._object,
            self._object,
            self._junk,
            self._form,
        )
        if path.endswith("/batch") and self._chance(0.8):
            return b"application/json", self._batch()
        maker = self._pick(makers)
        if path.endswith((".do", "/token")) and self._chance(0.7):
            maker = self._form
        fitting = (
            b"application/x-www-form-urlencoded" if maker == self._form else b"application/json"
        )
        return (fitting if self._chance(0.8) else self._pick(TYPES)), maker()

    def _value(self) -> Any:
        return self._pick(
            (*TEXTS, None, True, 0, -1, 1.5, 10**40, [], {}, [[]], {"value": {"value": []}},
             {"display_value": "x"}, {"value": None}, [None] * 50, {"link": "x"})
        )  # fmt: skip

    def _object(self) -> bytes:
        made = {str(self._pick(FIELDS)): self._value() for _ in range(self._pick((0, 1, 3, 12)))}
        shaped: Any = self._pick((made, made, made, [made], {"records": [made]}, {"records": [1]}))
        return json.dumps(shaped).encode()

    def _junk(self) -> bytes:
        return bytes(
            self._pick(
                (
                    b"", b"{", b"}", b"null", b"1", b'"x"', b"[]", b"[1,2]", b"NaN", b"-Infinity",
                    b"[" * DEEP, b'{"a":' * DEEP, b"[" * DEEP + b"]" * DEEP, b"9" * 6000,
                    b"\xff\xfe",
                    b'{"state": 1e999}', b'{"a":1}{"b":2}', b'{"short_description":"\\ud800"}',
                    b'{"short_description":"\\u0000"}', b'\xef\xbb\xbf{"state":"1"}', b"<xml/>",
                    b'{"state":"1","state":"2"}', b"\0" * 200, b'{"a"', b"--x--\r\n", b"--x\r\n",
                    PART,
                    b"--x\r\nContent-Disposition: form-data\r\n\r\n", self._random.randbytes(300),
                )
            )
        )  # fmt: skip

    def _form(self) -> bytes:
        names = (
            "grant_type", "client_id", "client_secret", "username", "password", "refresh_token",
            "code", "redirect_uri", "code_verifier", "scope", "user_name", "user_password", "token",
            "client_assertion", "client_assertion_type", "assertion", "sysparm_ck", "decision",
            "goto",
        )  # fmt: skip
        grants = ("password", "refresh_token", "authorization_code", "client_credentials", "x")
        pairs = [
            ("grant_type", self._pick(grants)),
            ("client_id", "5c0ded3500000000000000000000c1d0"),
        ]
        pairs += [(self._pick(names), self._pick(TEXTS)) for _ in range(self._pick((0, 2, 6)))]
        if self._chance(0.05):
            pairs += [("x", "y")] * 1500
        return urlencode(pairs, errors="surrogatepass").encode()

    def _batch(self) -> bytes:
        items = [self._item() for _ in range(self._pick((0, 1, 1, 3)))]
        sent: Any = {"batch_request_id": self._value(), "rest_requests": items}
        return json.dumps(
            self._pick((sent, sent, sent, items, {"rest_requests": self._value()}))
        ).encode()

    def _item(self) -> Any:
        path, methods = self._pick(self._addresses)
        encoded = base64.b64encode(self._object()).decode()
        item = {
            "id": self._value(),
            "method": self._pick((*methods, "", "x y", "\n", None, 5, "get")),
            "url": self._pick((self._path(path) + self._query(), *TEXTS, None, 5, [], "//x",
            "http://[")),
            "headers": self._pick(
                ([{"name": "Accept", "value": "application/json"}], None, "x", {}, [1], [None],
                [{}],
                 [{"name": "王", "value": "王"}], [{"name": None, "value": []}],
                 [{"name": "Content-Type", "value": "application/json"}])
            ),
            "body": self._pick((encoded, encoded, "!!", "é", None, 5, {}, "=", "A")),
        }  # fmt: skip
        return item if self._chance(0.95) else self._value()
