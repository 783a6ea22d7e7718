"""Sealing every stored secret anew with the first key, so that older keys can be dropped.

Which columns hold secrets follows from their names: every `sealed_…` of every model. A model says
in `SEALED` what a person does about one that no key opens. What waits in sessions
(`typed_secrets`) is found by its shape.

A row is changed only if its secret is still what was read: a worker that renews a token meanwhile
wins, and seals with the first key anyway. So a run may be stopped and repeated at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import models, transaction

from scoredesk.accounts import audit
from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Tenant
from scoredesk.common.secrets import SealBroken, SecretBox

PREFIX = "sealed_"
BATCH = 200


@dataclass(frozen=True)
class Lost:
    """A secret that no key opens: where it is, whose it is, and what to do."""

    place: str
    tenant: str
    cure: str


@dataclass
class Rotation:
    """What a run found and did. `rotated`: by tenant's primary key (None: in sessions)."""

    newest: int = 0
    rotated: dict[int | None, int] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many secrets were sealed anew."""
        return sum(self.rotated.values())


def sealed_columns() -> dict[type[models.Model], list[str]]:
    """Every model with secrets, and its columns that hold them."""
    found: dict[type[models.Model], list[str]] = {}
    for model in apps.get_models():
        for column in model._meta.get_fields():  # noqa: SLF001  # a documented part of Django
            if column.name.startswith(PREFIX):
                found.setdefault(model, []).append(column.name)
    return found


def count() -> int:
    """How many rows a run looks at."""
    return sum(rows.count() for rows in _all_rows()) + Session.objects.count()


def rotate(
    *, actor: Actor, dry_run: bool = False, progress: Callable[[int], None] = lambda _rows: None
) -> Rotation:
    """Seals anew what the first key does not open; with `dry_run`, only says what it would do.

    `progress` is called after each batch with the number of its rows. Raises KeyMissing or
    KeyMalformed before anything is changed.
    """
    box = SecretBox(settings.ENCRYPTION_KEYS)
    done = Rotation()
    for rows in _all_rows():
        columns = sealed_columns()[rows.model]
        for batch in _batches(rows):
            with transaction.atomic():
                for row in batch:
                    _rotate_row(row, columns, box, done, dry_run=dry_run)
            progress(len(batch))
    for sessions in _batches(Session.objects.all()):
        with transaction.atomic():
            for session in sessions:
                _rotate_session(session, box, done, dry_run=dry_run)
        progress(len(sessions))
    if not dry_run:
        _write_audit(done, actor)
    return done


def _all_rows() -> list[models.QuerySet[Any]]:
    return [_rows_of(model).select_related("tenant") for model in sealed_columns()]


def _rows_of(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._default_manager.all()  # noqa: SLF001  # a documented part of Django


def _batches(rows: models.QuerySet[Any]) -> Iterator[Sequence[Any]]:
    """The rows in the order of their keys, a batch at a time, each read anew."""
    rows = rows.order_by("pk")
    batch = list(rows[:BATCH])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH])


def _rotate_row(
    row: models.Model, columns: Sequence[str], box: SecretBox, done: Rotation, *, dry_run: bool
) -> None:
    tenant: Tenant = row.tenant  # type: ignore[attr-defined]  # every row with secrets has one
    for column in columns:
        sealed = getattr(row, column)
        if not sealed:
            continue
        if box.is_newest(sealed):
            done.newest += 1
            continue
        try:
            anew = box.rotate(sealed)
        except SealBroken:
            cure = str(row.SEALED[column])  # type: ignore[attr-defined]  # a test holds it
            done.lost.append(Lost(f"{type(row).__name__} {row} ({column})", str(tenant), cure))
            continue
        same = _rows_of(type(row)).filter(pk=row.pk, **{column: sealed})
        if dry_run or same.update(**{column: anew}):
            done.rotated[tenant.pk] = done.rotated.get(tenant.pk, 0) + 1


def _rotate_session(session: Session, box: SecretBox, done: Rotation, *, dry_run: bool) -> None:
    """What waits in a session; what no key opens there is typed again anyway."""
    data = session.get_decoded()
    anew = {place: _anew(kept, box) for place, kept in data.items() if _is_sealed(kept)}
    done.newest += sum(1 for kept in anew.values() if kept is None)
    changed = {place: kept for place, kept in anew.items() if kept}
    if not changed:
        return
    text = SessionStore().encode({**data, **changed})
    same = Session.objects.filter(pk=session.pk, session_data=session.session_data)
    if dry_run or same.update(session_data=text):
        done.rotated[None] = done.rotated.get(None, 0) + len(changed)


def _is_sealed(kept: object) -> bool:
    return isinstance(kept, dict) and isinstance(kept.get("sealed"), str)


def _anew(kept: Mapping[str, Any], box: SecretBox) -> dict[str, Any] | None:
    """The same with its secret sealed anew; None where that is not needed, {} where it is lost."""
    if box.is_newest(kept["sealed"]):
        return None
    try:
        return {**kept, "sealed": box.rotate(kept["sealed"])}
    except SealBroken:
        return {}


def _write_audit(done: Rotation, actor: Actor) -> None:
    tenants = Tenant.objects.in_bulk([key for key in done.rotated if key is not None])
    for key, number in done.rotated.items():
        audit.record(
            actor,
            "secrets.rotated",
            tenant=tenants.get(key) if key is not None else None,
            after={"count": number},
        )
