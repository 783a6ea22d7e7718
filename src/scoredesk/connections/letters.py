"""The e-mails about a connection: one to each security administrator, in their own language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from scoredesk.accounts import audit
from scoredesk.accounts.access import administrators_of
from scoredesk.accounts.audit import Actor
from scoredesk.accounts.middleware import known_zone
from scoredesk.accounts.models import Membership, Person, Role, Tenant
from scoredesk.connections.faults import explain, facts_of
from scoredesk.connections.models import Connection
from scoredesk.connections.notices import TOLD, News, news_of
from scoredesk.connections.rows import locked

SEND_TASK = "connections.send_letter"
_ACTOR = Actor.job("tell")


@dataclass(frozen=True)
class Letter:
    """What is told: the news, the fault's code and facts (no secrets), and since when."""

    news: str
    reason: str
    facts: Mapping[str, str]
    at: datetime


def tell_people(connection_id: int, now: datetime) -> int:
    """Asks for a letter to each administrator, if there still is news; returns how many.

    What was told is noted in the same transaction, so nothing is told twice. A letter that the
    mail server does not take is tried again by itself, without the others.
    """
    with transaction.atomic():
        row = Connection.objects.filter(pk=connection_id).first()
        if row is None:
            return 0
        row = locked(row)
        news = news_of(row)
        if news is None:
            return 0
        reason, row.told_reason = row.reason or row.told_reason, row.reason
        row.save(update_fields=["told_reason"])
        people = administrators_of(row.tenant)
        after = {"news": news.value, "reason": reason, "people": len(people)}
        audit.record(_ACTOR, TOLD, tenant=row.tenant, subject=row.address, after=after)
        for person in people:
            app.configure_task(SEND_TASK).defer(
                connection_id=row.pk,
                person_id=person.pk,
                news=news.value,
                reason=reason,
                facts=dict(row.reason_facts),
                at=now.isoformat(),
            )
    return len(people)


def send(connection_id: int, person_id: int, letter: Letter) -> bool:
    """Sends one letter. False if the person is no administrator any more, or the connection gone.
    Raises OSError (smtplib's faults are some) if the mail server does not take it."""
    connection = Connection.objects.select_related("tenant").filter(pk=connection_id).first()
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if connection is None or person is None:
        return False
    roles = Membership.objects.of(connection.tenant).filter(person=person)
    if not roles.filter(role=Role.SECURITY_ADMIN).exists():
        return False
    _composed(connection, connection.tenant, person, letter).send()
    return True


def _composed(
    connection: Connection, tenant: Tenant, person: Person, letter: Letter
) -> EmailMessage:
    zone = known_zone(person.time_zone or tenant.time_zone)
    with translation.override(person.language or tenant.language), timezone.override(zone):
        told = explain(letter.reason, {**facts_of(connection), **letter.facts})
        broken = letter.news == News.BROKEN
        line = (
            _("Attention needed: ServiceNow connection of %(tenant)s")
            if broken
            else _("ServiceNow connection of %(tenant)s works again")
        )
        context = {
            "tenant": tenant.name,
            "connection": connection,
            "broken": broken,
            "fault": told,
            "at": letter.at,
            "link": f"{settings.PUBLIC_URL}{reverse('connections:overview')}",
        }
        text = render_to_string("connections/letter.txt", context)
    subject = " ".join((line % {"tenant": tenant.name}).split())
    return EmailMessage(subject, text.strip() + "\n", to=[person.email])
