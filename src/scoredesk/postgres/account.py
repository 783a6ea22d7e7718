"""Which system account PostgreSQL runs as, and what that account can reach.

PostgreSQL refuses to run as root. Started by root it runs as the owner of an existing data folder,
or else as the unprivileged system account `scoredesk-db`, made on first use.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from scoredesk.postgres.errors import PostgresError

SYSTEM_ACCOUNT = "scoredesk-db"


@dataclass(frozen=True)
class Account:
    """A system account: its numbers and its name."""

    uid: int
    gid: int
    name: str

    @property
    def is_ours(self) -> bool:
        """Whether this process already runs as the account."""
        return self.uid == os.geteuid()


def current_account() -> Account:
    """The account this process runs as.

    Raises PostgresError if its number has no name: PostgreSQL's own tools refuse to work then.
    """
    return account_of(os.geteuid())


def account_of(uid: int) -> Account:
    """The account with the number `uid`; raises PostgresError if it has no name."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise PostgresError(
            f"PostgreSQL cannot run as the user number {uid}.",
            "That number has no name on this machine, and PostgreSQL asks for one.",
            "Add a line for it to /etc/passwd, or use a PostgreSQL server with DATABASE_URL.",
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def system_account() -> Account:
    """The account that PostgreSQL runs as when root starts it; made if it is not there.

    Raises PostgresError if this machine cannot make accounts.
    """
    found = _named(SYSTEM_ACCOUNT)
    if found is not None:
        return found
    said = _make_system_account()
    # Another of our processes may be making it at this moment and hold the lock on /etc/passwd.
    for _ in range(20):
        found = _named(SYSTEM_ACCOUNT)
        if found is not None:
            return found
        time.sleep(0.1)
    raise PostgresError(
        f"The system account {SYSTEM_ACCOUNT} cannot be made.",
        f"PostgreSQL does not run as root and needs an account of its own ({said}).",
        f"Make it with `useradd --system {SYSTEM_ACCOUNT}`, start Scoredesk as an ordinary user, "
        "or use a PostgreSQL server with DATABASE_URL.",
    )


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _make_system_account() -> str:
    """Make the account and return what the tool said, for the sentence if it failed."""
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    tool = shutil.which("useradd", path=path)
    if tool is None:
        return "useradd is not installed"
    command = [tool, "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT]
    done = subprocess.run(  # noqa: S603 - fixed words only, no shell
        command, capture_output=True, text=True, check=False, timeout=30
    )
    return (done.stderr or done.stdout).strip() or "useradd gave no reason"


def can_enter(path: Path, account: Account | None) -> bool:
    """Whether `account` may pass through every folder down to `path`.

    None stands for the system account, which may not be there yet: it owns nothing on the way
    and is in nobody's group. Folders still to be made count by this process's umask.
    Reads rights only; never changes one.
    """
    for folder in [path, *path.parents]:
        try:
            found = folder.stat()
        except FileNotFoundError:
            if _umask() & 0o001:
                return False
            continue
        except OSError:
            return False
        if account is not None and found.st_uid == account.uid:
            bit = 0o100
        elif account is not None and found.st_gid == account.gid:
            bit = 0o010
        else:
            bit = 0o001
        if not found.st_mode & bit:
            return False
    return True


def _umask() -> int:
    """This process's umask; Python can only read it by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
