"""What a check can find: the steps of the installation checklist, the checks of each step, and the
finding that a check ends with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoredesk.common.errors import ScoredeskError


class Step(models.TextChoices):
    """The steps of the installation checklist, in this order."""

    INSTANCE = "instance", _("Instance")
    APP = "app", _("Connector app")
    APPLICATION = "application", _("OAuth application")
    USER = "user", _("Integration user")
    AUTHORIZE = "authorize", _("Authorize")
    VERIFY = "verify", _("Verify")


class Check(models.TextChoices):
    """What is looked at, in this order."""

    REACH = "reach", _("The instance can be reached")
    RELEASE = "release", _("The release is recent enough")
    CLOCK = "clock", _("The clocks agree")
    APP = "app", _("The connector app answers")
    APPLICATION = "application", _("The OAuth application is known to the instance")
    TOKENS = "tokens", _("The instance gives tokens, and they work")
    IDENTITY = "identity", _("The portal acts as the integration user")
    ACCOUNT = "account", _("The integration user is an account for programs")
    CHANGE_REQUEST = "change_request", _("Change requests can be read and created")
    INCIDENT = "incident", _("Incidents can be read and created")
    CHOICES = "choices", _("States, priorities and other choices")
    FIELDS = "fields", _("Mandatory fields and rules")
    LIMITS = "limits", _("The instance's limits")
    CARDS = "cards", _("People see cards and Share")


STEP_OF: dict[Check, Step] = {
    Check.REACH: Step.INSTANCE,
    Check.RELEASE: Step.INSTANCE,
    Check.CLOCK: Step.INSTANCE,
    Check.APP: Step.APP,
    Check.APPLICATION: Step.APPLICATION,
    Check.TOKENS: Step.AUTHORIZE,
    Check.IDENTITY: Step.USER,
    Check.ACCOUNT: Step.USER,
    Check.CHANGE_REQUEST: Step.VERIFY,
    Check.INCIDENT: Step.VERIFY,
    Check.CHOICES: Step.VERIFY,
    Check.FIELDS: Step.VERIFY,
    Check.LIMITS: Step.VERIFY,
    Check.CARDS: Step.VERIFY,
}


class Outcome(models.TextChoices):
    """How a check ended."""

    GOOD = "good", _("In order")
    WARNING = "warning", _("Works, but")
    UNSURE = "unsure", _("Cannot tell")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Not checked")


@dataclass(frozen=True)
class Finding:
    """One thing that a check found; for anything but "good" the code and facts of the cause."""

    check: Check
    outcome: Outcome
    code: str = ""
    detail: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    error: ScoredeskError | None = field(default=None, compare=False)

    @classmethod
    def of(cls, check: Check, outcome: Outcome, error: ScoredeskError | None = None) -> Finding:
        """The finding of a check that ended with this error, or without one."""
        if error is None:
            return cls(check, outcome)
        return cls(check, outcome, error.code, error.detail, dict(error.facts), error)

    @property
    def step(self) -> Step:
        """The step of the checklist that it belongs to."""
        return STEP_OF[self.check]

    def as_json(self) -> dict[str, Any]:
        """For the connection's row; the error object stays behind."""
        kept = asdict(self)
        kept.pop("error")
        return kept
