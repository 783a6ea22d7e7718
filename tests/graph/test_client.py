"""Reading Secure Score: paging, refusals, patience."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from tests.graph.peer import GRAPH, Held, Script, jwt

from scoredesk.graph import Graph, errors

READER = jwt(roles=["SecurityEvents.Read.All"])
SCORES = f"{GRAPH}/v1.0/security/secureScores"
PROFILES = f"{GRAPH}/v1.0/security/secureScoreControlProfiles"


def page(*rows: Any, link: str = "") -> httpx.Response:
    """A collection's page."""
    more = {"@odata.nextLink": link} if link else {}
    return httpx.Response(200, json={"value": list(rows), **more})


def day(number: int) -> dict[str, Any]:
    """A snapshot of that day."""
    return {"id": f"t_2026-07-{number:02}", "currentScore": number}


def graph(peer: Script, token: str = READER) -> Graph:
    """The client, with `peer` at the other end."""
    return Graph(GRAPH, Held(token), wire=peer.wire)


def failing(answer: httpx.Response | Exception, *more: httpx.Response) -> errors.GraphError:
    """The error that such an answer leads to."""
    with pytest.raises(errors.GraphError) as raised:
        graph(Script(answer, *more)).check()
    return raised.value


def test_all_days_are_read_by_following_the_links() -> None:
    peer = Script(page(day(3), day(2), link=f"{SCORES}?$skiptoken=abc"), page(day(1)))
    assert [snapshot.current for snapshot in graph(peer).score_snapshots()] == [3, 2, 1]
    assert [str(request.url) for request in peer.requests] == [SCORES, f"{SCORES}?$skiptoken=abc"]
    assert peer.requests[0].headers["authorization"] == f"Bearer {READER}"


def test_top_is_a_limit_for_us_although_graph_would_go_on() -> None:
    peer = Script(page(day(3), link=f"{SCORES}?$top=1&$skiptoken=abc"))
    assert [snapshot.current for snapshot in graph(peer).score_snapshots(top=1)] == [3]
    assert len(peer.requests) == 1
    assert peer.requests[0].url.params["$top"] == "1"


def test_a_tenant_without_a_score_is_told_apart() -> None:
    assert type(failing(page())) is errors.NoSecureScore


def test_profiles_are_read_and_rows_without_an_id_left_out() -> None:
    peer = Script(
        page({"id": "a"}, {"title": "no id"}, "odd", link=f"{PROFILES}?$skiptoken=x"),
        page({"id": "b"}),
    )
    assert [profile.id for profile in graph(peer).control_profiles()] == ["a", "b"]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/security/secureScores",
        "http://graph.microsoft.com/v1.0/security/secureScores",
        "https://graph.microsoft.com:8443/v1.0/x",
        "https://graph.microsoft.com@evil.example/x",
        "//evil.example/x",
        "https://[bad",
        "https://graph.microsoft.com:port/x",
        SCORES,
    ],
)
def test_a_token_never_follows_a_link_elsewhere_or_in_a_circle(link: str) -> None:
    peer = Script(page(day(1), link=link), page(day(1), link=link), page(day(1), link=link))
    with pytest.raises(errors.ForeignLink):
        list(graph(peer).score_snapshots())
    assert {request.url.host for request in peer.requests} == {"graph.microsoft.com"}


FORBIDDEN = {
    "error": {
        "code": "",
        "message": "Auth token does not contain valid permissions or user does not have roles",
        "innerError": {"request-id": "x"},
    }
}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(401, json={"error": {"code": "Invalid"}}), errors.TokenRejected),
        (httpx.Response(403, json=FORBIDDEN), errors.PermissionMissing),
        (httpx.Response(400, json={"error": {"code": "", "message": "x"}}), errors.RequestRefused),
        (httpx.Response(404, json={"error": {"code": "NotFound"}}), errors.RequestRefused),
    ],
)
def test_a_lasting_refusal_has_its_error_at_once(
    answer: httpx.Response, error: type[errors.GraphError]
) -> None:
    assert type(failing(answer)) is error


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(206, headers={"Warning": "199"}, json={}), errors.PartialAnswer),
        (httpx.Response(500, json={"error": {"code": "x"}}), errors.GraphFault),
        (httpx.Response(503), errors.GraphFault),
        (httpx.Response(403, html="<html>gateway</html>"), errors.UnreadableAnswer),
        (httpx.Response(200, html="<html>portal</html>"), errors.UnreadableAnswer),
        (httpx.Response(200, text='{"value": [{'), errors.UnreadableAnswer),
        (httpx.ReadTimeout("x"), errors.Unreachable),
        (httpx.ReadError("x"), errors.Unreachable),
    ],
)
def test_passing_trouble_is_tried_again_and_then_named(
    answer: httpx.Response | Exception, error: type[errors.GraphError]
) -> None:
    peer = Script(answer, answer)
    with pytest.raises(errors.GraphError) as raised:
        graph(peer).check()
    assert type(raised.value) is error
    assert len(peer.requests) == 2
    assert graph(Script(answer, page(day(1)))).check().current == 1


def test_an_answer_without_a_list_is_unreadable() -> None:
    assert type(failing(httpx.Response(200, json={"value": None}))) is errors.UnreadableAnswer


def test_a_short_wait_is_obeyed_and_a_long_one_handed_up() -> None:
    now = httpx.Response(429, headers={"Retry-After": "0"}, json={})
    assert graph(Script(now, page(day(1)))).check().current == 1
    later = failing(httpx.Response(429, headers={"Retry-After": "600"}, json={}))
    assert isinstance(later, errors.Throttled)
    assert later.retry_after == 600
    unsaid = failing(httpx.Response(429, json={}))
    assert isinstance(unsaid, errors.Throttled)
    assert unsaid.retry_after == 10


def test_a_missing_permission_is_seen_before_calling() -> None:
    peer = Script()
    with pytest.raises(errors.PermissionMissing) as raised:
        graph(peer, jwt(roles=["User.Read.All"])).check()
    assert raised.value.facts == {
        "permission": "SecurityEvents.Read.All",
        "granted": "User.Read.All",
    }
    assert peer.requests == []


def test_an_opaque_token_is_given_a_try() -> None:
    assert graph(Script(page(day(1))), "opaque-token").check().current == 1
