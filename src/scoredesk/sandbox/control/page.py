"""The control room's page for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from scoredesk.sandbox.faults import KINDS
from scoredesk.sandbox.requests_log import FILTERS
from scoredesk.sandbox.shared import Shared
from scoredesk.sandbox.switches import Switch

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
SHOWN = 50


def shown_page(shared: Shared, service: str, params: Mapping[str, str]) -> str:
    """The page; `params` are the filters of the log and, after a wrong order, `trouble`."""
    wanted = {name: params.get(name, "") for name in FILTERS}
    trouble = params.get("trouble", "")
    try:
        found = shared.requests.search(wanted)
    except ValueError as error:
        found, trouble = [], str(error)
    now = shared.clock.now()
    return PAGES.get_template("control.html").render(
        json=json.dumps,
        service=service,
        trouble=trouble,
        now=now,
        clock=shared.clock,
        faults=[fault.as_json(now) for fault in shared.faults.all()],
        kinds=KINDS,
        switches=[
            (name, kind_of(switch), switch, shared.switches.get(name))
            for name, switch in sorted(shared.switches.meanings().items())
        ],
        model=shared.time.as_json(),
        tables=sorted(shared.on_seed),
        panels={name: panel() for name, panel in shared.panels.items()},
        wanted=wanted,
        found=len(found),
        requests=list(reversed(found[-SHOWN:])),
    )


def kind_of(switch: Switch) -> str:
    """How a form asks for the switch: the type after the colon of a field's name."""
    kinds = {bool: "yes", int: "int", float: "number", list: "json", dict: "json"}
    return kinds.get(type(switch.default), "text")
