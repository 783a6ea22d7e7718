"""The keeper: a small detached process that starts PostgreSQL and stops it after the last user.

`python -m scoredesk.postgres.keeper <folder> <base> <durable|volatile>`. Each process that uses the
cluster holds a shared lock on the lease file; when the keeper gets that lock alone, nobody is left.
It reports on its output, in one line of JSON, that the server is ready or why it is not.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from scoredesk.postgres.account import Account
from scoredesk.postgres.binaries import installation_for
from scoredesk.postgres.errors import PostgresError, folder_fault
from scoredesk.postgres.folders import prepare
from scoredesk.postgres.initialise import ensure_data
from scoredesk.postgres.locks import Lock
from scoredesk.postgres.places import Places
from scoredesk.postgres.server import DURABLE, Server, running_pid

_LOOK_SECONDS = 0.2
# A server that falls this often within the span is not started again: something is really wrong.
_MOST_RESTARTS = 5
_RESTART_SPAN_SECONDS = 60


def main(arguments: list[str]) -> int:
    """Keep the cluster named by the arguments; returns the exit status."""
    folder, base, durability = arguments
    # Parent gone at once: the starter has no child to wait for, and we are nobody's zombie.
    if os.fork():
        os._exit(0)
    stopping = _Stopping()
    places = Places(Path(folder), Path(base))
    try:
        account = prepare(places)
        alone = Lock(places.keeper, owner=(account.uid, account.gid))
        if not alone.take_alone(seconds=5):
            _report({})  # another keeper came first; the starter looks again
            return 0
        lease = Lock(places.lease, owner=(account.uid, account.gid))
        server = _started(places, account, durable=durability == DURABLE)
    except PostgresError as fault:
        _report({"what": fault.what, "why": fault.why, "next": fault.next_step})
        return 1
    except OSError as fault:
        error = folder_fault(places.base, fault)
        _report({"what": error.what, "why": error.why, "next": error.next_step})
        return 1
    _report({})
    try:
        _keep(server, lease, stopping)
    except PostgresError as fault:
        _say(str(fault))
    finally:
        server.stop()
        # The keeper's lock first: whoever waits for the lease then finds that no keeper is left.
        alone.close()
        lease.close()
    return 0


class _Stopping:
    """Set by SIGTERM and its like: the machine goes down, or somebody wants the server gone."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def _started(places: Places, account: Account, *, durable: bool) -> Server:
    installation = installation_for(account)
    server = Server(places, account, installation, durable=durable)
    if running_pid(places.data) is None:
        ensure_data(places, account, installation, durable=durable)
    server.start()
    return server


def _keep(server: Server, lease: Lock, stopping: _Stopping) -> None:
    """Watch the server until nobody holds a lease; start it again when it falls."""
    restarts: list[float] = []
    while not stopping.asked and not lease.try_alone():
        if not server.is_alive():
            now = time.monotonic()
            restarts = [past for past in restarts if past > now - _RESTART_SPAN_SECONDS] + [now]
            if len(restarts) > _MOST_RESTARTS:
                _say("The server fell too often; it is not started again.")
                return
            _say("The server fell; it is started again.")
            server.start()
        time.sleep(_LOOK_SECONDS)


def _report(message: dict[str, str]) -> None:
    """Tell the starter, and close the pipe so that it does not wait for more."""
    os.write(1, json.dumps(message).encode() + b"\n")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.close(nothing)


def _say(text: str) -> None:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(f"{stamp} {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
