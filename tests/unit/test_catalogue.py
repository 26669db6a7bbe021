"""Where the catalogue and the topic are read from."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import ConfigError, OutletError
from crawler.storage.catalogue import load_catalogue, read_topic

CARD = """\
[[outlet]]
id = "{id}"
name = "Post"
country = "KR"
language = "ko"
kind = "national"
scope = "asia"
homepage = "https://{id}.example/"
feeds = ["https://{id}.example/feed"]
"""


def test_files_and_folders_replace_the_built_in_catalogue(tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    folder.mkdir()
    (folder / "b.toml").write_text(CARD.format(id="b"), encoding="utf-8")
    (folder / "a.toml").write_text("\ufeff" + CARD.format(id="a"), encoding="utf-8")
    (folder / "notes.txt").write_text("no card", encoding="utf-8")
    file = tmp_path / "c.toml"
    file.write_text(CARD.format(id="c"), encoding="utf-8")
    assert [outlet.id for outlet in load_catalogue([file, folder])] == ["c", "a", "b"]


def test_an_id_of_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(CARD.format(id="same"), encoding="utf-8")
    with pytest.raises(OutletError, match="id of its own"):
        load_catalogue([tmp_path])


def test_a_path_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.toml: No such file"):
        load_catalogue([tmp_path / "missing.toml"])


def test_a_folder_without_cards_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no \*\.toml file"):
        load_catalogue([tmp_path])


def test_a_file_without_cards_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.toml").touch()
    with pytest.raises(ConfigError, match="there is no card"):
        load_catalogue([tmp_path])


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="not UTF-8 at byte 0"):
        load_catalogue([tmp_path])


def test_the_topic_is_read_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("a = 1\n", encoding="utf-8")
    assert read_topic(file) == ("a = 1\n", str(file))
    text, origin = read_topic()
    assert text
    assert origin.endswith("dprk-russia.toml")
