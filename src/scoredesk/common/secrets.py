"""Secrets at rest: sealed with MultiFernet, so that keys can be rotated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from scoredesk.common.errors import ScoredeskError


class SecretError(ScoredeskError):
    """A secret that cannot be sealed or opened."""

    code: ClassVar[str] = "secrets.error"
    summary: ClassVar[str] = "A stored secret cannot be used."


class KeyMissing(SecretError):
    """No encryption key is configured."""

    code = "secrets.key_missing"
    summary = "No encryption key is configured."


class KeyMalformed(SecretError):
    """A configured key is not a Fernet key; `facts["position"]` counts from 1."""

    code = "secrets.key_malformed"
    summary = "An encryption key is malformed: it must be 32 bytes in URL-safe base64."


class SealBroken(SecretError):
    """None of the keys opens the secret: the key was changed, or the row was damaged."""

    code = "secrets.seal_broken"
    summary = "None of the configured encryption keys opens this secret."


class SecretBox:
    """Seals and opens short texts. The first key seals, every key opens.

    Raises KeyMissing and KeyMalformed when it is made, SealBroken when nothing fits.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        usable = [key.strip() for key in keys if key.strip()]
        if not usable:
            raise KeyMissing
        fernets = [_fernet(key, position) for position, key in enumerate(usable, 1)]
        self._first, self._fernet = fernets[0], MultiFernet(fernets)

    def seal(self, text: str) -> str:
        """`text` as a sealed token of printable characters."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The text that was sealed."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBroken from None

    def is_newest(self, sealed: str) -> bool:
        """Whether the first key opens it, so that the others are not needed for it."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

    def rotate(self, sealed: str) -> str:
        """The same secret, sealed anew with the first key; the time of sealing is kept."""
        try:
            return self._fernet.rotate(sealed.encode()).decode("ascii")
        except InvalidToken:
            raise SealBroken from None

    def __repr__(self) -> str:
        return "<SecretBox>"


def _fernet(key: str, position: int) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise KeyMalformed(facts={"position": position}) from None
