"""Folders that are deep, foreign, full, read-only or of another release; and rights left alone."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scoredesk.postgres import Cluster, PostgresError, binaries

from .conftest import AM_ROOT, BOTH, NOBODY, Programs, keeper_pid, server_pid, stopped, wait_for


def rights(path: Path) -> list[tuple[Path, int, int, int]]:
    """Mode, owner and group of each folder from `path` up to the root."""
    found = [(folder, folder.stat()) for folder in [path, *path.parents]]
    return [(folder, seen.st_mode, seen.st_uid, seen.st_gid) for folder, seen in found]


@BOTH
def test_the_rights_of_folders_made_by_others_stay(
    programs: Programs, folder: Path, person: int
) -> None:
    folder.mkdir(parents=True)
    for made in (folder, folder.parent):
        os.chown(made, person, person)
        made.chmod(0o751)
    before = rights(folder)
    assert programs.ask(folder, "SELECT 1") == "1"
    assert rights(folder) == before


@BOTH
def test_a_path_too_long_for_a_socket_gets_a_short_private_one(
    programs: Programs, room: Path, person: int
) -> None:
    deep = room.joinpath(*["a-long-name-for-a-folder"] * 6, "var", "postgres")
    programs.hold(deep)
    socket = Cluster(deep).places.socket
    assert len(os.fsencode(socket)) < 104
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert programs.ask(deep, "SELECT 1") == "1"
    programs.end()
    assert stopped(deep)
    assert wait_for(lambda: keeper_pid(deep) == 0)
    socket.parent.rmdir()


def test_a_path_with_spaces_quotes_and_chinese_works(programs: Programs, room: Path) -> None:
    odd = room / 'it\'s "my" folder, 数据' / "postgres"
    assert programs.ask(odd, "SELECT 1") == "1"
    assert stopped(odd)
    assert wait_for(lambda: keeper_pid(odd) == 0)
    Cluster(odd).places.socket_folder.rmdir()


def test_a_socket_folder_that_others_may_enter_is_refused(
    programs: Programs, room: Path, person: int
) -> None:
    deep = room.joinpath(*["a-long-name-for-a-folder"] * 6, "var", "postgres")
    squatted = Cluster(deep).places.socket_folder
    squatted.mkdir()
    squatted.chmod(0o777)
    try:
        said = programs.refused(deep)
        assert str(squatted) in said
        assert "open to others" in said
    finally:
        assert wait_for(lambda: keeper_pid(deep) == 0)
        squatted.rmdir()


def test_a_file_in_the_way_is_told(programs: Programs, folder: Path) -> None:
    folder.parent.write_text("not a folder")
    assert "in the way" in programs.refused(folder)


@NOBODY
def test_a_folder_without_the_right_to_write_is_told(
    programs: Programs, room: Path, folder: Path
) -> None:
    room.chmod(0o555)
    said = programs.refused(folder)
    assert "no right to write" in said
    assert "SCOREDESK_VAR" in said
    assert "DATABASE_URL" in said


def test_data_of_another_release_are_left_alone_and_told(programs: Programs, folder: Path) -> None:
    programs.ask(folder, "SELECT 1")
    assert wait_for(lambda: keeper_pid(folder) == 0)
    version = Cluster(folder).places.data / "PG_VERSION"
    version.write_text("17\n")
    said = programs.refused(folder)
    assert "made by PostgreSQL 17" in said
    assert "pg_dump" in said
    assert version.read_text() == "17\n"


def test_a_server_that_does_not_come_up_is_told_with_its_last_words(
    programs: Programs, folder: Path
) -> None:
    programs.ask(folder, "SELECT 1")
    assert wait_for(lambda: keeper_pid(folder) == 0)
    (Cluster(folder).places.data / "global" / "pg_control").write_bytes(b"spoilt")
    said = programs.refused(folder)
    assert "did not start" in said
    assert "pg_control" in said


@pytest.fixture
def small_disk(room: Path, person: int) -> Iterator[Path]:
    """A disk of 12 MB, which is less than a new database needs."""
    disk = room / "disk"
    disk.mkdir()
    mounted = AM_ROOT and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "scoredesk-test", disk],  # noqa: S607 - found in PATH
        capture_output=True,
        check=False,
    ).returncode  # fmt: skip
    if not mounted:
        pytest.skip("this account may not mount a small disk")
    os.chown(disk, person, person)
    yield disk
    subprocess.run(["umount", disk], check=True)  # noqa: S607 - found in PATH


def test_a_full_disk_is_told_and_leaves_nothing_half_made(
    programs: Programs, small_disk: Path
) -> None:
    folder = small_disk / "postgres"
    assert "disk or its quota is full" in programs.refused(folder)
    assert wait_for(lambda: keeper_pid(folder) == 0)
    assert not list(folder.glob("data*"))


def test_a_disk_that_is_read_only_is_told(programs: Programs, small_disk: Path) -> None:
    remount = ["mount", "-o", "remount,ro", str(small_disk)]
    subprocess.run(remount, check=True)
    assert "read-only" in programs.refused(small_disk / "postgres")


def test_a_missing_installation_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(binaries, "_INSTALLATION", "another-platform")
    binaries.wheel_installation.cache_clear()
    try:
        with pytest.raises(PostgresError, match="not installed") as caught:
            Cluster(tmp_path / "postgres").acquire()
    finally:
        binaries.wheel_installation.cache_clear()
    assert "make setup" in caught.value.next_step
    assert server_pid(tmp_path / "postgres") == 0
