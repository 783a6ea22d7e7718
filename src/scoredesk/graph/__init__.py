"""Floor 1: client library for Secure Score in Microsoft Graph. No Django, nothing of ServiceNow.

The names below are the public door; `errors`, `payloads` and `tokens` are modules of their own.
"""

from __future__ import annotations

from scoredesk.graph import errors
from scoredesk.graph.client import Graph
from scoredesk.graph.credentials import (
    Certificate,
    ClientSecret,
    ManagedIdentity,
    MsalTokens,
    TokenSource,
    thumbprint,
)
from scoredesk.graph.errors import GraphError
from scoredesk.graph.payloads import Category, ControlScore, Level, Profile, Snapshot

__all__ = [
    "Category",
    "Certificate",
    "ClientSecret",
    "ControlScore",
    "Graph",
    "GraphError",
    "Level",
    "ManagedIdentity",
    "MsalTokens",
    "Profile",
    "Snapshot",
    "TokenSource",
    "errors",
    "thumbprint",
]
