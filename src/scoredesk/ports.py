"""Whether TCP ports of this machine are free, and if not, who has them."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_LISTENING = "0A"  # TCP_LISTEN in /proc/net/tcp
_HIGHEST_RESERVED = 1023


def check_ports(ports: Iterable[tuple[int, str]]) -> str:
    """A sentence about the first port that cannot be had; empty if all are free.

    Each port comes with the command-line option that chooses another one, or an empty text.
    """
    for port, option in ports:
        fault = _fault(port)
        if fault == errno.EADDRINUSE:
            choice = f" or choose another with {option}" if option else ""
            return f"Port {port} is in use by {owner(port)}. Stop it{choice}, and start again."
        if fault in (errno.EACCES, errno.EPERM):
            return (
                f"Port {port} may not be opened by this account. "
                f"Choose one above {_HIGHEST_RESERVED}, and start again."
            )
    return ""


def owner(port: int) -> str:
    """The program that listens on `port`, with its process number where /proc shows it."""
    inodes = set(_listening_inodes(port))
    for process in Path("/proc").glob("[0-9]*"):
        if inodes & set(_open_files(process)):
            return f"{_name(process)} (process {process.name})"
    return "another program (perhaps another user's)"


def _fault(port: int) -> int:
    """The errno met when binding `port` on this machine's loopback address; 0 if it is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as fault:
            return fault.errno or errno.EADDRINUSE
    return 0


def _open_files(process: Path) -> Iterator[str]:
    """What a process has open, as far as this account may see it; files come and go meanwhile."""
    try:
        handles = list((process / "fd").iterdir())
    except OSError:
        return
    for handle in handles:
        with suppress(OSError):
            yield str(handle.readlink())


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8").strip()
    except OSError:
        return "a program"


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        try:
            rows = Path("/proc/net", table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            columns = row.split()
            if columns[3] == _LISTENING and int(columns[1].rsplit(":", 1)[1], 16) == port:
                yield f"socket:[{columns[9]}]"
