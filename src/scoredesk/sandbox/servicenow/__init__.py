"""A stand-in ServiceNow instance."""

from __future__ import annotations

from functools import partial

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.types import ASGIApp

from scoredesk.sandbox.servicenow import seed
from scoredesk.sandbox.servicenow.apis.trouble import fault_reply
from scoredesk.sandbox.servicenow.app.connector import Connector
from scoredesk.sandbox.servicenow.database.schema import TABLES
from scoredesk.sandbox.servicenow.front import FrontDoor
from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.levers.board import Board
from scoredesk.sandbox.servicenow.routes import not_allowed, routes
from scoredesk.sandbox.servicenow.seeds.tasks import SEEDED, seed_tasks
from scoredesk.sandbox.servicenow.sign_in.credentials import Credentials
from scoredesk.sandbox.servicenow.state import Store
from scoredesk.sandbox.servicenow.switches import SWITCHES
from scoredesk.sandbox.servicenow.switches.network import standing
from scoredesk.sandbox.servicenow.tables.jobs import Jobs
from scoredesk.sandbox.shared import Shared
from scoredesk.sandbox.wire import wrap


class _Version(Convertor[str]):
    regex = "v[12]"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _ChangeKind(_Version):
    regex = "normal|standard|emergency"


class _Table(Convertor[str]):
    """Only tables that exist: `/anything.do` is no address of the instance."""

    regex = "|".join(sorted(TABLES, key=len, reverse=True))

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("version", _Version())
register_url_convertor("change_kind", _ChangeKind())
register_url_convertor("table", _Table())


def create_app(shared: Shared) -> ASGIApp:
    """The instance on `shared`, filled if its data is empty, with control room and faults."""
    shared.switches.register(SWITCHES)
    store = Store(shared.data)
    instance = Instance(shared, store)
    if store.empty():
        seed.fill(instance)
        store.remember()
    elif store.renewed:
        # Data of an earlier version lack the rows that came since, such as change models.
        seed.fill(instance)

    def put_back() -> None:
        if not store.put_back():
            store.clear()
            seed.fill(instance)
            store.remember()

    shared.on_reset.insert(0, put_back)
    for table in SEEDED:
        if table in TABLES:
            shared.on_seed[table] = partial(seed_tasks, instance, table)
    board, connector = Board(instance), Connector(instance)
    shared.levers += [*board.addresses(), *connector.levers()]
    shared.panels.update({**board.panels(), "app": connector.as_json})
    credentials = Credentials(instance)
    shared.token_users.append(credentials.user_name_of)
    shared.switches.on_change.append(
        lambda: shared.faults.stand("servicenow", standing(shared.switches.get))
    )
    jobs = Jobs(instance)
    # What has become due is done before a request is answered, and when the clock was moved.
    shared.on_request.append(jobs.run)
    shared.on_clock.append(jobs.run)
    handlers = {405: not_allowed(instance)}
    pages = Starlette(routes=routes(instance, connector), exception_handlers=handlers)
    app = FrontDoor(pages, instance)
    return wrap(app, shared, service="servicenow", answer=partial(fault_reply, instance))
