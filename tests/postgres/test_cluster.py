"""The embedded PostgreSQL comes with the first program that needs it and goes with the last."""

from __future__ import annotations

import stat
from pathlib import Path

import psycopg

from scoredesk.postgres import Cluster

from .conftest import BOTH, Programs, server_pid, stopped


def test_the_address_is_known_before_anything_is_started_or_written(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "var" / "postgres")
    found = cluster.connection_parameters()
    assert (found["dbname"], found["user"]) == ("scoredesk", "scoredesk")
    assert psycopg.conninfo.conninfo_to_dict(cluster.url) == found
    assert not (tmp_path / "var").exists()


@BOTH
def test_a_program_that_needs_it_starts_it(programs: Programs, folder: Path) -> None:
    assert programs.ask(folder, "SELECT current_user || ' ' || current_database()") == (
        "scoredesk scoredesk"
    )


def test_it_is_postgresql_18_in_utf8_with_checksums(programs: Programs, folder: Path) -> None:
    asked = (
        "SELECT concat_ws(' ', current_setting('server_version_num')::int / 10000, "
        "current_setting('server_encoding'), datlocale, current_setting('data_checksums'), "
        "current_setting('max_connections'), current_setting('TimeZone')) "
        "FROM pg_database WHERE datname = current_database()"
    )
    assert programs.ask(folder, asked) == "18 UTF8 C.UTF-8 on 200 UTC"


def test_chinese_words_sort_and_change_case_as_text(programs: Programs, folder: Path) -> None:
    assert programs.ask(folder, "SELECT upper('é') || length('安全分数')::text") == "É4"


def test_data_outlive_the_server(programs: Programs, folder: Path) -> None:
    programs.ask(folder, "CREATE TABLE kept (word text)", "INSERT INTO kept VALUES ('still here')")
    assert stopped(folder)
    assert programs.ask(folder, "SELECT word FROM kept") == "still here"


@BOTH
def test_two_programs_share_one_server_and_the_last_one_stops_it(
    programs: Programs, folder: Path
) -> None:
    first, second = programs.hold(folder), programs.hold(folder)
    pid = server_pid(folder)
    first.communicate("")
    assert programs.ask(folder, "SELECT 1") == "1"
    assert server_pid(folder) == pid
    second.communicate("")
    assert stopped(folder)


def test_leases_of_one_program_are_released_one_by_one(folder: Path) -> None:
    cluster = Cluster(folder, durable=False)
    first, second = cluster.acquire(), cluster.acquire()
    first.release()
    with psycopg.connect(cluster.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    second.release()
    assert stopped(folder)


def test_the_role_may_make_databases_but_is_no_superuser(programs: Programs, folder: Path) -> None:
    asked = "SELECT rolcreatedb::text || rolsuper::text FROM pg_roles WHERE rolname = current_user"
    assert programs.ask(folder, asked) == "truefalse"


def test_nothing_listens_on_the_network(programs: Programs, folder: Path) -> None:
    assert programs.ask(folder, "SHOW listen_addresses") == ""


def test_what_must_survive_a_power_cut_is_synced_unless_a_test_asks_otherwise(
    programs: Programs, folder: Path
) -> None:
    asked = "SELECT current_setting('fsync') || ' ' || current_setting('full_page_writes')"
    assert programs.ask(folder, asked) == "off off"
    assert stopped(folder)
    programs.hold(folder, durable=True)
    assert programs.ask(folder, asked) == "on on"


@BOTH
def test_data_and_socket_are_private(programs: Programs, folder: Path) -> None:
    programs.hold(folder)
    places = Cluster(folder).places
    for private in (places.data, places.socket_folder):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert private.stat().st_uid != 0


@BOTH
def test_pg_dump_is_in_reach(programs: Programs, folder: Path) -> None:
    code = """
import subprocess, sys
from pathlib import Path
from scoredesk.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]), durable=False)
with cluster.lease():
    subprocess.run([cluster.bin / "pg_dump", "--dbname", cluster.url], check=True)
"""
    programs.ask(folder, "CREATE TABLE kept (word text)")
    said, fault = programs.begin(code, folder).communicate(timeout=60)
    assert "CREATE TABLE public.kept" in said, fault


def test_two_clusters_of_one_person_run_at_once(
    programs: Programs, folder: Path, room: Path
) -> None:
    other = room / "other"
    for each in (folder, other):
        programs.ask(each, f"CREATE TABLE {each.name} (id int)")
        programs.hold(each)
    assert server_pid(folder) != server_pid(other)
    for each in (folder, other):
        asked = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        assert programs.ask(each, asked) == each.name
    programs.end()
    assert stopped(other)
