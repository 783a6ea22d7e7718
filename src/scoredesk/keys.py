"""The keys that an installation makes for itself when none are given: for sessions and secrets."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet


def kept(path: Path, make: str) -> str:
    """The key in `path`; made on first use, readable by its owner only.

    `make` is "fernet" or "random". Two processes that start at once agree on one key: the file
    is written aside and linked into place, and the loser reads the winner's.
    """
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = Fernet.generate_key().decode() if make == "fernet" else secrets.token_urlsafe(48)
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(fresh)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
    return path.read_text(encoding="ascii").strip()
