"""The token endpoint of a tenant and the discovery documents in front of it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import jwt
from cryptography import x509
from jwt.types import Options
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scoredesk.sandbox.addresses import Address
from scoredesk.sandbox.microsoft import seed
from scoredesk.sandbox.microsoft.errors import EntraError, entra_error
from scoredesk.sandbox.microsoft.state import MicrosoftState
from scoredesk.sandbox.microsoft.tokens import LIFETIME_SECONDS, issue_app_token
from scoredesk.sandbox.shared import Shared
from scoredesk.sandbox.wire import note_user

GRAPH = "https://graph.microsoft.com"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SIGNING = ("RS256", "PS256")
ELSEWHERE = (
    "This can happen if the application has not been installed by the administrator of the tenant"
    " or consented to by any user in the tenant. You may have sent your authentication request to"
    " the wrong tenant."
)


DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+|common|organizations|consumers")
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def base_address(request: Request) -> str:
    """How the caller reached the sandbox, also through a proxy that ends TLS."""
    scheme = request.headers.get("x-forwarded-proto", request.scope["scheme"])
    return f"{scheme}://{_host(request)}"


def _host(request: Request) -> str:
    """The host as the caller wrote it, however wrong; of old HTTP the sandbox's own."""
    server = request.scope.get("server") or ("127.0.0.1", 80)
    return request.headers.get("host") or f"{server[0]}:{server[1]}"


class Entra:
    """The addresses of the sign-in service, for applications."""

    def __init__(self, shared: Shared, state: MicrosoftState) -> None:
        self._shared = shared
        self._state = state

    def addresses(self) -> list[Address]:
        """The addresses that MSAL and other OAuth clients ask for."""
        openid = "/{tenant}/v2.0/.well-known/openid-configuration"
        return [
            Address(
                "/common/discovery/instance",
                self.answered(self.instance),
                "which hosts belong together",
            ),
            Address(openid, self.answered(self.discovery), "the tenant's OpenID configuration"),
            Address(
                "/{tenant}/discovery/v2.0/keys",
                self.answered(self.keys),
                "published signing keys: none, since only the sandbox reads its tokens",
            ),
            Address(
                "/{tenant}/oauth2/v2.0/token",
                self.answered(self.token),
                "client credentials, with a secret or a signed assertion",
                ("POST",),
            ),
        ]

    def routes(self) -> list[Route]:
        """The addresses, of which the last refuses to be read itself."""
        return [
            Route(one.path, one.endpoint, methods=["GET", *one.methods]) for one in self.addresses()
        ]

    def answered(
        self, handler: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """The handler, whose EntraErrors become Entra's error bodies."""

        async def handled(request: Request) -> Response:
            correlation_id = request.headers.get("client-request-id") or str(uuid.uuid4())
            try:
                response = await handler(request)
            except EntraError as error:
                now = self._shared.clock.now()
                response = entra_error(error, now=now, correlation_id=correlation_id)
            response.headers["client-request-id"] = correlation_id
            response.headers["x-ms-request-id"] = str(uuid.uuid4())
            return response

        return handled

    async def instance(self, request: Request) -> Response:
        """Which hosts belong together; here there is one."""
        base, host = base_address(request), _host(request)
        found = f"{base}/{seed.TENANT_ID}/v2.0/.well-known/openid-configuration"
        alias = {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
        return JSONResponse(
            {"tenant_discovery_endpoint": found, "api-version": "1.1", "metadata": [alias]}
        )

    async def discovery(self, request: Request) -> Response:
        """The OpenID configuration of the tenant."""
        tenant = request.path_params["tenant"]
        if tenant not in {"common", "organizations"}:
            self._known_tenant(tenant, "invalid_tenant")
        base = f"{base_address(request)}/{seed.TENANT_ID}"
        return JSONResponse(
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "tenant_region_scope": "EU",
            }
        )

    async def keys(self, request: Request) -> Response:
        """The published signing keys: none, since only the sandbox reads its tokens."""
        self._known_tenant(request.path_params["tenant"], "invalid_tenant")
        return JSONResponse({"keys": []})

    async def token(self, request: Request) -> Response:
        """A token for the application itself (client credentials)."""
        if request.method != "POST":
            text = "The endpoint only accepts POST requests. Received a GET request."
            raise EntraError("invalid_request", 900561, text)
        self._known_tenant(request.path_params["tenant"], "invalid_request")
        form = await _form(request)
        grant = _field(form, "grant_type")
        if grant != "client_credentials":
            text = f"The app requested an unsupported grant type '{grant}'."
            raise EntraError("unsupported_grant_type", 70003, text)
        client_id = _field(form, "client_id")
        self._known_client(client_id)
        self._let_in(client_id)
        if "client_assertion" in form:
            self._proven_by_assertion(form, request.path_params["tenant"])
        else:
            self._proven_by_secret(form)
        self._granted_scope(_field(form, "scope"), request)
        self._consented(client_id)
        note_user(request.scope, client_id)
        roles = str(self._shared.switches.get("graph_roles")).split()
        now = self._shared.clock.now()
        return JSONResponse(
            {
                "token_type": "Bearer",
                "expires_in": LIFETIME_SECONDS,
                "ext_expires_in": LIFETIME_SECONDS,
                "access_token": issue_app_token(self._state.signing_key, roles=roles, now=now),
            },
            headers={"Cache-Control": "no-store, no-cache"},
        )

    def _known_tenant(self, tenant: str, error: str) -> None:
        if not GUID.fullmatch(tenant) and not DOMAIN.fullmatch(tenant):
            raise EntraError(
                error,
                900023,
                f"Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid"
                " external domain.",
            )
        known = {seed.TENANT_ID, seed.TENANT_DOMAIN}
        if tenant.lower() not in known or not self._shared.switches.get("entra_tenant_known"):
            raise EntraError(
                error,
                90002,
                f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID"
                " and are signing into the correct cloud. Check with your subscription"
                " administrator, this may happen if there are no active subscriptions for the"
                " tenant.",
            )

    def _known_client(self, client_id: str) -> None:
        if client_id != seed.CLIENT_ID:
            raise EntraError(
                "unauthorized_client",
                700016,
                f"Application with identifier '{client_id}' was not found in the directory"
                f" '{seed.TENANT_NAME}'. {ELSEWHERE}",
            )

    def _let_in(self, client_id: str) -> None:
        refusal = self._shared.switches.get("entra_refusal")
        if refusal == "disabled":
            text = f"Application '{client_id}'(Scoredesk) is disabled."
            raise EntraError("unauthorized_client", 7000112, text)
        if refusal == "conditional_access":
            text = (
                "Access has been blocked by Conditional Access policies. The access policy does"
                " not allow token issuance."
            )
            raise EntraError("access_denied", 53003, text)

    def _proven_by_secret(self, form: FormData) -> None:
        given = form.get("client_secret")
        if not given:
            text = (
                "'client_assertion', 'client_secret' or 'request' is required for the"
                " 'client_credentials' grant type."
            )
            raise EntraError("invalid_client", 7000216, text, status=401)
        if self._shared.switches.get("entra_secret_expired"):
            text = (
                f"The provided client secret keys for app '{seed.CLIENT_ID}' are expired. Visit"
                " the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret,"
                " or consider using certificate credentials for added security:"
                " https://aka.ms/certCreds."
            )
            raise EntraError("invalid_client", 7000222, text, status=401)
        if given != seed.CLIENT_SECRET:
            text = (
                "Invalid client secret provided. Ensure the secret being sent in the request is"
                " the client secret value, not the client secret ID, for a secret added to app"
                f" '{seed.CLIENT_ID}'."
            )
            raise EntraError("invalid_client", 7000215, text, status=401)

    def _proven_by_assertion(self, form: FormData, tenant: str) -> None:
        if _field(form, "client_assertion_type") != ASSERTION_TYPE:
            text = "The client_assertion_type is not supported."
            raise EntraError("invalid_request", 900144, text)
        claims = read_assertion(
            _field(form, "client_assertion"),
            certificate=self._state.certificate,
            now=self._shared.clock.now(),
        )
        if not claims["iss"] == claims["sub"] == seed.CLIENT_ID:
            text = "The issuer and subject of the client assertion must be the application's id."
            raise EntraError("invalid_client", 700021, text, status=401)
        audience = str(claims["aud"])
        if not re.search(rf"/{re.escape(tenant)}/(oauth2/)?v2\.0(/token)?/?$", audience):
            text = "The client assertion's audience does not match the token endpoint."
            raise EntraError("invalid_client", 700023, text, status=401)

    def _granted_scope(self, scope: str, request: Request) -> None:
        resource, default, rest = scope.partition("/.default")
        if not default or rest:
            raise EntraError(
                "invalid_scope",
                1002012,
                f"The provided value for scope {scope} is not valid. Client credential flows must"
                " have a scope value with /.default suffixed to the resource identifier"
                " (application ID URI).",
            )
        if " " in scope or "://" not in resource:
            text = (
                "The provided request must include a 'scope' input parameter. The provided value"
                f" for the input parameter 'scope' is not valid. The scope {scope} is not valid."
            )
            raise EntraError("invalid_scope", 70011, text)
        # Some clients ask for the host that they call, without its port, as a resource.
        base = base_address(request)
        if resource.rstrip("/") not in {GRAPH, base, base.rpartition(":")[0]}:
            text = (
                f"The resource principal named {resource} was not found in the tenant named"
                f" {seed.TENANT_NAME}. {ELSEWHERE}"
            )
            raise EntraError("invalid_resource", 500011, text)

    def _consented(self, client_id: str) -> None:
        consent = self._shared.switches.get("entra_consent")
        if consent == "missing_principal":
            text = (
                f"The client application {client_id} is missing service principal in the tenant"
                f" {seed.TENANT_ID}. See instructions here:"
                " https://go.microsoft.com/fwlink/?linkid=2225119"
            )
            raise EntraError("unauthorized_client", 7000229, text)
        if consent == "not_consented":
            text = (
                "The user or administrator has not consented to use the application with ID"
                f" '{client_id}' named 'Scoredesk'. Send an interactive authorization request for"
                " this user and resource."
            )
            raise EntraError("invalid_grant", 65001, text)


def read_assertion(assertion: str, *, certificate: str | None, now: datetime) -> Mapping[str, Any]:
    """The claims of a client assertion; EntraError if it is malformed, foreign or out of time."""
    try:
        header = jwt.get_unverified_header(assertion)
        claims: dict[str, Any] = jwt.decode(assertion, options={"verify_signature": False})
        complete = {"iss", "sub", "aud", "exp"} <= claims.keys()
    except jwt.InvalidTokenError:
        header, claims, complete = {}, {}, False
    if not complete or header.get("alg") not in SIGNING:
        text = "The client assertion is not a well-formed JWT signed with RS256 or PS256."
        raise EntraError("invalid_client", 50027, text, status=401)
    if certificate is not None:
        _check_signature(assertion, certificate)
    if not _in_time(claims, now.timestamp()):
        text = "The client assertion is not within its valid time range."
        raise EntraError("invalid_client", 700024, text, status=401)
    return claims


def _in_time(claims: Mapping[str, Any], now: float) -> bool:
    """Whether a moment lies in the time that the claims name, give or take five minutes."""
    try:
        return float(claims.get("nbf", 0)) - 300 <= now < float(claims["exp"]) + 300
    except (TypeError, ValueError):
        return False


def _check_signature(assertion: str, certificate: str) -> None:
    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    unchecked: Options = {
        "verify_aud": False,
        "verify_exp": False,
        "verify_nbf": False,
        "verify_iat": False,
    }
    try:
        jwt.decode(assertion, key, algorithms=list(SIGNING), options=unchecked)  # type: ignore[arg-type] # any public key; a wrong kind is InvalidKeyError
    except (jwt.InvalidTokenError, jwt.InvalidKeyError) as error:
        text = "The certificate used to sign the client assertion is not registered on the app."
        raise EntraError("invalid_client", 700027, text, status=401) from error


async def _form(request: Request) -> FormData:
    """The posted form; one that cannot be read is an empty one."""
    try:
        return await request.form()
    except HTTPException:
        return FormData()


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    if not isinstance(value, str) or not value:
        text = f"The request body must contain the following parameter: '{name}'."
        raise EntraError("invalid_request", 900144, text)
    return value
