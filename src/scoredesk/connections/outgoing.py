"""From which address our requests reach an instance: what an IP filter must let in."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from django.conf import settings

# An address for documentation, which nobody has: the way there is the way to the internet.
_SOMEWHERE = "192.0.2.1"
_HTTPS = 443


def outgoing_addresses(instance: str) -> str:
    """What the operator's setting says; else the machine's own address on the way there, which a
    network with address translation replaces. "" if no way leads there. Sends nothing and resolves
    no name."""
    if settings.OUTGOING_ADDRESSES:
        return ", ".join(settings.OUTGOING_ADDRESSES)
    return _own_address(urlsplit(instance).hostname or "") or _own_address(_SOMEWHERE)


def _own_address(target: str) -> str:
    """A UDP socket that is "connected" has an address of ours; no packet leaves. A name instead of
    digits is refused rather than looked up."""
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    try:
        socket.inet_pton(family, target)
        with socket.socket(family, socket.SOCK_DGRAM) as unused:
            unused.connect((target, _HTTPS))
            return str(unused.getsockname()[0])
    except OSError:
        return ""
