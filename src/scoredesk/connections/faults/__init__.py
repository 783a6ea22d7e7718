"""Every fault of a connection explained: what happened, why, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from scoredesk.common.errors import Explanation, ScoredeskError
from scoredesk.connections.faults.of_address import ADDRESS_TEXTS, SECRET_TEXTS
from scoredesk.connections.faults.of_changes import CHANGE_TEXTS
from scoredesk.connections.faults.of_fields import FIELD_TEXTS
from scoredesk.connections.faults.of_instance import INSTANCE_TEXTS
from scoredesk.connections.faults.of_network import WAY_TEXTS
from scoredesk.connections.faults.of_setup import SETUP_TEXTS
from scoredesk.connections.faults.of_sign_in import SIGN_IN_TEXTS
from scoredesk.connections.faults.of_tables import TABLES_TEXTS
from scoredesk.connections.faults.of_validation import VALIDATION_TEXTS
from scoredesk.connections.instance import redirect_uri
from scoredesk.connections.models import Connection
from scoredesk.connections.outgoing import outgoing_addresses

TEXTS = {
    **INSTANCE_TEXTS,
    **ADDRESS_TEXTS,
    **SECRET_TEXTS,
    **SETUP_TEXTS,
    **FIELD_TEXTS,
    **CHANGE_TEXTS,
    **VALIDATION_TEXTS,
    **WAY_TEXTS,
    **SIGN_IN_TEXTS,
    **TABLES_TEXTS,
}


class _Facts(dict[str, str]):
    """A fact that an error did not bring is shown as an ellipsis, never as a crash."""

    def __missing__(self, key: str) -> str:
        return "…"


def explain(code: str, facts: Mapping[str, str] | None = None) -> Explanation:
    """The explanation of a code in the language of the page, filled with `facts`.

    A code without a text is explained as an unexpected answer and named, to be searched for.
    """
    text = TEXTS.get(code) or TEXTS["servicenow.error"]
    filled = _Facts({"redirect_uri": redirect_uri(), "code": code, **(facts or {})})
    what, why, cure = (str(part) % filled for part in text)
    return Explanation(code, what, why, cure)


def explain_error(error: ScoredeskError, connection: Connection | None = None) -> Explanation:
    """The explanation of an error that has just happened to a connection."""
    return explain(error.code, {**facts_of(connection), **error.facts})


def explain_reason(connection: Connection) -> Explanation | None:
    """Why the connection needs attention, or why the last try to connect failed; None if all is
    well."""
    if not connection.reason:
        return None
    facts = {**facts_of(connection), **connection.reason_facts}
    return explain(connection.reason, facts)


def facts_of(connection: Connection | None) -> dict[str, str]:
    """What every sentence about a connection may name."""
    if connection is None:
        return {}
    outgoing = outgoing_addresses(connection.address)
    return {
        **({"outgoing": outgoing} if outgoing else {}),
        "instance": connection.address,
        "declared": connection.integration_user,
        "client_id": connection.client_id,
    }
