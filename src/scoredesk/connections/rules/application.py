"""What the Allow page says about the OAuth application, before anybody signs in."""

from __future__ import annotations

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.evidence.facts import Evidence, Subject
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.connections.models import SignIn
from scoredesk.connections.rules import links
from scoredesk.servicenow.errors import (
    ApplicationRefused,
    ClientUnknown,
    OAuthInactive,
    RedirectRefused,
)

OAUTH_PROPERTY = "com.snc.platform.security.oauth.is.active"


def application(evidence: Evidence) -> list[Finding] | None:
    """Whether the instance knows the application and lets us come back from it. What the Allow
    page refuses does no harm to tokens that work: they are renewed without it."""
    page = evidence.instance.allow_page if evidence.instance else None
    if page is None:
        return None
    fault = page.fault
    without_browser = evidence.subject.sign_in == SignIn.CLIENT_CREDENTIALS
    if fault is None or (without_browser and isinstance(fault, RedirectRefused)):
        return []
    works = evidence.user is not None and evidence.user.user.value is not None
    outcome = Outcome.WARNING if works else Outcome.FAILED
    return [Finding.of(Check.APPLICATION, outcome, _linked(fault, evidence.subject))]


def blames_application(evidence: Evidence) -> ScoredeskError | None:
    """The fault of the application that explains why no token is given, if there is one."""
    page = evidence.instance.allow_page if evidence.instance else None
    fault = page.fault if page else None
    return fault if isinstance(fault, (ClientUnknown, OAuthInactive)) else None


def _linked(fault: ScoredeskError, subject: Subject) -> ScoredeskError:
    if isinstance(fault, OAuthInactive):
        return links.leading_to(fault, links.property_of(subject, OAUTH_PROPERTY))
    if isinstance(fault, ClientUnknown):
        return links.leading_to(fault, links.applications_of(subject))
    if isinstance(fault, ApplicationRefused):
        return links.leading_to(fault, links.application_of(subject))
    return fault
