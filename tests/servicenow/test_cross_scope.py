"""Each wording of a cross-scope refusal has its own name (servicenow-api 1.12 A)."""

from __future__ import annotations

import pytest

from scoredesk.servicenow import errors as e
from scoredesk.servicenow.cross_scope import cross_scope_refusal

READ = "Read operation against 'oauth_entity' from scope 'x_mioms_m365ticket'"
BOTH = {"table": "oauth_entity", "scope": "x_mioms_m365ticket"}


@pytest.mark.parametrize(
    ("said", "kind", "facts"),
    [
        (
            f"{READ} has been refused due to the table's cross-scope access policy",
            e.CrossScopePolicy,
            BOTH,
        ),
        (
            f"{READ} was denied. The application must declare a cross scope access privilege",
            e.CrossScopePrivilege,
            BOTH,
        ),
        (
            f"{READ} was denied because a restricted caller access record forbids it",
            e.CrossScopeCaller,
            BOTH,
        ),
        (
            "ScopeAccessNotGrantedException: read access to oauth_entity not granted",
            e.CrossScopeNotGranted,
            {"table": "oauth_entity"},
        ),
        (
            "Function 'getDecryptedValue(client_secret)' from scope 'x_a' is not allowed",
            e.CrossScopeDecryption,
            {"scope": "x_a"},
        ),
        (f"{READ} was refused in new words", e.CrossScopeRefused, BOTH),
    ],
)
def test_each_wording_has_its_name(
    said: str, kind: type[e.CrossScopeRefused], facts: dict[str, str]
) -> None:
    found = cross_scope_refusal(said)
    assert type(found) is kind
    assert found is not None
    assert facts.items() <= found.facts.items()


def test_other_words_are_no_cross_scope_refusal() -> None:
    assert cross_scope_refusal("ACL Exception Insert Failed due to security constraints") is None
