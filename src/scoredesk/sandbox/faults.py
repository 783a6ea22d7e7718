"""Faults that the control room plans for coming requests, shared by both services."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import Any

# What goes wrong on the wire, alike for every service.
WIRE_KINDS = {
    "reset": "the connection is reset before the request is carried out",
    "lost_reply": "the request is carried out, then the connection drops without an answer",
    "timeout": "nothing is answered for `delay` seconds, then the connection drops",
    "slow": "the answer comes `delay` seconds late",
}
# What is answered instead of the right reply; the body is the service's own way of saying it.
ANSWER_KINDS = {
    "unauthorized": "401",
    "forbidden": "403, a missing right",
    "data_policy": "403, a mandatory field (`fields`: labels)",
    "business_rule": "403, aborted by a business rule (`name`)",
    "not_found": "404",
    "rate_limit": "429 with Retry-After (`retry_after` seconds)",
    "server_error": "500",
    "bad_gateway": "502",
    "unavailable": "503",
    "gateway_timeout": "504",
    "html": "200 with a web page instead of JSON",
    "broken_json": "200 with JSON that breaks off",
    "hibernating": "200 with the page of a sleeping developer instance",
    "cancelled": "200 with some rows, then an error in the same body (a cancelled transaction)",
    "partial": "206 with a Warning header and a part of the right answer (Graph)",
}
KINDS = WIRE_KINDS | ANSWER_KINDS


@dataclass
class Fault:
    """One planned fault: what, for which requests, how often (`times` None: until removed)."""

    kind: str
    method: str = ""
    path: str = ""
    body: str = ""
    service: str = ""
    times: int | None = 1
    after: int = 0
    delay: float = 0
    params: dict[str, Any] = field(default_factory=dict)
    number: int = 0
    seen: int = 0
    hits: int = 0

    def fits(self, *, service: str, method: str, path: str, body: str) -> bool:
        """Whether this fault is meant for such a request."""
        return (
            self.service in {"", service}
            and self.method in {"", method}
            and re.search(self.path, path) is not None
            and self.body in body
        )

    def as_json(self) -> dict[str, Any]:
        """The fault for the control room."""
        match = {"method": self.method, "path": self.path, "body": self.body}
        return {
            "number": self.number,
            "kind": self.kind,
            "service": self.service,
            "match": match,
            "times": self.times,
            "after": self.after,
            "delay": self.delay,
            "params": self.params,
            "hits": self.hits,
        }


def parse_fault(asked: dict[str, Any]) -> Fault:
    """A fault from the control room's JSON; ValueError says in plain words what is wrong.

    `{"kind": "lost_reply", "match": {"method": "POST", "path": "table/incident", "body": "x"},
    "times": 1, "after": 0, "delay": 0, "service": "servicenow", ...}`; `times: null` means until
    removed, `after` lets that many fitting requests pass first; other keys are parameters of the
    kind.
    """
    rest = dict(asked)
    kind = str(rest.pop("kind", ""))
    if kind not in KINDS:
        raise ValueError(f"There is no fault {kind!r}. There are: {', '.join(sorted(KINDS))}.")
    match = rest.pop("match", None) or {}
    unknown = set(match) - {"method", "path", "body"}
    if unknown:
        raise ValueError(f"A match has method, path and body, not {', '.join(sorted(unknown))}.")
    times = rest.pop("times", 1)
    try:
        re.compile(str(match.get("path", "")))
        return Fault(
            kind=kind,
            method=str(match.get("method", "")).upper(),
            path=str(match.get("path", "")),
            body=str(match.get("body", "")),
            service=str(rest.pop("service", "")),
            times=None if times is None else int(times),
            after=int(rest.pop("after", 0)),
            delay=float(rest.pop("delay", 0)),
            params=rest,
        )
    except (TypeError, re.error) as error:
        raise ValueError(f"The fault could not be read: {error}") from error


class FaultBook:
    """The planned faults in the order in which they were planned."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._numbers = itertools.count(1)

    def add(self, fault: Fault) -> Fault:
        """Plan a fault and give it its number."""
        fault.number = next(self._numbers)
        self._faults.append(fault)
        return fault

    def take(self, *, service: str, method: str, path: str, body: str) -> Fault | None:
        """The first fault that strikes this request, counted as used; None lets it pass."""
        for fault in self._faults:
            if not fault.fits(service=service, method=method, path=path, body=body):
                continue
            fault.seen += 1
            if fault.seen > fault.after and (fault.times is None or fault.hits < fault.times):
                fault.hits += 1
                return fault
        return None

    def needs_body(self) -> bool:
        """Whether any planned fault looks into bodies."""
        return any(fault.body for fault in self._faults)

    def all(self) -> list[Fault]:
        """Every fault planned since the last clearing, also those used up."""
        return list(self._faults)

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()
