"""Switches of the way to the instance (servicenow-api 1.12, 4): each is a fault that stays.

What they bring about says `standing`, for the book of faults.
"""

from collections.abc import Callable
from typing import Any

from scoredesk.sandbox.faults import Fault, Match
from scoredesk.sandbox.switches import Switch

NETWORK_SWITCHES: dict[str, Switch] = {
    "hibernating": Switch(
        "no",
        "a sleeping developer instance: its page on every path, with the status 200 or 503",
        ("no", "200", "503"),
    ),
    "maintenance": Switch(False, "503 with the page of an instance under maintenance"),
    "ip_filter": Switch(
        "no",
        "the caller's address is forbidden: the connection drops, 403 with a page, or 401 as JSON",
        ("no", "drop", "html", "json"),
    ),
    "slow_query": Switch(
        "no",
        "lists are cancelled at the time limit: 200 with some rows, then an error in the same "
        "body; or that as broken JSON; or POST answers 500 though the record exists",
        ("no", "partial", "broken", "stored"),
    ),
    "lost_replies": Switch(
        False, "every record is created, by whichever API, then the connection drops"
    ),
    "clock_offset": Switch(
        0, "seconds that the instance's clock is ahead of everyone else's", least=-(10**9)
    ),
}
LISTS = Match(method="GET", path=r"/api/now/(v\d/)?table/\w+(\?|$)")
CREATES = Match(method="POST", path=r"/api/now/(v\d/)?table/\w+(\?|$)")
# Records come into being through other APIs than the Table API too.
MAKES = Match(
    method="POST",
    path=r"/api/(now/(v\d/)?(table|import)/|sn_chg_rest/(v\d/)?change|x_scoredesk/v\d/tickets/)",
)


def standing(get: Callable[[str], Any]) -> list[Fault]:
    """The faults of the switches as they are turned."""
    faults = []
    if get("ip_filter") != "no":
        faults.append(Fault.of("ip_filter", variant=get("ip_filter")))
    if get("hibernating") != "no":
        faults.append(Fault.of("hibernating", status=int(get("hibernating"))))
    if get("maintenance"):
        faults.append(Fault.of("maintenance"))
    if get("slow_query") != "no":
        where = CREATES if get("slow_query") == "stored" else LISTS
        faults.append(Fault.of("cancelled", where, variant=get("slow_query")))
    if get("lost_replies"):
        faults.append(Fault.of("lost_reply", MAKES))
    for fault in faults:
        fault.service = "servicenow"
    return faults
