"""New keys for old secrets: nothing is missed, nothing is lost, and it may be stopped any time."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import models

from scoredesk.accounts import rotation
from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import AuditEntry, Tenant
from scoredesk.accounts.sealed import seal, unseal
from scoredesk.common.secrets import KeyMalformed
from scoredesk.connections.models import Connection
from scoredesk.posture.models import CredentialKind, SecureScoreSource

OLD, NEW, GONE = (Fernet.generate_key().decode() for _ in range(3))
ACTOR = Actor("test")


@pytest.fixture
def sealed(tenant: Tenant, settings: pytest.FixtureRequest) -> Iterator[Connection]:
    """Secrets sealed with the old key in two rooms and in a session; the new key stands first."""
    settings.ENCRYPTION_KEYS = [OLD]  # type: ignore[attr-defined]  # pytest-django's settings
    row = Connection.objects.create(
        tenant=tenant,
        address="https://acme.service-now.com",
        sealed_client_secret=seal("client"),
        sealed_refresh_token=seal("refresh"),
    )
    SecureScoreSource.objects.create(
        tenant=tenant,
        directory="d",
        kind=CredentialKind.CLIENT_SECRET,
        sealed_secret=seal("graph"),
    )
    session = SessionStore()
    session["connections.secret"] = {"tenant": str(tenant.uid), "sealed": seal(json.dumps("typed"))}
    session["typed"] = {"path": "/", "form": "a=b"}
    session.save()
    settings.ENCRYPTION_KEYS = [NEW, OLD]  # type: ignore[attr-defined]  # pytest-django's settings
    return row


def kept_in_session() -> dict[str, object]:
    return Session.objects.get().get_decoded()  # type: ignore[no-any-return]  # Django says dict


def test_every_sealed_column_is_a_text_of_a_tenants_row_and_says_what_to_do_when_lost() -> None:
    for model, columns in rotation.sealed_columns().items():
        assert isinstance(model._meta.get_field("tenant"), models.ForeignKey)
        assert set(model.SEALED) == set(columns), model  # type: ignore[attr-defined]  # ours
        assert all(isinstance(model._meta.get_field(name), models.TextField) for name in columns)


def test_no_column_for_secrets_goes_by_another_name() -> None:
    words = ("secret", "token", "password", "verifier", "certificate", "private_key")
    ours = [model for model in apps.get_models() if model.__module__.startswith("scoredesk.")]
    odd = [
        f"{model.__name__}.{column.name}"
        for model in ours
        for column in model._meta.fields
        if any(word in column.name for word in words) and not column.name.startswith("sealed_")
    ]
    assert odd == ["Person.password"]  # a hash, made by Django


def test_everything_is_sealed_anew_and_the_old_key_can_go(
    sealed: Connection, settings: pytest.FixtureRequest
) -> None:
    done = rotation.rotate(actor=ACTOR)
    assert (done.changed, done.newest, done.lost) == (4, 0, [])
    settings.ENCRYPTION_KEYS = [NEW]  # type: ignore[attr-defined]  # pytest-django's settings
    sealed.refresh_from_db()
    assert unseal(sealed.sealed_client_secret) == "client"
    assert unseal(sealed.sealed_refresh_token) == "refresh"
    assert sealed.sealed_access_token == ""
    assert unseal(SecureScoreSource.objects.get().sealed_secret) == "graph"
    session = kept_in_session()
    assert json.loads(unseal(session["connections.secret"]["sealed"])) == "typed"  # type: ignore[index]  # as kept above
    assert session["typed"] == {"path": "/", "form": "a=b"}


def test_a_second_run_finds_nothing_to_do(sealed: Connection) -> None:
    rotation.rotate(actor=ACTOR)
    done = rotation.rotate(actor=ACTOR)
    assert (done.changed, done.newest) == (0, 4)


def test_a_run_that_is_stopped_is_taken_up_again(
    sealed: Connection, settings: pytest.FixtureRequest
) -> None:
    class Stopped(Exception):
        """Somebody pressed Ctrl-C."""

    def stop(rows: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        rotation.rotate(actor=ACTOR, progress=stop)
    half = rotation.rotate(actor=ACTOR, dry_run=True)
    assert 0 < half.newest < 4
    assert rotation.rotate(actor=ACTOR).changed == 4 - half.newest


def test_a_dry_run_changes_nothing(sealed: Connection) -> None:
    before = sealed.sealed_client_secret
    assert rotation.rotate(actor=ACTOR, dry_run=True).changed == 4
    sealed.refresh_from_db()
    assert sealed.sealed_client_secret == before
    assert not AuditEntry.objects.exists()


def test_a_secret_renewed_meanwhile_is_left_as_it_is(sealed: Connection) -> None:
    """As if a worker stored a new token between our reading and our writing."""
    stale = Connection.objects.get(pk=sealed.pk)
    Connection.objects.update(sealed_refresh_token=seal("renewed"))
    done, box = rotation.Rotation(), rotation.SecretBox([NEW, OLD])
    rotation._rotate_row(stale, ["sealed_refresh_token"], box, done, dry_run=False)
    sealed.refresh_from_db()
    assert unseal(sealed.sealed_refresh_token) == "renewed"
    assert done.changed == 0


def test_a_secret_that_no_key_opens_is_told_with_its_cure_and_stops_nothing(
    sealed: Connection, settings: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = Fernet(GONE).encrypt(b"client").decode()
    Connection.objects.update(sealed_client_secret=lost)
    with pytest.raises(SystemExit) as ended:
        call_command("rotate_keys")
    told = capsys.readouterr().out
    assert ended.value.code == 1
    assert "3 secrets were sealed anew" in told
    assert "Alder Hospital" in told
    assert "Enter the client secret again on the set-up page." in told
    sealed.refresh_from_db()
    assert sealed.sealed_client_secret == lost


def test_the_command_says_when_the_old_keys_can_go(
    sealed: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("rotate_keys", dry_run=True)
    assert "4 secrets would be sealed anew" in capsys.readouterr().out
    call_command("rotate_keys")
    assert "Run it once more" in capsys.readouterr().out
    call_command("rotate_keys")
    assert "can be dropped now" in capsys.readouterr().out


def test_with_one_key_there_is_nothing_to_rotate_to(
    tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("rotate_keys")
    assert "Only one key is configured" in capsys.readouterr().out


def test_a_malformed_key_stops_it_before_anything_is_changed(
    sealed: Connection, settings: pytest.FixtureRequest
) -> None:
    settings.ENCRYPTION_KEYS = ["short", OLD]  # type: ignore[attr-defined]  # pytest-django's settings
    with pytest.raises(KeyMalformed):
        rotation.rotate(actor=ACTOR)


def test_it_is_in_the_audit_log_of_each_tenant(sealed: Connection, tenant: Tenant) -> None:
    rotation.rotate(actor=ACTOR)
    entry = AuditEntry.objects.of(tenant).get()
    assert (entry.action, entry.after) == ("secrets.rotated", {"count": 3})
    assert AuditEntry.objects.filter(tenant=None, action="secrets.rotated").count() == 1


def test_many_rows_are_done_in_batches(
    other_tenant: Tenant, sealed: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    for number in range(5):
        Connection.objects.create(
            tenant=other_tenant,
            address=f"https://a{number}.service-now.com",
            status="removed",
            sealed_client_secret=sealed.sealed_client_secret,
        )
    sizes: list[int] = []
    assert rotation.rotate(actor=ACTOR, progress=sizes.append).changed == 9
    assert max(sizes) == 2
