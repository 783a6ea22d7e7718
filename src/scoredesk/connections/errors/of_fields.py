"""Faults of the fields that an administrator maps, and of a trial record: each concerns one field
or one record, never the connection."""

from __future__ import annotations

from scoredesk.connections.errors.base import ConnectionFault


class FieldFault(ConnectionFault):
    """Any of these."""

    code = "connection.field"
    summary = "A field cannot be sent as it is mapped."


class PlaceholderUnknown(FieldFault):
    """`facts`: placeholder, known."""

    code = "connection.placeholder_unknown"
    summary = "A template holds braces that name no value of a ticket."


class FieldNotMappable(FieldFault):
    """The portal or the platform fills it; `facts`: field."""

    code = "connection.field_not_mappable"
    summary = "This field is filled by Scoredesk or by ServiceNow itself."


class ReferenceNotFound(FieldFault):
    """A group or user is gone or hidden; `facts`: table, sys_id."""

    code = "connection.reference_not_found"
    summary = "A record that a field points to is not there."


class TrialUncertain(FieldFault):
    """Whether the trial record was created is not known; `facts`: correlation_id."""

    code = "connection.trial_uncertain"
    summary = "The answer to a trial record was lost, and the record is not found."


class TrialInvisible(FieldFault):
    """Created, but not to be read afterwards; `facts`: number."""

    code = "connection.trial_invisible"
    summary = "A trial record was created but cannot be read."


class TrialNotCancelled(FieldFault):
    """Created, but left open; `facts`: number, link."""

    code = "connection.trial_not_cancelled"
    summary = "A trial record was created but could not be cancelled."
