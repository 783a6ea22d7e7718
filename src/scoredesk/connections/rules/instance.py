"""What the looks from outside say about the instance, its release and its clock."""

from __future__ import annotations

from datetime import timedelta

from scoredesk.connections.errors import ClockOff, ReleaseTooOld, ReleaseUnknown
from scoredesk.connections.evidence.facts import Evidence
from scoredesk.connections.findings import Check, Finding, Outcome

# What the connector and the interfaces that we use need (DESIGN: Set up a connection).
OLDEST_FAMILY = "Kingston"
CLOCKS_AGREE_WITHIN = timedelta(seconds=60)
_AS_SHOWN = "%Y-%m-%d %H:%M:%S"


def reach(evidence: Evidence) -> list[Finding] | None:
    """Whether an instance answers at all."""
    if evidence.instance is None:
        return None
    fault = evidence.instance.sighting.fault
    return [Finding.of(Check.REACH, Outcome.FAILED, fault)] if fault else []


def release(evidence: Evidence) -> list[Finding] | None:
    """Only a release that is known to be too old is a fault; most users may not read it."""
    if evidence.release is None:
        return None
    known = evidence.release.release
    if known is None:
        if evidence.release.change_models:
            return []
        return [Finding.of(Check.RELEASE, Outcome.UNSURE, ReleaseUnknown())]
    if known.is_before(OLDEST_FAMILY):
        too_old = ReleaseTooOld(facts={"release": str(known)})
        return [Finding.of(Check.RELEASE, Outcome.FAILED, too_old)]
    return [Finding(Check.RELEASE, Outcome.GOOD, facts={"release": str(known)})]


def clock(evidence: Evidence) -> list[Finding] | None:
    """Whether the instance's clock agrees with ours. Nothing breaks where it does not."""
    sighting = evidence.instance.sighting.value if evidence.instance else None
    if sighting is None or sighting.ahead is None:
        return None
    if abs(sighting.ahead) < CLOCKS_AGREE_WITHIN:
        return []
    off = ClockOff(
        facts={
            "seconds": f"{abs(sighting.ahead).total_seconds():.0f}",
            "instance_time": f"{evidence.at + sighting.ahead:{_AS_SHOWN}}",
            "portal_time": f"{evidence.at:{_AS_SHOWN}}",
        }
    )
    return [Finding.of(Check.CLOCK, Outcome.WARNING, off)]
