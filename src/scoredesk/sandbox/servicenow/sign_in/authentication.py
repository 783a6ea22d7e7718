"""Who calls the API: token, password, API key or browser session (servicenow-api 1.1, 1.8, 1.9)."""

from __future__ import annotations

import hmac

from starlette.requests import Request

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import Caller, Instance, usable
from scoredesk.sandbox.servicenow.sign_in import clients, passwords, system_log
from scoredesk.sandbox.servicenow.sign_in.basic import by_basic
from scoredesk.sandbox.servicenow.sign_in.credentials import ACCESS, Credential, Credentials
from scoredesk.sandbox.servicenow.sign_in.sessions import Sessions
from scoredesk.sandbox.servicenow.state import Record
from scoredesk.sandbox.wire import note_user

# Accounts that keep Basic under the restriction, besides web service users (1.8).
BASIC_ROLES = {"snc_basic_auth_api_access", "mid_server"}


def authenticate(
    instance: Instance, credentials: Credentials, sessions: Sessions, *, request: Request
) -> Caller:
    """The caller of an API request; raises the 401 or 403 that a real instance answers."""
    caller = _caller(instance, credentials, sessions, request=request)
    note_user(request.scope, caller.user_name)
    if instance.on("api_access_policy"):
        raise errors.not_authenticated()
    if instance.on("api_acl") and not caller.has("rest_service"):
        raise errors.api_acl()
    return caller


def _caller(
    instance: Instance, credentials: Credentials, sessions: Sessions, *, request: Request
) -> Caller:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    token = value.strip() if scheme.lower() == "bearer" else ""
    if not token and instance.on("token_in_query"):
        token = request.query_params.get("access_token", "")
    if token:
        return _by_token(instance, credentials, token=token, request=request)
    if scheme.lower() == "basic":
        return _by_password(instance, value.strip())
    if "x-sn-apikey" in request.headers:
        return _by_key(instance, request.headers["x-sn-apikey"])
    return _by_session(instance, sessions, request=request)


def _by_token(
    instance: Instance, credentials: Credentials, *, token: str, request: Request
) -> Caller:
    credential = credentials.find(ACCESS, token)
    user = credentials.user(credential) if credential else None
    if credential is None or user is None or not usable(user):
        raise errors.not_authenticated()
    _check_scope(instance, credential, request=request)
    return instance.caller(user)


def _check_scope(instance: Instance, credential: Credential, *, request: Request) -> None:
    """The gate per API and per method, for OAuth tokens only (1.9)."""
    demanded: dict[str, str] = instance.shared.switches.get("api_scopes")
    here = f"{request.method} {request.url.path}"
    linked = [scope for api, scope in demanded.items() if here.startswith(api)]
    held = str(credential.details.get("scope", "")).split()
    if linked:
        if clients.ANY_API not in held and not set(linked) & set(held):
            raise errors.scope_missing()
        return
    client = instance.store.find("oauth_entity", client_id=credential.client_id)
    if client and clients.is_restricted(instance, client):
        raise errors.unscoped()


def _by_password(instance: Instance, encoded: str) -> Caller:
    pair = by_basic(encoded)
    if pair is None:
        raise errors.not_authenticated()
    user_name, password = pair
    code = str(instance.switch("mfa_code"))
    second = bool(code) and instance.on("mfa") and password.endswith(code)
    if second:
        password = password.removesuffix(code)
    try:
        user = passwords.check_for_program(instance, user_name, password)
    except passwords.PasswordRefused:
        raise errors.not_authenticated() from None
    caller = instance.caller(user)
    if not second:
        _check_person(instance, caller, user=user)
    return caller


def _check_person(instance: Instance, caller: Caller, *, user: Record) -> None:
    """What stands between a person's password and the API: a second factor, the restriction."""
    if user.get("web_service_access_only") == "true":
        return
    if instance.on("mfa"):
        raise errors.not_authenticated({"X-MFA_TOKEN": "invalid"})
    if instance.on("basic_restriction") and not caller.roles & BASIC_ROLES:
        system_log.note(
            instance,
            "SNCRestrictBasicAuthUserAuthenticationGate: denied basic-auth API call for "
            f"interactive-login user [{caller.user_name}] under enforce=true",
            source="Authentication",
        )
        raise errors.not_authenticated()


def _by_key(instance: Instance, key: str) -> Caller:
    keys: dict[str, str] = instance.shared.switches.get("api_keys")
    user_name = keys.get(key, "")
    user = instance.store.find("sys_user", user_name=user_name) if user_name else None
    if user is None or not usable(user):
        raise errors.not_authenticated()
    return instance.caller(user)


def _by_session(instance: Instance, sessions: Sessions, *, request: Request) -> Caller:
    """The cookie of a signed-in browser, which needs the header `X-UserToken` too (1.1)."""
    user = sessions.of(request)
    if user is None:
        raise errors.not_authenticated()
    token = sessions.form_token(request)
    if not hmac.compare_digest(request.headers.get("x-usertoken", "").encode(), token.encode()):
        raise errors.not_authenticated({**errors.KNOWN_CALLER, "X-UserToken-Response": token})
    return instance.caller(user)
