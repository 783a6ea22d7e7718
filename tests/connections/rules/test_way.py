"""The rules about the way to an instance, case by case: evidence in, outcome and code out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scoredesk.common.errors import ScoredeskError
from scoredesk.common.secrets import SealBroken
from scoredesk.connections.errors import Denied
from scoredesk.connections.evidence.facts import (
    AppEvidence,
    Evidence,
    InstanceEvidence,
    ReleaseEvidence,
    Seen,
    Subject,
    Trip,
    UserEvidence,
)
from scoredesk.connections.findings import Finding
from scoredesk.connections.models import SignIn, Status
from scoredesk.connections.rules import app, application, instance, tokens
from scoredesk.servicenow import InstanceUser, Sighting
from scoredesk.servicenow import errors as sn
from scoredesk.servicenow.probe import AllowPage
from scoredesk.servicenow.releases import Release

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CODE, CREDENTIALS = SignIn.AUTHORIZATION_CODE, SignIn.CLIENT_CREDENTIALS
DAY = timedelta(days=1)
IN_STEP = timedelta()
PAGE = AllowPage()
Told = list[tuple[str, str]] | None


def subject(**more: object) -> Subject:
    plain = Subject("https://acme.service-now.com", "scoredesk", CODE, Status.CONNECTED, True)
    return replace(plain, **more)  # type: ignore[arg-type]  # a table of plain values


def evidence(
    *,
    of: Subject | None = None,
    page: AllowPage | ScoredeskError | None = PAGE,
    user: ScoredeskError | bool | None = True,
    ahead: timedelta | None = IN_STEP,
) -> Evidence:
    """A connection in order, but for what is given."""
    seen: Seen[AllowPage] | None = None
    if page is not None:
        seen = Seen(fault=page) if isinstance(page, ScoredeskError) else Seen(page)
    account = InstanceUser(sys_id="1", user_name="scoredesk", name="Scoredesk")
    answered = Seen(fault=user) if isinstance(user, ScoredeskError) else Seen(account)
    return Evidence(
        at=NOON,
        subject=of or subject(),
        instance=InstanceEvidence(Seen(Sighting(ahead)), seen),
        user=UserEvidence(answered) if user is not None else None,
    )


def told(found: list[Finding] | None) -> Told:
    return None if found is None else [(f.outcome.value, f.code) for f in found]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (None, None),
        (ReleaseEvidence(Release("Jakarta")), [("failed", "connection.release_too_old")]),
        (ReleaseEvidence(Release("Kingston")), [("good", "")]),
        (ReleaseEvidence(Release("Brazil")), [("good", "")]),
        (ReleaseEvidence(change_models=True), []),
        (ReleaseEvidence(change_models=False), [("unsure", "connection.release_unknown")]),
    ],
)
def test_release(seen: ReleaseEvidence | None, expected: Told) -> None:
    assert told(instance.release(replace(evidence(), release=seen))) == expected


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (None, None),
        (timedelta(seconds=59), []),
        (timedelta(seconds=60), [("warning", "connection.clock_off")]),
        (timedelta(seconds=-90), [("warning", "connection.clock_off")]),
    ],
)
def test_clock(ahead: timedelta | None, expected: Told) -> None:
    assert told(instance.clock(evidence(ahead=ahead))) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (evidence(page=None), None),
        (evidence(), []),
        (evidence(page=sn.ClientUnknown()), [("warning", "servicenow.client_unknown")]),
        (evidence(page=sn.ClientUnknown(), user=None), [("failed", "servicenow.client_unknown")]),
        (evidence(page=sn.OAuthInactive(), user=None), [("failed", "servicenow.oauth_inactive")]),
        (
            evidence(page=sn.RedirectRefused(), user=None),
            [("failed", "servicenow.redirect_refused")],
        ),
        (evidence(page=sn.RedirectRefused(), of=subject(sign_in=CREDENTIALS), user=None), []),
        (
            evidence(page=sn.ApplicationRefused(), user=None),
            [("failed", "servicenow.application_refused")],
        ),
    ],
)
def test_application(seen: Evidence, expected: Told) -> None:
    assert told(application.application(seen)) == expected


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (sn.RefreshRefused(), "servicenow.refresh_refused"),
        (sn.ClientCredentialsRefused(), "servicenow.client_credentials_refused"),
        (sn.FreshTokenRefused(), "servicenow.fresh_token_refused"),
        (sn.ClientRefused(), "servicenow.client_refused"),
        (sn.GrantRefused(), "servicenow.grant_refused"),
        (sn.TokenRefused(), "servicenow.token_refused"),
        (sn.Unauthorized(), "servicenow.unauthorized"),
        (sn.MfaRequired(), "servicenow.mfa_required"),
        (sn.UnscopedApi(), "servicenow.unscoped_api"),
        (sn.ScopeMissing(), "servicenow.scope_missing"),
        (sn.ApiAclRefused(), "servicenow.api_acl"),
        (SealBroken(), "secrets.seal_broken"),
    ],
)
def test_each_fault_of_a_token_is_named(fault: ScoredeskError, expected: str) -> None:
    assert told(tokens.tokens(evidence(user=fault))) == [("failed", expected)]


def test_a_fault_of_one_table_is_no_fault_of_the_tokens() -> None:
    assert tokens.tokens(evidence(user=sn.QueryRefused())) is None


def test_a_refused_token_is_explained_by_what_is_known_besides() -> None:
    refused = sn.RefreshRefused()
    switched_off = evidence(user=refused, page=sn.OAuthInactive())
    assert told(tokens.tokens(switched_off)) == [("failed", "servicenow.oauth_inactive")]
    aged = evidence(user=refused, of=subject(permission_ends=NOON - DAY))
    assert told(tokens.tokens(aged)) == [("failed", "connection.permission_lapsed")]


@pytest.mark.parametrize(
    ("left", "ahead", "expected"),
    [
        (15 * DAY, timedelta(), []),
        (14 * DAY, timedelta(), [("warning", "connection.permission_lapsing")]),
        (-1 * DAY, timedelta(), [("warning", "connection.permission_lapsing")]),
        (100 * DAY, 90 * DAY, [("warning", "connection.permission_lapsing")]),
    ],
)
def test_the_end_of_the_permission(left: timedelta, ahead: timedelta, expected: Told) -> None:
    seen = evidence(of=subject(permission_ends=NOON + left), ahead=ahead)
    assert told(tokens.tokens(seen)) == expected


LATE, JUST_NOW = Trip(NOON - DAY, False), Trip(NOON, False)
SSO = AllowPage("sso.example")
NOT_YET = ("failed", "connection.not_authorized")


@pytest.mark.parametrize(
    ("given", "page", "expected"),
    [
        ({"complete": False}, AllowPage(), None),
        ({}, sn.ClientUnknown(), None),
        ({}, AllowPage(), [NOT_YET]),
        ({}, SSO, [NOT_YET, ("warning", "connection.sso_ahead")]),
        ({"trip": JUST_NOW}, AllowPage(), [NOT_YET]),
        ({"trip": LATE}, AllowPage(), [("failed", "connection.no_callback")]),
        ({"trip": JUST_NOW}, SSO, [("failed", "connection.no_callback_sso")]),
        (
            {"trip": Trip(NOON - DAY, True), "refused": Denied()},
            AllowPage(),
            [("failed", "connection.denied")],
        ),
        (
            {"sign_in": CREDENTIALS, "refused": sn.ClientCredentialsRefused()},
            SSO,
            [("failed", "servicenow.client_credentials_refused")],
        ),
    ],
)
def test_nobody_has_allowed_it_yet(
    given: dict[str, object], page: AllowPage | ScoredeskError, expected: Told
) -> None:
    waiting = subject(has_tokens=False, status=Status.AUTHORIZING, **given)
    assert told(tokens.tokens(evidence(of=waiting, page=page, user=None))) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (AppEvidence(), None),
        (AppEvidence(Seen("1.0.0")), [("good", "")]),
        (AppEvidence(Seen(fault=sn.NoSuchResource())), [("failed", "connection.app_missing")]),
        (AppEvidence(Seen(fault=sn.Forbidden())), [("failed", "connection.app_refused")]),
        (
            AppEvidence(Seen(fault=sn.CrossScopePolicy())),
            [("failed", "servicenow.cross_scope_policy")],
        ),
        (AppEvidence(Seen(fault=sn.ServerFault())), [("failed", "servicenow.server_fault")]),
    ],
)
def test_the_connector_app(seen: AppEvidence, expected: Told) -> None:
    assert told(app.connector(replace(evidence(), app=seen))) == expected


def test_the_older_app_matters_only_where_its_scope_is_refused() -> None:
    refused = AppEvidence(older=Seen(fault=sn.CrossScopePrivilege()))
    assert told(app.older_app(replace(evidence(), app=refused))) == [
        ("warning", "servicenow.cross_scope_privilege")
    ]
    absent = AppEvidence(older=Seen(fault=sn.NoSuchResource()))
    assert app.older_app(replace(evidence(), app=absent)) is None
