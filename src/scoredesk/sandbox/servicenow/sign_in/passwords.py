"""Signing in with a user name and a password (servicenow-api 1.4, 1.10)."""

from __future__ import annotations

from scoredesk.sandbox.servicenow.instance import Instance, hashed
from scoredesk.sandbox.servicenow.sign_in import system_log
from scoredesk.sandbox.servicenow.state import Record


class PasswordRefused(Exception):
    """No sign-in; the text is for the system log, never for who tried."""


def check(instance: Instance, user_name: str, password: str) -> Record:
    """The active user with this password; one whose password must be reset passes too.

    Raises PasswordRefused. With the switch `lock_after` wrong passwords lock the account.
    """
    user = instance.store.find("sys_user", user_name=user_name) if user_name else None
    if user is None:
        raise PasswordRefused(f"User {user_name} not found")
    if user.get("user_password") != hashed(password):
        _count_failure(instance, user)
        raise PasswordRefused(f"Wrong password of user {user_name}")
    for field, bad in (("active", "false"), ("locked_out", "true")):
        if user.get(field, "false") == bad:
            what = "inactive" if field == "active" else "locked out"
            raise PasswordRefused(f"User {user_name} is {what}")
    if user.get("failed_attempts", "0") != "0":
        instance.store.replace("sys_user", {**user, "failed_attempts": "0"})
    return user


def check_for_program(instance: Instance, user_name: str, password: str) -> Record:
    """As `check`, for callers that cannot choose a new password where one is demanded."""
    user = check(instance, user_name, password)
    if must_change(user):
        raise PasswordRefused(f"User {user_name} must choose a new password first")
    return user


def must_change(user: Record) -> bool:
    """Whether the user has to choose a new password at the next sign-in."""
    return user.get("password_needs_reset") == "true"


def change(instance: Instance, user: Record, password: str) -> None:
    """Keep a user's new password."""
    changed = {**user, "user_password": hashed(password), "password_needs_reset": "false"}
    instance.store.replace("sys_user", changed)


def _count_failure(instance: Instance, user: Record) -> None:
    limit = int(instance.shared.switches.get("lock_after"))
    if not limit:
        return
    failures = int(user.get("failed_attempts") or 0) + 1
    locked = user.get("locked_out", "false")
    if failures >= limit and locked != "true":
        locked = "true"
        system_log.note(
            instance,
            f"User {user['user_name']} locked out after {failures} failed sign-ins",
            source="Security",
        )
    changed = {**user, "failed_attempts": str(failures), "locked_out": locked}
    instance.store.replace("sys_user", changed)
