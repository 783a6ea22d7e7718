"""What the settings make of the environment: read anew in a process of their own."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from scoredesk.accounts.models import Person
from scoredesk.common.logs import JsonLines
from scoredesk.environment import Environment
from scoredesk.keys import kept

PUBLIC_URL = "SCOREDESK_PUBLIC_URL"


def read(names: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the settings with this environment and prints the named ones as JSON."""
    program = f"import json, scoredesk.settings as s; print(json.dumps([{names}]))"
    inherited = {
        name: value for name, value in os.environ.items() if name != "SCOREDESK_PUBLIC_URL"
    }
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def value_of(names: str, **environment: str) -> Any:
    """The named settings with this environment."""
    return json.loads(read(names, **environment).stdout)


def test_cookies_over_https_are_bound_to_the_host() -> None:
    names = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE"
    found = value_of(names, SCOREDESK_PUBLIC_URL="https://scoredesk.alder.example")
    assert found == ["__Host-sessionid", "__Host-csrftoken", True]
    assert value_of(names) == ["sessionid", "csrftoken", False]


def test_debug_pages_are_for_this_machine_only() -> None:
    public = {"SCOREDESK_PUBLIC_URL": "https://scoredesk.alder.example"}
    refused = read("s.DEBUG", SCOREDESK_DEBUG="true", **public)
    assert refused.returncode != 0
    assert "SCOREDESK_DEBUG" in refused.stderr
    assert value_of("s.DEBUG", SCOREDESK_DEBUG="true") == [True]


@pytest.mark.parametrize(
    ("url", "protected"),
    [
        ("smtp://desk:secret@mail.alder.example:2525", [True, False]),
        ("smtp://mail.alder.example:587", [True, False]),
        ("smtp://localhost:25", [False, False]),
        ("smtps://desk:secret@mail.alder.example", [False, True]),
    ],
)
def test_a_mail_password_never_travels_in_the_clear(url: str, protected: list[bool]) -> None:
    names = "s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.EMAIL_TIMEOUT"
    *found, patience = value_of(names, SCOREDESK_EMAIL_URL=url)
    assert found == protected
    assert 0 < patience <= 30


def test_addresses_with_passwords_are_not_in_the_text_of_the_environment() -> None:
    made = Environment(
        DATABASE_URL="postgresql://desk:hidden@db/desk", email_url="smtp://desk:hidden@mail"
    )
    assert "hidden" not in repr(made)


def test_only_its_owner_may_look_into_the_folder_of_keys(tmp_path: Path) -> None:
    kept(tmp_path / "var" / "keys" / "session", "random")
    folder = tmp_path / "var" / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "session").stat().st_mode) == 0o600


def log_line(message: str, **extra: Any) -> dict[str, Any]:
    """The JSON of a log line."""
    record = logging.LogRecord("django.request", logging.ERROR, "x.py", 1, message, (), None)
    record.__dict__.update(extra)
    line: dict[str, Any] = json.loads(JsonLines("%(levelname)s %(message)s").format(record))
    return line


def test_a_page_that_failed_does_not_log_the_code_of_an_oauth_answer() -> None:
    request = RequestFactory().get("/connections/callback?code=very-secret&state=s")
    line = log_line("Internal Server Error: /connections/callback", request=request)
    assert "very-secret" not in json.dumps(line)
    assert line["method"] == "GET"


def test_a_link_for_a_password_and_a_token_are_masked_in_the_log() -> None:
    line = log_line(
        "Internal Server Error: /accounts/password/reset/key/1-abc-def/",
        exc_text="ValueError: access_token=tok-123456",
    )
    assert "1-abc-def" not in json.dumps(line)
    assert "tok-123456" not in json.dumps(line)


def test_a_refusal_for_want_of_a_role_is_logged(
    reader_client: Client, reader: Person, caplog: pytest.LogCaptureFixture
) -> None:
    assert reader_client.post("/connections/check/").status_code == 403
    found = [record for record in caplog.records if record.message.startswith("refused for want")]
    assert [record.__dict__["person"] for record in found] == [str(reader.uid)]


def test_a_file_that_nobody_asked_for_is_not_kept(
    admin_client: Client, tmp_path: Path, settings: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    big = tmp_path / "big"
    big.write_bytes(b"x" * 3_000_000)
    with big.open("rb") as file:
        answer = admin_client.post("/profile/", {"name": "Ada", "file": file})
    assert answer.status_code == 302
    assert not answer.wsgi_request.FILES
