"""A front that ends TLS before the sandbox, as a proxy would: some clients speak https only."""

from __future__ import annotations

import contextlib
import ipaddress
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ADDRESS = "127.0.0.1"
# What belongs to one connection alone.
OF_A_HOP = {"connection", "content-length", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class TlsFront:
    """Where the front listens, and the file of the certificate to trust."""

    url: str
    certificate: str


@contextlib.contextmanager
def tls_front(url: str, folder: Path) -> Iterator[TlsFront]:
    """Serve what is at `url` under https while the block runs; keys are written into `folder`."""
    certificate, key = _certificate(folder)
    config = uvicorn.Config(
        _forwarding(url),
        host=ADDRESS,
        port=0,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    patience = threading.Event()
    while not server.started and thread.is_alive():
        patience.wait(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield TlsFront(f"https://{ADDRESS}:{port}", str(certificate))
    finally:
        server.should_exit = True
        thread.join(10)


def _forwarding(url: str) -> Starlette:
    async def forward(request: Request) -> Response:
        kept = {name: value for name, value in request.headers.items() if name not in OF_A_HOP}
        async with httpx.AsyncClient(timeout=30) as client:
            answer = await client.request(
                request.method,
                f"{url}{request.url.path}?{request.url.query}",
                content=await request.body(),
                headers={**kept, "X-Forwarded-Proto": "https"},
            )
        headers = {name: value for name, value in answer.headers.items() if name not in OF_A_HOP}
        return Response(answer.content, answer.status_code, headers)

    return Starlette(routes=[Route("/{path:path}", forward, methods=["GET", "POST", "PATCH"])])


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ADDRESS)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(ADDRESS))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "front.pem", folder / "front.key"
    certificate_file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate_file, key_file
