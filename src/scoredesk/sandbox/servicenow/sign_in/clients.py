"""OAuth applications as the table `oauth_entity` registers them (servicenow-api 1.3)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import unquote_plus

from scoredesk.sandbox.servicenow.errors import TokenRefused
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.sign_in import properties
from scoredesk.sandbox.servicenow.sign_in.basic import by_basic
from scoredesk.sandbox.servicenow.state import Record

ANY_API = "useraccount"
SECURE = "secure"


@dataclass(frozen=True)
class Client:
    """An active application; `proven` when it showed its secret."""

    record: Record
    proven: bool

    @property
    def id(self) -> str:
        """The client ID."""
        return self.record["client_id"]


def find(instance: Instance, client_id: str) -> Record | None:
    """The active application with this client ID."""
    found = instance.store.find("oauth_entity", client_id=client_id) if client_id else None
    return found if found and found.get("active", "true") == "true" else None


def identify(instance: Instance, form: dict[str, str], *, authorization: str = "") -> Client:
    """Who asks for a token: by form fields, or by HTTP Basic. Raises TokenRefused."""
    header_id, header_secret = _from_header(authorization)
    client_id = form.get("client_id") or header_id
    secret = form.get("client_secret") or header_secret
    registered = instance.store.find("oauth_entity", client_id=client_id) if client_id else None
    if registered is None:
        raise TokenRefused(f"OAuth client {client_id} not found", "invalid_client")
    if registered.get("active", "true") != "true":
        raise TokenRefused(f"OAuth client {client_id} is not active", "invalid_client")
    kept = registered.get("client_secret", "")
    proven = bool(kept) and hmac.compare_digest(kept.encode(), secret.encode())
    if not proven and not is_public(instance, registered):
        raise TokenRefused(f"Wrong secret of OAuth client {client_id}", "invalid_client")
    return Client(registered, proven)


def is_public(instance: Instance, record: Record) -> bool:
    """Whether the application proves itself by PKCE in the place of a secret."""
    return record.get("public_client") == "true" or instance.on("public_client")


def life(instance: Instance, record: Record, kind: str) -> float:
    """Seconds that a token of `kind` (access, refresh) lives."""
    switch = f"{kind}_token_life"
    chosen = instance.shared.switches.get(switch)
    default = instance.shared.switches.meanings()[switch].default
    own = record.get(f"{kind}_token_lifespan", "")
    return float(own) if chosen == default and own.isdigit() and int(own) else float(chosen)


def scopes(record: Record) -> list[str]:
    """Auth scopes of the application; none registered means every API (`useraccount`)."""
    text = record.get("auth_scopes", "").replace(",", " ")
    return text.split()


def granted_scope(record: Record, wanted: str) -> str:
    """The `scope` of a token. Raises TokenRefused for one that the application does not have."""
    allowed = scopes(record) or [ANY_API]
    asked = wanted.split()
    if not set(asked) <= set(allowed):
        raise TokenRefused("Exception on token flow - invalid_scope", "invalid_scope")
    return " ".join(asked or allowed)


def is_restricted(instance: Instance, record: Record) -> bool:
    """Whether its tokens reach scoped APIs only (1.9: "Securely scoped")."""
    if instance.on("scope_restriction"):
        restricted = True
    else:
        restricted = record.get("scope_restriction") == SECURE
    return (
        restricted
        and ANY_API not in scopes(record)
        and not properties.is_true(instance, properties.UNSCOPED_ALLOWED)
    )


def redirects(instance: Instance, record: Record) -> list[str]:
    """Registered redirect URLs, and those that the control room added."""
    registered = record.get("redirect_url", "").replace("\n", ",").split(",")
    added: list[str] = instance.shared.switches.get("oauth_redirects")
    return [url.strip() for url in [*registered, *added] if url.strip()]


def _from_header(authorization: str) -> tuple[str, str]:
    scheme, _, value = authorization.partition(" ")
    pair = by_basic(value.strip()) if scheme.lower() == "basic" else None
    return (unquote_plus(pair[0]), unquote_plus(pair[1])) if pair else ("", "")
