"""The operator's settings: every TUMEN_ variable, typed; `environment.py` reads them.

The fields of `Config` are the one table: type, default, parser, expected form and meaning stand in
one line each, and documentation and error messages are made from it. What belongs to an outlet is
on its card; Scrapy's own settings are in `settings.py`.

Promise: nothing starts on a setting that was not understood, and no secret is ever shown.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from crawler.notation import (
    Listening,
    Network,
    at_least,
    format_duration,
    parse_contact,
    parse_count,
    parse_duration,
    parse_durations,
    parse_file,
    parse_hosts,
    parse_listening,
    parse_log_level,
    parse_networks,
    parse_parsers,
    parse_password,
    parse_path,
    parse_paths,
    parse_proxy,
    parse_redis_url,
    parse_switch,
    redact_url,
    with_password,
)

PREFIX = "TUMEN_"
Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table. `default` is written as an operator would write it; "" means unset."""

    variable: str
    default: str
    parse: Callable[[str], object]
    expects: str
    meaning: str
    is_secret: bool


def _setting(
    default: str,
    parse: Callable[[str], Parsed],
    expects: str,
    meaning: str,
    *,
    is_secret: bool = False,
) -> Parsed:
    row = {
        "default": default,
        "parse": parse,
        "expects": expects,
        "meaning": meaning,
        "is_secret": is_secret,
    }
    # Typed as what the parser returns, so that the type checker compares it with the field.
    return dataclasses.field(default_factory=lambda: parse(default), metadata=row)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Config:
    """What the operator decided. `Config()` is what runs when nobody decided anything."""

    data_dir: Path = _setting(
        "./data",
        parse_path,
        "a folder",
        "where articles, journal, archive and the embedded Redis live",
    )
    redis_url: str | None = _setting(
        "",
        parse_redis_url,
        "redis://HOST:PORT/DB, rediss://HOST:PORT/DB or unix:///PATH",
        "the Redis or Valkey that workers share; unset: an embedded one in the data folder",
        is_secret=True,
    )
    redis_password: str | None = _setting(
        "",
        lambda text: text or None,
        "the password alone",
        "the password of that Redis, when its URL has none",
        is_secret=True,
    )
    outlets: tuple[Path, ...] = _setting(
        "",
        parse_paths,
        f"files or folders, separated by {os.pathsep!r}",
        "catalogue to use instead of the built-in one",
    )
    topic: Path | None = _setting(
        "",
        parse_file,
        "a topic file, or the name of a shipped one",
        "which two parties to watch instead of the DPRK and Russia",
    )
    alerts: Path | None = _setting(
        "",
        parse_file,
        "a TOML file",
        "watches, and whom they tell; unset: alerts.toml in the data folder, if it is there",
    )
    contact: str | None = _setting(
        "",
        parse_contact,
        "an http(s) URL or a mail address",
        "whom a site owner can ask; goes into the User-Agent",
    )
    host_delay_s: float = _setting(
        "2s",
        parse_duration,
        "a duration such as 2, 2s or 500ms",
        "pause between the end of one request and the next to the same host",
    )
    lease_s: float = _setting(
        "60s",
        at_least(0.5, parse_duration),
        "a duration of at least 500ms",
        "how long a claimed job is held without a heartbeat",
    )
    allow_networks: tuple[Network, ...] = _setting(
        "",
        parse_networks,
        "networks such as 127.0.0.0/8, separated by commas",
        "networks that may be reached although they are not public",
    )
    proxy: str | None = _setting(
        "",
        parse_proxy,
        "http://HOST:PORT or http://USER:PASSWORD@HOST:PORT",
        "the HTTP proxy that everything is fetched through; unset: outlets are dialed themselves",
        is_secret=True,
    )
    parsers: int = _setting(
        "cores",
        parse_parsers,
        'a count from 1 to 256, or "cores"',
        "processes that read pages and feeds",
    )
    connections: int = _setting(
        "32", parse_count(1, 1000), "a count from 1 to 1000", "requests in flight over all hosts"
    )
    max_age_s: float = _setting(
        "3d",
        at_least(1, parse_duration),
        "a duration such as 3d or 36h",
        "entries that their source dates before this are left alone",
    )
    revisits: tuple[float, ...] = _setting(
        "1h,6h,1d,7d,30d",
        parse_durations,
        "durations separated by commas, or off",
        "when after its first fetch a kept article is read again, for changes",
    )
    archive: bool = _setting(
        "on",
        parse_switch,
        "on or off",
        "whether the response of every stored article is kept in a WARC file",
    )
    metrics: Listening | None = _setting(
        "off",
        parse_listening,
        "off, a port of 127.0.0.1, or ADDRESS:PORT",
        "where `tumen watch` serves /metrics, /livez and /readyz",
    )
    full_text: bool = _setting(
        "off",
        parse_switch,
        "on or off",
        "whether exports, feeds, alerts and shared pages carry outlets' whole texts",
    )
    serve_password: str | None = _setting(
        "",
        parse_password,
        "at least 12 characters",
        "what tumen serve asks for; needed where others can reach it",
        is_secret=True,
    )
    serve_hosts: tuple[str, ...] = _setting(
        "",
        parse_hosts,
        "host names, separated by commas",
        "names by which tumen serve may be called, besides addresses and localhost",
    )
    log: str = _setting(
        "info",
        parse_log_level,
        "one of debug, info, warning, error",
        "how much the log on stderr tells",
    )

    def __post_init__(self) -> None:
        if self.redis_url:
            url = with_password(self.redis_url, self.redis_password)
            object.__setattr__(self, "redis_url", url)

    def __repr__(self) -> str:
        shown = (
            f"{field.name}={_shown(getattr(self, field.name), field.metadata['is_secret'])}"
            for field in dataclasses.fields(self)
        )
        return f"Config({', '.join(shown)})"


def _variable(field_name: str) -> str:
    return PREFIX + field_name.removesuffix("_s").upper()


SETTINGS: Mapping[str, Setting] = {
    field.name: Setting(variable=_variable(field.name), **field.metadata)
    for field in dataclasses.fields(Config)
}


def describe(config: Config) -> tuple[tuple[str, str, str], ...]:
    """List (variable, value as it may be shown, meaning) of every setting."""
    return tuple(
        (
            setting.variable,
            _shown(getattr(config, field_name), setting.is_secret),
            setting.meaning,
        )
        for field_name, setting in SETTINGS.items()
    )


def _shown(value: object, is_secret: bool) -> str:
    if value is None or value == ():
        return "unset"
    if isinstance(value, bool):
        return "on" if value else "off"
    if is_secret:
        return redact_url(str(value))
    if isinstance(value, tuple):
        return ", ".join(_shown(item, is_secret=False) for item in value)
    if isinstance(value, float):
        return format_duration(value)
    return str(value)
