"""Which addresses may be called: pure rules, before and after the name is resolved.

AddressError
├── AddressEmpty          nothing was given
├── AddressMalformed      no address can be read from it
├── AddressIncomplete     a bare name; `facts["suggestion"]` holds the likely address
├── AddressNotHttps       http or another scheme
├── AddressHasUser        user name or password inside the address
├── AddressHasPath        something after the host
├── AddressHasQuery       `?…` or `#…`
├── AddressIsIp           digits instead of a name
├── HostNotAllowed        not on the allow list
├── PortNotAllowed        a port other than 443
└── PrivateAddress        resolves to a machine that is not on the internet
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import ClassVar
from urllib.parse import SplitResult, urlsplit

from scoredesk.common.errors import ScoredeskError

SERVICENOW_DOMAIN = "service-now.com"
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
_PORTS = {"https": 443, "http": 80}
# All that is handed out of IPv6 so far. Python's own list also calls old and local forms global
# (::127.0.0.1, fec0::/10, 64:ff9b:1::/48), behind which a machine of our own network may stand.
_GLOBAL_UNICAST = IPv6Network("2000::/3")


class AddressError(ScoredeskError):
    """An address that may not be called; `facts["suggestion"]`, if there, is what may be meant."""

    code: ClassVar[str] = "address.error"
    summary: ClassVar[str] = "The address cannot be used."


class AddressEmpty(AddressError):
    """Nothing was given."""

    code = "address.empty"
    summary = "No address was given."


class AddressMalformed(AddressError):
    """No address can be read from the text."""

    code = "address.malformed"
    summary = "The address cannot be read."


class AddressIncomplete(AddressError):
    """A bare name such as `acme`."""

    code = "address.incomplete"
    summary = "The address is only a name."


class AddressNotHttps(AddressError):
    """Not https: client secrets and tokens would travel in the clear."""

    code = "address.not_https"
    summary = "The address does not begin with https."


class AddressHasUser(AddressError):
    """User name or password inside the address. Neither is repeated in the error."""

    code = "address.has_user"
    summary = "The address contains a user name."


class AddressHasPath(AddressError):
    """Something after the host, mostly copied from a browser."""

    code = "address.has_path"
    summary = "The address contains more than the host."


class AddressHasQuery(AddressError):
    """`?…` or `#…` behind the host."""

    code = "address.has_query"
    summary = "The address contains a query."


class AddressIsIp(AddressError):
    """An IP address: no certificate and no allow list can vouch for it."""

    code = "address.is_ip"
    summary = "The address is an IP address."


class HostNotAllowed(AddressError):
    """The host is not on the allow list; `facts`: host, allowed."""

    code = "address.host_not_allowed"
    summary = "The host is not on the list of allowed hosts."


class PortNotAllowed(AddressError):
    """A port other than 443; `facts`: port."""

    code = "address.port_not_allowed"
    summary = "The port is not allowed."


class PrivateAddress(AddressError):
    """The name resolves to a private, loopback, link-local or other special address."""

    code = "address.private"
    summary = "The host resolves to an address that is not on the internet."


@dataclass(frozen=True, slots=True)
class InstanceAddress:
    """A checked address of an instance: scheme, host in lower case, port if not the usual one."""

    scheme: str
    host: str
    port: int | None = None

    @property
    def netloc(self) -> str:
        """Host, with the port if it is not the usual one."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address without a slash at its end."""
        return f"{self.scheme}://{self.netloc}"

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Who may be called.

    `allowed_hosts`: names, or patterns such as `*.service-now.com`. `private_hosts`: `host` or
    `host:port` that the operator trusts: these may be private, an IP address, without https.
    """

    allowed_hosts: tuple[str, ...] = (f"*.{SERVICENOW_DOMAIN}",)
    private_hosts: tuple[str, ...] = ()

    @classmethod
    def trusting(cls, *urls: str) -> AddressPolicy:
        """A policy for addresses that stand in the operator's own settings."""
        hosts = [urlsplit(url).netloc.lower() for url in urls]
        return cls(allowed_hosts=(), private_hosts=tuple(hosts))

    def trusts(self, host: str, port: int) -> bool:
        """Whether the operator exempts this host (or host and port) from all checks."""
        names = {pattern.lower() for pattern in self.private_hosts}
        bracketed = f"[{host}]" if ":" in host else host
        return bool(names & {host, bracketed, f"{bracketed}:{port}"})

    def allows(self, host: str) -> bool:
        """Whether the host is on the allow list."""
        return any(fnmatchcase(host, pattern.lower()) for pattern in self.allowed_hosts)

    def check(self, scheme: str, host: str, port: int) -> None:
        """Raise unless a request may go there, as far as the name tells."""
        host = host.lower()
        if self.trusts(host, port):
            return
        if scheme != "https":
            raise AddressNotHttps(facts={"host": host, "suggestion": f"https://{host}"})
        if _ip(host) is not None:
            raise AddressIsIp(facts={"host": host})
        if not self.allows(host):
            raise HostNotAllowed(facts={"host": host, "allowed": ", ".join(self.allowed_hosts)})
        if port != _PORTS["https"]:
            raise PortNotAllowed(facts={"host": host, "port": port})

    def check_resolved(self, host: str, port: int, addresses: Iterable[str]) -> None:
        """Raise PrivateAddress if any of the host's IP addresses is not a public one.

        One bad address among good ones is enough: a name that mixes them is an attack on the
        portal's own network (a cloud's metadata service, a database) or a broken DNS.
        """
        if self.trusts(host.lower(), port):
            return
        for text in addresses:
            if not is_public(text):
                raise PrivateAddress(facts={"host": host, "address": text})


def is_public(text: str) -> bool:
    """Whether an IP address (text) belongs to the public internet."""
    address = _ip(text)
    if address is None:
        return False
    embedded = _embedded(address)
    if embedded is not None:
        return is_public(str(embedded))
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast


def parse_instance_address(text: str, policy: AddressPolicy) -> InstanceAddress:
    """The address that a person typed, checked and tidied: `ACME.service-now.com/` is fine.

    Raises a subclass of AddressError for each way to be wrong. Resolves nothing.
    """
    parts = _split(text)
    host = (parts.hostname or "").rstrip(".")
    clean = _tidied(parts, host, policy)
    if parts.username is not None or parts.password is not None:
        raise AddressHasUser(facts={"suggestion": clean})
    if parts.query or parts.fragment:
        raise AddressHasQuery(facts={"suggestion": clean})
    if parts.path.strip("/"):
        raise AddressHasPath(facts={"suggestion": clean})
    port = parts.port or _PORTS[parts.scheme]
    if "." not in host and _ip(host) is None and not policy.trusts(host, port):
        suggestion = f"https://{host}.{SERVICENOW_DOMAIN}"
        raise AddressIncomplete(facts={"given": host, "suggestion": suggestion})
    policy.check(parts.scheme, host, port)
    shown = f"[{host}]" if ":" in host else host
    return InstanceAddress(parts.scheme, shown, None if port == _PORTS[parts.scheme] else port)


def _split(text: str) -> SplitResult:
    """Scheme, host and the rest; https where no scheme is given."""
    text = text.strip()
    if not text:
        raise AddressEmpty
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise AddressMalformed from None
    if parts.scheme not in _PORTS:
        raise AddressNotHttps(facts={"suggestion": f"https://{host}"} if host else {})
    if _ip(host) is None and not _HOST.fullmatch(host):
        raise AddressMalformed
    return parts


def _tidied(parts: SplitResult, host: str, policy: AddressPolicy) -> str:
    """What to type instead: scheme and port are kept where the operator trusts them."""
    port = parts.port or _PORTS[parts.scheme]
    if not policy.trusts(host, port):
        return f"https://{host}"
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{'' if port == _PORTS[parts.scheme] else f':{port}'}"


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return _odd_ipv4(text)


def _odd_ipv4(text: str) -> IPv4Address | None:
    """`127.1`, `2130706433` and `0x7f.1` are addresses to a resolver although not to Python."""
    if not re.fullmatch(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+)){0,3}", text, re.IGNORECASE):
        return None
    numbers = [int(part, 16) if part[:2].lower() == "0x" else int(part) for part in text.split(".")]
    *head, last = numbers
    value = last
    for index, number in enumerate(head):
        value += number << (8 * (3 - index))
    return IPv4Address(value) if value < 1 << 32 else None


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, NAT64): the real target."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.packed.startswith(bytes.fromhex("0064ff9b0000000000000000")):
        return IPv4Address(address.packed[12:])
    return None
