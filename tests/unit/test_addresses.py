"""Which addresses may be dialed: every spelling of a private one is refused."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from crawler.news.addresses import DoorRule, why_blocked

PRIVATE = [
    pytest.param("127.0.0.1", id="loopback"),
    pytest.param("127.255.255.254", id="end of loopback"),
    pytest.param("0.0.0.0", id="this host"),
    pytest.param("10.1.2.3", id="RFC 1918, 10"),
    pytest.param("172.16.0.1", id="RFC 1918, 172.16"),
    pytest.param("172.31.255.255", id="RFC 1918, 172.31"),
    pytest.param("192.168.1.1", id="RFC 1918, 192.168"),
    pytest.param("100.64.0.1", id="carrier-grade NAT"),
    pytest.param("169.254.169.254", id="cloud metadata"),
    pytest.param("168.63.129.16", id="Azure wireserver"),
    pytest.param("192.0.0.192", id="IETF protocol assignments"),
    pytest.param("198.18.0.1", id="benchmarking"),
    pytest.param("203.0.113.9", id="documentation"),
    pytest.param("224.0.0.1", id="multicast"),
    pytest.param("255.255.255.255", id="broadcast"),
    pytest.param("::1", id="v6 loopback"),
    pytest.param("::", id="v6 unspecified"),
    pytest.param("::127.0.0.1", id="v4-compatible"),
    pytest.param("::ffff:127.0.0.1", id="v4-mapped"),
    pytest.param("::ffff:169.254.169.254", id="v4-mapped metadata"),
    pytest.param("64:ff9b::a9fe:a9fe", id="NAT64 of metadata"),
    pytest.param("64:ff9b:1::1", id="NAT64, local use"),
    pytest.param("2002:7f00:1::", id="6to4 of loopback"),
    pytest.param("2002:808:808::", id="6to4 of a public address"),
    pytest.param("fe80::1%eth0", id="link-local with zone"),
    pytest.param("fd00:ec2::254", id="unique local metadata"),
    pytest.param("ff02::1", id="v6 multicast"),
    pytest.param("2001::1", id="Teredo"),
    pytest.param("2001:db8::1", id="v6 documentation"),
    pytest.param("3fff::1", id="v6 documentation, new"),
    pytest.param("2620:4f:8000::1", id="AS112"),
    pytest.param("localhost", id="a name"),
    pytest.param("2130706433", id="a decimal number"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused_with_a_reason(address: str) -> None:
    assert why_blocked(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"]
)
def test_a_public_address_is_dialed(address: str) -> None:
    assert why_blocked(address) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_a_network_that_the_operator_opened_is_dialed(address: str) -> None:
    assert why_blocked(address, [ip_network("127.0.0.0/8")]) is None


def test_a_network_of_the_other_family_opens_nothing() -> None:
    assert why_blocked("127.0.0.1", [ip_network("::/0")])


@pytest.mark.parametrize(
    ("host", "port", "is_open"),
    [
        pytest.param("a.example", 80, True, id="http"),
        pytest.param("a.example", 443, True, id="https"),
        pytest.param("a.example", 6379, False, id="Redis"),
        pytest.param("named.example", 8080, True, id="named by a card"),
        pytest.param("NAMED.example", 8080, True, id="named, in capitals"),
        pytest.param("a.example", 8080, False, id="named for another host"),
    ],
)
def test_only_usual_ports_and_those_of_a_card_are_asked(
    host: str, port: int, is_open: bool
) -> None:
    rule = DoorRule(ports={"named.example": frozenset({8080})})
    assert rule.port_is_open(host, port) is is_open


@pytest.mark.parametrize(
    ("port", "is_open"), [(80, True), (8080, True), (22, False)], ids=["http", "a card's", "ssh"]
)
def test_the_connect_gate_lets_through_ports_that_some_card_names(port: int, is_open: bool) -> None:
    rule = DoorRule(ports={"named.example": frozenset({8080})})
    assert rule.any_host_opens(port) is is_open
