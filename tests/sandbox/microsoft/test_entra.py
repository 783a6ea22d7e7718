"""The sandbox's token endpoint: what it takes, and Entra's way of refusing."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID
from tests.sandbox.microsoft.graph_caller import SCORES, TENANT, GraphCaller

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def certificate_of(key: RSAPrivateKey) -> str:
    """A self-signed certificate as an administrator would upload it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Scoredesk test")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM).decode()


def assertion(
    graph: GraphCaller, key: RSAPrivateKey, *, alg: str = "PS256", **changes: object
) -> str:
    """A client assertion as the application makes it, but for `changes` of its claims."""
    now = int(datetime.fromisoformat(graph.http.get("/_sandbox/clock").json()["now"]).timestamp())
    claims = {
        "iss": "scoredesk-graph",
        "sub": "scoredesk-graph",
        "aud": f"{graph.url}/{TENANT}/oauth2/v2.0/token",
        "jti": str(uuid.uuid4()),
        "nbf": now,
        "exp": now + 600,
        **changes,
    }
    return jwt.encode(claims, key, algorithm=alg)


def proof(signed: str) -> dict[str, str]:
    """The form fields that prove the application by an assertion instead of its secret."""
    return {
        "client_secret": "",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": signed,
    }


@pytest.mark.parametrize("tenant", [TENANT, "demo.example"])
def test_a_secret_buys_a_token_that_graph_takes(graph: GraphCaller, tenant: str) -> None:
    body = graph.ask_token(tenant).json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3599)
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert graph.http.get(f"{SCORES}?$top=1", headers=headers).status_code == 200
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert claims["roles"] == ["SecurityEvents.Read.All"]
    assert (claims["aud"], claims["tid"]) == ("https://graph.microsoft.com", TENANT)


@pytest.mark.parametrize(
    ("changes", "status", "error", "number"),
    [
        ({"tenant": "unknown.example"}, 400, "invalid_request", 90002),
        ({"tenant": "nobody"}, 400, "invalid_request", 900023),
        ({"tenant": "22222222-2222-4333-8444-555555555555"}, 400, "invalid_request", 90002),
        ({"client_id": "somebody"}, 400, "unauthorized_client", 700016),
        ({"client_id": ""}, 400, "invalid_request", 900144),
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000216),
        ({"scope": "https://graph.microsoft.com/User.Read"}, 400, "invalid_scope", 1002012),
        ({"scope": "graph/.default"}, 400, "invalid_scope", 70011),
        ({"scope": "https://other.example/.default"}, 400, "invalid_resource", 500011),
        ({"scope": ""}, 400, "invalid_request", 900144),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
    ],
)
def test_a_wrong_request_is_refused_with_its_number(
    graph: GraphCaller, changes: dict[str, str], status: int, error: str, number: int
) -> None:
    response = graph.ask_token(**changes)
    assert response.status_code == status
    body = response.json()
    assert (body["error"], body["error_codes"]) == (error, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ")
    assert body["correlation_id"] in body["error_description"]
    assert body.keys() >= {"timestamp", "trace_id", "error_uri"}


@pytest.mark.parametrize(
    ("switch", "number"),
    [
        ({"entra_secret_expired": True}, 7000222),
        ({"entra_tenant_known": False}, 90002),
        ({"entra_consent": "missing_principal"}, 7000229),
        ({"entra_consent": "not_consented"}, 65001),
        ({"entra_refusal": "disabled"}, 7000112),
        ({"entra_refusal": "conditional_access"}, 53003),
    ],
)
def test_the_control_room_makes_a_sound_request_fail(
    graph: GraphCaller, switch: dict[str, object], number: int
) -> None:
    graph.switch(**switch)
    assert graph.ask_token().json()["error_codes"] == [number]


@pytest.mark.parametrize("alg", ["RS256", "PS256"])
def test_a_signed_assertion_replaces_the_secret(
    graph: GraphCaller, key: RSAPrivateKey, alg: str
) -> None:
    assert graph.ask_token(**proof(assertion(graph, key, alg=alg))).status_code == 200


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"iss": "somebody"}, 700021),
        ({"aud": "https://login.example/other/oauth2/v2.0/token"}, 700023),
        ({"exp": 1, "nbf": 0}, 700024),
    ],
)
def test_an_assertion_for_another_app_place_or_time_is_refused(
    graph: GraphCaller, key: RSAPrivateKey, changes: dict[str, object], number: int
) -> None:
    response = graph.ask_token(**proof(assertion(graph, key, **changes)))
    assert (response.status_code, response.json()["error_codes"]) == (401, [number])


def test_something_that_is_no_assertion_is_refused(graph: GraphCaller) -> None:
    forged = jwt.encode({"iss": "scoredesk-graph"}, "k" * 32, algorithm="HS256")
    for signed in ("rubbish", forged):
        assert graph.ask_token(**proof(signed)).json()["error_codes"] == [50027]


def test_a_registered_certificate_must_have_signed(graph: GraphCaller, key: RSAPrivateKey) -> None:
    graph.lever("/_sandbox/microsoft/certificate", certificate=certificate_of(key))
    assert graph.ask_token(**proof(assertion(graph, key))).status_code == 200
    stranger = generate_private_key(65537, 2048)
    refused = graph.ask_token(**proof(assertion(graph, stranger)))
    assert (refused.status_code, refused.json()["error_codes"]) == (401, [700027])


def test_discovery_leads_to_the_token_endpoint(graph: GraphCaller) -> None:
    found = graph.http.get("/common/discovery/instance").json()["tenant_discovery_endpoint"]
    document = graph.http.get(found).json()
    assert document["issuer"] == f"{graph.url}/{TENANT}/v2.0"
    assert document["token_endpoint"] == f"{graph.url}/{TENANT}/oauth2/v2.0/token"
    path = f"/{TENANT}/v2.0/.well-known/openid-configuration"
    behind_tls = graph.http.get(path, headers={"X-Forwarded-Proto": "https"}).json()
    assert behind_tls["token_endpoint"].startswith("https://")
    assert graph.http.get(document["jwks_uri"]).json() == {"keys": []}
    unknown = graph.http.get("/nobody.example/v2.0/.well-known/openid-configuration")
    assert (unknown.status_code, unknown.json()["error"]) == (400, "invalid_tenant")


def test_the_token_endpoint_takes_nothing_but_posted_forms(graph: GraphCaller) -> None:
    path = f"/{TENANT}/oauth2/v2.0/token"
    read = graph.http.get(path)
    assert (read.status_code, read.json()["error_codes"]) == (400, [900561])
    for body in ({"json": {"grant_type": "client_credentials"}}, {"content": b""}):
        refused = graph.http.post(path, **body)
        assert refused.json()["error_codes"] == [900144]
        assert "'grant_type'" in refused.json()["error_description"]


@pytest.mark.parametrize("resource", ["http://127.0.0.1", ""])
def test_a_client_may_ask_for_the_host_that_it_calls(graph: GraphCaller, resource: str) -> None:
    assert graph.ask_token(scope=f"{resource or graph.url}/.default").status_code == 200


def test_secrets_do_not_stay_in_the_recorded_requests(graph: GraphCaller) -> None:
    graph.ask_token()
    recorded = graph.http.get("/_sandbox/requests?service=microsoft").json()["requests"]
    asked = next(entry for entry in recorded if entry["path"].endswith("/token"))
    assert "sandbox-secret" not in str(asked)
    assert asked["user"] == "scoredesk-graph"
