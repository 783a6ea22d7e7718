"""An inbound REST rate rule, if the control room sets one (servicenow-api 10)."""

from __future__ import annotations

from scoredesk.sandbox.servicenow import errors
from scoredesk.sandbox.servicenow.instance import Caller, Instance

RULE_ID = "5a1e0fa05f0011eda1b2000000000003"
HOUR = 3600


class RateRule:
    """Counts each user's requests of the running hour."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._counts: dict[tuple[str, int], int] = {}
        instance.shared.on_reset.append(self._counts.clear)

    def count(self, caller: Caller) -> dict[str, str]:
        """Headers of a matching rule; raises the 429. Without a rule: no headers at all."""
        limit = int(self._instance.shared.switches.get("rate_limit"))
        if not limit:
            return {}
        now = int(self._instance.now().timestamp())
        window = now // HOUR
        key = (caller.sys_id, window)
        self._counts[key] = self._counts.get(key, 0) + 1
        reset = (window + 1) * HOUR
        if self._counts[key] > limit:
            raise errors.rate_limited(limit, RULE_ID, reset=reset, wait=reset - now)
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Reset": str(reset),
            "X-RateLimit-Rule": RULE_ID,
        }
