"""Reads the catalogue and the topic from where they lie: the package, or files of the user.

Promise: what comes back is one valid catalogue, in the order of the file names; a file that cannot
be read is named together with what to do about it.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from crawler.errors import ConfigError
from crawler.news.outlets import Outlet, join_catalogues

TOPIC: Final = "dprk-russia.toml"


def load_catalogue(paths: Sequence[Path] = ()) -> tuple[Outlet, ...]:
    """The built-in catalogue, or that of `paths` (files, or folders of *.toml) in its place.

    Raises ConfigError for a path that cannot be read or holds no card at all, OutletError for a
    card that is wrong.
    """
    files = [file for path in paths for file in _files_of(path)] or _built_in()
    parts = [(_read(file), _origin_of(file)) for file in files]
    outlets = join_catalogues(*parts, zones=zoneinfo.available_timezones())
    if not outlets:
        names = ", ".join(origin for _, origin in parts)
        raise ConfigError(f"there is no card in {names}; a card begins with a line [[outlet]]")
    return outlets


def read_topic(path: Path | None = None) -> tuple[str, str]:
    """The text of a topic (lexicon and rules), and its name for errors; default: the built-in.

    A bare name ("iran-russia") is that of a shipped one. Raises ConfigError.
    """
    file: Path | Traversable = resources.files("crawler").joinpath("topic", TOPIC)
    if path is not None:
        shipped = resources.files("crawler").joinpath("topic", f"{path}.toml")
        file = shipped if len(path.parts) == 1 and shipped.is_file() else path
    return _read(file), _origin_of(file)


def _built_in() -> list[Traversable]:
    folder = resources.files("crawler").joinpath("outlets")
    cards = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return sorted(cards, key=lambda file: file.name)


def _files_of(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    files = sorted(path.glob("*.toml"))
    if not files:
        raise ConfigError(f"{path}: there is no *.toml file in this folder")
    yield from files


def _read(file: Path | Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"{file}: {reason}; name a file or folder that can be read") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8 at byte {error.start}; save it as UTF-8") from error


def _origin_of(file: Path | Traversable) -> str:
    return str(file) if isinstance(file, Path) else file.name
