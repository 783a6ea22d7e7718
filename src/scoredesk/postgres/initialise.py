"""Makes a new data folder: whole or not at all, however the attempt ends."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from scoredesk.postgres.account import Account
from scoredesk.postgres.binaries import MAJOR, Installation, run_program
from scoredesk.postgres.errors import ELSEWHERE, NO_SPACE, PostgresError
from scoredesk.postgres.folders import give, leave_note, make_private
from scoredesk.postgres.places import NOTE, Places

NAME = "scoredesk"  # of the database and of the role that owns it
SUPERUSER = "postgres"

_FIRST_STATEMENTS = (
    f"CREATE ROLE {NAME} LOGIN CREATEDB;\n"  # CREATEDB: the tests make databases of their own
    f"CREATE DATABASE {NAME} OWNER {NAME};\n"
)


def ensure_data(
    places: Places, account: Account, installation: Installation, *, durable: bool
) -> None:
    """See to it that the data folder is there and fits; to be called by the keeper alone.

    Raises PostgresError if it cannot be made, or was made by another major version.
    """
    _set_aside_leftover(places)
    leave_note(places)
    if not places.data.is_dir():
        _make_data(places, account, installation, durable=durable)
    version = _version(places.data)
    if version != str(MAJOR):
        raise PostgresError(
            f"The database in {places.data} was made by PostgreSQL {version or 'unknown'}.",
            f"This is PostgreSQL {MAJOR}, which cannot read it.",
            "Save it with the pg_dump of the release that made it, move the folder away, start "
            "again and load it. " + ELSEWHERE,
        )
    _write_access(places.data, account)


def _set_aside_leftover(places: Places) -> None:
    """A database whose note is gone belongs to a `var` folder that was deleted, with its keys.

    It is moved aside rather than used (its secrets could not be read) or removed.
    """
    if places.is_elsewhere and places.data.exists() and not (places.folder / NOTE).exists():
        places.data.rename(places.base / f"data.left-{time.time_ns()}")


def _make_data(
    places: Places, account: Account, installation: Installation, *, durable: bool
) -> None:
    for remains in places.base.glob("data.new-*"):
        shutil.rmtree(remains, ignore_errors=True)
    fresh = places.base / f"data.new-{os.getpid()}"
    make_private(fresh, account)
    try:
        _initdb(fresh, account, installation, durable=durable)
        fresh.rename(places.data)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _initdb(fresh: Path, account: Account, installation: Installation, *, durable: bool) -> None:
    command: list[str | Path] = [installation.bin / "initdb", "--pgdata", fresh]
    command += ["--username", SUPERUSER, "--auth", "peer", "--encoding", "UTF8"]
    command += ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    command += ["--data-checksums", "--no-instructions"]
    if not durable:
        command.append("--no-sync")
    made = run_program(command, account=account)
    if made.returncode == 0:
        # Single-user mode: no server, no socket, and over before anybody sees the folder.
        command = [installation.bin / "postgres", "--single", "-D", fresh]
        command += ["-c", f"fsync={'on' if durable else 'off'}", "postgres"]
        made = run_program(command, account=account, text=_FIRST_STATEMENTS)
    said = made.stderr.strip()
    if made.returncode != 0 or "ERROR:" in said or "FATAL:" in said:
        what = f"The database cannot be made in {fresh.parent}."
        if "No space left on device" in said or "Disk quota exceeded" in said:
            raise PostgresError(what, *NO_SPACE)
        raise PostgresError(what, f"PostgreSQL says: {' '.join(said.split()[-40:])}", ELSEWHERE)


def _version(data: Path) -> str:
    try:
        return (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _write_access(data: Path, account: Account) -> None:
    """Who may sign in: the operating system says who is at the other end of the socket (peer).

    Root is let in as well as the owner: it could become the owner anyhow, and it is who backs up.
    """
    hba = f"# Written at each start.\nlocal all {NAME},{SUPERUSER} peer map={NAME}\n"
    names = {account.name, "root"}
    lines = [
        f"{NAME} {_quoted(name)} {role}" for name in sorted(names) for role in (NAME, SUPERUSER)
    ]
    ident = "# Written at each start.\n" + "\n".join(lines) + "\n"
    for name, text in (("pg_hba.conf", hba), ("pg_ident.conf", ident)):
        path = data / name
        if path.read_text(encoding="utf-8") == text:
            continue
        aside = data / f"{name}.new"
        aside.unlink(missing_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        give(aside, account)
        aside.rename(path)


def _quoted(name: str) -> str:
    """A system account's name for pg_ident.conf, where quotes keep it from being a pattern."""
    return '"' + name.replace('"', '""') + '"'
