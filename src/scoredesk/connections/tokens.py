"""Tokens: sealed in the row, renewed before they lapse, given to a ready client."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from logging import getLogger

from django.db import transaction
from django.db.models import F, Q

from scoredesk.accounts.sealed import seal, unseal
from scoredesk.common.clock import now as clock_now
from scoredesk.common.errors import ScoredeskError, all_codes
from scoredesk.common.retrying import Pauses, retrying
from scoredesk.common.secrets import SecretError
from scoredesk.connections.attempts import AttemptBook
from scoredesk.connections.errors import ConnectionFault, NotAuthorized
from scoredesk.connections.health import report_fault
from scoredesk.connections.identity import check_not_known_as_another, check_user
from scoredesk.connections.instance import application, revoker, wire
from scoredesk.connections.models import Connection, SignIn, Status
from scoredesk.connections.owner import owner_of
from scoredesk.connections.rows import locked
from scoredesk.servicenow import ServiceNow, Tokens
from scoredesk.servicenow.errors import ApplicationRefused, TokenRefused
from scoredesk.servicenow.oauth import RENEW_MARGIN

log = getLogger(__name__)

# The life of a refresh token as instances are shipped; the answer does not tell (servicenow-api
# 1.3), so what the page shows is "about".
REFRESH_TOKEN_LIFE = timedelta(days=100)
_REVOKING = Pauses(tries=2)


def access_token(
    connection: Connection, now: datetime, *, patient: bool = False, insist: bool = False
) -> str:
    """A token that is good for at least the margin; parameters as `client_for`.

    Raises NotAuthorized, SecretError, or ServiceNowError: TokenRefused has already put the
    connection into attention; a retryable one leaves it as it is.
    """
    row = Connection.objects.get(pk=connection.pk)
    if _good(row, now):
        return unseal(row.sealed_access_token)
    return renew(row, now, patient=patient, insist=insist)


def renew(
    connection: Connection, now: datetime, *, patient: bool = False, insist: bool = False
) -> str:
    """A new access token for the row as it was read, whatever its time of expiry.

    The network call stands outside any transaction. Two processes may do this at once: the
    instance gives both the same or two good tokens (servicenow-api 1.4), and the first to store
    wins. Raises as `access_token`.
    """
    if not connection.has_tokens:
        raise NotAuthorized
    if not insist:
        _check_not_resting(connection, now)
    try:
        tokens = fetch(connection, patient=patient)
    except (TokenRefused, ConnectionFault) as refusal:
        row = Connection.objects.get(pk=connection.pk)
        if _good(row, now) and row.sealed_access_token != connection.sealed_access_token:
            return unseal(row.sealed_access_token)
        report_fault(connection, refusal, now)
        raise
    return _keep(connection, tokens, now)


def fetch(connection: Connection, *, patient: bool = False) -> Tokens:
    """New tokens, the way that the connection signs in.

    Whom client credentials belong to is decided in ServiceNow and may change between two tokens:
    so it is asked each time, and tokens of another user are revoked, never kept. Raises as
    `access_token`, and WrongUser or UserUnusable.
    """
    app = application(connection, patient=patient)
    if connection.sign_in != SignIn.CLIENT_CREDENTIALS:
        return app.refresh(unseal(connection.sealed_refresh_token))
    tokens = app.client_credentials()
    try:
        check_user(owner_of(connection, tokens, patient=patient), connection.integration_user)
    except ConnectionFault:
        revoke_unkept(connection, tokens)
        raise
    return tokens


def store(row: Connection, tokens: Tokens, now: datetime) -> None:
    """Puts tokens, sealed, into a locked row; the caller saves it."""
    refresh_token = tokens.refresh_token or ""
    known = ""
    with suppress(SecretError):  # sealed with a lost key: the new one takes its place
        known = unseal(row.sealed_refresh_token) if row.sealed_refresh_token else ""
    if not known or refresh_token != known:
        row.refresh_expires_at = now + REFRESH_TOKEN_LIFE if refresh_token else None
    row.sealed_access_token = seal(tokens.access_token)
    row.sealed_refresh_token = seal(refresh_token)
    row.access_expires_at = tokens.expires_at


def take_out(row: Connection) -> list[str]:
    """Empties a locked row of its tokens and returns those that can still be opened."""
    found = []
    for sealed in (row.sealed_access_token, row.sealed_refresh_token):
        with suppress(SecretError):  # sealed with a lost key: nobody can use it any more
            found.append(unseal(sealed))
    row.sealed_access_token = row.sealed_refresh_token = ""
    row.access_expires_at = row.refresh_expires_at = None
    return [token for token in found if token]


def revoke(connection: Connection, tokens: Iterable[str | None]) -> bool:
    """Makes tokens useless at the instance. False if it did not confirm that for each of them."""
    app = revoker(connection)
    confirmed = True
    for token in tokens:
        if not token:
            continue
        try:
            retrying(partial(app.revoke, token), _REVOKING)
        except ScoredeskError as fault:
            log.warning("Revoking a token at %s failed: %s", connection.address, fault)
            confirmed = False
    return confirmed


def revoke_unkept(connection: Connection, tokens: Tokens) -> bool:
    """Revokes fresh tokens that are not kept, as `revoke` does; but not those that the connection
    works with: inside their life an instance gives the same ones again (servicenow-api 1.4)."""
    row = Connection.objects.get(pk=connection.pk)
    kept = set()
    for sealed in (row.sealed_access_token, row.sealed_refresh_token):
        with suppress(SecretError):
            kept.add(unseal(sealed))
    given = (tokens.access_token, tokens.refresh_token)
    return revoke(connection, [token for token in given if token not in kept])


def lapsing(now: datetime, within: timedelta) -> list[int]:
    """Connections whose access token lapses soon, of all tenants; for the periodic job. Failing
    ones are not among them: `upkeep.look_at_failing` tries those, seldom."""
    soon = Q(access_expires_at__isnull=True) | Q(access_expires_at__lt=now + within)
    by_itself = Q(sign_in=SignIn.CLIENT_CREDENTIALS) & ~Q(sealed_access_token="")
    renewable = by_itself | ~Q(sealed_refresh_token="")
    rows = Connection.objects.filter(soon, renewable, status=Status.CONNECTED, failures=0)
    return list(
        rows.order_by(F("access_expires_at").asc(nulls_first=True)).values_list("id", flat=True)
    )


def client_for(
    connection: Connection,
    *,
    book: AttemptBook | None = None,
    patient: bool = False,
    insist: bool = False,
    now: Callable[[], datetime] = clock_now,
) -> ServiceNow:
    """A client that acts as the integration user; use it in a `with` block.

    `patient`: for jobs (longer waits, reads are tried again); otherwise a person waits. `insist`:
    a person asked, so ask for a token also where that was refused just now, or where another user
    was found; jobs do neither: refusals without end lock the user out, and nothing may be done in
    another's name. After a 401 the token is renewed and the request sent once more. Its calls
    raise as `access_token`. Every request becomes a row of `Attempt`, written in `book` or in one
    of its own.
    """
    keeper = _Keeper(connection, now, patient=patient, insist=insist)
    return ServiceNow(
        connection.address,
        keeper.token,
        wire=wire(patient=patient, book=book or AttemptBook(connection, now)),
        on_unauthorized=keeper.renewed,
    )


class _Keeper:
    """Holds the row for one client, so that not every request reads the database."""

    def __init__(
        self, connection: Connection, now: Callable[[], datetime], *, patient: bool, insist: bool
    ) -> None:
        self._row = connection
        self._now = now
        self._patient = patient
        self._insist = insist
        # Whom client credentials belong to may have been put right in ServiceNow just now.
        self._ask_first = insist and connection.sign_in == SignIn.CLIENT_CREDENTIALS

    def token(self) -> str:
        if not self._insist:
            check_not_known_as_another(self._row)
        now = self._now()
        if self._ask_first:
            renew(self._row, now, patient=self._patient, insist=True)
            self._ask_first = False
            self._row = Connection.objects.get(pk=self._row.pk)
        elif not _good(self._row, now):
            access_token(self._row, now, patient=self._patient, insist=self._insist)
            self._row = Connection.objects.get(pk=self._row.pk)
        return unseal(self._row.sealed_access_token)

    def renewed(self) -> str:
        """After a 401: what another process stored meanwhile, else a renewed token."""
        now = self._now()
        newest = Connection.objects.get(pk=self._row.pk)
        if newest.sealed_access_token == self._row.sealed_access_token or not _good(newest, now):
            renew(newest, now, patient=self._patient, insist=self._insist)
            newest = Connection.objects.get(pk=self._row.pk)
        self._row = newest
        return unseal(newest.sealed_access_token)


def _good(row: Connection, now: datetime) -> bool:
    ends = row.access_expires_at
    return bool(row.sealed_access_token) and ends is not None and now < ends - RENEW_MARGIN


def _check_not_resting(row: Connection, now: datetime) -> None:
    """Raises the refusal that the connection waits with, until its pause is over."""
    refusals = all_codes(TokenRefused) | all_codes(ApplicationRefused)
    rests = row.next_try_at is not None and now < row.next_try_at
    if rests and row.status == Status.ATTENTION and row.reason in refusals:
        raise refusals[row.reason](row.reason_detail)


def _keep(read: Connection, tokens: Tokens, now: datetime) -> str:
    """Stores renewed tokens unless the row changed since it was `read`."""
    with transaction.atomic():
        row = locked(read)
        if row.sealed_access_token == read.sealed_access_token:
            store(row, tokens, now)
            row.save()
            return tokens.access_token
    if not row.sealed_access_token:  # removed or changed meanwhile
        revoke(read, (tokens.access_token, tokens.refresh_token))
        raise NotAuthorized
    return unseal(row.sealed_access_token)
