"""Whether this process can serve pages: the database answers, and has this version's shape."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


def why_not_ready() -> str:
    """ "" when ready; else the reason in a sentence for operators, without secrets."""
    try:
        plan = missing_migrations()
    except DatabaseError:
        return "The database does not answer. See PostgreSQL's log, and DATABASE_URL if it is set."
    if plan:
        return (
            f"The database is older than this version ({', '.join(plan)}). Run “scoredesk migrate”."
        )
    return ""


def missing_migrations() -> list[str]:
    """Migrations of this version that the database has not had, as "app.name"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
