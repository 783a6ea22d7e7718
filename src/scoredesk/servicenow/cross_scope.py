"""The words with which the platform refuses a script of an app a table of another scope. Pure.

Each wording has another cause and another cure (servicenow-api 1.12 A); roles matter in none.
"""

from __future__ import annotations

import re

from scoredesk.servicenow import errors as e

_TABLE = r"(?P<operation>\w+) operation (?:against|on) '(?P<table>[^']{1,80})'"
_SCOPE = r"from scope '(?P<scope>[^']{1,80})'"
_WORDINGS: tuple[tuple[re.Pattern[str], type[e.CrossScopeRefused]], ...] = (
    (re.compile(rf"getDecryptedValue.{{0,80}}?{_SCOPE}"), e.CrossScopeDecryption),
    (
        re.compile(
            rf"{_TABLE} {_SCOPE} has been refused due to the (?:table|api)'s cross-scope access"
        ),
        e.CrossScopePolicy,
    ),
    (
        re.compile(rf"{_TABLE} {_SCOPE} .{{0,80}}?must declare a cross.scope access"),
        e.CrossScopePrivilege,
    ),
    (
        re.compile(rf"{_TABLE} {_SCOPE} .{{0,80}}?restricted caller access", re.IGNORECASE),
        e.CrossScopeCaller,
    ),
    (
        re.compile(
            r"ScopeAccessNotGrantedException: (?P<operation>\w+) access to "
            r"(?P<table>[\w.]{1,80}) not granted"
        ),
        e.CrossScopeNotGranted,
    ),
    (re.compile(rf"{_TABLE} {_SCOPE}"), e.CrossScopeRefused),
    (re.compile(r"ScopeAccessNotGrantedException|cross-scope access policy"), e.CrossScopeRefused),
)


def cross_scope_refusal(said: str) -> e.CrossScopeRefused | None:
    """The refusal that an instance's words name; facts: operation, table and scope as far as the
    words name them."""
    for pattern, kind in _WORDINGS:
        found = pattern.search(said)
        if found:
            named = {name: text for name, text in found.groupdict().items() if text}
            return kind(said, facts=named)
    return None
