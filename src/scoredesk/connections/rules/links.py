"""Addresses in the instance that a finding leads to, as the fact `link`."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import quote

from scoredesk.common.errors import ScoredeskError
from scoredesk.connections.evidence.facts import Subject

LINK = "link"
Fault = TypeVar("Fault", bound=ScoredeskError)


def leading_to(fault: Fault, address: str) -> Fault:
    """The same error, with an address to open."""
    fault.facts[LINK] = address
    return fault


def application_of(subject: Subject) -> str:
    """The OAuth application with our client ID in the Application Registry."""
    return _list(subject, "oauth_entity", f"client_id={subject.client_id}")


def applications_of(subject: Subject) -> str:
    """The Application Registry."""
    return _list(subject, "oauth_entity")


def user_of(subject: Subject) -> str:
    """The integration user's record."""
    return _list(subject, "sys_user", f"user_name={subject.declared}")


def property_of(subject: Subject, name: str) -> str:
    """A system property."""
    return _list(subject, "sys_properties", f"name={name}")


def log_of(subject: Subject) -> str:
    """The system log, the newest first: it names what the token endpoint hides."""
    return _list(subject, "syslog", "ORDERBYDESCsys_created_on")


def _list(subject: Subject, table: str, query: str = "") -> str:
    asked = f"?sysparm_query={quote(query)}" if query else ""
    return f"{subject.address}/{table}_list.do{asked}"
