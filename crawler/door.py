"""The one door out: every connection of Scrapy's passes here, at the address that is dialed.

Promise: no connection is opened to an address that is not public, whatever URL, redirect or DNS
answer led to it; while the door is not in place, no request is made at all. The address judged is
the address dialed, so there is no gap between a check and its use. Behind a proxy nothing but the
proxy is dialed; which addresses it reaches for us it must see to itself.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.resolver import CachingHostnameResolver
from scrapy.settings import BaseSettings
from twisted.internet.interfaces import IAddress, IHostResolution, IReactorTime

from crawler.news.addresses import DoorRule, is_address, why_blocked

_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_MARK = "tumen_door"


class BlockedAddress(Exception):
    """The address must not be dialed. Final: no retry changes what the address is."""


class BlockedUrl(IgnoreRequest):
    """The URL must not be asked for: scheme, userinfo, port or spelling."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"refused to ask {url[:200]!r}: {reason}")
        self.reason = reason


class Door:
    """Stands where the reactor's `connectTCP` was, and judges whatever is dialed."""

    def __init__(self, dial: Any, rule: DoorRule) -> None:
        self.rule = rule
        self._dial = dial
        self._proxy_addresses: set[str] = set()

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        """Dial, or raise BlockedAddress."""
        reason = self._why_not(host, port)
        if reason is not None:
            raise BlockedAddress(reason)
        return self._dial(host, port, *args, **kwargs)

    def learn(self, name: str, address: str) -> None:
        """What DNS answered just now: the proxy's name stands for these addresses."""
        if self.rule.proxy is not None and name.lower() == self.rule.proxy.host.lower():
            self._proxy_addresses.add(address)

    def _why_not(self, host: str, port: int) -> str | None:
        proxy = self.rule.proxy
        if proxy is not None:
            is_proxy = host.lower() == proxy.host.lower() or host in self._proxy_addresses
            return None if is_proxy and port == proxy.port else "it is not the proxy"
        if not self.rule.any_host_opens(port):
            return f"port {port} is not open"
        return why_blocked(host, self.rule.networks)


def install_door(reactor: Any, rule: DoorRule) -> None:
    """Put the door into the reactor: every TCP connection of any client is judged here.

    All of Twisted's clients end in `connectTCP` with an address literal, names being resolved
    before; a name that comes here is refused, unless it is the proxy's. Installing again replaces
    the rule.
    """
    door = door_of(reactor)
    if door is None:
        door = Door(reactor.connectTCP, rule)
        reactor.__dict__[_MARK] = door
        reactor.connectTCP = door.connect_tcp
    door.rule = rule


def door_of(reactor: Any) -> Door | None:
    """The door of a reactor; None unless it stands in the way of every connection."""
    door = reactor.__dict__.get(_MARK)
    is_in_place = isinstance(door, Door) and reactor.connectTCP == door.connect_tcp
    return door if is_in_place else None


class _Listening:
    """Passes an answer of DNS on, and tells the door what the name stands for."""

    def __init__(self, receiver: Any, door: Door, name: str) -> None:
        self.receiver = receiver
        self.door = door
        self.name = name

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        self.door.learn(self.name, getattr(address, "host", ""))
        self.receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self.receiver.resolutionComplete()


class DoorResolver(CachingHostnameResolver):
    """Scrapy's resolver for both families; it puts the door in place before the crawl begins."""

    def __init__(self, reactor: IReactorTime, cache_size: int, rule: DoorRule) -> None:
        super().__init__(reactor, cache_size)
        self.rule = rule

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> DoorResolver:
        settings = crawler.settings
        size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, size, door_rule(settings))

    def install_on_reactor(self) -> None:
        install_door(self.reactor, self.rule)
        super().install_on_reactor()

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        door = door_of(self.reactor)
        if door is not None and door.rule.proxy is not None:
            resolutionReceiver = _Listening(resolutionReceiver, door, hostName)
        return super().resolveHostName(
            resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics
        )


def door_rule(settings: BaseSettings) -> DoorRule:
    """The rule of this crawl, from the settings."""
    rule = settings["TUMEN_DOOR"]
    if not isinstance(rule, DoorRule):
        raise NotConfigured("TUMEN_DOOR is missing: start by `tumen`, or with crawler.settings")
    return rule


class DoorMiddleware:
    """Judges the URL before any look-up of its name, and fails closed without the door."""

    def __init__(self, crawler: Crawler) -> None:
        self.rule = door_rule(crawler.settings)
        self.stats = crawler.stats
        self.proxy, self.proxy_login = _proxy_of(crawler.settings["TUMEN"].proxy)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DoorMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        from twisted.internet import reactor  # exists only once Scrapy chose it

        reason = why_refused(request.url, self.rule)
        if reason is None and door_of(reactor) is None:
            reason = "the door is not in place"
        if reason is None and request.meta.get("proxy", self.proxy) != self.proxy:
            reason = "a proxy that nobody configured"
        if reason is not None:
            raise BlockedUrl(request.url, reason)
        host = urlsplit(request.url).hostname or ""
        if is_address(host) and (blocked := why_blocked(host, self.rule.networks)):
            raise BlockedAddress(blocked)  # behind a proxy nobody else would see it
        if self.proxy is not None:
            request.meta["proxy"] = self.proxy
            if self.proxy_login is not None:
                request.headers["Proxy-Authorization"] = self.proxy_login

    def process_exception(self, request: Request, exception: Exception) -> None:
        if isinstance(exception, BlockedAddress | BlockedUrl) and self.stats is not None:
            self.stats.inc_value("tumen/blocked_requests")


def why_refused(url: str, rule: DoorRule) -> str | None:
    """Why this URL must not be asked for; None when it may be."""
    if _UNSAFE.search(url):
        return "a control character, space or backslash"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "no address"
    if parts.scheme not in ("http", "https"):
        return f"the scheme {parts.scheme!r}"
    if "@" in parts.netloc:
        return "user information"
    if not host:
        return "no host"
    port = port or (443 if parts.scheme == "https" else 80)
    if not rule.port_is_open(host, port):
        return f"port {port} is not open for {host}"
    return None


def _proxy_of(setting: str | None) -> tuple[str | None, str | None]:
    """The proxy as Scrapy wants it, without its password, and what it is told of us."""
    if setting is None:
        return None, None
    parts = urlsplit(setting)
    address = f"http://{parts.netloc.rpartition('@')[2]}"
    if parts.username is None:
        return address, None
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return address, f"Basic {b64encode(login.encode()).decode()}"
