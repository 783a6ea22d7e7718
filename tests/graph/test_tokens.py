"""What a token tells about itself."""

from __future__ import annotations

import pytest
from tests.graph.peer import jwt

from scoredesk.graph.tokens import claims_of, may_read_score, permissions_in


@pytest.mark.parametrize(
    ("claims", "may"),
    [
        ({"roles": ["SecurityEvents.Read.All"]}, True),
        ({"roles": ["User.Read.All", "SecurityEvents.ReadWrite.All"]}, True),
        ({"scp": "openid SecurityEvents.Read.All"}, True),
        ({"roles": ["User.Read.All"]}, False),
        ({"roles": []}, False),
        ({}, False),
        ({"roles": "SecurityEvents.Read.All"}, False),
    ],
)
def test_a_permission_is_seen_in_the_token(claims: dict[str, object], *, may: bool) -> None:
    assert may_read_score(jwt(**claims)) is may


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "eyJ.!!!.x", f"{jwt()}.more", "x.W10.y"])
def test_an_opaque_token_tells_nothing(token: str) -> None:
    assert claims_of(token) is None
    assert permissions_in(token) is None
    assert may_read_score(token) is None
