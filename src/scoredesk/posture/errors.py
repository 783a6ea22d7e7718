"""What may go wrong with Secure Score here, apart from what Microsoft does (`graph.errors`).

PostureError
├── OtherDirectory    the answer is about another Microsoft 365 tenant than the data kept here
└── NoSource          the tenant has no source to refresh from
"""

from __future__ import annotations

from typing import ClassVar

from scoredesk.common.errors import ScoredeskError


class PostureError(ScoredeskError):
    """Any fault of this room."""

    code: ClassVar[str] = "posture.error"
    summary: ClassVar[str] = "Secure Score cannot be refreshed."


class OtherDirectory(PostureError):
    """`facts`: known and given, the two tenant IDs."""

    code = "posture.other_directory"
    summary = "The score belongs to another Microsoft 365 tenant than the data kept here."


class NoSource(PostureError):
    """Nobody has connected the Microsoft 365 tenant, or the source was removed meanwhile."""

    code = "posture.no_source"
    summary = "The tenant has no Secure Score source."
