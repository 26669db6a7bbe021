"""The one door out: every connection of Scrapy's passes here, at the address that is dialed.

Promise: no connection is opened to an address that is not public, whatever URL, redirect or DNS
answer led to it; while the door is not in place, no request is made at all. The address judged is
the address dialed, so there is no gap between a check and its use.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.resolver import CachingHostnameResolver
from scrapy.settings import BaseSettings
from twisted.internet.interfaces import IReactorTime

from crawler.news.addresses import DoorRule, why_blocked

_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_MARK = "tumen_rule"


class BlockedAddress(Exception):
    """The address must not be dialed. Final: no retry changes what the address is."""


class BlockedUrl(IgnoreRequest):
    """The URL must not be asked for: scheme, userinfo, port or spelling."""


def install_door(reactor: Any, rule: DoorRule) -> None:
    """Put the door into the reactor: every TCP connection of any client is judged here.

    All of Twisted's clients end in `connectTCP` with an address literal, names being resolved
    before; a name that comes here is refused. Installing again replaces the rule.
    """
    reactor.__dict__[_MARK] = rule
    if getattr(reactor.connectTCP, "is_door", False):
        return
    dial = reactor.connectTCP

    def connect_tcp(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        rule = reactor.__dict__[_MARK]
        if not rule.any_host_opens(port):
            raise BlockedAddress(f"port {port} is not open")
        reason = why_blocked(host, rule.networks)
        if reason is not None:
            raise BlockedAddress(reason)
        return dial(host, port, *args, **kwargs)

    connect_tcp.is_door = True  # type: ignore[attr-defined]
    reactor.connectTCP = connect_tcp


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

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DoorMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        from twisted.internet import reactor  # exists only once Scrapy chose it

        reason = why_refused(request.url, self.rule)
        if reason is None and not getattr(reactor.connectTCP, "is_door", False):
            reason = "the door is not in place"
        if reason is None and request.meta.get("proxy"):
            reason = "a proxy that nobody configured"
        if reason is not None:
            if self.stats is not None:
                self.stats.inc_value("tumen/blocked_requests")
            raise BlockedUrl(f"refused to ask {request.url[:200]!r}: {reason}")


def why_refused(url: str, rule: DoorRule) -> str | None:
    """Why this URL must not be asked for; None when it may be."""
    if _UNSAFE.search(url):
        return "a control character, space or backslash"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return f"the scheme {parts.scheme!r}"
    if "@" in parts.netloc:
        return "user information"
    host = parts.hostname
    if not host:
        return "no host"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if not rule.port_is_open(host, port):
        return f"port {port} is not open for {host}"
    return None
