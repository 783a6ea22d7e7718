"""Every kind of fault, and what it does."""

from __future__ import annotations

# What goes wrong on the wire, alike for every service.
WIRE_KINDS = {
    "refuse": "the port is closed for `seconds` (of the machine), connections to it are refused; "
    "the control room stays on the other port",
    "reset": "the connection is reset before the request is carried out",
    "reset_after": "the request is carried out, then the connection is reset",
    "lost_reply": "the request is carried out, then the connection drops without an answer",
    "timeout": "nothing is answered for `delay` seconds, then the connection drops",
    "half_body": "the right answer, but the connection drops in the middle of its body",
    "slow": "the answer comes `delay` seconds late",
    "slow_drip": "the right answer, `bytes` (1) at a time with `delay` (0.05) seconds between",
    "stored_error": "the request is carried out, then answered with 500 all the same",
}
# What is answered instead of the right reply; the body is the service's own way of saying it.
ANSWER_KINDS = {
    "unauthorized": "401",
    "forbidden": "403, a missing right (`variant`: acl with `operation` Insert, Update or "
    "Delete, unscoped, scope, query, table, api, fencing)",
    "data_policy": "403, a mandatory field (`fields`: labels)",
    "business_rule": "403, aborted by a business rule (`name`)",
    "not_found": "404",
    "rate_limit": "429 with Retry-After (`retry_after` seconds; null: without; `limit` an hour)",
    "server_error": "500",
    "bad_gateway": "502",
    "unavailable": "503",
    "gateway_timeout": "504",
    "html": "200 with a web page instead of JSON",
    "broken_json": "200 with JSON that breaks off",
    "hibernating": "the page of a sleeping developer instance (`status`: 200 or 503)",
    "cancelled": "a cancelled transaction (`variant`: partial, rows then an error in the same "
    "body; broken, the same as broken JSON; stored, 500 though the request was carried out)",
}
# Answers that only the simulated Graph has words for.
MICROSOFT_KINDS = {
    "partial": "206 with a Warning header and a part of the right answer",
}
# Answers that only the simulated ServiceNow has words for.
SERVICENOW_KINDS = {
    "conflict": "409",
    "maintenance": "503 with the page of an instance under maintenance",
    "ip_filter": "the caller's address is forbidden (`variant`: drop, html with 403, json with "
    "401)",
    "sso_redirect": "302 to the identity provider (`host`)",
    "cross_scope": "a scoped app's script was refused (`variant`: not_granted, policy, "
    "privilege, denied, decrypted; `table`, `scope`, `status`)",
    "overload": "no free session for one more request (`status`: 429 or 503)",
}
KINDS = WIRE_KINDS | ANSWER_KINDS | SERVICENOW_KINDS | MICROSOFT_KINDS
# These need the right answer first: the request is carried out before the fault strikes.
CARRIED_OUT = {"cancelled", "partial"}
# What kinds take besides; any other name is refused while a fault is planned.
PARAMETERS = {
    *("variant", "operation", "status", "retry_after", "limit", "bytes", "fields", "name"),
    *("host", "table", "scope", "message", "detail"),
}
VARIANTS = {
    "forbidden": ("acl", "unscoped", "scope", "query", "table", "api", "fencing"),
    "cancelled": ("partial", "broken", "stored"),
    "ip_filter": ("drop", "html", "json"),
    "cross_scope": ("not_granted", "policy", "privilege", "denied", "decrypted"),
}
OPERATIONS = ("Insert", "Update", "Delete", "Read")
