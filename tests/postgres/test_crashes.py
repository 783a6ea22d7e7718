"""The server, its keeper or a user of it is killed outright; or all come at the same moment."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest

from scoredesk.postgres import Cluster

from .conftest import BOTH, HOLD, Programs, keeper_pid, server_pid, stopped, wait_for


@BOTH
def test_a_killed_user_gives_its_lease_back(programs: Programs, folder: Path) -> None:
    holder = programs.hold(folder)
    holder.kill()
    assert stopped(folder)


def test_a_child_of_a_user_does_not_hold_the_lease(programs: Programs, folder: Path) -> None:
    code = """
import subprocess, sys
from pathlib import Path
from scoredesk.postgres import Cluster
Cluster(Path(sys.argv[1]), durable=False).acquire()
child = subprocess.Popen(["sleep", "60"])
print(child.pid, flush=True)
sys.stdin.read()
"""
    holder = programs.begin(code, folder)
    assert holder.stdout is not None
    child = int(holder.stdout.readline())
    try:
        holder.kill()
        assert stopped(folder)
    finally:
        os.kill(child, signal.SIGKILL)


@BOTH
def test_a_killed_server_is_started_again_with_all_that_was_committed(
    programs: Programs, folder: Path
) -> None:
    programs.hold(folder, durable=True)
    programs.ask(folder, "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('committed')")
    killed = server_pid(folder)
    os.kill(killed, signal.SIGKILL)
    assert wait_for(lambda: server_pid(folder) not in (0, killed))
    assert programs.ask(folder, "SELECT word FROM kept") == "committed"


@BOTH
def test_a_killed_server_and_keeper_are_replaced_by_the_next_program(
    programs: Programs, folder: Path
) -> None:
    programs.hold(folder, durable=True)
    programs.ask(folder, "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('committed')")
    os.kill(keeper_pid(folder), signal.SIGKILL)
    os.kill(server_pid(folder), signal.SIGKILL)
    assert programs.ask(folder, "SELECT word FROM kept") == "committed"


def test_a_running_server_whose_keeper_was_killed_is_adopted(
    programs: Programs, folder: Path
) -> None:
    holder = programs.hold(folder)
    server = server_pid(folder)
    os.kill(keeper_pid(folder), signal.SIGKILL)
    assert programs.ask(folder, "SELECT 1") == "1"
    assert server_pid(folder) == server
    assert keeper_pid(folder) != 0
    holder.kill()
    assert stopped(folder)


def test_a_keeper_told_to_end_takes_the_server_along(programs: Programs, folder: Path) -> None:
    programs.hold(folder)
    os.kill(keeper_pid(folder), signal.SIGTERM)
    assert stopped(folder)
    assert programs.ask(folder, "SELECT 1") == "1"


def test_an_old_number_that_now_belongs_to_another_program_is_seen_through(
    programs: Programs, folder: Path
) -> None:
    programs.ask(folder, "SELECT 1")
    assert wait_for(lambda: keeper_pid(folder) == 0)
    data = Cluster(folder).places.data
    owner = data.stat().st_uid
    other = {"user": owner, "group": owner, "extra_groups": []} if owner != os.geteuid() else {}
    with subprocess.Popen(["sleep", "60"], **other) as stranger:  # noqa: S607 - found in PATH
        pid_file = data / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{data}\n1700000000\n5432\n\n\n  0  0\nready   \n")
        os.chown(pid_file, owner, data.stat().st_gid)
        try:
            assert programs.ask(folder, "SELECT 1") == "1"
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_half_a_data_folder_left_by_a_kill_is_no_hindrance(
    programs: Programs, folder: Path
) -> None:
    programs.ask(folder, "SELECT 1")
    assert wait_for(lambda: keeper_pid(folder) == 0)
    places = Cluster(folder).places
    places.data.rename(places.base / "data.new-123")
    assert programs.ask(folder, "SELECT 1") == "1"
    assert not (places.base / "data.new-123").exists()


@BOTH
def test_ten_programs_at_once_start_one_server(programs: Programs, folder: Path) -> None:
    started = [programs.begin(HOLD, folder) for _ in range(10)]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n", process.communicate()
    log = Cluster(folder).places.server_log.read_text()
    assert log.count("starting PostgreSQL") == 1


def test_programs_that_come_while_the_server_stops_get_a_new_one(
    programs: Programs, folder: Path
) -> None:
    for _ in range(3):
        assert programs.ask(folder, "SELECT 1") == "1"
    log = Cluster(folder).places.server_log.read_text()
    assert "PANIC" not in log
    assert "was not properly shut down" not in log


def test_open_connections_do_not_delay_the_stop(folder: Path) -> None:
    cluster = Cluster(folder, durable=False)
    lease = cluster.acquire()
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute("SELECT 1")
        lease.release()
        assert stopped(folder)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
