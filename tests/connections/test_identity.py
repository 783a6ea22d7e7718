"""Who may act for a connection."""

from __future__ import annotations

import pytest

from scoredesk.connections.errors import UserUnusable, WrongUser
from scoredesk.connections.identity import check_user
from scoredesk.servicenow import InstanceUser


def user(user_name: str, **fields: bool | None) -> InstanceUser:
    return InstanceUser(sys_id="6" * 32, user_name=user_name, name="Somebody", **fields)


@pytest.mark.parametrize("answered", ["scoredesk", "Scoredesk", "SCOREDESK "])
def test_the_declared_user_is_welcome_whatever_the_case(answered: str) -> None:
    check_user(user(answered), "scoredesk")


def test_rights_that_hide_the_users_fields_do_not_speak_against_it() -> None:
    check_user(user("scoredesk", active=None, locked_out=None), "scoredesk")


@pytest.mark.parametrize("answered", ["admin", "scoredesk2", "", "ѕcoredesk"])
def test_anybody_else_is_refused_and_named(answered: str) -> None:
    with pytest.raises(WrongUser) as caught:
        check_user(user(answered), "scoredesk")
    assert caught.value.facts["answered"] == answered
    assert caught.value.facts["declared"] == "scoredesk"


@pytest.mark.parametrize("fields", [{"active": False}, {"active": True, "locked_out": True}])
def test_an_inactive_or_locked_user_is_refused(fields: dict[str, bool]) -> None:
    with pytest.raises(UserUnusable):
        check_user(user("scoredesk", **fields), "scoredesk")
