"""One planned fault: what, for which requests, how often, how long."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import unquote_plus

from scoredesk.sandbox.faults.kinds import (
    KINDS,
    MICROSOFT_KINDS,
    OPERATIONS,
    PARAMETERS,
    SERVICENOW_KINDS,
    VARIANTS,
)

Number = TypeVar("Number", int, float)
OWN_KINDS = {"servicenow": SERVICENOW_KINDS, "microsoft": MICROSOFT_KINDS}
LONGEST_SECONDS = 10_000_000
WHOLE = {"status", "retry_after", "limit", "bytes"}
MATCH_KEYS = {"method", "path", "query", "body", "user", "header"}


@dataclass
class Asked:
    """A request as faults look at it; `user` is only called by a fault that wants to know."""

    service: str
    method: str
    target: str
    body: bytes
    headers: Mapping[str, str]
    user: Callable[[], str]
    now: datetime

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Match:
    """Which requests a fault is meant for; what is empty fits every request.

    `method` may name several (`POST,PATCH`), `path` is a regular expression on path and query as
    sent, `query` one on the decoded query, `body` and the values of `header` are parts.
    """

    method: str = ""
    path: str = ""
    query: str = ""
    body: str = ""
    user: str = ""
    header: Mapping[str, str] = field(default_factory=dict)

    def fits(self, asked: Asked) -> bool:
        """Whether the request is meant."""
        return (
            (not self.method or asked.method in self.method)
            and (not self.path or re.search(self.path, asked.target) is not None)
            and (not self.query or self._query_fits(asked.target))
            and all(part in asked.headers.get(name, "") for name, part in self.header.items())
            and (not self.body or self.body in asked.text)
            and (not self.user or self.user == asked.user())
        )

    def _query_fits(self, target: str) -> bool:
        return re.search(self.query, unquote_plus(target.partition("?")[2])) is not None

    def as_json(self) -> dict[str, Any]:
        """The match for the control room: the first three always, the rest where it is given."""
        more = {"query": self.query, "user": self.user, "header": dict(self.header)}
        return {
            "method": self.method,
            "path": self.path,
            "body": self.body,
            **{name: value for name, value in more.items() if value},
        }


@dataclass
class Fault:
    """`times` None: until removed. `seconds` counts on the sandbox's clock from its planning."""

    kind: str
    match: Match = field(default_factory=Match)
    service: str = ""
    times: int | None = 1
    after: int = 0
    every: int = 1
    probability: float = 1
    seed: int | None = None
    seconds: float | None = None
    delay: float = 0
    params: dict[str, Any] = field(default_factory=dict)
    number: int = 0
    seen: int = 0
    hits: int = 0
    until: datetime | None = None

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311 # faults, not secrets

    @classmethod
    def of(cls, kind: str, match: Match | None = None, **params: Any) -> Fault:
        """A fault that strikes each time until it is taken away."""
        return cls(kind=kind, match=match or Match(), times=None, params=params)

    def begin(self, now: datetime) -> None:
        """Start the time that it lasts."""
        if self.seconds is not None and self.kind != "refuse":
            self.until = now + timedelta(seconds=self.seconds)

    def over(self, now: datetime) -> bool:
        """Whether it will not strike any more."""
        spent = self.times is not None and self.hits >= self.times
        return spent or (self.until is not None and now >= self.until)

    def strikes(self, asked: Asked) -> bool:
        """Whether it strikes this request; counts the request and the hit."""
        if self.kind == "refuse" or self.over(asked.now):
            return False
        if self.service not in {"", asked.service} or not self.match.fits(asked):
            return False
        self.seen += 1
        due = self.seen > self.after and (self.seen - self.after) % self.every == 0
        if not due or (self.probability < 1 and self._dice.random() >= self.probability):
            return False
        self.hits += 1
        return True

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The fault for the control room."""
        return {
            "number": self.number,
            "kind": self.kind,
            "service": self.service,
            "match": self.match.as_json(),
            "times": self.times,
            "after": self.after,
            "every": self.every,
            "probability": self.probability,
            "seed": self.seed,
            "seconds": self.seconds,
            "until": self.until.isoformat() if self.until else None,
            "delay": self.delay,
            "params": self.params,
            "seen": self.seen,
            "hits": self.hits,
            "over": self.over(now),
        }


def parse_fault(asked: dict[str, Any]) -> Fault:
    """A fault from the control room's JSON; ValueError says in plain words what is wrong.

    `{"kind": "lost_reply", "match": {"method": "POST", "path": "table/incident", "body": "x"},
    "times": 1, "after": 0, "every": 1, "probability": 1, "seed": 7, "seconds": 60, "delay": 0,
    "service": "servicenow", ...}`; `times: null` means until removed, which is also meant where
    only `every`, `probability` or `seconds` is given; `after` lets that many fitting requests
    pass first; other keys are parameters of the kind, which may also stand in `params`, where a
    planned fault shows them.
    """
    rest = dict(asked)
    more = rest.pop("params", None) or {}
    if not isinstance(more, dict):
        raise TypeError("params is an object of the kind's parameters.")
    rest.update(more)
    kind = str(rest.pop("kind", ""))
    if kind not in KINDS:
        raise ValueError(f"There is no fault {kind!r}. There are: {', '.join(sorted(KINDS))}.")
    lasting = any(name in rest for name in ("every", "probability", "seconds"))
    times = rest.pop("times", None if lasting else 1)
    try:
        fault = Fault(
            kind=kind,
            match=_match(rest.pop("match", None) or {}),
            times=None if times is None else _number(times, int),
            after=_number(rest.pop("after", 0), int),
            every=_number(rest.pop("every", 1), int),
            probability=_number(rest.pop("probability", 1), float),
            seed=rest.pop("seed", None),
            seconds=_seconds(rest.pop("seconds", None)),
            delay=_number(rest.pop("delay", 0), float),
            service=str(rest.pop("service", "")),
            params=rest,
        )
    except (TypeError, re.error) as error:
        raise ValueError(f"The fault could not be read: {error}") from error
    return _checked(fault)


def _match(given: dict[str, Any]) -> Match:
    unknown = set(given) - MATCH_KEYS
    if unknown:
        raise ValueError(
            f"A match has {', '.join(sorted(MATCH_KEYS))}, not {', '.join(sorted(unknown))}."
        )
    for name in ("path", "query"):
        re.compile(str(given.get(name, "")))
    headers = given.get("header") or {}
    if not isinstance(headers, dict):
        raise TypeError("header is an object of names and parts of values")
    return Match(
        method=str(given.get("method", "")).upper(),
        path=str(given.get("path", "")),
        query=str(given.get("query", "")),
        body=str(given.get("body", "")),
        user=str(given.get("user", "")),
        header={str(name).lower(): str(part) for name, part in headers.items()},
    )


def _number(value: Any, wanted: type[Number]) -> Number:
    try:
        return wanted(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(
            "times, after and every are whole numbers; probability, seconds and delay are numbers."
        ) from error


def _seconds(value: Any) -> float | None:
    return None if value is None else _number(value, float)


def _checked(fault: Fault) -> Fault:
    if not all(map(math.isfinite, (fault.delay, fault.probability, fault.seconds or 0))):
        raise ValueError("delay, probability and seconds are finite numbers.")
    if (fault.seconds or 0) > LONGEST_SECONDS or fault.delay > LONGEST_SECONDS:
        raise ValueError(f"seconds and delay are at most {LONGEST_SECONDS}.")
    if fault.every < 1 or fault.after < 0 or fault.delay < 0 or not 0 <= fault.probability <= 1:
        raise ValueError("every is at least 1, after and delay 0, probability from 0 to 1.")
    if fault.service not in {"", "servicenow", "microsoft"}:
        raise ValueError("service is servicenow or microsoft, or left out for both.")
    for service, kinds in OWN_KINDS.items():
        if fault.kind in kinds:
            if fault.service not in {"", service}:
                raise ValueError(f"The fault {fault.kind!r} is of {service} only.")
            fault.service = service
    if fault.kind == "refuse" and fault.match != Match():
        raise ValueError("refuse closes the whole port: it takes no match.")
    _check_params(fault.params)
    _check_choice(fault, "variant", VARIANTS.get(fault.kind))
    _check_choice(fault, "operation", OPERATIONS)
    return fault


def _check_choice(fault: Fault, name: str, choices: tuple[str, ...] | None) -> None:
    given = fault.params.get(name)
    if given is not None and given not in (choices or ()):
        taken = f"takes {name} {', '.join(choices)}" if choices else f"takes no {name}"
        raise ValueError(f"The fault {fault.kind!r} {taken}, not {given!r}.")


def _check_params(params: dict[str, Any]) -> None:
    """What would trouble the answer later is refused while it is planned."""
    unknown = sorted(set(params) - PARAMETERS)
    if unknown:
        raise ValueError(f"No fault takes {', '.join(unknown)}.")
    for name in WHOLE & set(params):
        if name == "retry_after" and params[name] is None:
            continue
        if type(params[name]) is not int or params[name] < 0:
            raise ValueError(f"{name} is a whole number.")
    if not 100 <= params.get("status", 200) <= 599:
        raise ValueError("status is an HTTP status.")
    labels = params.get("fields", [])
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ValueError("fields is a list of labels.")
