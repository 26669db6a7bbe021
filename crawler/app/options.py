"""Options that several commands share, and the configuration they make.

Promise: an option given on the command line wins over its TUMEN_ variable, and both are checked by
the same rule.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from crawler.config import SETTINGS, Config
from crawler.environment import read_config
from crawler.errors import ConfigError
from crawler.news.cards import CHECKS, KINDS, SCOPES
from crawler.notation import parse_duration

Command = TypeVar("Command", bound=Callable[..., Any])


def where(command: Command) -> Command:
    """--data and --redis: which store and queue a command is about."""
    command = click.option(
        "--redis", "redis_url", metavar="URL", help="Redis or Valkey to use (default: embedded)."
    )(command)
    return click.option("--data", metavar="DIR", help="Data folder (default: ./data).")(command)


def catalogue(command: Command) -> Command:
    """--outlets: another catalogue than the built-in one."""
    return click.option(
        "--outlets",
        "outlet_paths",
        metavar="PATH",
        multiple=True,
        help="Catalogue file or folder in place of the built-in one (repeatable).",
    )(command)


def card_values(command: Command) -> Command:
    """--country, --language, --kind and --scope: what a new card is to say."""
    for name, choices, words in (
        ("scope", click.Choice(SCOPES), "What the outlet is about (default: general)."),
        ("kind", click.Choice(KINDS), "What the outlet is (default: national)."),
        ("language", None, "Its language, as in ko or zh-Hans."),
        ("country", None, "Its country, as in KR."),
    ):
        metavar = {"language": "TAG", "country": "CC"}.get(name, name.upper())
        command = click.option(f"--{name}", type=choices, metavar=metavar, help=words)(command)
    return command


def chosen_values(values: Mapping[str, str | None]) -> dict[str, str]:
    """What of `card_values` was given; raises ConfigError for what must not stand on a card."""
    chosen = {key: value for key, value in values.items() if value}
    for key, value in chosen.items():
        if problem := CHECKS[key](value):
            raise ConfigError(f"--{key}: {problem}")
    return chosen


def as_json(command: Command) -> Command:
    """--json: one JSON object per line instead of a table."""
    return click.option("--json", "json_lines", is_flag=True, help="One JSON object per line.")(
        command
    )


def config_of(
    *,
    data: str | None = None,
    redis_url: str | None = None,
    outlet_paths: tuple[str, ...] = (),
    max_age: str | None = None,
) -> Config:
    """The configuration: the environment, with what the command line says on top."""
    config = read_config(os.environ)
    if data:
        config = replace(config, data_dir=_checked("data_dir", "--data", data))
    if redis_url:
        config = replace(config, redis_url=_checked("redis_url", "--redis", redis_url))
    if outlet_paths:
        config = replace(config, outlets=tuple(Path(path).expanduser() for path in outlet_paths))
    if max_age:
        config = replace(config, max_age_s=_checked("max_age_s", "--max-age", max_age))
    return config


def since_of(age: str | None) -> datetime | None:
    """The moment that lies an age such as 30d back. Raises ConfigError for anything else."""
    if not age:
        return None
    try:
        return datetime.now(UTC) - timedelta(seconds=parse_duration(age))
    except ValueError as error:
        raise ConfigError(
            f"--since {age}: expected an age such as 30d or 36h ({error})."
        ) from error


def _checked(field: str, option: str, text: str) -> Any:
    setting = SETTINGS[field]
    try:
        return setting.parse(text)
    except ValueError as error:
        shown = "***" if setting.is_secret else text
        raise ConfigError(f"{option} {shown}: expected {setting.expects} ({error}).") from error
