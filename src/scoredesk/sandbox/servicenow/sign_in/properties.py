"""System properties that decide who gets in (servicenow-api 1.2, 1.4, 1.9)."""

from __future__ import annotations

from scoredesk.sandbox.servicenow.instance import Instance

OAUTH_ACTIVE = "com.snc.platform.security.oauth.is.active"
CLIENT_CREDENTIALS = "glide.oauth.inbound.client.credential.grant_type.enabled"
STATE_REQUIRED = "glide.oauth.state.parameter.required"
UNSCOPED_ALLOWED = "glide.security.oauth_allow_unscoped_clients"


def is_true(instance: Instance, name: str) -> bool:
    """Whether the property exists with the value true; as shipped, most do not exist."""
    found = instance.store.find("sys_properties", name=name)
    return found is not None and found.get("value", "").strip().lower() == "true"
