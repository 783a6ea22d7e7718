"""Whether the instance gives tokens, whether they work, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta

from scoredesk.common.errors import ScoredeskError
from scoredesk.common.secrets import SecretError
from scoredesk.connections.errors import (
    NoCallback,
    NoCallbackSso,
    NotAuthorized,
    PermissionLapsed,
    PermissionLapsing,
    SsoAhead,
)
from scoredesk.connections.evidence.facts import Evidence, Subject
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.connections.models import SignIn
from scoredesk.connections.rules import links
from scoredesk.connections.rules.application import blames_application
from scoredesk.connections.times import ANSWER_WITHIN, WARN_BEFORE
from scoredesk.servicenow import errors as sn

# A clock that is wrong by so much was moved, and the instance ends tokens by its own clock.
_MOVED = timedelta(days=1)
# What a call may end with because of the tokens, not because of the one table that was asked.
_OF_TOKENS = (
    sn.Unauthorized,
    sn.UnscopedApi,
    sn.ScopeMissing,
    sn.ApiAclRefused,
    sn.AddressRefused,
    sn.ApplicationRefused,
    SecretError,
    NotAuthorized,
)


def tokens(evidence: Evidence) -> list[Finding] | None:
    """Whether a token is given and the first call with it is let in."""
    subject = evidence.subject
    if not subject.has_tokens:
        return _without_tokens(evidence)
    if evidence.user is None:
        return None
    fault = evidence.user.user.fault
    if fault is None:
        return _permission(evidence)
    if not of_tokens(fault):
        return None
    return [Finding.of(Check.TOKENS, Outcome.FAILED, _named(fault, evidence))]


def of_tokens(fault: ScoredeskError | None) -> bool:
    """Whether a fault of the first call is told by this check, so that no other need tell it."""
    return isinstance(fault, _OF_TOKENS)


def _without_tokens(evidence: Evidence) -> list[Finding] | None:
    """Nobody has allowed it yet: why not, as far as can be known."""
    subject = evidence.subject
    looked = evidence.instance is not None and evidence.instance.reached
    if not looked or not subject.complete or blames_application(evidence):
        return None  # what comes before must be in order first
    page = evidence.instance.allow_page if evidence.instance else None
    host = page.value.sso_host if page and page.value else ""
    if not _needs_browser(subject):
        return [Finding.of(Check.TOKENS, Outcome.FAILED, subject.refused or NotAuthorized())]
    waits = subject.trip is not None and not subject.trip.answered
    if subject.trip and waits and (host or evidence.at - subject.trip.begun_at > ANSWER_WITHIN):
        return [Finding.of(Check.TOKENS, Outcome.FAILED, _no_callback(host))]
    refused = None if waits else subject.refused
    found = [Finding.of(Check.TOKENS, Outcome.FAILED, refused or NotAuthorized())]
    if host:
        ahead = SsoAhead(facts={"host": host})
        found.append(Finding.of(Check.TOKENS, Outcome.WARNING, ahead))
    return found


def _no_callback(host: str) -> ScoredeskError:
    return NoCallbackSso(facts={"host": host}) if host else NoCallback()


def _named(fault: ScoredeskError, evidence: Evidence) -> ScoredeskError:
    """The fault with the most that can be said about its cause, and where to look for it."""
    subject = evidence.subject
    blamed = blames_application(evidence)
    if isinstance(fault, sn.TokenRefused):
        if blamed is not None:
            return blamed
        ends = subject.permission_ends
        if ends is not None and ends <= _instance_time(evidence):
            return PermissionLapsed(facts={"ends": f"{ends:%Y-%m-%d}"})
        return links.leading_to(fault, links.log_of(subject))
    if isinstance(fault, sn.Unauthorized):
        return links.leading_to(fault, links.user_of(subject))
    if isinstance(fault, (sn.UnscopedApi, sn.ScopeMissing)):
        return links.leading_to(fault, links.application_of(subject))
    return fault


def _permission(evidence: Evidence) -> list[Finding]:
    """The end of the refresh token, as it is shipped: no answer tells it (servicenow-api 1.3)."""
    subject = evidence.subject
    ends = subject.permission_ends if _needs_browser(subject) else None
    if ends is None or ends - _instance_time(evidence) > WARN_BEFORE:
        return []
    days = max((ends - _instance_time(evidence)).days, 0)
    lapsing = PermissionLapsing(facts={"ends": f"{ends:%Y-%m-%d}", "days": str(days)})
    return [Finding.of(Check.TOKENS, Outcome.WARNING, lapsing)]


def _needs_browser(subject: Subject) -> bool:
    return subject.sign_in == SignIn.AUTHORIZATION_CODE


def _instance_time(evidence: Evidence) -> datetime:
    sighting = evidence.instance.sighting.value if evidence.instance else None
    ahead = sighting.ahead if sighting and sighting.ahead else timedelta()
    return evidence.at + ahead if abs(ahead) >= _MOVED else evidence.at
