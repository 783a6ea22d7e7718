"""Makes the folders of a cluster, each private; the rights of one made by others stay untouched."""

from __future__ import annotations

import os
import pwd
import stat
from pathlib import Path

from scoredesk.postgres.account import (
    SYSTEM_ACCOUNT,
    Account,
    account_of,
    can_enter,
    current_account,
    system_account,
)
from scoredesk.postgres.binaries import make_shared_folder
from scoredesk.postgres.errors import ELSEWHERE, PostgresError, folder_fault
from scoredesk.postgres.places import NOTE, Places, note_text


def prepare(places: Places) -> Account:
    """Make the cluster's folder if needed; returns the account that PostgreSQL runs as.

    Raises PostgresError if the folder cannot be written or its data belong to somebody else.
    """
    try:
        if places.is_elsewhere:
            make_shared_folder()
        for folder in {places.folder, places.base}:
            _make(folder)
        account = _account(places)
        _check_writable(places.base)
    except OSError as fault:
        raise folder_fault(places.base, fault) from fault
    if not account.is_ours and not can_enter(places.base, account):
        raise PostgresError(
            f"The account {account.name} may not enter the database's folder {places.base}.",
            "The rights of a folder above it have changed since this program started.",
            "Start again.",
        )
    return account


def leave_note(places: Places) -> None:
    """Say in the named folder where the files really are; nothing to do when they are in it."""
    note = places.folder / NOTE
    if not places.is_elsewhere or note.exists():
        return
    aside = note.with_name(f".{NOTE}.{os.getpid()}")
    aside.write_text(note_text(places.base), encoding="utf-8")
    aside.rename(note)


def make_private(folder: Path, account: Account) -> None:
    """Make `folder` for `account` alone, or accept one that already is so.

    Raises PostgresError for a folder that another account made or that others may read: in /tmp
    anybody may have put it there.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if private and found.st_uid == account.uid:
            return
        raise PostgresError(
            f"The folder {folder} is not used for the database's socket.",
            f"It belongs to {owner_name(found.st_uid)} or is open to others.",
            "Remove it if it is yours and start again.",
        ) from None
    give(folder, account)


def give(path: Path, account: Account) -> None:
    """Hand something just made by this process to `account`."""
    if not account.is_ours:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def owner_name(uid: int) -> str:
    """The name of the account `uid` for a sentence; its number if it has no name."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user number {uid}"


def _make(folder: Path) -> None:
    """Make `folder`. Root's may be passed through (not listed), for PostgreSQL runs as another."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    rights = 0o711 if os.geteuid() == 0 else 0o700
    try:
        # With its rights from the first moment: a program that starts beside us looks at them.
        folder.mkdir(mode=rights)
    except FileExistsError:
        if folder.is_dir():
            return
        raise
    folder.chmod(rights)  # whatever the umask took away


def _account(places: Places) -> Account:
    try:
        owner = places.data.stat().st_uid
    except FileNotFoundError:
        return system_account() if os.geteuid() == 0 else current_account()
    if os.geteuid() != 0 and owner != os.geteuid():
        raise _belongs_to(owner_name(owner), places.data)
    if owner == 0:
        raise _belongs_to("root", places.data)
    return account_of(owner)


def _belongs_to(name: str, data: Path) -> PostgresError:
    what = f"The database in {data} belongs to {name}."
    if name == "root":
        return PostgresError(what, "PostgreSQL does not run as root.", ELSEWHERE)
    starter = "root" if name == SYSTEM_ACCOUNT else name
    return PostgresError(what, "", f"Start Scoredesk as {starter}, as before. {ELSEWHERE}")


def _check_writable(base: Path) -> None:
    """Meet a full or read-only disk now, where the reason is known, rather than in a log."""
    probe = base / f".probe.{os.getpid()}"
    handle = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        os.write(handle, b"\0" * 4096)
    finally:
        os.close(handle)
        probe.unlink()
