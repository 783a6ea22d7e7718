"""Checks a connection whose instance has records, and says which codes were found where."""

from __future__ import annotations

import httpx
from tests.connections.browserless import told

from scoredesk.accounts.audit import Actor
from scoredesk.common.clock import now
from scoredesk.connections import checks
from scoredesk.connections.findings import Check, Finding, Outcome
from scoredesk.connections.models import Connection
from scoredesk.sandbox.program import RunningSandbox

USER = "scoredesk.integration"


def filled(sandbox: RunningSandbox) -> None:
    """Records in both tables."""
    for table in ("incident", "change_request"):
        told(sandbox, "seed", table=table, count=3)


def findings(connection: Connection) -> list[Finding]:
    """What a check finds now."""
    connection.refresh_from_db()
    return checks.run(connection, actor=Actor.job("test"), now=now())


def outcome(connection: Connection, check: Check, code: str) -> Outcome | None:
    """How the check ended with this code; None if the code was not found."""
    found = {each.code: each for each in findings(connection) if each.check == check}
    return found[code].outcome if code in found else None


def facts(connection: Connection, code: str) -> dict[str, str]:
    """The facts of the first finding with this code."""
    return next(each.facts for each in findings(connection) if each.code == code)


def user_is(sandbox: RunningSandbox, user: str = USER, **fields: str) -> None:
    """An administrator changes the integration user's record."""
    wanted = {"table": "sys_user", "query": f"user_name={user}", "fields": fields, "as": "admin"}
    told(sandbox, "records", **wanted)


def roles_are(sandbox: RunningSandbox, *names: str) -> None:
    """An administrator gives the integration user these roles and takes all others."""
    admin = ("admin", "admin")
    with httpx.Client(
        base_url=f"{sandbox.servicenow_url}/api/now/table",
        auth=admin,
        headers={"Accept": "application/json"},
    ) as client:
        granted = client.get(
            "/sys_user_has_role", params={"sysparm_query": f"user.user_name={USER}"}
        ).json()["result"]
        for row in granted:
            client.delete(f"/sys_user_has_role/{row['sys_id']}").raise_for_status()
        for name in names:
            client.post("/sys_user_has_role", json={"user": USER, "role": name}).raise_for_status()


def roles_hidden(sandbox: RunningSandbox) -> None:
    """Nobody but administrators may ask for roles by their user; administrators show none."""
    told(
        sandbox,
        "faults",
        kind="forbidden",
        variant="query",
        match={"method": "GET", "path": "sys_user_has_role", "query": "getUserID"},
        times=None,
    )
