"""Shared by all tests: the embedded PostgreSQL, people, a tenant, the sandbox, and a worker."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEST_VAR = Path(os.environ.get("SCOREDESK_TEST_VAR", ROOT / "var" / "test"))

TEST_KEY = urlsafe_b64encode(b"for tests only, never elsewhere!").decode()

# Before Django reads them: tests must not see the settings of the machine they run on.
for name in [name for name in os.environ if name.startswith("SCOREDESK_")]:
    del os.environ[name]
os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "scoredesk.settings",
        "SCOREDESK_VAR": str(TEST_VAR),
        "SCOREDESK_SECRET_KEY": "only-for-tests",
        "SCOREDESK_ENCRYPTION_KEYS": TEST_KEY,
        "SCOREDESK_LOG_LEVEL": "WARNING",
    }
)

import django
from django.conf import settings as django_settings

# A database of its own for each run, so that two runs at once do not meet.
RUN = os.environ.setdefault("TEST_RUN", str(os.getpid()))
django_settings.DATABASES["default"]["CONN_MAX_AGE"] = 0  # no thread may outlive the database
django_settings.DATABASES["default"]["TEST"]["NAME"] = f"test_scoredesk_{RUN}"
django.setup()

# ruff: noqa: E402  # everything below needs Django, which reads the environment set above
from django.core.management import call_command
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from scoredesk.accounts.models import Membership, Person, Role, Tenant
from scoredesk.postgres import Cluster
from scoredesk.sandbox.program import RunningSandbox, running_sandbox


def pytest_configure(config: pytest.Config) -> None:
    """One embedded server for all workers of a run; it stops with the last of them."""
    if not os.environ.get("DATABASE_URL"):
        Cluster(TEST_VAR / "postgres", durable=False).acquire()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A database of its own for each xdist worker."""


@pytest.fixture(scope="session")
def sandbox_program() -> Iterator[RunningSandbox]:
    """One sandbox per worker; tests take `sandbox`, which is reset for each."""
    with running_sandbox() as program:
        yield program


@pytest.fixture
def sandbox(sandbox_program: RunningSandbox, settings: object) -> RunningSandbox:
    """Both services at their first state, with the portal's settings pointing at them."""
    sandbox_program.reset()
    point_at(settings, sandbox_program)
    return sandbox_program


def point_at(settings: object, program: RunningSandbox) -> None:
    """Makes the portal's settings name this sandbox's addresses."""
    host = program.servicenow_url.removeprefix("http://")
    values = {
        "GRAPH_URL": program.microsoft_url,
        "LOGIN_MICROSOFT_URL": program.microsoft_url,
        "INSTANCE_HOSTS": ["*.service-now.com", host],
        "PRIVATE_INSTANCE_HOSTS": [host],
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "HTTP_TIMEOUT_SECONDS": 5.0,
        "PAGE_TIMEOUT_SECONDS": 5.0,
    }
    for name, value in values.items():
        setattr(settings, name, value)


@pytest.fixture
def tenant(db: None) -> Tenant:
    """The tenant that most stories happen in, with no job of another story waiting."""
    ProcrastinateJob.objects.all().delete()  # Django does not empty the tables of Procrastinate
    return Tenant.objects.create(
        name="Alder Hospital", entra_id="11111111-2222-4333-8444-555555555555"
    )


@pytest.fixture
def other_tenant(db: None) -> Tenant:
    """A neighbour whose data must never be seen."""
    return Tenant.objects.create(name="Birch Bank")


@pytest.fixture
def make_person(tenant: Tenant) -> Callable[..., Person]:
    """Makes a person with a role in a tenant (the first one unless told)."""

    def make(email: str, role: str, into: Tenant | None = None) -> Person:
        person = Person.objects.create_user(email, "a long enough password")
        Membership.objects.create(tenant=into or tenant, person=person, role=role)
        return person

    return make


@pytest.fixture
def admin(make_person: Callable[..., Person]) -> Person:
    """Ada, a security administrator."""
    return make_person("ada@alder.example", Role.SECURITY_ADMIN)


@pytest.fixture
def reader(make_person: Callable[..., Person]) -> Person:
    """Rob, a security reader."""
    return make_person("rob@alder.example", Role.SECURITY_READER)


@pytest.fixture
def stranger(make_person: Callable[..., Person], other_tenant: Tenant) -> Person:
    """Sam, a security administrator of the other tenant."""
    return make_person("sam@birch.example", Role.SECURITY_ADMIN, other_tenant)


def signed_in(person: Person) -> Client:
    """A Django test client in which this person is signed in."""
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def admin_client(admin: Person) -> Client:
    """Ada's browser."""
    return signed_in(admin)


@pytest.fixture
def reader_client(reader: Person) -> Client:
    """Rob's browser."""
    return signed_in(reader)


@pytest.fixture
def stranger_client(stranger: Person) -> Client:
    """Sam's browser."""
    return signed_in(stranger)


@pytest.fixture
def captures() -> Path:
    """The folder of real Secure Score captures beside the project."""
    folder = ROOT.parent / "shared" / "data" / "graph"
    if not folder.is_dir():
        pytest.skip("the captures of Secure Score are not beside this checkout")
    return folder


@pytest.fixture
def run_jobs(transactional_db: None) -> Callable[[], None]:
    """Runs a worker until no job is left that is due."""

    def run() -> None:
        call_command("procrastinate", "worker", wait=False, concurrency=1)

    return run
