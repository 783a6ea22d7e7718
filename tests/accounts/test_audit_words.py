"""Every action in the audit log has words for people."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils.translation import override

import scoredesk
from scoredesk.accounts.audit_words import WORDS, in_words
from scoredesk.connections.faults import TEXTS

SOURCE = Path(scoredesk.__file__).parent
ACTION = re.compile(r'"((?:connection|demo|person|secrets|secure_score|tenant|ticket)\.[a-z_]+)"')


def test_every_action_that_the_code_writes_has_words() -> None:
    written = {
        found
        for path in SOURCE.rglob("*.py")
        if "sandbox" not in path.parts and path.name != "audit_words.py"
        for found in ACTION.findall(path.read_text(encoding="utf-8"))
    }
    assert not {code for code in written if code not in TEXTS} - set(WORDS) - {"demo.example"}


def test_an_action_is_told_in_the_readers_language() -> None:
    with override("en"):
        assert in_words("ticket.shared") == "Ticket shared"
    with override("zh-hans"):
        assert in_words("ticket.shared") == "已共享票证"


def test_an_action_of_a_later_version_shows_as_its_code() -> None:
    assert in_words("ticket.sung") == "ticket.sung"
