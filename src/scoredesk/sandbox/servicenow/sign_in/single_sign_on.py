"""Where somebody who is not signed in is sent (servicenow-api 1.12 C)."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from scoredesk.sandbox.servicenow.instance import Instance


def to_login(instance: Instance, here: str) -> Response:
    """The login page that leads back to `here`, or the identity provider by switch.

    `/login.do` and `/side_door.do` themselves stay on the instance.
    """
    host = str(instance.switch("sso_host"))
    if host:
        return to_provider(host, here)
    return RedirectResponse(f"/login.do?{urlencode({'goto': here})}", status_code=302)


def to_provider(host: str, here: str) -> Response:
    """The identity provider, which the sandbox does not play."""
    return RedirectResponse(
        f"https://{host}/saml2?{urlencode({'RelayState': here})}", status_code=302
    )
