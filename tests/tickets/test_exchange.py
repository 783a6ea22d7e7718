"""The page "Data exchange" is true: every request, every column and every payload is in it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

from django.apps import apps
from django.utils.translation import override
from tests.tickets.world import Instance

from scoredesk.accounts.audit import Actor
from scoredesk.common import clock
from scoredesk.connections import checks, exchange, exchange_kept, exchange_read, states
from scoredesk.connections.fields import reading, references
from scoredesk.connections.models import Catalogue, Connection, FieldDefault
from scoredesk.connections.removal import remove
from scoredesk.tickets.delivery import deliver
from scoredesk.tickets.models import Ticket
from scoredesk.tickets.sweeping import sweep
from scoredesk.tickets.tracking import track

TABLE_PATHS = ("/api/now/table/", "/api/now/v1/table/", "/api/now/v2/table/")
HINT = "Describe it in connections/exchange_read.py, so that the page names it."


def allowed(table: str) -> set[str]:
    """The fields of a table that the page names."""
    return {name for each in exchange_read.READ if each.table == table for name in each.fields}


def undisclosed(request: dict[str, object]) -> list[str]:
    """What a request asks for that the page does not name."""
    path = str(request["path"])
    if path.startswith("/api/now/stats/"):
        return [] if allowed(path.split("/")[4]) else [path]
    if not path.startswith(TABLE_PATHS):
        return [] if path in dict(exchange_read.CALLED) else [path]
    if not request["user"]:  # as nobody: the instance answers that a token is needed, and no more
        return []
    table = path.partition("/table/")[2].partition("/")[0]
    asked = parse_qs(str(request["query"])).get("sysparm_fields", ["*"])[0].split(",")
    known = allowed(table) | ({"sys_id"} if allowed(table) else set())
    return [f"{table}.{name}" for name in asked if name not in known]


def test_every_request_of_a_connections_whole_story_is_on_the_page(
    connection: Connection,
    instance: Instance,
    share_one: Callable[..., Ticket],
    ada: Actor,
) -> None:
    checks.run(connection, actor=ada, now=clock.now())
    states.take_up(connection, actor=ada)
    reading.take_up(connection, actor=ada, now=clock.now())
    for table in ("sys_user", "sys_user_group"):
        references.search(connection, table, "network")
    share_one(table="incident")
    share_one(table="change_request")
    deliver(connection.pk)
    track(connection.pk)
    sweep(connection.pk)
    remove(connection, actor=ada, now=clock.now())
    requests = instance.requests()
    assert len(requests) > 10
    assert [lack for each in requests for lack in undisclosed(each)] == [], HINT


def test_a_table_or_field_that_the_page_does_not_name_is_found() -> None:
    def asked(path: str, fields: str = "") -> dict[str, object]:
        query = f"sysparm_fields={fields}" if fields else ""
        return {"path": path, "query": query, "user": "scoredesk.integration"}

    assert undisclosed(asked("/api/now/table/sys_user", "user_name,u_pay")) == ["sys_user.u_pay"]
    assert undisclosed(asked("/api/now/table/sys_user")) == ["sys_user.*"]
    assert undisclosed(asked("/api/now/table/hr_case", "number")) == ["hr_case.number"]
    assert undisclosed(asked("/api/now/import/u_x")) == ["/api/now/import/u_x"]


def test_every_column_of_what_is_kept_of_an_instance_is_described_once() -> None:
    described = [column for each in exchange_kept.KEPT for column in each.columns]
    models = [*apps.get_app_config("connections").get_models()]
    models += [apps.get_model("tickets", name) for name in ("Ticket", "Outgoing", "TicketEvent")]
    columns = [
        f"{model.__name__}.{field.name}"
        for model in models
        for field in model._meta.concrete_fields
        if field.name not in exchange_kept.OF_EVERY_ROW
    ]
    assert sorted(described) == sorted(columns), "Describe it in connections/exchange_kept.py."


def test_nothing_sealed_is_shown_as_a_value(connection: Connection) -> None:
    shown = " ".join(line.value for line in exchange_kept.lines(connection))
    assert connection.address in shown
    assert connection.client_id in shown
    assert connection.sealed_client_secret not in shown
    assert connection.sealed_access_token not in shown


def test_the_fields_that_an_administrator_maps_are_named_with_what_is_sent(
    connection: Connection,
) -> None:
    Catalogue.objects.create(
        connection=connection,
        table="incident",
        fields={"assignment_group": {"labels": {"en": "Assignment group", "zh": "分配组"}}},
        read_at=clock.now(),
    )
    rows = (("assignment_group", "Network", False), ("u_cost_center", "", True))
    for name, shown, asked in rows:
        FieldDefault.objects.create(
            connection=connection, table="incident", field=name, shown=shown, asked=asked
        )
    with override("zh-hans"):
        [(_kind, chinese)] = exchange.mapped_fields(connection)
    assert chinese[0] == "分配组 (assignment_group): Network"
    [(kind, lines)] = exchange.mapped_fields(connection)
    assert kind == "Incident"
    assert lines == [
        "Assignment group (assignment_group): Network",
        "u_cost_center (u_cost_center): asked of the person who shares",
    ]
