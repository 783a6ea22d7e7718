"""The root of what may go wrong with a connection, apart from what ServiceNow itself says."""

from __future__ import annotations

from typing import ClassVar

from scoredesk.common.errors import ScoredeskError


class ConnectionFault(ScoredeskError):
    """Any of these. `family`: how all their codes begin."""

    family: ClassVar[str] = "connection."
    code: ClassVar[str] = "connection.error"
    summary: ClassVar[str] = "The connection has a fault."
