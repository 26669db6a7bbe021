"""Scrapy's own settings: our manners, our glue, the hardening. The operator's are in config.py.

Promise: `scrapy crawl` and `tumen` run with the same settings, made from the same TUMEN_ variables;
whatever Scrapy leaves open by default and a crawler of hostile pages must not have is shut here.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from crawler.config import Config
from crawler.environment import read_config
from crawler.news.addresses import DoorRule, Endpoint
from crawler.news.outlets import Outlet, sources_of

BOT_NAME = "tumen"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

# The frontier owns the order of requests, retries, redirects, robots.txt and politeness.
RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
ROBOTSTXT_OBEY = False
HTTPERROR_ALLOW_ALL = True
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 1000
# Of every callback: Scrapy starts so many tasks for each response, and ours yield one item at most.
CONCURRENT_ITEMS = 1

# Hardening: code execution over localhost, local files and telnet are on by default in Scrapy.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
COOKIES_ENABLED = False
HTTPPROXY_ENABLED = False
REFERER_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS = {
    "http": "crawler.middlewares.LeasedHandler",
    "https": "crawler.middlewares.LeasedHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_TIMEOUT = 20  # total; also the only bound on headers
DOWNLOAD_MAXSIZE = 10 * 1024**2
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
URLLENGTH_LIMIT = 2083
TWISTED_DNS_RESOLVER = "crawler.door.DoorResolver"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# None: what counts for nobody, or judges again what the frontier has judged, so that no page pays
# for it; and what is off but would be loaded all the same, with an HTTP client and an SSH server.
DOWNLOADER_MIDDLEWARES = {
    "crawler.door.DoorMiddleware": 1,
    "crawler.middlewares.MannersMiddleware": 950,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
}
EXTENSIONS = {
    "crawler.extensions.DeskKeeper": 10,
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
}
DOWNLOADER_STATS = False
ITEM_PIPELINES = {"crawler.pipelines.KeepPipeline": 300}

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
}
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
MEMUSAGE_ENABLED = False
FEED_EXPORT_ENCODING = "utf-8"


def user_agent(contact: str | None) -> str:
    """Who asks, honestly: name, version, and whom to write to."""
    reach = f" (+{contact})" if contact else ""
    return f"Tumen/{version('tumen')}{reach}"


def from_config(config: Config) -> dict[str, Any]:
    """The Scrapy settings that follow from the operator's."""
    return {
        "TUMEN": config,
        "TUMEN_DOOR": door_for(config, ()),
        "USER_AGENT": user_agent(config.contact),
        "CONCURRENT_REQUESTS": config.connections,
        "LOG_LEVEL": config.log.upper(),
    }


def door_for(config: Config, outlets: Sequence[Outlet]) -> DoorRule:
    """The door with the ports that the catalogue names for a host."""
    ports: dict[str, set[int]] = defaultdict(set)
    for outlet in outlets:
        for url in (outlet.homepage, *(source.url for source in sources_of(outlet))):
            parts = urlsplit(url)
            if parts.hostname and parts.port:
                ports[parts.hostname].add(parts.port)
    return DoorRule(
        networks=config.allow_networks,
        ports={host: frozenset(open_ports) for host, open_ports in ports.items()},
        proxy=_proxy(config),
    )


def _proxy(config: Config) -> Endpoint | None:
    parts = urlsplit(config.proxy or "")
    return Endpoint(parts.hostname, parts.port) if parts.hostname and parts.port else None


globals().update(from_config(read_config(os.environ)))
