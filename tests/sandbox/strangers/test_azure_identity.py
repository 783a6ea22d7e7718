"""azure-identity and MSAL against the stand-in Entra, over https as they insist."""

from __future__ import annotations

import time
from typing import Any

import httpx
import msal
import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential
from tests.sandbox.strangers.entra_client import TENANT, signed_in_with, steer
from tests.sandbox.strangers.tls_front import TlsFront

from scoredesk.sandbox.program import RunningSandbox

SCOPE = "https://graph.microsoft.com/.default"


def test_azure_identity_gets_a_token(credential: ClientSecretCredential) -> None:
    token = credential.get_token(SCOPE)
    assert token.token.count(".") == 2
    assert 3500 < token.expires_on - time.time() <= 3600


@pytest.mark.parametrize(
    ("secret", "tenant", "switches", "said"),
    [
        ("wrong", TENANT, {}, "AADSTS7000215"),
        ("sandbox-secret", "nobody.example", {}, "authority configuration"),
        ("sandbox-secret", TENANT, {"entra_secret_expired": True}, "AADSTS7000222"),
        ("sandbox-secret", TENANT, {"entra_consent": "missing_principal"}, "AADSTS7000229"),
        ("sandbox-secret", TENANT, {"entra_consent": "not_consented"}, "AADSTS65001"),
    ],
)
def test_azure_identity_passes_on_why_a_sign_in_was_refused(
    sandbox: RunningSandbox,
    front: TlsFront,
    secret: str,
    tenant: str,
    switches: dict[str, object],
    said: str,
) -> None:
    steer(sandbox, "switches", **switches)
    with pytest.raises((ClientAuthenticationError, ValueError), match=said):
        signed_in_with(front, secret, tenant).get_token(SCOPE)


def msal_application(front: TlsFront, secret: str, discovery: str = "") -> Any:
    """The registered application as MSAL knows it; `discovery` is the path of that endpoint."""
    session = requests.Session()
    # Else a certificate bundle that the machine's environment names would win.
    session.trust_env = False
    session.verify = front.certificate
    return msal.ConfidentialClientApplication(
        "scoredesk-graph",
        client_credential=secret,
        authority=f"{front.url}/{TENANT}",
        instance_discovery=f"{front.url}{discovery}" if discovery else False,
        http_client=session,
    )


@pytest.mark.parametrize("discovery", ["", "/common/discovery/instance"])
def test_msal_finds_the_token_endpoint_by_itself(
    sandbox: RunningSandbox, front: TlsFront, discovery: str
) -> None:
    application = msal_application(front, "sandbox-secret", discovery)
    result = application.acquire_token_for_client([SCOPE])
    assert result["token_source"] == "identity_provider"
    assert (result["token_type"], result["expires_in"]) == ("Bearer", 3599)
    headers = {"Authorization": f"Bearer {result['access_token']}"}
    address = f"{sandbox.microsoft_url}/v1.0/security/secureScores?$top=1"
    assert httpx.get(address, headers=headers).status_code == 200
    assert application.acquire_token_for_client([SCOPE])["token_source"] == "cache"


def test_msal_shows_entras_error_as_it_came(sandbox: RunningSandbox, front: TlsFront) -> None:
    result = msal_application(front, "wrong").acquire_token_for_client([SCOPE])
    assert (result["error"], result["error_codes"]) == ("invalid_client", [7000215])
    assert result["error_description"].startswith("AADSTS7000215: Invalid client secret provided.")


def test_the_default_scope_names_the_host_without_its_port(sandbox: RunningSandbox) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": "scoredesk-graph",
        "client_secret": "sandbox-secret",
        "scope": "http://127.0.0.1/.default",
    }
    address = f"{sandbox.microsoft_url}/{TENANT}/oauth2/v2.0/token"
    assert httpx.post(address, data=form).status_code == 200
