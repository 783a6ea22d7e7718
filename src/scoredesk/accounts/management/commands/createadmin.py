"""Makes a security administrator from the command line."""

from __future__ import annotations

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from scoredesk.accounts.audit import Actor
from scoredesk.accounts.models import Membership, Person, Role, Tenant
from scoredesk.accounts.services import change_role, make_member

VARIABLE = "SCOREDESK_ADMIN_PASSWORD"
ACTOR = Actor("command:createadmin")


class Command(BaseCommand):
    """`scoredesk createadmin EMAIL [--tenant NAME]`; safe to repeat."""

    help = "Makes a security administrator of a tenant, and the tenant if it is the first."

    def add_arguments(self, parser: CommandParser) -> None:
        """The e-mail address, and which tenant."""
        parser.add_argument("email")
        parser.add_argument("--tenant", default="", help="the tenant's name; made when it is new")

    def handle(self, *_args: object, **options: Any) -> None:
        """Makes what is missing.

        Raises CommandError with one clear sentence for what cannot be.
        """
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"“{options['email']}” is not an e-mail address.") from None
        name = tenant_name(options["tenant"].strip())
        password = None if Person.objects.filter(email=email).exists() else new_password(email)
        with transaction.atomic():
            tenant, _ = Tenant.objects.get_or_create(name=name)
            person = Person.objects.filter(email=email).first() or Person.objects.create_user(
                email, password
            )
            self.stdout.write(make_administrator(tenant, person))


def tenant_name(wanted: str) -> str:
    """The tenant asked for, else the only one there is, else a name for the first one."""
    if wanted:
        return wanted
    names = list(Tenant.objects.values_list("name", flat=True))
    if len(names) > 1:
        raise CommandError(
            f"There are several tenants: {', '.join(names)}. Say which one with --tenant NAME."
        )
    return names[0] if names else "My organisation"


def new_password(email: str) -> str:
    """The password of the environment variable, else what somebody types twice."""
    password = os.environ.get(VARIABLE, "")
    if not password:
        try:
            password = getpass.getpass(f"Password for {email} (at least 12 characters): ")
            again = getpass.getpass("Once more: ")
        except (EOFError, KeyboardInterrupt):
            raise CommandError(f"No password was typed. Type one, or set {VARIABLE}.") from None
        if password != again:
            raise CommandError("The two passwords differ. Nothing was made; run the command again.")
    try:
        validate_password(password, Person(email=email))
    except ValidationError as weak:
        raise CommandError(f"This password will not do. {' '.join(weak.messages)}") from None
    return password


def make_administrator(tenant: Tenant, person: Person) -> str:
    """Gives the person the role and says what was done."""
    membership = Membership.objects.of(tenant).filter(person=person).first()
    if membership is None:
        make_member(ACTOR, tenant, person=person, role=Role.SECURITY_ADMIN)
    elif membership.role == Role.SECURITY_ADMIN:
        return (
            f"{person.email} is a security administrator of {tenant} already. Nothing was changed."
        )
    else:
        change_role(ACTOR, membership, Role.SECURITY_ADMIN)
    return f"{person.email} is now a security administrator of {tenant}."
