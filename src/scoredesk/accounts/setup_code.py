"""The setup code: proof that whoever makes the first administrator can read Scoredesk's log.

Anybody who reaches the port could otherwise take a fresh installation. The code follows from the
secret key, so that every portal process knows the same one and nothing need be stored.
"""

from __future__ import annotations

import base64

from django.db import DatabaseError
from django.utils.crypto import constant_time_compare, salted_hmac

from scoredesk.accounts.models import Person

SALT = "scoredesk.accounts.setup_code"
LENGTH = 12  # 60 bits: not to be guessed over the network


def setup_code() -> str:
    """This installation's code in three groups of four, e.g. "K7QX-2MPA-ZV4C"."""
    digest = salted_hmac(SALT, "first administrator", algorithm="sha256").digest()
    text = base64.b32encode(digest).decode()[:LENGTH]
    return "-".join(text[start : start + 4] for start in range(0, LENGTH, 4))


def is_setup_code(text: str) -> bool:
    """Whether a person typed the code; case, spaces and dashes do not matter."""
    typed = "".join(character for character in text.upper() if character.isalnum())
    return constant_time_compare(typed, setup_code().replace("-", ""))


def nobody_yet() -> bool:
    """Whether no person exists, so that the first administrator can be made."""
    return not Person.objects.exists()


def code_to_announce() -> str | None:
    """The code while it is of use; None later, or while the database is not ready."""
    try:
        return setup_code() if nobody_yet() else None
    except DatabaseError:
        return None
