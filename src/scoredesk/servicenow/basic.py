"""One question with user name and password over Basic: it tells apart what OAuth's refusals hide
(servicenow-api 1.8, 1.9). Nothing else here ever uses Basic."""

from __future__ import annotations

import httpx

from scoredesk.common.http import Wire, build_client, network_trouble
from scoredesk.servicenow import errors as e
from scoredesk.servicenow.classify import classify, from_network, payload
from scoredesk.servicenow.query import Query
from scoredesk.servicenow.records import InstanceUser, Record
from scoredesk.servicenow.vocabulary import USER_FIELDS, Table


def whoami_with_password(base_url: str, user: str, password: str, *, wire: Wire) -> InstanceUser:
    """The user whom the instance lets in. Asked once: each refusal counts towards a lock-out.

    Raises MfaRequired if the password is right and a second factor is missing, Unauthorized if it
    is wrong, or right but restricted (one cannot tell), or another ServiceNowError.
    """
    asked = {
        "sysparm_query": str(Query().caller("sys_id")),
        "sysparm_fields": ",".join(USER_FIELDS),
        "sysparm_limit": "1",
    }
    with build_client(base_url, wire) as client, wire.telling():
        try:
            answer = client.get(
                f"/api/now/table/{Table.USER}",
                params=asked,
                auth=httpx.BasicAuth(user.encode(), password.encode()),
            )
        except httpx.TransportError as lost:
            raise from_network(network_trouble(lost)) from lost
        fault = classify(answer)
        if fault is not None:
            raise fault
        rows = (payload(answer) or {}).get("result")
        if not isinstance(rows, list) or not rows:
            raise e.NotFound("The instance shows no user for this sign-in.")
        return InstanceUser.of(Record(rows[0], Table.USER))
