"""Where a cluster's files lie. Read from the disk's state alone: nothing is made or started here.

For an ordinary user everything lies in the cluster's folder (`./var/postgres`). Root runs
PostgreSQL as another account; where that account may not go (a clone in root's own home) the
files lie in /var/lib/scoredesk/<hash> and the folder holds a note that says so.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from scoredesk.postgres.account import can_enter
from scoredesk.postgres.binaries import SHARED

NOTE = "LOCATION.txt"
SOCKET_NAME = ".s.PGSQL.5432"
# struct sockaddr_un holds 108 bytes on Linux and 104 on macOS, one of them the closing zero.
_LONGEST_SOCKET_PATH = 103
# unix_socket_directories is a list with commas and quotes; other characters go to the short folder.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Places:
    """The files and folders of one cluster."""

    folder: Path  # what the caller named
    base: Path  # where the files really are: the folder itself, or one that the account can reach

    @property
    def is_elsewhere(self) -> bool:
        """Whether the files lie outside the folder that was named."""
        return self.base != self.folder

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.base / "data"

    @property
    def socket_folder(self) -> Path:
        """The private folder of the Unix socket: in the base, or in /tmp when that is too long."""
        inside = self.base / "socket"
        plain = _PLAIN_PATH.fullmatch(str(inside))
        if plain and len(os.fsencode(inside / SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
            return inside
        # Not the TMPDIR of this process: every process must come to the same name.
        return Path("/tmp", f"scoredesk-{short_hash(self.base)}")  # noqa: S108 - made privately, refused if foreign

    @property
    def socket(self) -> Path:
        """The Unix socket."""
        return self.socket_folder / SOCKET_NAME

    @property
    def lease(self) -> Path:
        """Locked (shared) by each process that uses the cluster."""
        return self.base / "lease.lock"

    @property
    def keeper(self) -> Path:
        """Locked (exclusively) by the keeper for as long as it lives."""
        return self.base / "keeper.lock"

    @property
    def start(self) -> Path:
        """Locked (exclusively) by the process that looks whether a start is needed."""
        return self.base / "start.lock"

    @property
    def server_log(self) -> Path:
        """What PostgreSQL says."""
        return self.base / "server.log"

    @property
    def keeper_log(self) -> Path:
        """What the keeper says."""
        return self.base / "keeper.log"


def locate(folder: Path) -> Places:
    """The places of the cluster named by `folder`, the same in every process that asks."""
    folder = Path(os.path.realpath(folder))
    if os.geteuid() != 0:
        return Places(folder, folder)
    noted = _noted(folder)
    if noted is not None:
        return Places(folder, noted)
    if (folder / "data").is_dir() or can_enter(folder, None):
        return Places(folder, folder)
    return Places(folder, SHARED / short_hash(folder))


def short_hash(path: Path) -> str:
    """A name of 16 characters for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def note_text(base: Path) -> str:
    """The note left in the folder when the files lie elsewhere; its last line is read again."""
    return (
        "Scoredesk was started by root, and the account that runs its database\n"
        "may not enter this folder. The database lies in:\n"
        f"{base}\n"
    )


def _noted(folder: Path) -> Path | None:
    try:
        lines = (folder / NOTE).read_text(encoding="utf-8").split("\n")
    except OSError:
        return None
    base = Path(lines[-2]) if len(lines) > 1 else Path()
    # Only where we put clusters ourselves: root follows this note.
    return base if base.parent == SHARED else None
