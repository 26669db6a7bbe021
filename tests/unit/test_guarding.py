"""The guard of what alerts dial: private addresses only where the target names them."""

from __future__ import annotations

import socket
from ipaddress import ip_network

import pytest

from crawler.app.guarding import RefusedAddress, guarded

METADATA = "169.254.169.254"
V6 = "::1"

JUDGED = {
    "public": ("json://example.org/x", "93.184.216.34", 12345, True),
    "private, not named": ("json://example.org/x", "10.0.0.5", 80, False),
    "named with its port": ("json://10.0.0.5:8080/x", "10.0.0.5", 8080, True),
    "named, another port": ("json://10.0.0.5:8080/x", "10.0.0.5", 6379, False),
    "named, another address": ("json://10.0.0.5:8080/x", "10.0.0.6", 8080, False),
    "named without a port": ("ntfy://10.0.0.5/topic", "10.0.0.5", 80, True),
    "named without a port, an odd one": ("ntfy://10.0.0.5/topic", "10.0.0.5", 6379, False),
    "named by a name": ("json://localhost:9000", "127.0.0.1", 9000, True),
    "the cloud's metadata": ("json://10.0.0.5/x", METADATA, 80, False),
    "IPv6": ("json://[::1]:8080/x", V6, 8080, True),
    "IPv6, not named": ("json://example.org/", V6, 80, False),
    "private in disguise": ("json://example.org/", "::ffff:10.0.0.5", 80, False),
    "a URL that is none": ("json://[::1/x", "127.0.0.1", 80, False),
    "no host at all": ("json://", "127.0.0.1", 80, False),
    "a host that cannot be": (f"json://{'a' * 70}.example/", "127.0.0.1", 80, False),
}


@pytest.mark.parametrize(("url", "address", "port", "may"), JUDGED.values(), ids=JUDGED)
def test_an_address_is_dialed_when_it_is_public_or_named(
    url: str, address: str, port: int, may: bool
) -> None:
    with guarded(url) as gate:
        if may:
            gate.judge(address, port)
            return
        with pytest.raises(RefusedAddress):
            gate.judge(address, port)
    assert gate.refused
    assert "the target does not name it" in gate.refused[0]


def test_the_operator_may_open_a_network() -> None:
    with guarded("json://example.org", (ip_network("10.0.0.0/8"),)) as gate:
        gate.judge("10.9.9.9", 80)


@pytest.fixture
def listening() -> socket.socket:
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(5)
    return server


def test_every_socket_of_the_process_is_judged(listening: socket.socket) -> None:
    address = listening.getsockname()
    with listening:
        with guarded("json://example.org"):
            with socket.socket() as tcp, pytest.raises(RefusedAddress, match="not public"):
                tcp.connect(address)
            with socket.socket(type=socket.SOCK_DGRAM) as udp, pytest.raises(RefusedAddress):
                udp.sendto(b"x", address)
        with guarded(f"json://127.0.0.1:{address[1]}"):
            socket.create_connection(address, 5).close()
        # Outside of a delivery nothing is judged.
        socket.create_connection(address, 5).close()


def test_sockets_of_the_machine_are_not_judged() -> None:
    local = socket.socket(socket.AF_UNIX)
    with local, guarded("json://example.org"), pytest.raises(FileNotFoundError):
        local.connect("/nowhere/at/all")
