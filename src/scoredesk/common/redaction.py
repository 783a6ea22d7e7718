"""Takes secrets out of texts, addresses and mappings before they reach a log, a row or a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MASK = "***"

_SECRET_NAMES = (
    "access_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "client_assertion",
    "assertion",
    "code_verifier",
    "password",
    "passwd",
    "private_key",
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-sn-apikey",
    "x-usertoken",
    "api_key",
    "apikey",
    "secret",
    "token",
)
# `code` is secret as an OAuth answer only; elsewhere it is an error code that people need to see.
_SECRET_IN_ADDRESS = (*_SECRET_NAMES, "code", "user_token", "sysparm_ck")
_NAMES = "|".join(re.escape(name) for name in sorted(_SECRET_NAMES, key=len, reverse=True))

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
        ),
        MASK,
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"), rf"\1 {MASK}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)?"), MASK),
    # "name": "value", 'name': 'value', with escaped quotes inside the value
    (
        re.compile(rf"""(?i)(["'](?:{_NAMES})["']\s*:\s*)(["'])(?:\\.|(?!\2).)*\2"""),
        rf"\1\2{MASK}\2",
    ),
    # name=value in forms and addresses, name: value in headers
    (re.compile(rf"(?i)(?<![\w-])({_NAMES})(=)[^&\s\"'<>,;]+"), rf"\1\2{MASK}"),
    (
        re.compile(
            r"(?i)(?<![\w-])((?:proxy-)?authorization|(?:set-)?cookie|x-sn-apikey)(:\s*)[^\r\n]+"
        ),
        rf"\1\2{MASK}",
    ),
    (re.compile(r"(?i)([?&](?:code|user_token|sysparm_ck)=)[^&\s\"'<>#]+"), rf"\1{MASK}"),
    # the link for a new password
    (re.compile(r"(/password/reset/key/)[^/\s\"'?]+"), rf"\1{MASK}"),
    # user:password@ in an address
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,30}://)[^/\s@]{1,500}@"), rf"\1{MASK}@"),
)


def redact_text(text: str) -> str:
    """`text` with tokens, passwords, OAuth codes, keys and credential headers masked."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def redact(value: Any) -> Any:
    """A copy of `value` (mappings, lists, texts) that may be logged.

    A secret's name masks its value whatever it is; texts elsewhere go through `redact_text`.
    """
    if isinstance(value, Mapping):
        return {
            key: MASK if str(key).lower() in _SECRET_IN_ADDRESS and item else redact(item)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [redact(item) for item in value]
    return redact_text(value) if isinstance(value, str) else value
