"""Looks at the instance from outside, as nobody, and at its release."""

from __future__ import annotations

from scoredesk.connections.evidence.facts import InstanceEvidence, ReleaseEvidence, look
from scoredesk.connections.instance import recorded_wire, redirect_uri
from scoredesk.connections.models import Connection
from scoredesk.servicenow import Query, ServiceNow, probe
from scoredesk.servicenow.errors import Forbidden
from scoredesk.servicenow.probe import look_at_allow_page
from scoredesk.servicenow.releases import PROPERTIES, release_of
from scoredesk.servicenow.vocabulary import Table

_CHANGE_MODELS = "/api/sn_chg_rest/v1/change/model"


def look_at_instance(connection: Connection) -> InstanceEvidence:
    """Whether a ServiceNow instance answers at the address, and whether it knows our OAuth
    application. What is not there is asked nothing more."""
    seen = InstanceEvidence(
        sighting=look(lambda: probe(connection.address, recorded_wire(connection)))
    )
    if not seen.reached or not connection.client_id:
        return seen
    page = look(
        lambda: look_at_allow_page(
            connection.address, recorded_wire(connection), connection.client_id, redirect_uri()
        )
    )
    return InstanceEvidence(seen.sighting, page)


def look_at_release(client: ServiceNow) -> ReleaseEvidence:
    """The release by its properties; else whether an interface of a later release answers
    (servicenow-api 11)."""
    rows = look(
        lambda: client.list(
            Table.PROPERTIES, Query().in_list("name", PROPERTIES), ["name", "value"]
        )
    )
    release = release_of({row.value("name"): row.value("value") for row in rows.value or []})
    if release is not None:
        return ReleaseEvidence(release)
    models = look(lambda: client.read(_CHANGE_MODELS, {"sysparm_limit": "1"}))
    return ReleaseEvidence(
        change_models=models.fault is None or isinstance(models.fault, Forbidden)
    )
