"""The trip to the instance's Allow page and back: OAuth authorization code, state and PKCE.

Whoever is signed in to ServiceNow in that browser becomes the owner of the tokens; nothing in the
address names a user (servicenow-api 1.7). So the instance is asked who it now is, and anybody but
the declared integration user is refused before anything is stored.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Tenant
from scoredesk.accounts.sealed import seal, unseal
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import errors as e
from scoredesk.connections.identity import check_not_personal, check_user
from scoredesk.connections.instance import application
from scoredesk.connections.lifecycle import Event, allowed
from scoredesk.connections.models import Authorization, Connection, Status
from scoredesk.connections.owner import emails_of_people, owner_of
from scoredesk.connections.rows import locked, move, set_reason
from scoredesk.connections.tokens import revoke_unkept, store
from scoredesk.servicenow import InstanceUser, Tokens, new_verifier

VALID_FOR = timedelta(minutes=15)
_STATE_BYTES = 32
_KEPT_FOR = timedelta(days=1)  # used and lapsed ones, so that a replay can be told from a fake


@dataclass(frozen=True)
class Answer:
    """What came back from the Allow page: a code, or an error and its words."""

    state: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    error: str = ""
    error_description: str = ""
    begun_here: bool = True  # in the browser's session that it comes back to


def is_complete(connection: Connection) -> bool:
    """Whether everything is filled in that authorizing needs."""
    return all((connection.client_id, connection.sealed_client_secret, connection.integration_user))


def begin(connection: Connection, *, actor: Actor, now: datetime) -> str:
    """Starts a trip of a person; returns the address of the Allow page for their browser.

    Raises SetupIncomplete or SecretError; ValueError for a job, which has no browser.
    """
    if actor.person is None:
        raise ValueError("only a person can authorize")
    if not is_complete(connection):
        raise e.SetupIncomplete
    state, verifier = secrets.token_urlsafe(_STATE_BYTES), new_verifier()
    address = application(connection).authorization_url(state, verifier)
    with transaction.atomic():
        row = locked(connection)
        row.authorizations.filter(begun_at__lt=now - _KEPT_FOR).delete()
        Authorization.objects.create(
            connection=row,
            tenant=row.tenant,
            person=actor.person,
            state_digest=digest(state),
            sealed_verifier=seal(verifier),
            begun_at=now,
        )
        move(row, Event.BEGUN, actor=actor, action="connection.authorization_begun")
    return address


def complete(answer: Answer, *, tenant: Tenant, actor: Actor, now: datetime) -> Connection:
    """Ends a trip: checks the answer, takes tokens, asks who they belong to, stores them.

    Raises AuthorizationRefused and its kinds, WrongUser, UserUnusable, SecretError,
    ServiceNowError. After tokens were given, the error's `facts["revoked"]` is "yes" or "no":
    whether the instance has confirmed that they are useless now.
    """
    claimed = _claim(answer, tenant, actor=actor, now=now)
    connection = claimed.connection
    try:
        code = _code_of(answer)
        tokens = application(connection).exchange(code, unseal(claimed.sealed_verifier))
        return settle(connection, tokens, actor=actor, now=now)
    except ScoredeskError as error:
        note_refusal(connection, error, actor=actor)
        raise


def accept(
    connection: Connection, tokens: Tokens, user: InstanceUser, *, actor: Actor, now: datetime
) -> Connection:
    """Stores the tokens of an instance's answer, and connects.

    Raises WrongUser, UserUnusable or PersonalCredentials; AnotherInstance if its address was
    changed and the new one is not the same instance; and SetupChanged if the row is no longer
    the one that `connection` was read from: the tokens may belong to another client or host then.
    """
    check_user(user, connection.integration_user)
    check_not_personal(user, emails_of_people(connection.tenant))
    with transaction.atomic():
        row = locked(connection)
        if _identity(row) != _identity(connection) or not allowed(row.status, Event.AUTHORIZED):
            raise e.SetupChanged
        _check_same_instance(row, user)
        store(row, tokens, now)
        row.integration_user_id = user.sys_id
        row.moved_from = ""
        row.connected_at = row.attempted_at = row.succeeded_at = now
        row.removed_at = None
        set_reason(row, None)
        move(
            row,
            Event.AUTHORIZED,
            actor=actor,
            action="connection.authorized",
            after={"integration_user": user.user_name},
        )
    return row


def _check_same_instance(row: Connection, user: InstanceUser) -> None:
    """After a change of the address: sys_ids are given at random, so a user with the same name and
    the same sys_id is the same user of the same instance (or of its clone)."""
    if row.moved_from and row.integration_user_id not in {"", user.sys_id}:
        raise e.AnotherInstance(
            facts={
                "before": row.moved_from,
                "user_id": user.sys_id,
                "known_id": row.integration_user_id,
            }
        )


def _claim(answer: Answer, tenant: Tenant, *, actor: Actor, now: datetime) -> Authorization:
    """The authorization with this state, marked as used before anything else happens: of two
    answers with the same state, only one gets here."""
    if not answer.state:
        raise e.StateMissing
    with transaction.atomic():
        found: Authorization | None = (
            Authorization.objects.of(tenant)
            .select_for_update(of=("self",))
            .select_related("connection", "tenant", "person")
            .filter(state_digest=digest(answer.state))
            .first()
        )
        if found is None:
            raise e.StateUnknown
        if found.person != actor.person:
            raise e.StateForeign
        if not answer.begun_here:
            raise e.StateElsewhere
        if found.used_at is not None:
            raise e.StateReplayed
        found.used_at = now
        Authorization.objects.filter(pk=found.pk).update(used_at=now, sealed_verifier="")
    if now - found.begun_at > VALID_FOR:
        raise e.StateExpired
    return found


def _code_of(answer: Answer) -> str:
    if answer.error == "access_denied":
        raise e.Denied
    if answer.error:
        raise e.InstanceDeclined(f"{answer.error} {answer.error_description}")
    if not answer.code:
        raise e.CodeMissing
    return answer.code


def settle(connection: Connection, tokens: Tokens, *, actor: Actor, now: datetime) -> Connection:
    """Asks who fresh tokens belong to, and connects; tokens that are not kept are revoked.

    Raises as `accept`, or ServiceNowError; `facts["revoked"]` as in `complete`.
    """
    try:
        user = owner_of(connection, tokens)
        return accept(connection, tokens, user, actor=actor, now=now)
    except ScoredeskError as error:
        revoked = revoke_unkept(connection, tokens)
        error.facts["revoked"] = "yes" if revoked else "no"
        raise


def note_refusal(connection: Connection, error: ScoredeskError, *, actor: Actor) -> None:
    """A connection that works keeps working; one that waited for this is told why it did not."""
    with transaction.atomic():
        row = locked(connection)
        if row.status in {Status.AUTHORIZING, Status.NOT_CONNECTED}:
            set_reason(row, error)
        move(
            row,
            Event.REFUSED,
            actor=actor,
            action="connection.authorization_refused",
            after={"reason": error.code, "answered": error.facts.get("answered", "")},
        )


def _identity(row: Connection) -> tuple[str, ...]:
    return row.address, row.sign_in, row.client_id, row.integration_user


def digest(state: str) -> str:
    """How a state is kept: whoever reads it cannot come back with it."""
    return hashlib.sha256(state.encode()).hexdigest()
