"""Looks at an address without signing in: is it a ServiceNow instance, awake, open to us, and does
it know our OAuth application?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

import httpx

from scoredesk.common.clock import now
from scoredesk.common.http import Trouble, Wire, build_client, network_trouble
from scoredesk.servicenow import errors as e
from scoredesk.servicenow.classify import (
    classify,
    from_network,
    is_envelope,
    is_html,
    title,
    words,
)
from scoredesk.servicenow.oauth import AUTHORIZE_PATH

_REST_PATH = "/api/now/table/sys_user?sysparm_limit=1"
_LOGIN_PATH = "/login.do"
_PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
_CUT: dict[Trouble, type[e.Unreachable]] = {
    Trouble.LOST: e.ConnectionCut,
    Trouble.ANSWER_TIMEOUT: e.AnswerTimedOut,
}
# What the page of `oauth_auth.do` says instead of leading to the sign-in (servicenow-api 1.3, 1.7).
_REFUSALS: tuple[tuple[re.Pattern[str], type[e.ApplicationRefused]], ...] = (
    (re.compile(r"invalid redirect[_ ]ur[il]", re.IGNORECASE), e.RedirectRefused),
    (re.compile(r"invalid client|client[_ ]id.{0,40}not found", re.IGNORECASE), e.ClientUnknown),
    (re.compile(r"oauth is not (active|enabled)", re.IGNORECASE), e.OAuthInactive),
)
# What a page says stands in its <main>, if it has one; around it are the instance's menus.
_SAID = re.compile(r"<(main|body)\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_PAGE_READ = 20_000


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a look found. `ahead`: how far the instance's clock is ahead of ours (a `Date` header
    is exact to a second), None if it does not say."""

    ahead: timedelta | None = None


@dataclass(frozen=True, slots=True)
class AllowPage:
    """Where the Allow page sends who is not signed in. `sso_host`: the host of single sign-on, ""
    for the instance's own login page."""

    sso_host: str = ""


def probe(base_url: str, wire: Wire, *, clock: Callable[[], datetime] = now) -> Sighting:
    """Look at the instance as nobody (servicenow-api 1.12 D).

    A normal instance refuses the REST call with its 401 JSON and shows a login page. Raises what
    is in the way otherwise: Unreachable and its kinds, Hibernating, Maintenance, GatewayRefused,
    AddressRefused, NotServiceNow.
    """
    with build_client(base_url, wire) as client:
        started = clock()
        with wire.telling():
            answer = _get(client, _REST_PATH)
            middle = started + (clock() - started) / 2
            _check_rest(answer)
        with wire.telling():
            _check_page(_get(client, _LOGIN_PATH, _PAGE))
    return Sighting(ahead=_ahead(answer, middle))


def look_at_allow_page(base_url: str, wire: Wire, client_id: str, redirect_uri: str) -> AllowPage:
    """Ask for the Allow page as nobody, with the parameters of a real authorization.

    A normal instance leads to its login page, or to the identity provider (1.12 C). Raises
    ApplicationRefused and its kinds if the page says that the application does not fit, and
    otherwise as `probe`. An instance may also accept a redirect address that is not registered,
    and use the first registered one later (1.3): that cannot be seen from outside.
    """
    with build_client(base_url, wire) as client, wire.telling():
        answer = _get(client, _authorization(client_id, redirect_uri), _PAGE)
        fault = classify(answer)
        if isinstance(fault, e.SsoRedirect):
            return AllowPage(sso_host=fault.facts["host"] or httpx.URL(base_url).host)
        if not answer.is_redirect:
            _check_page(answer)
            _check_application(answer)
    return AllowPage()


def _authorization(client_id: str, redirect_uri: str) -> str:
    asked = {"response_type": "code", "client_id": client_id, "state": "probe"}
    return f"{AUTHORIZE_PATH}?{urlencode({**asked, 'redirect_uri': redirect_uri})}"


def _check_rest(answer: httpx.Response) -> None:
    """Raises unless the REST interface asks nobody for a sign-in, in ServiceNow's own form."""
    fault = classify(answer)
    if isinstance(fault, e.Unauthorized) and is_envelope(answer):
        return
    if fault is None:
        raise e.NotServiceNow("The REST interface answers without a token.")
    if isinstance(fault, (e.Unauthorized, e.BadRequest, e.NotFound)):
        raise e.NotServiceNow(words(answer), facts={"status": answer.status_code})
    raise fault


def _check_page(answer: httpx.Response) -> None:
    """A page that needs no sign-in and is refused as the REST interface refuses: a filter for
    addresses or an access policy stands before everything (1.12 D, third look)."""
    if answer.status_code == 401 and is_envelope(answer):
        raise e.AddressRefused(words(answer))
    fault = classify(answer)
    if isinstance(fault, (e.GatewayRefused, e.Hibernating, e.Maintenance)):
        raise fault


def _check_application(answer: httpx.Response) -> None:
    if answer.status_code == 404:
        raise e.OAuthInactive(title(answer))
    said = _text(answer)
    named = next((kind for pattern, kind in _REFUSALS if pattern.search(said)), None)
    if named is not None:
        raise named(said)
    if answer.is_client_error:
        raise e.ApplicationRefused(said)
    if not answer.is_success:
        raise e.ServerFault(said)


def _text(answer: httpx.Response) -> str:
    """What a person reads on the page."""
    if not is_html(answer):
        return words(answer)
    page = answer.text[:_PAGE_READ]
    begins = [found.end() for found in _SAID.finditer(page)]
    shown = _TAGS.sub(" ", page[begins[-1] if begins else 0 :])
    return " ".join(shown.split())[:300]


def _ahead(answer: httpx.Response, middle: datetime) -> timedelta | None:
    try:
        there = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    return there.replace(tzinfo=there.tzinfo or UTC) - middle


def _get(client: httpx.Client, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    try:
        return client.get(path, headers=headers)
    except httpx.TransportError as fault:
        trouble = network_trouble(fault)
        cut = _CUT.get(trouble.kind)
        raise (cut(trouble.detail) if cut else from_network(trouble)) from fault
