"""Floor 1: client library for a ServiceNow instance. Knows no Django and nothing of Microsoft.

The names below are the public door; `errors`, `vocabulary`, `oauth`, `probe`,
`basic` and `releases` are modules of their own.
"""

from __future__ import annotations

from scoredesk.servicenow import errors, vocabulary
from scoredesk.servicenow.client import ServiceNow
from scoredesk.servicenow.errors import ServiceNowError
from scoredesk.servicenow.oauth import OAuthApplication, Tokens, new_verifier
from scoredesk.servicenow.probe import Sighting, probe
from scoredesk.servicenow.query import Query, UnsafeQuery
from scoredesk.servicenow.records import Choice, InstanceUser, RateRule, Record

__all__ = [
    "Choice",
    "InstanceUser",
    "OAuthApplication",
    "Query",
    "RateRule",
    "Record",
    "ServiceNow",
    "ServiceNowError",
    "Sighting",
    "Tokens",
    "UnsafeQuery",
    "errors",
    "new_verifier",
    "probe",
    "vocabulary",
]
