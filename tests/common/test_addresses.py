"""Which addresses a person may type, and which a name may resolve to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoredesk.common import addresses as a

STRICT = a.AddressPolicy()
DEMO = a.AddressPolicy(private_hosts=("127.0.0.1:8081", "sandbox"))


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("https://acme.service-now.com", "https://acme.service-now.com"),
        ("  ACME.Service-Now.com/ ", "https://acme.service-now.com"),
        ("acme.service-now.com.", "https://acme.service-now.com"),
        ("https://acme.service-now.com:443/", "https://acme.service-now.com"),
        ("HTTPS://acme.service-now.com//", "https://acme.service-now.com"),
    ],
)
def test_an_instance_address_is_tidied(typed: str, clean: str) -> None:
    assert a.parse_instance_address(typed, STRICT).url == clean


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", a.AddressEmpty),
        ("   ", a.AddressEmpty),
        ("acme", a.AddressIncomplete),
        ("http://acme.service-now.com", a.AddressNotHttps),
        ("ftp://acme.service-now.com", a.AddressNotHttps),
        ("javascript://acme.service-now.com", a.AddressNotHttps),
        ("https://acme.service-now.com/nav_to.do", a.AddressHasPath),
        ("https://acme.service-now.com/?x=1", a.AddressHasQuery),
        ("https://acme.service-now.com#top", a.AddressHasQuery),
        ("https://admin:secret@acme.service-now.com", a.AddressHasUser),
        ("https://acme.service-now.com@evil.example", a.AddressHasUser),
        ("https://8.8.8.8", a.AddressIsIp),
        ("https://[2001:4860:4860::8888]", a.AddressIsIp),
        ("https://2130706433", a.AddressIsIp),
        ("https://0x7f.1", a.AddressIsIp),
        ("127.0.0.1:8081", a.AddressIsIp),
        ("https://acme.example", a.HostNotAllowed),
        ("https://service-now.com", a.HostNotAllowed),
        ("https://acme.service-now.com.evil.example", a.HostNotAllowed),
        ("https://evilservice-now.com", a.HostNotAllowed),
        ("https://acme.service-now.com:8443", a.PortNotAllowed),
        ("https://acme.service-now.com:99999", a.AddressMalformed),
        ("https://ac me.service-now.com", a.AddressMalformed),
        ("https://ácme.service-now.com", a.AddressMalformed),
        ("https://acme_x.service-now.com\\@evil.example", a.AddressHasUser),
        ("https://-acme.service-now.com", a.AddressMalformed),
        ("https://", a.AddressMalformed),
        ("https://[::1", a.AddressMalformed),
    ],
)
def test_each_wrong_address_has_its_own_error(typed: str, error: type[a.AddressError]) -> None:
    with pytest.raises(a.AddressError) as raised:
        a.parse_instance_address(typed, STRICT)
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("acme", "https://acme.service-now.com"),
        ("http://acme.service-now.com", "https://acme.service-now.com"),
        ("https://acme.service-now.com/nav_to.do?uri=x", "https://acme.service-now.com"),
        ("https://me:pw@acme.service-now.com", "https://acme.service-now.com"),
    ],
)
def test_a_likely_address_is_suggested(typed: str, suggestion: str) -> None:
    with pytest.raises(a.AddressError) as raised:
        a.parse_instance_address(typed, STRICT)
    assert raised.value.facts["suggestion"] == suggestion
    assert "pw" not in str(raised.value.facts)


def test_the_sandbox_is_accepted_only_where_settings_name_it() -> None:
    assert a.parse_instance_address("http://127.0.0.1:8081", DEMO).url == "http://127.0.0.1:8081"
    assert a.parse_instance_address("http://sandbox:9000", DEMO).url == "http://sandbox:9000"
    with pytest.raises(a.AddressNotHttps):
        a.parse_instance_address("http://127.0.0.1:8082", DEMO)
    with pytest.raises(a.AddressNotHttps):
        a.parse_instance_address("http://127.0.0.1:8081", STRICT)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse, nothing listens
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "2002:a00:1::",
        "64:ff9b::a00:1",
        "ff02::1",
        "not an address",
    ],
)
def test_an_address_inside_the_network_is_not_public(address: str) -> None:
    assert not a.is_public(address)


@pytest.mark.parametrize("address", ["149.96.0.1", "2606:4700::1111", "::ffff:149.96.0.1"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert a.is_public(address)


def test_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(a.PrivateAddress) as raised:
        STRICT.check_resolved("acme.service-now.com", 443, ["149.96.0.1", "10.0.0.1"])
    assert raised.value.facts == {"host": "acme.service-now.com", "address": "10.0.0.1"}


def test_a_trusting_policy_names_hosts_with_their_ports() -> None:
    policy = a.AddressPolicy.trusting("http://127.0.0.1:8082/x", "https://graph.microsoft.com")
    policy.check("http", "127.0.0.1", 8082)
    policy.check_resolved("graph.microsoft.com", 443, ["10.0.0.1"])
    with pytest.raises(a.AddressError):
        policy.check("http", "127.0.0.1", 8081)


@given(st.text(max_size=80))
def test_no_text_gets_past_the_allow_list(text: str) -> None:
    try:
        parsed = a.parse_instance_address(text, STRICT)
    except a.AddressError:
        return
    assert parsed.scheme == "https"
    assert parsed.host.endswith(".service-now.com")
    assert parsed.port is None


def test_the_suggestion_keeps_the_port_that_the_operator_trusts() -> None:
    with pytest.raises(a.AddressHasPath) as told:
        a.parse_instance_address("http://127.0.0.1:8081/now/nav/ui", DEMO)
    assert told.value.facts["suggestion"] == "http://127.0.0.1:8081"
