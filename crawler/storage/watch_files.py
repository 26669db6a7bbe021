"""Reads the file of alerts and the secrets that it names.

Promise: a secret is read when it is used, kept nowhere and never part of an error.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import ConfigError
from crawler.news.watch_file import Known, read_watches
from crawler.news.watches import Target, Watches

FILE = "alerts.toml"


def path_of(named: Path | None, data_dir: Path) -> Path | None:
    """The file of alerts: the one that was named, or that of the data folder; None without one."""
    own = data_dir / FILE
    return named or (own if own.exists() else None)


def load_watches(path: Path, outlets: Collection[str]) -> Watches:
    """Read a file of alerts. Raises ConfigError that names every problem with its line."""
    known = Known(zone_of=zoneinfo.ZoneInfo, zones=zoneinfo.available_timezones(), outlets=outlets)
    return read_watches(_text_of(path, "a file of alerts"), str(path), known)


def defined_at(path: Path) -> datetime:
    """When a file of alerts was last written."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def url_of(target: Target, folder: Path, environ: Mapping[str, str]) -> str:
    """The URL of a target; files are meant relative to `folder`. Raises ConfigError."""
    if target.url is not None:
        return target.url
    if target.file is not None:
        url = _text_of(folder / target.file, f"the URL of target {target.name}").strip()
        where = str(folder / target.file)
    else:
        where = f"the environment variable {target.variable}"
        url = environ.get(target.variable or "", "").strip()
    if "://" not in url:
        raise ConfigError(f"target {target.name}: {where} holds no Apprise URL; write it there")
    return url


def _text_of(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"{path}: {reason}; expected {what}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
