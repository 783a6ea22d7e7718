"""Values in every shape that the Table API gives them (servicenow-api 2.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from scoredesk.servicenow import Choice, InstanceUser, Record
from scoredesk.servicenow.timestamps import from_wire, to_wire

ID = "46d44a5dc0a8010e0000b6a4d4f1a9c2"


@pytest.mark.parametrize(
    ("raw", "value", "display"),
    [
        ("1", "1", "1"),
        ("", "", ""),
        (None, "", ""),
        (True, "true", "true"),
        (3, "3", "3"),
        ({"display_value": "New", "value": "1"}, "1", "New"),
        ({"display_value": "", "value": ""}, "", ""),
        ({"link": "https://i/api/now/table/sys_user/x", "value": ID}, ID, ID),
        ({"display_value": "Abel Tuter", "link": "https://i/x"}, "Abel Tuter", "Abel Tuter"),
        ({"display_value": "Abel Tuter", "link": "", "value": ID}, ID, "Abel Tuter"),
        ({"display_value": "Abel (Work notes)\nx", "value": ""}, "", "Abel (Work notes)\nx"),
        ({"display_value": None, "value": None}, "", ""),
    ],
)
def test_each_shape_is_read(raw: Any, value: str, display: str) -> None:
    record = Record({"field": raw})
    assert (record.value("field"), record.display("field")) == (value, display)


def test_a_field_that_may_not_be_read_is_empty_and_absent() -> None:
    record = Record({"sys_id": ID}, "incident")
    assert record.value("priority") == ""
    assert "priority" not in record
    assert record.time("closed_at") is None
    assert record.number("priority") is None
    assert record.mod_count == 0


def test_the_change_token_and_time_are_typed() -> None:
    record = Record(
        {
            "sys_id": {"display_value": ID, "value": ID},
            "sys_mod_count": {"display_value": "1,234", "value": "1234"},
            "sys_updated_on": {
                "display_value": "22/01/2016 15:28:24",
                "value": "2016-01-22 14:28:24",
            },
            "active": {"display_value": "true", "value": "true"},
        }
    )
    assert record.sys_id == ID
    assert record.mod_count == 1234
    assert record.updated_on == datetime(2016, 1, 22, 14, 28, 24, tzinfo=UTC)
    assert record.is_true("active")
    assert len(record) == 4
    assert set(record) == {"sys_id", "sys_mod_count", "sys_updated_on", "active"}


def test_a_record_shows_no_content_in_logs() -> None:
    record = Record({"number": "INC001", "short_description": "private"}, "incident")
    assert repr(record) == "<Record incident INC001>"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-03 04:05:06", datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-02-03", datetime(2026, 2, 3, tzinfo=UTC)),
        ("", None),
        ("03/02/2026", None),
        ("2026-13-45 00:00:00", None),
    ],
)
def test_raw_dates_are_utc(text: str, moment: datetime | None) -> None:
    assert from_wire(text) == moment


def test_a_date_goes_there_and_back() -> None:
    assert from_wire(to_wire(datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC))) == datetime(
        2026, 2, 3, 4, 5, 6, tzinfo=UTC
    )


def test_a_user_with_unreadable_fields_is_still_a_user() -> None:
    user = InstanceUser.of(Record({"sys_id": ID, "user_name": "bot", "active": "true"}))
    assert (user.user_name, user.active, user.web_service_access_only) == ("bot", True, None)


def test_a_choice_is_read() -> None:
    row = {"name": "incident", "element": "state", "value": "1", "label": "Neu", "language": "de"}
    choice = Choice.of(Record({**row, "inactive": "true", "sequence": "10"}))
    assert (choice.value, choice.label, choice.inactive, choice.sequence) == ("1", "Neu", True, 10)
