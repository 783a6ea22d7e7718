"""The registered application, as azure-identity signs it in at the stand-in Entra."""

from __future__ import annotations

from typing import Any

import httpx
from azure.identity import ClientSecretCredential
from tests.sandbox.strangers.tls_front import TlsFront

from scoredesk.sandbox.program import RunningSandbox

TENANT = "11111111-2222-4333-8444-555555555555"


def signed_in_with(front: TlsFront, secret: str, tenant: str = TENANT) -> ClientSecretCredential:
    """A credential that asks the sandbox behind `front`, and asks once."""
    return ClientSecretCredential(
        tenant,
        "scoredesk-graph",
        secret,
        authority=front.url,
        disable_instance_discovery=True,
        connection_verify=front.certificate,
        retry_total=0,
    )


def steer(sandbox: RunningSandbox, lever: str, **asked: Any) -> None:
    """Post to the control room."""
    httpx.post(f"{sandbox.microsoft_url}/_sandbox/{lever}", json=asked).raise_for_status()
