"""Inbound REST rate rules, if the control room sets any (servicenow-api 10)."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import Caller, Instance
from scoredesk.sandbox.servicenow.switches.shapes import RULE_KEYS

HOUR = 3600
# How an API is called in the refusal, by the part of its address that tells it.
API_NAMES = {
    "table": "Table API",
    "stats": "Aggregate API",
    "batch": "Batch API",
    "import": "Import Set API",
    "attachment": "Attachment API",
    "sn_chg_rest": "Change Management API",
}


def api_of(path: str) -> str:
    """The part of an address that tells the API; empty if none is known."""
    return next((part for part in path.split("/") if part in API_NAMES), "")


@dataclass(frozen=True)
class Rule:
    """So many requests an hour to an API (empty: all), for one user, a role, or all users."""

    limit: int
    api: str = ""
    table: str = ""
    user: str = ""
    role: str = ""

    @property
    def sys_id(self) -> str:
        """The same for the same rule."""
        told = f"{self.api}:{self.table}:{self.user}:{self.role}"
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()

    @property
    def rank(self) -> tuple[int, int]:
        """A single user's rule comes before a role's, that before all users'; then the lowest."""
        return (0 if self.user else 1 if self.role else 2, self.limit)

    def fits(self, caller: Caller, *, api: str, table: str) -> bool:
        """Whether the rule is meant for this request."""
        return (
            self.api in {"", api}
            and self.table in {"", table}
            and self.user in {"", caller.user_name}
            and (not self.role or self.role in caller.roles)
        )


@dataclass
class Count:
    """What one user asked under one rule in the running hour.

    `seen` is what the instance knows: nodes count for themselves and tell every 30 s.
    """

    limit: int
    window: int
    made: int = 0
    seen: int = 0
    told_at: float = 0


@dataclass
class RateRules:
    """Counts each user's requests of the running hour."""

    instance: Instance
    _counts: dict[tuple[str, str], Count] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.instance.shared.on_reset.append(self._counts.clear)

    def count(self, caller: Caller, request: Request) -> dict[str, str]:
        """Headers of the matching rule; raises the 429. Without a rule: no headers at all."""
        switches = self.instance.shared.switches
        listed, everyone = switches.get("rate_rules"), switches.get("rate_limit")
        if not listed and not everyone:
            return {}
        api = api_of(request.url.path)
        table = str(request.path_params.get("table", ""))
        rules = [rule for rule in rules_of(listed) if rule.fits(caller, api=api, table=table)]
        if everyone:
            rules.append(Rule(int(everyone)))
        if not rules:
            return {}
        return self._counted(caller, min(rules, key=lambda rule: rule.rank), api=api)

    def _counted(self, caller: Caller, rule: Rule, *, api: str) -> dict[str, str]:
        now = self.instance.shared.clock.now().timestamp()
        window = int(now // HOUR)
        key = (caller.sys_id, rule.sys_id)
        count = self._counts.get(key)
        # A changed limit begins anew (servicenow-api 10).
        if count is None or count.window != window or count.limit != rule.limit:
            count = self._counts[key] = Count(rule.limit, window, told_at=now)
        if now - count.told_at >= self.instance.shared.switches.get("rate_delay"):
            count.seen, count.told_at = count.made, now
        count.made += 1
        reset = (window + 1) * HOUR
        if count.seen >= rule.limit:
            raise errors.rate_limited(
                rule.limit,
                rule.sys_id,
                reset=reset,
                wait=max(1, math.ceil(reset - now)),
                api=API_NAMES.get(api, "Table API"),
            )
        return {
            "X-RateLimit-Limit": str(rule.limit),
            "X-RateLimit-Reset": str(reset),
            "X-RateLimit-Rule": rule.sys_id,
        }


def rules_of(listed: list[dict[str, Any]]) -> list[Rule]:
    """The rules of the switch; what is no rule is left out."""
    return [
        Rule(**{**rule, "limit": int(rule["limit"])})
        for rule in listed
        if isinstance(rule, dict) and "limit" in rule and set(rule) <= RULE_KEYS
    ]
