"""Secrets at rest: sealed with the installation's keys, opened only where they are used."""

from __future__ import annotations

from django.conf import settings

from scoredesk.common.secrets import SecretBox


def _box() -> SecretBox:
    return SecretBox(settings.ENCRYPTION_KEYS)


def seal(secret: str) -> str:
    """The sealed form of `secret` for the database; "" stays ""."""
    return _box().seal(secret) if secret else ""


def unseal(sealed: str) -> str:
    """The secret behind `sealed`; "" stays "".

    Raises scoredesk.common.secrets' error when the key that sealed it is no longer configured.
    """
    return _box().open(sealed) if sealed else ""
