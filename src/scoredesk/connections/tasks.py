"""Jobs of this room: tokens renewed before they lapse, failing connections looked at again, and
once a day the question who we are."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django import app

from scoredesk.common.clock import now
from scoredesk.connections import upkeep
from scoredesk.connections.fields import reading

# Longer than the pause between two runs, so that no token lapses between them.
AHEAD = timedelta(minutes=12)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="renew-tokens", pass_context=False)
def renew_tokens(timestamp: int) -> None:  # noqa: ARG001  # Procrastinate passes the planned time
    """Renews the tokens that lapse soon."""
    upkeep.renew_lapsing(now(), AHEAD)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="look-at-failing", pass_context=False)
def look_at_failing(timestamp: int) -> None:  # noqa: ARG001  # Procrastinate passes the planned time
    """Looks again at connections whose pause after a fault is over."""
    upkeep.look_at_failing(now())


@app.periodic(cron="47 4 * * *")
@app.task(queueing_lock="read-states", pass_context=False)
def read_states(timestamp: int) -> None:  # noqa: ARG001  # Procrastinate passes the planned time
    """Reads the states of every instance, to find what was changed there."""
    upkeep.read_states(now())


@app.periodic(cron="17 4 * * *")
@app.task(queueing_lock="verify-identities", pass_context=False)
def verify_identities(timestamp: int) -> None:  # noqa: ARG001  # Procrastinate passes the planned time
    """Asks every instance whether we still are the integration user."""
    upkeep.verify_identities(now())


@app.periodic(cron="47 4 * * *")
@app.task(queueing_lock="read-fields", pass_context=False)
def read_fields(timestamp: int) -> None:  # noqa: ARG001  # Procrastinate passes the planned time
    """Reads every instance's fields and choices, so that what changed there is told."""
    reading.take_up_all(now())
