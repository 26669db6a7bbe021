"""The operator's settings: every TUMEN_ variable, read once, typed.

The fields of `Config` are the one table: type, default, parser, expected form and meaning stand in
one line each, and documentation and error messages are made from it. What belongs to an outlet is
on its card; Scrapy's own settings are in `settings.py`.

Promise: nothing starts on a setting that was not understood, and no secret is ever shown.
"""

from __future__ import annotations

import dataclasses
import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from crawler.errors import ConfigError
from crawler.notation import (
    Network,
    at_least,
    format_duration,
    parse_contact,
    parse_count,
    parse_duration,
    parse_durations,
    parse_file,
    parse_hosts,
    parse_log_level,
    parse_networks,
    parse_parsers,
    parse_password,
    parse_path,
    parse_paths,
    parse_redis_url,
    parse_switch,
    redact_url,
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
    full_text: bool = _setting(
        "off",
        parse_switch,
        "on or off",
        "whether exports, feeds and a shared page carry whole texts, which belong to their outlets",
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


def read_config(environ: Mapping[str, str]) -> Config:
    """Read every TUMEN_ variable of `environ`; an empty one counts as unset.

    Raises ConfigError that names each unknown variable with its neighbors, and each bad value with
    the form that is expected. A secret X may come as X_FILE, the path of a file that holds it.
    """
    problems = [_name_unknown(name) for name in sorted(environ) if _is_unknown(name)]
    values: dict[str, Any] = {}  # each typed by its own parser
    for field_name, setting in SETTINGS.items():
        try:
            text = _find_text(setting, environ)
            if text:
                values[field_name] = _parse(setting, text)
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))
    return dataclasses.replace(Config(), **values)


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


def _known_variables() -> list[str]:
    plain = [setting.variable for setting in SETTINGS.values()]
    return plain + [f"{row.variable}_FILE" for row in SETTINGS.values() if row.is_secret]


def _is_unknown(name: str) -> bool:
    return name.startswith(PREFIX) and name not in _known_variables()


def _name_unknown(name: str) -> str:
    known = _known_variables()
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}."
    return f"{name} is not a setting; {hint}"


def _find_text(setting: Setting, environ: Mapping[str, str]) -> str:
    text = environ.get(setting.variable, "").strip()
    path_variable = f"{setting.variable}_FILE"
    path = environ.get(path_variable, "") if setting.is_secret else ""
    if not path:
        return text
    if text:
        raise ConfigError(f"{setting.variable} and {path_variable} are both set; keep one.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigError(
            f"{path_variable}={path}: {reason}; expected the path of a readable text file that "
            f"holds {setting.expects}."
        ) from error


def _parse(setting: Setting, text: str) -> object:
    try:
        return setting.parse(text)
    except ValueError as error:
        # Nobody knows where in a broken secret the password is.
        shown = "***" if setting.is_secret else text
        raise ConfigError(
            f"{setting.variable}={shown}: expected {setting.expects} ({error})."
        ) from error


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
