"""What a ServiceNow administrator does in the instance: records read and changed by hand."""

from __future__ import annotations

from typing import Any

import httpx
from tests.connections.browserless import CLIENT_ID, told

from scoredesk.sandbox.program import RunningSandbox

_ADMIN = ("admin", "admin")


def rows(sandbox: RunningSandbox, table: str, query: str) -> list[dict[str, str]]:
    """Records of a table, raw values."""
    asked = {"sysparm_query": query, "sysparm_exclude_reference_link": "true"}
    found: list[dict[str, str]] = _call(sandbox, "GET", table, params=asked)
    return found


def row(sandbox: RunningSandbox, table: str, query: str) -> dict[str, str]:
    """The only record that the query finds."""
    [found] = rows(sandbox, table, query)
    return found


def change(sandbox: RunningSandbox, table: str, query: str, **values: str) -> dict[str, str]:
    """Changes the only record that the query finds."""
    sys_id = row(sandbox, table, query)["sys_id"]
    changed: dict[str, str] = _call(sandbox, "PATCH", f"{table}/{sys_id}", json=values)
    return changed


def delete(sandbox: RunningSandbox, table: str, query: str) -> None:
    """Deletes the only record that the query finds."""
    _call(sandbox, "DELETE", f"{table}/{row(sandbox, table, query)['sys_id']}")


def set_application(sandbox: RunningSandbox, **values: str) -> None:
    """Changes the OAuth application."""
    change(sandbox, "oauth_entity", f"client_id={CLIENT_ID}", **values)


def set_user(sandbox: RunningSandbox, user_name: str, **values: str) -> None:
    """Changes a user."""
    change(sandbox, "sys_user", f"user_name={user_name}", **values)


def allow_client_credentials(sandbox: RunningSandbox, user_name: str) -> None:
    """The property is true, and this user is the OAuth Application User."""
    told(sandbox, "switches", client_credentials=True)
    user = row(sandbox, "sys_user", f"user_name={user_name}")
    set_application(sandbox, user=user["sys_id"])


def _call(sandbox: RunningSandbox, method: str, path: str, **more: Any) -> Any:
    url = f"{sandbox.servicenow_url}/api/now/table/{path}"
    headers = {"Accept": "application/json"}
    answer = httpx.request(method, url, auth=_ADMIN, headers=headers, timeout=10, **more)
    answer.raise_for_status()
    return answer.json()["result"] if answer.content else None
