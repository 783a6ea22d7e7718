"""Who answers for the connection: a pure comparison with the integration user that was declared."""

from __future__ import annotations

from scoredesk.connections.errors import UserUnusable, WrongUser
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
