"""Creation, played in virtual time against lost answers, late arrivals and crashes.

The world is a list of records and of requests still under way; the worker follows `plan` and
nothing else. Whatever happens, once trouble ends there is exactly one record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scoredesk.tickets import plan
from scoredesk.tickets.models import Delivery
from scoredesk.tickets.plan import About, ErrorFacts, OutgoingFacts, Step

START = datetime(2027, 3, 1, tzinfo=UTC)
LATEST_ARRIVAL = plan.SETTLED_AFTER.total_seconds() - 1

# What may happen to a create: (name, seconds until the instance stores it).
DELAYS = st.floats(0, LATEST_ARRIVAL)
HAPPENINGS = st.one_of(
    st.tuples(st.sampled_from(["ok", "refused_for_now", "no_connection"]), st.just(0.0)),
    st.tuples(
        st.sampled_from(["answer_lost", "crash_after_sending", "crash_before_noting"]), DELAYS
    ),
    st.tuples(st.sampled_from(["never_arrives", "crash_before_sending"]), st.just(0.0)),
)
LOOK_UPS = st.sampled_from(["ok", "ok", "fails", "crash"])


@dataclass
class World:
    """The instance, the clock, and the row in our database."""

    creates: list[tuple[str, float]]
    look_ups: list[str]
    now: datetime = START
    arrivals: list[datetime] = field(default_factory=list)
    row: OutgoingFacts = field(default_factory=lambda: OutgoingFacts(Delivery.QUEUED, START))
    tries: int = 0
    sent_in_doubt: int = 0

    def records(self) -> int:
        return sum(arrival <= self.now for arrival in self.arrivals)

    def become(self, decision: plan.Decision) -> None:
        since = self.row.sending_since
        self.row = OutgoingFacts(decision.state, decision.next_try_at, since, decision.held)

    def run(self) -> None:
        """One run of the worker, as `delivery` does it."""
        step = plan.next_step(self.row, self.now, connected=True)
        if step is Step.SEND:
            self.send()
        elif step is Step.LOOK_UP:
            self.look_up()

    def send(self) -> None:
        self.tries += 1
        self.row = OutgoingFacts(Delivery.SENDING, self.row.next_try_at, self.now)
        happening, delay = self.creates.pop(0) if self.creates else ("ok", 0.0)
        if happening in {"ok", "answer_lost", "crash_after_sending", "crash_before_noting"}:
            self.arrivals.append(self.now + timedelta(seconds=delay))
        if happening.startswith("crash"):
            return
        if happening == "ok":
            self.row = OutgoingFacts(Delivery.DELIVERED, self.now)
            return
        lost = happening in {"answer_lost", "never_arrives"}
        about = About.CONNECTION if happening == "no_connection" else About.PASSING
        error = ErrorFacts(about, maybe_done=lost)
        self.become(plan.after_error(error, self.tries, now=self.now, chance=0.5))

    def look_up(self) -> None:
        if self.row.state == Delivery.SENDING:
            self.row = OutgoingFacts(Delivery.UNCERTAIN, self.now, self.row.sending_since)
        happening = self.look_ups.pop(0) if self.look_ups else "ok"
        if happening == "crash":
            return
        if happening == "fails":
            error = ErrorFacts(About.PASSING)
            decision = plan.after_failed_look_up(error, self.tries, now=self.now, chance=0.5)
        else:
            decision = plan.after_look_up(self.row, self.now, found=self.records() > 0)
        self.become(decision)


@settings(max_examples=400)
@given(
    creates=st.lists(HAPPENINGS, max_size=6),
    look_ups=st.lists(LOOK_UPS, max_size=12),
    waits=st.lists(st.floats(0.1, 400), max_size=40),
)
def test_whatever_is_lost_exactly_one_record_is_created(
    creates: list[tuple[str, float]], look_ups: list[str], waits: list[float]
) -> None:
    world = World(list(creates), list(look_ups))
    for seconds in [*waits, *[1000.0] * 40]:
        world.run()
        assert len(world.arrivals) <= 1
        world.now += timedelta(seconds=seconds)
    assert world.row.state == Delivery.DELIVERED
    assert world.records() == 1
