"""Jobs of this room: tokens renewed before they lapse, failing connections looked at again, and
once a day the question who we are; and the e-mails to people."""

from __future__ import annotations

from datetime import datetime, timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from scoredesk.common.clock import now
from scoredesk.connections import letters, notices, upkeep
from scoredesk.connections.fields import reading
from scoredesk.connections.standing import DAILY_CHECK

# Longer than the pause between two runs, so that no token lapses between them.
AHEAD = timedelta(minutes=12)
# A mail server that is down is asked again after 4 s, 16 s, 64 s, … for about six hours.
_UNTIL_TAKEN = RetryStrategy(max_attempts=7, exponential_wait=4, retry_exceptions={OSError})


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


@app.periodic(cron=f"{DAILY_CHECK.minute} {DAILY_CHECK.hour} * * *")
@app.task(queueing_lock="verify-identities", pass_context=False)
def verify_identities(timestamp: int) -> None:  # noqa: ARG001  # Procrastinate passes the planned time
    """Asks every instance whether we still are the integration user."""
    upkeep.verify_identities(now())


@app.periodic(cron="47 4 * * *")
@app.task(queueing_lock="read-fields", pass_context=False)
def read_fields(timestamp: int) -> None:  # noqa: ARG001  # Procrastinate passes the planned time
    """Reads every instance's fields and choices, so that what changed there is told."""
    reading.take_up_all(now())


@app.task(name=notices.TELL_TASK)
def tell_people(connection_id: int) -> None:
    """Tells people that a connection is broken, or that it works again."""
    letters.tell_people(connection_id, now())


@app.task(name=letters.SEND_TASK, retry=_UNTIL_TAKEN)
def send_letter(
    connection_id: int, person_id: int, news: str, reason: str, facts: dict[str, str], at: str
) -> None:
    """Sends one of the letters."""
    told = letters.Letter(news, reason, facts, datetime.fromisoformat(at))
    letters.send(connection_id, person_id, told)
