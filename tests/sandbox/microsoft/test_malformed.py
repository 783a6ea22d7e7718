"""Requests that make no sense are refused in Graph's and Entra's words, never with a 500."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import quote, urlsplit

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sandbox.microsoft.graph_caller import PROFILES, SCORES, TENANT, VENDOR, GraphCaller

CONTROL = f"{PROFILES}/mdo_enabledomainstoprotect"
PIECES = st.sampled_from(
    [
        *("createdDateTime", "id", "maxScore", "deprecated", "userImpact", "controlScores", "nope"),
        *(" eq ", " ge ", " lt ", " and ", " or ", "eq", " ", "(", ")", "'", "''", "null", "true"),
        *("2026-07-01", "2026-13-45", "2026-07-01T25:00:00Z", "2026-07-01T00:00", "4.0", "-"),
        *("'a'", "'\u00e9\u4e2d'", "%", "\x00", "1e9", "$top", ",", "/"),
    ]
)
OPTIONS = st.sampled_from(
    ["$filter", "$top", "$skip", "$count", "$select", "$skiptoken", "$orderby", "$x", "filter"]
)


@pytest.mark.parametrize(
    "moment", ["2026-13-45", "2026-02-30T00:00:00Z", "2026-07-01T25:00:00Z", "0000-00-00"]
)
def test_a_moment_that_never_was_is_refused(graph: GraphCaller, moment: str) -> None:
    response = graph.get(f"{SCORES}?$filter=createdDateTime%20ge%20{moment}")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "BadRequest"


def test_a_day_alone_is_its_midnight_and_a_time_needs_its_zone(graph: GraphCaller) -> None:
    day = graph.scores()[3]["createdDateTime"][:10]
    for written in (day, f"{day}T00:00Z", f"{day}T00:00:00Z", f"{day}T02:00:00%2B02:00"):
        found = graph.page(f"{SCORES}?$filter=createdDateTime%20ge%20{written}")["value"]
        assert len(found) == 4
    assert graph.get(f"{SCORES}?$filter=createdDateTime%20ge%20{day}T00:00").status_code == 400


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    collection=st.sampled_from([SCORES, PROFILES]),
    option=OPTIONS,
    value=st.lists(PIECES, max_size=6).map("".join),
)
def test_any_query_is_answered_or_refused(
    graph: GraphCaller, collection: str, option: str, value: str
) -> None:
    graph.switch(graph_limits=False)
    response = graph.get(f"{collection}?{quote(option)}={quote(value)}&$top=1")
    assert response.status_code in {200, 400}
    assert response.json().keys() & {"value", "error"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"state": "Ignored"',
        b'{"state": NaN, "vendorInformation": {"provider": "a", "vendor": "b"}}',
        b'{"comment": "\\ud800", "vendorInformation": {"provider": "a", "vendor": "b"}}',
        b'{"state": "Ignored", "vendorInformation": []}',
    ],
)
def test_a_malformed_update_is_refused_and_changes_nothing(
    writer: GraphCaller, body: bytes
) -> None:
    before = writer.page(CONTROL)
    response = writer.request("PATCH", CONTROL, content=body)
    assert response.status_code == 400
    assert response.json()["error"].keys() == {"code", "message", "innerError"}
    assert writer.page(CONTROL) == before


def test_a_comment_in_any_script_is_kept(writer: GraphCaller) -> None:
    comment = "风险已接受 \u2764 \U0001f512 '\"<b>"
    writer.update("mdo_enabledomainstoprotect", comment=comment)
    assert writer.page(CONTROL)["controlStateUpdates"][-1]["comment"] == comment


@pytest.mark.parametrize("host", ["[", "x y", "\xe9", "a" * 300])
@pytest.mark.parametrize("path", [f"{SCORES}?$top=1", "/common/discovery/instance", "/x"])
def test_a_host_that_is_none_breaks_nothing(graph: GraphCaller, host: str, path: str) -> None:
    address = urlsplit(graph.url)
    token = graph.ask_token().json()["access_token"]
    with socket.create_connection((str(address.hostname), int(address.port or 0)), 10) as raw:
        raw.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
            "Connection: close\r\n\r\n".encode("latin-1")
        )
        status = int(raw.recv(100).split()[1])
    assert status in {200, 400, 501}


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": "soon"},
        {"exp": None},
        {"exp": [1]},
        {"nbf": {}, "exp": 1},
        {"aud": ["x"], "exp": 1},
    ],
)
def test_an_assertion_with_nonsense_in_it_is_refused(
    graph: GraphCaller, claims: dict[str, Any]
) -> None:
    text = {"iss": "scoredesk-graph", "sub": "scoredesk-graph", "aud": "x", "jti": "1", **claims}
    forged = jwt.encode(text, "k" * 32, algorithm="HS256", headers={"alg": "HS256"})
    refused = graph.ask_token(
        client_secret="",
        client_assertion_type="urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion=forged,
    )
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--b"),
        ("application/x-www-form-urlencoded", b"%ff=%fe&grant_type=%00"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(2000))),
        ("text/plain; charset=nothing", b"grant_type=client_credentials"),
    ],
)
def test_a_malformed_form_is_refused(graph: GraphCaller, content_type: str, body: bytes) -> None:
    path = f"/{TENANT}/oauth2/v2.0/token"
    response = graph.http.post(path, content=body, headers={"Content-Type": content_type})
    assert response.status_code == 400
    assert response.json()["error_description"].startswith("AADSTS")


def test_an_update_may_name_its_vendor_with_more_than_is_needed(writer: GraphCaller) -> None:
    vendor = {**VENDOR, "providerVersion": None, "subProvider": None, "@odata.type": "#x"}
    assert writer.update(
        "mdo_enabledomainstoprotect", state="Reviewed", vendorInformation=vendor
    ).is_success
