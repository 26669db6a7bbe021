"""Addresses: what may be asked for, and the one canonical form by which pages are told apart.

Promise: `canonical_url` is idempotent, never leaves the registrable domain and takes whatever
`absolute_url` gave. It names a page; it is not where to fetch it: ask for what was announced, as
the desktop host of an `m.` address may not answer.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin

import idna

from crawler.news.characters import visible
from crawler.news.url_rules import (
    host_rules,
    is_noise,
    may_stand_for,
    undressed_host,
    undressed_path,
    without_sessions,
)

if TYPE_CHECKING:
    from tldextract import TLDExtract

# Version of the canonical form: every record carries it, so that old identities can be told.
URL_RULE: int = 1
# What Internet Explorer could hold; Scrapy and the Media Cloud still draw the line here.
URL_LIMIT = 2083

_UNFIT = re.compile("[\x00-\x20\x7f-\x9f\\\\\ud800-\udfff]")
# Around a link, never part of it: white space, byte order marks, zero-width and bidi marks.
_AROUND = "\x00\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u200b\u200e\u200f\u2028\u2029\u3000\ufeff"
_WEB = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.IGNORECASE)
_SERVER = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(?::([0-9]{0,5}))?", re.IGNORECASE)
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})?")
_ESCAPED_DOT = re.compile("%2e", re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TO_ESCAPE = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")
_DOUBLED = re.compile("&(?:amp;)+")  # an "&" that was escaped once too often


class _Web(NamedTuple):
    scheme: str
    host: str
    port: str  # "" or ":8080"
    path: str
    query: str


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Under what a URL is remembered as seen: a bucket (16 bits) and a value of 63 other bits."""

    bucket: int
    value: int


def absolute_url(link: str, base: str) -> str | None:
    """The address a link leads to, fit to be asked for; None when it is no http(s) address.

    Refused: user names, control characters, spaces and backslashes, hosts and ports that cannot
    be, and what is longer than `URL_LIMIT`. The host becomes A-labels, letters beyond ASCII are
    escaped as UTF-8, the fragment goes.
    """
    link = link.strip(_AROUND).partition("#")[0]
    if not link or len(link) > URL_LIMIT or _UNFIT.search(link):  # urljoin would drop line ends
        return None
    try:
        joined = link if _WEB.match(link) else urljoin(base, link)
        web = _split(_DOUBLED.sub("&", joined))
    except ValueError:
        return None
    query = f"?{_escape(web.query)}" if web.query else ""
    path = _escape(_without_dots(web.path))
    url = f"{web.scheme}://{web.host}{web.port}{path}{query}"
    return url if len(url) <= URL_LIMIT else None


def canonical_url(url: str) -> str:
    """The canonical form of an absolute http(s) URL; raises ValueError for anything else.

    Scheme, `www.`, a final slash and the order of parameters stay as they are. Tracking, session
    ids, the fragment and the AMP, mobile and print dresses go (see url_rules.py).
    """
    web = _split(url)
    host = _undressed(web.host)
    query = _meaningful(web.query, host) if web.query else ""
    path = without_sessions(_normal(web.path))
    path = undressed_path(_without_dots(path), has_query=bool(query))
    return f"{web.scheme}://{host}{web.port}{path}{'?' + query if query else ''}"


def url_id(canonical: str) -> str:
    """The id of a record: 32 hex digits of the SHA-256 of its canonical URL."""
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def fingerprint(url: str) -> Fingerprint:
    """By what a URL is known as seen: coarser than the canonical form.

    http or https, `www.` or not, a final slash and the order of differently named parameters make
    no difference. Bucket and value are different bits of one hash (79 in all).
    """
    address = canonical_url(url).partition("://")[2].removeprefix("www.")
    path, _, query = address.partition("?")
    if "&" in query:
        query = "&".join(sorted(query.split("&"), key=_name_of))
    digest = hashlib.blake2b(f"{path.removesuffix('/')}?{query}".encode(), digest_size=10).digest()
    value = int.from_bytes(digest[2:]) >> 1
    return Fingerprint(bucket=int.from_bytes(digest[:2]), value=value)


def site(url: str) -> str:
    """The registrable domain of a URL; addresses and single labels stand for themselves."""
    return _site_of_host(_split(url).host)


def same_site(a: str, b: str) -> bool:
    """Whether two URLs lie on one registrable domain."""
    return site(a) == site(b)


def host_key(url: str) -> str:
    """Under which name a server is treated politely: its host, with the port if it is unusual."""
    web = _split(url)
    return web.host + web.port


def article_url(page_url: str, declared: str | None) -> str:
    """The identity of a fetched page: what it declares as canonical, if that can be believed.

    Believed is an address on the same site (for bare addresses: the same server) that names an
    article if the page's own does: no home page, no section above it, no script whose id is lost.
    """
    own = canonical_url(page_url)
    target = absolute_url(declared, page_url) if declared else None
    if target is None:
        return own
    other = canonical_url(target)
    a, b = _split(own), _split(other)
    stands = _is_same_house(a, b) and may_stand_for((b.path, b.query), (a.path, a.query))
    return other if stands else own


def redact(url: str) -> str:
    """The URL for logs: user names, values of parameters and fragments hidden. Never fails."""
    shown = re.sub(r"(?<=//)[^/?#]*@", "***@", url)
    address, mark, _ = shown.partition("#")
    address, question, query = address.partition("?")
    pieces = (f"{_name_of(piece)}=***" if "=" in piece else "***" for piece in query.split("&"))
    hidden = question + "&".join(pieces) if query else question
    return visible(address + hidden + (f"{mark}***" if mark else ""))


def _split(url: str) -> _Web:
    match = None if _UNFIT.search(url) else _WEB.fullmatch(url)
    if match is None:
        raise ValueError(f"no absolute http or https address: {redact(url[:200])}")
    scheme = match[1].lower()
    host, port = _server(match[2], scheme)
    return _Web(scheme, host, port, match[3] or "/", match[4] or "")


@lru_cache(maxsize=4096)
def _server(text: str, scheme: str) -> tuple[str, str]:
    if "@" in text:
        raise ValueError("an address with a user name is not followed")
    match = _SERVER.fullmatch(text)
    if match is None:
        raise ValueError(f"no host and port: {visible(text[:200])}")
    host, port = _clean_host(match[1]), (match[2] or "").lstrip("0")
    if match[2] and not 1 <= int(match[2]) <= 65535:
        raise ValueError(f"no such port: {visible(text[:200])}")
    return host, f":{port}" if port and port != _DEFAULT_PORTS[scheme] else ""


def _clean_host(text: str) -> str:
    if text.startswith("["):
        return f"[{IPv6Address(text[1:-1]).compressed}]"
    host = text.lower()
    if not host.isascii():
        if len(host) > 253:  # idna takes long on long nonsense
            raise ValueError("the host is too long")
        host = idna.encode(host, uts46=True).decode().lower()
    host = host.removesuffix(".")
    if not _HOST.fullmatch(host):
        raise ValueError(f"no host: {visible(text[:200])}")
    # 127.1, 0x7f.1 and 2130706433 dial 127.0.0.1; an honest link spells four numbers.
    return str(IPv4Address(host)) if _NUMBER.fullmatch(host) else host


def _undressed(host: str) -> str:
    shorter = undressed_host(host)
    while shorter != host and "." in shorter and _site_of_host(shorter) == _site_of_host(host):
        host, shorter = shorter, undressed_host(shorter)
    return host


@lru_cache(maxsize=4096)
def _site_of_host(host: str) -> str:
    parts = _suffixes().extract_str(host)
    if parts.suffix or _is_bare(host):
        return parts.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])  # the list's own rule for a suffix it does not know


@cache
def _suffixes() -> TLDExtract:
    # Imported here: it brings an HTTP client along, an eighth of what a command loads.
    from tldextract import TLDExtract

    # The list bundled with it, no network and no disk cache; private suffixes such as github.io
    # part their tenants, none of whom may speak for another.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _meaningful(query: str, host: str) -> str:
    kept = []
    of_host = host_rules(host)
    # The first parameter may have lost its "?" to an "&" that was not the first one.
    for piece in _DOUBLED.sub("&", f"&{_normal(query)}").split("&"):
        name, _, value = piece.partition("=")
        if piece and not is_noise(name.lower(), value, of_host):
            kept.append(piece)
    return "&".join(kept)


def _normal(text: str) -> str:
    return _ESCAPE.sub(_normal_escape, _escape(text)) if "%" in text else _escape(text)


def _normal_escape(match: re.Match[str]) -> str:
    if not match[1]:
        return "%25"
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else f"%{match[1].upper()}"


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: quote(match.group(), safe=""), text)


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4; an escaped dot is a dot, as for browsers."""
    if "%2" in path:
        path = _ESCAPED_DOT.sub(".", path)
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept) + ("/" if kept and segments[-1] in (".", "..") else "")


def _name_of(piece: str) -> str:
    return piece.partition("=")[0]


def _is_same_house(a: _Web, b: _Web) -> bool:
    if _is_bare(a.host):
        return a.host + a.port == b.host + b.port
    return _site_of_host(a.host) == _site_of_host(b.host)


def _is_bare(host: str) -> bool:
    if "." not in host or host.startswith("["):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
