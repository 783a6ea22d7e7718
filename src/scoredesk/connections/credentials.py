"""Signing in without a browser: the OAuth client credentials grant (servicenow-api 1.4).

The tokens belong to the user whom ServiceNow has in the field "OAuth Application User" of the OAuth
application. So here too the instance is asked who that is, before anything is kept. No refresh
token is given: `tokens.renew` asks for a new access token in the same way.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from scoredesk.accounts.audit import Actor
from scoredesk.common.errors import ScoredeskError
from scoredesk.connections import errors as e
from scoredesk.connections.authorization import is_complete, note_refusal, settle
from scoredesk.connections.instance import application
from scoredesk.connections.lifecycle import Event
from scoredesk.connections.models import Connection
from scoredesk.connections.rows import locked, move


def obtain(connection: Connection, *, actor: Actor, now: datetime) -> Connection:
    """Asks for tokens, asks who they belong to, stores them, and connects.

    Raises SetupIncomplete, TokenRefused and its kinds (the instance hides the reason in its system
    log), WrongUser, UserUnusable, PersonalCredentials, SetupChanged, SecretError or
    ServiceNowError; a connection that worked before keeps working. `facts["revoked"]` as in
    `authorization.complete`.
    """
    if not is_complete(connection):
        raise e.SetupIncomplete
    with transaction.atomic():
        move(locked(connection), Event.BEGUN, actor=actor, action="connection.authorization_begun")
    try:
        tokens = application(connection).client_credentials()
        return settle(connection, tokens, actor=actor, now=now)
    except ScoredeskError as error:
        note_refusal(connection, error, actor=actor)
        raise
