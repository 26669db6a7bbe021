"""Reads the catalogue and the topic from where they lie: the package, or files of the user.

Promise: what comes back is one valid catalogue; a file that cannot be read is named together with
what to do about it. A change of the user's own catalogue is on disk whole, or not at all, and never
one that would not be read back.
"""

from __future__ import annotations

import os
import tempfile
import zoneinfo
from collections.abc import Iterator, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from crawler.errors import ConfigError
from crawler.news.card_text import with_cards, with_switch
from crawler.news.catalogues import Part, layer_catalogues
from crawler.news.outlets import Outlet, refuse_unknown, seen_to_answer
from crawler.storage import source_notes

TOPIC: Final = "dprk-russia.toml"
HAPPENINGS: Final = "happenings.toml"
OWN_FILE: Final = "outlets.toml"
OWN_FOLDER: Final = "outlets"


def load_catalogue(paths: Sequence[Path] = (), data_dir: Path | None = None) -> tuple[Outlet, ...]:
    """The built-in catalogue with the user's own cards from `data_dir` over it.

    A doubtful source that was seen to answer (as a check of this folder noted) is doubtful no more.
    `paths` (files, or folders of *.toml) take the place of both. Raises ConfigError for a path that
    cannot be read or holds no card at all, OutletError for a card that is wrong.
    """
    if not paths:
        return _proven(_joined([*_layers_below(data_dir), _own_parts(data_dir)]), data_dir)
    parts = [_part(file) for path in paths for file in _files_of(path)]
    outlets = _joined([parts])
    if not outlets:
        names = ", ".join(origin for _, origin in parts)
        raise ConfigError(f"there is no card in {names}; a card begins with a line [[outlet]]")
    return _proven(outlets, data_dir)


def own_file(data_dir: Path) -> Path:
    """The file to which `tumen outlets add`, `enable` and `disable` write."""
    return data_dir / OWN_FILE


def add_cards(data_dir: Path, cards: str) -> tuple[Outlet, ...]:
    """Add cards (TOML) to the user's own file. Returns the outlets that it adds or changes.

    Raises OutletError, and changes nothing, for cards that do not fit into the catalogue.
    """
    before = load_catalogue(data_dir=data_dir)
    own, new = _own_parts(data_dir), (cards, "the new cards")
    changed = [
        outlet
        for outlet in _joined([*_layers_below(data_dir), [*own, new]])
        if outlet not in before
    ]
    if changed:
        _replace(own_file(data_dir), with_cards(_own_text(data_dir), [cards]))
    return tuple(changed)


def switch_outlets(data_dir: Path, outlets: Sequence[str], *, enabled: bool) -> None:
    """Switch outlets on or off in the user's own file; raises ConfigError for one there is not."""
    known = [outlet.id for outlet in load_catalogue(data_dir=data_dir)]
    refuse_unknown("outlet", outlets, known)
    text = _own_text(data_dir)
    for outlet in outlets:
        text = with_switch(text, outlet, enabled)
    # An outlet without a source cannot be switched on: that is found before it is written.
    _joined([*_layers_below(data_dir), [(text, str(own_file(data_dir)))]])
    _replace(own_file(data_dir), text)


def read_happenings() -> tuple[str, str]:
    """The text of what happens in the news (the concepts of stories), and its name for errors."""
    return _part(resources.files("crawler").joinpath("topic", HAPPENINGS))


def read_topic(path: Path | None = None) -> tuple[str, str]:
    """The text of a topic (lexicon and rules), and its name for errors; default: the built-in.

    A bare name ("iran-russia") is that of a shipped one. Raises ConfigError.
    """
    file: Path | Traversable = resources.files("crawler").joinpath("topic", TOPIC)
    if path is not None:
        shipped = resources.files("crawler").joinpath("topic", f"{path}.toml")
        file = shipped if len(path.parts) == 1 and shipped.is_file() else path
    return _part(file)


def _joined(layers: Sequence[Sequence[Part]]) -> tuple[Outlet, ...]:
    return layer_catalogues(layers, zones=zoneinfo.available_timezones())


def _proven(outlets: tuple[Outlet, ...], data_dir: Path | None) -> tuple[Outlet, ...]:
    proven = source_notes.read(data_dir).proven if data_dir else frozenset[str]()
    return tuple(seen_to_answer(outlet, proven) for outlet in outlets) if proven else outlets


def _layers_below(data_dir: Path | None) -> list[list[Part]]:
    """What lies under the user's own file: the built-in cards, and the user's folder of cards."""
    folder = resources.files("crawler").joinpath("outlets")
    built_in = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")),
        key=lambda file: file.name,
    )
    own = sorted((data_dir / OWN_FOLDER).glob("*.toml")) if data_dir else []
    return [list(map(_part, built_in)), list(map(_part, own))]


def _own_parts(data_dir: Path | None) -> list[Part]:
    return [_part(own_file(data_dir))] if data_dir and own_file(data_dir).exists() else []


def _own_text(data_dir: Path) -> str:
    return "".join(text for text, _ in _own_parts(data_dir))


def _replace(path: Path, text: str) -> None:
    """Put a file in the place of another in one step, so that no reader meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _files_of(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    files = sorted(path.glob("*.toml"))
    if not files:
        raise ConfigError(f"{path}: there is no *.toml file in this folder")
    yield from files


def _part(file: Path | Traversable) -> Part:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"{file}: {reason}; name a file or folder that can be read") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    return text, str(file) if isinstance(file, Path) else file.name
