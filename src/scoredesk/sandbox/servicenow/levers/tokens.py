"""The lever on tokens: revoked, or lapsed before their time."""

from __future__ import annotations

from typing import Any

from scoredesk.sandbox.servicenow.instance import Instance
from scoredesk.sandbox.servicenow.levers.people import caller_named
from scoredesk.sandbox.servicenow.sign_in.credentials import ACCESS, REFRESH, SESSION

KINDS = {
    "access": (ACCESS,),
    "refresh": (REFRESH,),
    "session": (SESSION,),
    "all": (ACCESS, REFRESH, SESSION),
}


def end_tokens(instance: Instance, asked: dict[str, Any]) -> dict[str, Any]:
    """`{"revoke": "access"}` or `{"expire": "refresh", "user": "…"}`; answers how many ended.

    `access`, `refresh`, `session` (browsers) or `all`; of one user, or of everybody.
    """
    unknown = sorted(set(asked) - {"revoke", "expire", "user"})
    if unknown or ("revoke" in asked) == ("expire" in asked):
        raise ValueError("tokens takes either revoke or expire, and user.")
    verb = "revoke" if "revoke" in asked else "expire"
    kinds = KINDS.get(str(asked[verb]))
    if kinds is None:
        raise ValueError(f"{verb} takes one of: {', '.join(KINDS)}.")
    user_id = caller_named(instance, str(asked["user"])).sys_id if asked.get("user") else ""
    now = instance.shared.clock.now().timestamp()
    places = ", ".join("?" for _ in kinds)
    chosen = f"kind IN ({places}) AND expires_at > ? AND (? = '' OR user_id = ?)"
    given = (*kinds, now, user_id, user_id)
    if verb == "revoke":
        change = f"DELETE FROM sn_credential WHERE {chosen}"  # noqa: S608 # made of ? only
        ended = instance.store.db.execute(change, given)
    else:
        change = f"UPDATE sn_credential SET expires_at = ? WHERE {chosen}"  # noqa: S608 # made of ? only
        ended = instance.store.db.execute(change, (now - 1, *given))
    return {"ended": ended.rowcount}
