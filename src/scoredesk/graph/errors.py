"""What Microsoft may do to us, each by its name (graph-secure-score 1, 5).

    GraphError
    ├── Unreachable*              no answer from Microsoft
    │   ├── NameUnknown  TlsRefused
    ├── SignInRefused             Microsoft Entra ID gives no token
    │   ├── WrongTenant  UnknownApplication  ApplicationDisabled  ConsentMissing  AccessBlocked
    │   ├── WrongSecret  SecretExpired
    │   ├── CertificateRefused  CertificateUnusable
    │   └── ManagedIdentityMissing
    ├── TokenRejected             401 from Graph
    ├── PermissionMissing         the application permission is not granted
    ├── NoSecureScore             the tenant has no score yet
    ├── Throttled*                429
    ├── PartialAnswer*            206: a provider behind Graph failed
    ├── GraphFault*               5xx
    ├── UnreadableAnswer*         not Graph's JSON
    ├── ForeignLink               a next page on another host
    └── RequestRefused            any other 4xx

`*` = retryable.
"""

from __future__ import annotations

from typing import ClassVar

from scoredesk.common.errors import ScoredeskError


class GraphError(ScoredeskError):
    """Any fault of Microsoft Graph or of signing in to it."""

    code: ClassVar[str] = "graph.error"
    summary: ClassVar[str] = "Microsoft gave an answer that has no name here."


class Unreachable(GraphError):
    """No answer; `facts`: kind (see common.http.Trouble)."""

    code = "graph.unreachable"
    summary = "Microsoft cannot be reached."
    retryable = True


class NameUnknown(Unreachable):
    """DNS does not know the host: no internet, or a wrong setting."""

    code = "graph.name_unknown"
    summary = "The name of the Microsoft service cannot be resolved."


class TlsRefused(Unreachable):
    """The certificate is not trusted: mostly an inspecting proxy."""

    code = "graph.tls"
    summary = "No trusted connection to Microsoft can be made."
    retryable = False


class SignInRefused(GraphError):
    """Microsoft Entra ID gives no token, for a reason without a class of its own."""

    code = "graph.sign_in_refused"
    summary = "Microsoft Entra ID did not give a token."


class WrongTenant(SignInRefused):
    """AADSTS90002, AADSTS900023: no tenant with this ID or domain."""

    code = "graph.wrong_tenant"
    summary = "Microsoft Entra ID knows no such tenant."


class UnknownApplication(SignInRefused):
    """AADSTS700016: the tenant has no application with this client ID."""

    code = "graph.unknown_application"
    summary = "The tenant has no application with this client ID."


class ApplicationDisabled(SignInRefused):
    """AADSTS7000112: the application is switched off in the tenant."""

    code = "graph.application_disabled"
    summary = "The application is disabled in the tenant."


class WrongSecret(SignInRefused):
    """AADSTS7000215: mostly the secret's ID was copied instead of its value."""

    code = "graph.wrong_secret"
    summary = "Microsoft Entra ID does not accept the client secret."


class SecretExpired(SignInRefused):
    """AADSTS7000222: the client secret has lapsed."""

    code = "graph.secret_expired"
    summary = "The client secret has expired."


class CertificateRefused(SignInRefused):
    """AADSTS700027 and its kin: the certificate is not registered, or has lapsed."""

    code = "graph.certificate_refused"
    summary = "Microsoft Entra ID does not accept the certificate."


class CertificateUnusable(SignInRefused):
    """Key or certificate cannot be read, or do not belong together; nothing was sent."""

    code = "graph.certificate_unusable"
    summary = "The private key and the certificate cannot be used."


class ConsentMissing(SignInRefused):
    """AADSTS65001 and its kin: no administrator has consented."""

    code = "graph.consent_missing"
    summary = "An administrator has not consented to the application."


class AccessBlocked(SignInRefused):
    """AADSTS53003: a Conditional Access policy blocks the application."""

    code = "graph.access_blocked"
    summary = "A Conditional Access policy blocks the application."


class ManagedIdentityMissing(SignInRefused):
    """This machine has no managed identity, or not the one asked for."""

    code = "graph.managed_identity_missing"
    summary = "This machine has no managed identity to sign in with."


class TokenRejected(GraphError):
    """401 from Graph for a token that Entra ID gave: another cloud, or revoked."""

    code = "graph.token_rejected"
    summary = "Microsoft Graph does not accept the token."


class PermissionMissing(GraphError):
    """No `SecurityEvents.Read.All`; `facts`: permission, granted (what the token has instead)."""

    code = "graph.permission_missing"
    summary = "The application lacks the permission to read Secure Score."


class NoSecureScore(GraphError):
    """Graph answers well and has no snapshot: a new tenant, or no licence that is scored."""

    code = "graph.no_secure_score"
    summary = "The tenant has no Secure Score yet."


class Throttled(GraphError):
    """429. `retry_after`: seconds that Microsoft asked for, or our own guess of 10."""

    code = "graph.throttled"
    summary = "Microsoft asks to wait before the next request."
    retryable = True

    def __init__(self, detail: str = "", *, retry_after: float = 10.0) -> None:
        super().__init__(detail, facts={"seconds": f"{retry_after:.0f}"})
        self.retry_after = retry_after


class PartialAnswer(GraphError):
    """206 with a Warning header: a provider behind Graph failed, so rows are missing."""

    code = "graph.partial_answer"
    summary = "Microsoft Graph gave only a part of the answer."
    retryable = True


class GraphFault(GraphError):
    """5xx: Microsoft's own trouble; `facts`: status."""

    code = "graph.fault"
    summary = "Microsoft Graph has a fault at the moment."
    retryable = True


class UnreadableAnswer(GraphError):
    """No JSON, or not the shape of Graph: a proxy's page, or a wrong setting."""

    code = "graph.unreadable_answer"
    summary = "Something other than Microsoft Graph answered."
    retryable = True


class ForeignLink(GraphError):
    """The link to the next page leads to another host, or round in a circle."""

    code = "graph.foreign_link"
    summary = "The link to the next page cannot be followed."


class RequestRefused(GraphError):
    """400, 404, 405 and the like; `facts`: status, graph_code."""

    code = "graph.request_refused"
    summary = "Microsoft Graph refuses the request."
