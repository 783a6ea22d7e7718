"""The reading client for Secure Score in Microsoft Graph (graph-secure-score 1, 3, 5)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from scoredesk.common.http import Wire, build_client, network_trouble
from scoredesk.common.retrying import retrying
from scoredesk.graph import errors as e
from scoredesk.graph.credentials import RESOURCE, TokenSource
from scoredesk.graph.payloads import Profile, Snapshot, read_profile, read_snapshot
from scoredesk.graph.sign_in import unreachable
from scoredesk.graph.tokens import READ_PERMISSION, may_read_score, permissions_in

log = logging.getLogger(__name__)

GRAPH_URL = RESOURCE
SCORES_PATH = "/v1.0/security/secureScores"
PROFILES_PATH = "/v1.0/security/secureScoreControlProfiles"
# Graph keeps 90 days (3); with one snapshot a page that is still less than this.
_MOST_PAGES = 200
_DEFAULT_WAIT = 10.0
_LONGEST_WAIT = 86_400.0

T = TypeVar("T")


class Graph:
    """Microsoft Graph as one tenant's application. Every call raises GraphError.

    `base_url`: where Graph answers (the sandbox's address in the demo). Reads are repeated with
    the wire's pauses; Retry-After is obeyed up to the longest of them.
    """

    def __init__(self, base_url: str, tokens: TokenSource, *, wire: Wire) -> None:
        self._wire = wire
        self._tokens = tokens
        self._base = httpx.URL(base_url)
        self._client = build_client(base_url, wire)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def score_snapshots(self, top: int | None = None) -> Iterator[Snapshot]:
        """Snapshots, newest first; at most `top` days (all 90 if None).

        Raises NoSecureScore, at the first step, if the tenant has none.
        """
        # `$top` is the size of a page, not a limit: the link goes on to the oldest day (3).
        query = f"?$top={top}" if top else ""
        found = 0
        for snapshot in self._each(SCORES_PATH + query, read_snapshot):
            yield snapshot
            found += 1
            if found == top:
                return
        if not found:
            raise e.NoSecureScore

    def control_profiles(self) -> Iterator[Profile]:
        """Every control of the catalogue, in Graph's order. Ids are unique, titles are not."""
        return self._each(PROFILES_PATH, read_profile)

    def check(self) -> Snapshot:
        """The newest snapshot, to prove that signing in, permission and score are all there."""
        return next(self.score_snapshots(top=1))

    def _each(self, path: str, read: Callable[[Mapping[str, Any]], T | None]) -> Iterator[T]:
        for page in self._pages(path):
            rows = page.get("value")
            if not isinstance(rows, list):
                raise e.UnreadableAnswer("The answer holds no list.")
            for row in rows:
                item = read(row)
                if item is None:
                    log.warning("Graph sent a row without an id at %s; it is left out.", path)
                else:
                    yield item

    def _pages(self, path: str) -> Iterator[Mapping[str, Any]]:
        url, seen = path, set[str]()
        while url:
            if url in seen or len(seen) >= _MOST_PAGES:
                raise e.ForeignLink("The pages go round in a circle.")
            seen.add(url)
            page = self._get(url)
            yield page
            url = self._next(page)

    def _next(self, page: Mapping[str, Any]) -> str:
        """The next page's address, which must be Graph's own: our token goes there."""
        link = page.get("@odata.nextLink")
        if not link:
            return ""
        try:
            target = httpx.URL(str(link))
        except httpx.InvalidURL:
            raise e.ForeignLink("The link cannot be read.") from None
        if (target.scheme, target.netloc) != (self._base.scheme, self._base.netloc):
            raise e.ForeignLink(f"It leads to {target.host}.")
        return str(target)

    def _get(self, url: str) -> Mapping[str, Any]:
        return retrying(lambda: self._try(url), self._wire.pauses)

    def _try(self, url: str) -> Mapping[str, Any]:
        token = self._tokens.token()
        if may_read_score(token) is False:
            raise _permission_missing(token)
        try:
            response = self._client.get(url, headers={"Authorization": f"Bearer {token}"})
        except httpx.TransportError as lost:
            raise unreachable(network_trouble(lost)) from lost
        fault = classify(response)
        if fault is not None:
            raise fault
        page = _json(response)
        if page is None:
            raise e.UnreadableAnswer(response.text[:300])
        return page


def classify(response: httpx.Response) -> e.GraphError | None:
    """The error that an answer of Graph amounts to; None for a 200 (pure)."""
    status, said = response.status_code, _words(response)
    if status == 200:
        return None
    if status == 206:
        return e.PartialAnswer(response.headers.get("warning", ""))
    if status == 401:
        return e.TokenRejected(said)
    if status == 429:
        return e.Throttled(said, retry_after=_retry_after(response))
    if status >= 500:
        return e.GraphFault(said, facts={"status": status})
    return _refused(response, said)


def _refused(response: httpx.Response, said: str) -> e.GraphError:
    """A 403 in HTML comes from a gateway, may pass, and is no verdict on the permission (5)."""
    status = response.status_code
    if _json(response) is None:
        return e.UnreadableAnswer(said, facts={"status": status})
    if status == 403:
        return e.PermissionMissing(said, facts={"permission": READ_PERMISSION})
    error = (_json(response) or {}).get("error")
    code = error.get("code") if isinstance(error, Mapping) else ""
    return e.RequestRefused(said, facts={"status": status, "graph_code": code or ""})


def _permission_missing(token: str) -> e.PermissionMissing:
    granted = ", ".join(sorted(permissions_in(token) or ()))
    return e.PermissionMissing(facts={"permission": READ_PERMISSION, "granted": granted})


def _json(response: httpx.Response) -> dict[str, Any] | None:
    try:
        body = json.loads(response.text)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _words(response: httpx.Response) -> str:
    error = (_json(response) or {}).get("error")
    if isinstance(error, Mapping):
        return ": ".join(str(error[key]) for key in ("code", "message") if error.get(key))
    return response.text.strip()[:300]


def _retry_after(response: httpx.Response) -> float:
    asked = response.headers.get("retry-after", "").strip()
    return min(float(asked), _LONGEST_WAIT) if asked.isdecimal() else _DEFAULT_WAIT
