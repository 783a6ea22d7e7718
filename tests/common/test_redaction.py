"""No secret survives on its way to a log."""

from __future__ import annotations

import pytest

from scoredesk.common.redaction import redact, redact_text

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJyb2xlcyI6WyJhIl19.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: Bearer abcdef123456", "abcdef123456"),
        ("authorization: basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("sent Bearer 9lS8-_x~y/z+w== to it", "9lS8"),
        ('{"access_token":"9lS8\\"x","scope":"useraccount"}', "9lS8"),
        ("{'refresh_token': 'F4RJ'}", "F4RJ"),
        ("grant_type=password&client_secret=geheim&x=1", "geheim"),
        ("https://i/oauth_token.do?code=abc123&state=s", "abc123"),
        ("https://i/oauth_revoke_token.do?token=tok99", "tok99"),
        ("https://me:pw123@acme.example/x", "pw123"),
        ("x-sn-apikey: now_123", "now_123"),
        ("Set-Cookie: glide_session_store=ABC; Path=/", "ABC"),
        (f"token was {JWT}", JWT[:20]),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "MIIE"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE cut off", "MIIE"),
    ],
)
def test_secrets_in_texts_are_masked(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in redact_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "close_code=Duplicate&close_notes=done",
        "error code: AADSTS7000215",
        "/api/now/table/incident?sysparm_query=state=1^ORDERBYsys_id",
        "Resolution code is mandatory",
        "https://acme.service-now.com/api",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert redact_text(text) == text


def test_mappings_are_masked_by_name_at_any_depth() -> None:
    shown = redact(
        {
            "Authorization": "whatever",
            "nested": [{"client_secret": 12345, "short_description": "Bearer abcdef123456"}],
            "password": "",
            "number": 7,
        }
    )
    assert shown == {
        "Authorization": "***",
        "nested": [{"client_secret": "***", "short_description": "Bearer ***"}],
        "password": "",
        "number": 7,
    }
