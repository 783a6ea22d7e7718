"""Every code is explained, in full sentences, in the page's language, without a gap."""

from __future__ import annotations

import re
import string
from types import ModuleType

import pytest

from scoredesk.common.addresses import AddressError
from scoredesk.common.errors import ScoredeskError, all_codes, error_classes
from scoredesk.common.secrets import SecretError
from scoredesk.connections import errors as connection_errors
from scoredesk.connections.errors import ConnectionFault, WrongUser
from scoredesk.connections.faults import TEXTS, explain, explain_error, explain_reason
from scoredesk.connections.models import Connection
from scoredesk.servicenow import errors as servicenow_errors
from scoredesk.servicenow.errors import ServiceNowError

ROOTS = (ServiceNowError, AddressError, SecretError, ConnectionFault)
CODES = sorted(code for root in ROOTS for code in all_codes(root))


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_why_and_what_to_do(code: str) -> None:
    assert code in TEXTS
    told = explain(code, {})
    for part in (told.what, told.why, told.cure):
        assert part[-1] in ".…", part
        assert part[0] in string.ascii_uppercase + "…“", part
        assert "%(" not in part


def test_no_text_is_left_over_from_a_code_that_is_gone() -> None:
    assert set(TEXTS) == set(CODES)


@pytest.mark.parametrize(
    ("tree", "root"), [(connection_errors, ConnectionFault), (servicenow_errors, ServiceNowError)]
)
def test_the_tree_at_the_head_of_the_errors_shows_each_kind(
    tree: ModuleType, root: type[ScoredeskError]
) -> None:
    drawn = set(re.findall(r"\w+", tree.__doc__ or ""))
    kinds = {
        kind.__name__ for kind in error_classes(root) if kind.__module__.startswith(tree.__name__)
    }
    assert kinds - drawn == set()


def test_an_unknown_code_is_named_so_that_it_can_be_searched_for() -> None:
    told = explain("servicenow.never_seen", {})
    assert told.code == "servicenow.never_seen"
    assert "servicenow.never_seen" in told.cure


def test_the_sentences_name_the_users_and_the_instance() -> None:
    connection = Connection(address="https://acme.service-now.com", integration_user="scoredesk")
    error = WrongUser(
        facts={"answered": "mia", "answered_name": "Mia Wong", "declared": "scoredesk"}
    )
    told = explain_error(error, connection)
    assert told.what == "ServiceNow answered as mia, not as scoredesk."
    assert "Mia Wong" in told.why
    assert "https://acme.service-now.com/side_door.do" in told.cure


def test_a_connection_without_a_reason_has_nothing_to_explain() -> None:
    assert explain_reason(Connection()) is None


def test_a_refused_redirect_names_our_own_address(settings: pytest.FixtureRequest) -> None:
    settings.PUBLIC_URL = "https://scoredesk.example"  # type: ignore[attr-defined]  # pytest-django's settings
    assert (
        "https://scoredesk.example/connections/callback"
        in explain("connection.instance_declined").cure
    )
