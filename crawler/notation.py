"""How people write values: durations, counts, networks, paths, addresses of servers.

Settings and command line options are read by the same parsers, so that `3d` means the same in both.
Every parser takes text and raises ValueError in words that an operator can act on; what stands for
"unset" is the empty text, where a parser allows it.

Promise: what is accepted is finite, in range and means one thing; a password is never repeated.
"""

from __future__ import annotations

import ipaddress
import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOOPBACK = "127.0.0.1"

_UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_NUMBER = r"\d{1,12}(?:\.\d{1,6})?"
_PART = re.compile(rf"({_NUMBER})(ms|s|m|h|d|w)", re.ASCII)
_DURATION = re.compile(rf"{_NUMBER}|(?:{_NUMBER}(?:ms|s|m|h|d|w))+", re.ASCII)
# A century: longer is a slip, and still far from where dates overflow.
_LONGEST_S = 100 * 366 * 86_400.0
_PASSWORD_LEAST = 12
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?", re.ASCII)
_LOG_LEVELS = ("debug", "info", "warning", "error")
_MAIL_OR_URL = re.compile(r"https?://[!-~]+|[!-~]+@[!-~]+\.[!-~]+", re.ASCII)
# Greedy on purpose: a password that was not percent-encoded may hold @, / or & itself.
_CREDENTIALS = re.compile(r"(?<=://).*@", re.DOTALL)
_LOGIN = re.compile(r"(?<=://)[^\s/?#@]+@")
_TOKEN = re.compile(
    r"(?<=[?&])((?:[\w-]{0,40}[_-])?(?:token|secret|passwo?r?d|pwd|api_?key|auth|sig(?:nature)?)=)"
    r"[^&\s#\"'<>]+",
    re.IGNORECASE,
)
_PASSWORD_PARAMETER = re.compile(r"([?&](?:username|password)=).*", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listening:
    """An address of ours at which we serve."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_duration(text: str) -> float:
    """Read "3d", "1h30m", "500ms" or a plain number of seconds, in seconds."""
    written = text.strip().lower()
    if not _DURATION.fullmatch(written):
        raise ValueError("not a duration: write 2, 500ms, 90s, 1h30m, 3d or 2w")
    parts = _PART.findall(written)
    duration_s = (
        math.fsum(float(number) * _UNIT_S[unit] for number, unit in parts)
        if parts
        else float(written)
    )
    if duration_s > _LONGEST_S:
        raise ValueError("longer than a hundred years")
    return duration_s


def parse_switch(text: str) -> bool:
    """Read on or off."""
    switch = {"on": True, "off": False}.get(text.strip().lower())
    if switch is None:
        raise ValueError("neither on nor off")
    return switch


def format_duration(duration_s: float) -> str:
    """Write seconds so that `parse_duration` reads them back: 5400.0 is "1h30m"."""
    left_ms = round(duration_s * 1000)
    written = ""
    for unit, size_ms in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        count, left_ms = divmod(left_ms, size_ms)
        written += f"{count}{unit}" if count else ""
    return written + (f"{left_ms}ms" if left_ms else "") or "0s"


def at_least(least: float, parse: Callable[[str], float]) -> Callable[[str], float]:
    """Narrow a parser to values that are not below `least`."""

    def parse_bounded(text: str) -> float:
        value = parse(text)
        if value < least:
            raise ValueError(f"below {least:g}")
        return value

    return parse_bounded


def parse_durations(text: str) -> tuple[float, ...]:
    """Durations separated by commas, in ascending order ("1h,6h,7d"); "off" is none at all."""
    if text.strip().lower() == "off":
        return ()
    return tuple(sorted({parse_duration(part) for part in text.split(",")}))


def parse_count(least: int, most: int) -> Callable[[str], int]:
    """Make a parser of whole numbers from `least` to `most`."""

    def parse_bounded(text: str) -> int:
        written = text.strip()
        if not re.fullmatch(r"\d{1,9}", written, re.ASCII):
            raise ValueError("not a whole number")
        if not least <= int(written) <= most:
            raise ValueError(f"not between {least} and {most}")
        return int(written)

    return parse_bounded


def parse_parsers(text: str) -> int:
    """Read a count of processes; "cores" is what this process may use."""
    if text.strip().lower() != "cores":
        return parse_count(1, 256)(text)
    # Linux tells what a container or taskset left us; elsewhere all cores are ours.
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, 256)


def parse_listening(text: str) -> Listening | None:
    """Read where to serve: "off", a port of loopback, or ADDRESS:PORT with a literal address."""
    written = text.strip().lower()
    if written == "off":
        return None
    host, _, port = written.rpartition(":")
    try:
        address = ipaddress.ip_address(host.strip("[]") or LOOPBACK)
    except ValueError:
        raise ValueError(f"{host!r} is not an IP address") from None
    return Listening(str(address), parse_count(1, 65_535)(port))


def parse_networks(text: str) -> tuple[Network, ...]:
    """Read networks in CIDR notation, separated by commas; a bare address is a network of one."""
    return tuple(_parse_network(part.strip()) for part in text.split(",") if part.strip())


def _parse_network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        try:
            meant = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise ValueError(f"{text!r} is not a network") from error
        raise ValueError(f"{text} has bits below its mask; did you mean {meant}?") from error


def parse_path(text: str) -> Path:
    """Read a path; a leading ~ is the home folder."""
    if "\0" in text:
        raise ValueError("a path holds no NUL")
    return Path(text).expanduser()


def parse_file(text: str) -> Path | None:
    """Read a path that may be left out."""
    return parse_path(text) if text.strip() else None


def parse_paths(text: str) -> tuple[Path, ...]:
    """Read paths that are separated as in PATH."""
    return tuple(parse_path(part) for part in text.split(os.pathsep) if part.strip())


def parse_log_level(text: str) -> str:
    """Read a level of the log, in lower case."""
    written = text.strip().lower()
    if written not in _LOG_LEVELS:
        raise ValueError(f"not a level: {', '.join(_LOG_LEVELS)}")
    return written


def parse_contact(text: str) -> str | None:
    """Read what goes into a header of every request: printable ASCII, an URL or a mail address."""
    written = text.strip()
    if not written:
        return None
    if not _MAIL_OR_URL.fullmatch(written):
        raise ValueError("not an http(s) URL or a mail address in plain ASCII")
    return written


def parse_redis_url(text: str) -> str | None:
    """Read where Redis listens. The URL is kept as written, credentials included."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        # The library's own words would repeat what may be a password.
        raise ValueError("host or port cannot be read") from None
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError("the scheme is not redis, rediss or unix")
    if parts.scheme == "unix":
        if host or not parts.path.strip("/"):
            raise ValueError("after unix:// comes the absolute path of a socket")
        return text
    if not host or port == 0:
        raise ValueError("there is no host, or the port is 0")
    if not re.fullmatch(r"/?\d{0,9}", parts.path, re.ASCII):
        raise ValueError("after the host comes only the number of a database")
    return text


def with_password(url: str, password: str | None) -> str:
    """The URL of a Redis with this password, unless it has credentials of its own."""
    scheme, mark, rest = url.partition("://")
    if not password or scheme == "unix" or "@" in rest:
        return url
    return f"{scheme}{mark}:{quote(password, safe='')}@{rest}"


def parse_proxy(text: str) -> str | None:
    """Read where the proxy listens. The URL is kept as written, credentials included."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        # The library's own words would repeat what may be a password.
        raise ValueError("host or port cannot be read") from None
    if parts.scheme != "http":
        raise ValueError("the scheme is not http")
    if not host or not port:
        raise ValueError("there is no host, or no port")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("nothing comes after the port")
    if not text.isascii() or not text.isprintable():
        raise ValueError("not plain ASCII: write names as A-labels, passwords percent-encoded")
    return text


def parse_password(text: str) -> str | None:
    """Read a password that people and feed readers type; too short a one can be guessed."""
    if not text:
        return None
    if len(text) < _PASSWORD_LEAST:
        raise ValueError(f"it has fewer than {_PASSWORD_LEAST} characters")
    if "://" in text or not text.isprintable():
        # Whatever looks like an address would be shown as one, without its credentials only.
        raise ValueError("it holds :// or what cannot be printed")
    return text


def parse_hosts(text: str) -> tuple[str, ...]:
    """Read names of hosts, separated by commas, without ports; in lower case."""
    names = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for name in names:
        if not _HOST.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a host")
    return names


def redact_url(text: str) -> str:
    """Show an URL without its credentials; what is not an URL is not shown at all."""
    if "://" not in text:
        return "***"
    without_parameters = _PASSWORD_PARAMETER.sub(r"\1***", text)
    return _CREDENTIALS.sub("***@", without_parameters)


def hide_logins(text: str) -> str:
    """A text without the user names and passwords of the addresses in it."""
    return _LOGIN.sub("***@", text) if "@" in text else text


def hide_secrets(text: str) -> str:
    """A text without logins, and without parameters of addresses that are called like a secret."""
    return _TOKEN.sub(r"\1***", hide_logins(text)) if "=" in text else hide_logins(text)
