"""Who answers for the connection: a pure comparison with the integration user that was declared."""

from __future__ import annotations

from collections.abc import Collection

from scoredesk.connections.errors import PersonalCredentials, UserUnusable, WrongUser
from scoredesk.connections.models import Connection, Status
from scoredesk.servicenow import InstanceUser


def check_user(user: InstanceUser, declared: str) -> None:
    """Raises WrongUser or UserUnusable unless `user` may act for the connection.

    User names are compared without regard to case, as ServiceNow's sign-in does. A field that may
    not be read (None) speaks neither for nor against the user.
    """
    if user.user_name.strip().casefold() != declared.strip().casefold():
        raise WrongUser(
            facts={
                "answered": user.user_name,
                "answered_name": user.name or user.user_name,
                "declared": declared,
            }
        )
    if user.active is False or user.locked_out is True:
        raise UserUnusable(facts={"answered": user.user_name})


def check_not_personal(user: InstanceUser, people: Collection[str]) -> None:
    """Raises PersonalCredentials if `user` carries the e-mail address of somebody who uses the
    portal (`people`, in small letters): the connection would end with that person (servicenow-api
    1.12 B).
    """
    if is_of_a_person(user, people):
        raise PersonalCredentials(
            facts={
                "answered": user.user_name,
                "answered_name": user.name or user.user_name,
                "email": user.email.strip(),
            }
        )


def is_of_a_person(user: InstanceUser, people: Collection[str]) -> bool:
    """Whether `user` carries the address of one of these people. An account for web services only
    is nobody's own, whoever reads its mail."""
    return user.email.strip().casefold() in people and user.web_service_access_only is not True


def check_not_known_as_another(connection: Connection) -> None:
    """Raises what the last question "who are we?" found, if that was somebody else or an account
    that may not act: no job goes on in that name until a check has found the right user."""
    known = {kind.code: kind for kind in (WrongUser, UserUnusable)}
    if connection.status == Status.ATTENTION and connection.reason in known:
        raise known[connection.reason](facts=connection.reason_facts)
