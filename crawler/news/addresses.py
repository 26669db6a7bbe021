"""Which network addresses may be dialed: the rule of the one door out.

Promise: an address that is not public is refused, in whatever spelling it is wrapped, unless the
operator opened its network. The lists are written out, as `ipaddress.is_global` changed its meaning
between Python releases and calls NAT64, 6to4 and multicast addresses global on 3.11.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

Network = IPv4Network | IPv6Network

# IANA special-purpose registries, with Azure's wireserver (168.63.129.16), which no registry names.
_CLOSED_V4 = tuple(
    IPv4Network(text)
    for text in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ]
)
_CLOSED_V6 = tuple(
    IPv6Network(text) for text in ["2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20"]
)
_UNICAST_V6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")
_USUAL_PORTS = frozenset({80, 443})


class Endpoint(NamedTuple):
    """A server as the operator named it: a host, by name or address, and a port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorRule:
    """What the operator opened: networks, and ports of hosts that the catalogue names.

    With a proxy, that is all that is dialed.
    """

    networks: tuple[Network, ...] = ()
    ports: Mapping[str, frozenset[int]] = field(default_factory=dict)
    proxy: Endpoint | None = None

    def port_is_open(self, host: str, port: int) -> bool:
        """Whether this port of this host may be asked for."""
        return port in _USUAL_PORTS or port in self.ports.get(host.lower(), frozenset())

    def any_host_opens(self, port: int) -> bool:
        """Whether some card names this port; the connect gate sees addresses, not names."""
        return port in _USUAL_PORTS or any(port in ports for ports in self.ports.values())


def why_blocked(address: str, networks: Iterable[Network] = ()) -> str | None:
    """Why this address literal must not be dialed; None when it may be."""
    try:
        literal = ip_address(address.split("%", 1)[0])
    except ValueError:
        return "not an address"
    unwrapped = literal.ipv4_mapped if isinstance(literal, IPv6Address) else None
    judged = unwrapped or literal
    if any(judged in net for net in networks if net.version == judged.version):
        return None
    return _why_v4(judged) if isinstance(judged, IPv4Address) else _why_v6(judged)


def is_address(host: str) -> bool:
    """Whether a host is an address literal and no name that DNS would have to answer."""
    try:
        ip_address(host.split("%", 1)[0])
    except ValueError:
        return False
    return True


def _why_v4(address: IPv4Address) -> str | None:
    for network in _CLOSED_V4:
        if address in network:
            return f"{address} is not public ({network})"
    return None


def _why_v6(address: IPv6Address) -> str | None:
    low = int(address)
    if address in _NAT64:
        return _why_v4(IPv4Address(low & 0xFFFFFFFF))
    if address in _6TO4:
        return f"{address} is a 6to4 address"
    if address not in _UNICAST_V6:
        return f"{address} is not IPv6 global unicast"
    for network in _CLOSED_V6:
        if address in network:
            return f"{address} is not public ({network})"
    return None
