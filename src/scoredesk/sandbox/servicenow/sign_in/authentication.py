"""Who calls the API: Bearer token, Basic password, or nobody (servicenow-api 1.1, 1.8, 1.9)."""

from __future__ import annotations

import base64

from starlette.requests import Request

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import Caller, Instance, usable
from scoredesk.sandbox.servicenow.sign_in.credentials import ACCESS, Credentials
from scoredesk.sandbox.wire import note_user


def authenticate(instance: Instance, credentials: Credentials, *, request: Request) -> Caller:
    """The caller of an API request; raises the 401 or 403 that a real instance answers."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    token = value.strip() if scheme.lower() == "bearer" else ""
    if not token and instance.on("token_in_query"):
        token = request.query_params.get("access_token", "")
    if token:
        caller = _by_token(instance, credentials, token=token)
    elif scheme.lower() == "basic":
        caller = _by_password(instance, value.strip())
    else:
        raise errors.not_authenticated()
    note_user(request.scope, caller.user_name)
    return caller


def by_basic(encoded: str) -> tuple[str, str] | None:
    """Name and password of a Basic header's value; None if it cannot be read."""
    try:
        name, _, password = base64.b64decode(encoded).decode().partition(":")
    except ValueError:  # no base64, no ASCII, or no UTF-8 in it
        return None
    return name, password


def _by_token(instance: Instance, credentials: Credentials, *, token: str) -> Caller:
    credential = credentials.find(ACCESS, token)
    user = credentials.user(credential) if credential else None
    if user is None or not usable(user):
        raise errors.not_authenticated()
    if instance.on("scope_restriction"):
        raise errors.unscoped()
    return instance.caller(user)


def _by_password(instance: Instance, encoded: str) -> Caller:
    pair = by_basic(encoded)
    user = instance.sign_in(*pair) if pair else None
    if user is None:
        raise errors.not_authenticated()
    if instance.on("mfa"):
        raise errors.not_authenticated({"X-MFA_TOKEN": "invalid"})
    caller = instance.caller(user)
    exempt = user.get("web_service_access_only") == "true" or (
        "snc_basic_auth_api_access" in caller.roles
    )
    if instance.on("basic_restriction") and not exempt:
        raise errors.not_authenticated()
    return caller
