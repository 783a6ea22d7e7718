"""The one error of the embedded PostgreSQL, and what the machine's own faults mean in its words."""

from __future__ import annotations

import errno
from pathlib import Path

ELSEWHERE = (
    "Choose another folder with SCOREDESK_VAR, or use a PostgreSQL server with DATABASE_URL."
)
NO_SPACE = (
    "The disk or its quota is full.",
    "Free some space and start again; nothing that was saved is lost.",
)


class PostgresError(Exception):
    """The embedded PostgreSQL cannot do what was asked.

    `what` happened, `why`, and what to do `next`: whole sentences for the person who started it.
    """

    def __init__(self, what: str, why: str, next_step: str) -> None:
        super().__init__(what, why, next_step)
        self.what = what
        self.why = why
        self.next_step = next_step

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.next_step) if part)


def folder_fault(folder: Path, fault: OSError) -> PostgresError:
    """What an OSError met while making or writing `folder` means."""
    what = f"The database's folder {folder} cannot be written."
    if fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return PostgresError(what, *NO_SPACE)
    if fault.errno == errno.EROFS:
        return PostgresError(what, "It lies on a disk that is read-only.", ELSEWHERE)
    if fault.errno in (errno.EACCES, errno.EPERM):
        return PostgresError(what, "You have no right to write there.", ELSEWHERE)
    if fault.errno in (errno.ENOTDIR, errno.EEXIST):
        return PostgresError(what, "A file with the name of a folder is in the way.", ELSEWHERE)
    return PostgresError(what, f"The system says: {fault.strerror}.", ELSEWHERE)
