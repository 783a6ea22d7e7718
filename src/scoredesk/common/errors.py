"""The root of all errors of Scoredesk.

    ScoredeskError
    ├── AddressError          common.addresses   an address that may not be called
    ├── SecretError           common.secrets     a secret that cannot be opened
    ├── servicenow.errors     ServiceNowError    what a ServiceNow instance may do to us
    └── graph.errors          GraphError         what Microsoft may do to us

Each class has a `code`, stable and dotted. What a person reads is looked up by that code in the
apps' own catalogues (`Explanation`), so that it can be translated; `str()` is for logs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from scoredesk.common.redaction import redact_text

_LONGEST_DETAIL = 1000
# Taking secrets out costs more than proportionally; a peer may answer with megabytes.
_LONGEST_LOOKED_AT = 10_000


class ScoredeskError(Exception):
    """Something that may go wrong and that we have a name for.

    `detail`: the other side's own words, redacted and cut, "" if none. `facts`: names and numbers
    for the sentence that a person reads. `maybe_done`: True when a write may have been carried
    out although it failed for us; then look before sending again.
    """

    code: ClassVar[str] = "scoredesk.error"
    summary: ClassVar[str] = "Something failed."
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str = "",
        *,
        facts: Mapping[str, Any] | None = None,
        maybe_done: bool = False,
    ) -> None:
        self.detail = _shown(detail).strip()[:_LONGEST_DETAIL]
        self.facts = {key: _shown(str(value)) for key, value in (facts or {}).items()}
        self.maybe_done = maybe_done
        super().__init__(self.detail)

    def __str__(self) -> str:
        words = f" It said: {self.detail}" if self.detail else ""
        return f"{self.summary} [{self.code}]{words}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


def _shown(text: str) -> str:
    """A peer's text without secrets, of bounded length, and without NUL, which PostgreSQL does
    not store: a fault that cannot be written down would be told as a fault of ours."""
    return redact_text(text[:_LONGEST_LOOKED_AT].replace("\x00", ""))


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a person is told about a fault: what happened, why, and what to do next."""

    code: str
    what: str
    why: str
    cure: str


def error_classes(root: type[ScoredeskError] = ScoredeskError) -> Iterator[type[ScoredeskError]]:
    """`root` and every class under it that has been imported, parents first."""
    waiting = [root]
    while waiting:
        cls = waiting.pop(0)
        yield cls
        waiting.extend(cls.__subclasses__())


def all_codes(root: type[ScoredeskError] = ScoredeskError) -> dict[str, type[ScoredeskError]]:
    """Every code under `root` with its class. Import the modules that define errors before."""
    return {cls.code: cls for cls in error_classes(root)}
