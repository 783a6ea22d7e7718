"""The house itself: migrations complete, commands known, settings documented."""

from __future__ import annotations

from django.core.management import call_command

from scoredesk.accounts.models import Tenant


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_django_finds_nothing_to_complain_about(db: None) -> None:
    call_command("check", fail_level="WARNING")


def test_a_tenant_survives_the_database(tenant: Tenant) -> None:
    assert Tenant.objects.get(pk=tenant.pk).name == "Alder Hospital"
