"""Where the catalogue and the topic are read from."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import ConfigError, OutletError
from crawler.news.outlets import select
from crawler.storage.catalogue import (
    add_cards,
    load_catalogue,
    own_file,
    read_topic,
    switch_outlets,
)

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


def own(data: Path, *outlets: str) -> dict[str, bool]:
    """Which of these outlets are known with this data folder, and whether they are on."""
    known = {outlet.id: outlet.enabled for outlet in load_catalogue(data_dir=data)}
    return {name: known[name] for name in outlets if name in known}


def test_the_cards_of_a_data_folder_lie_over_the_built_in_ones(tmp_path: Path) -> None:
    folder = tmp_path / "outlets"
    folder.mkdir()
    (folder / "mine.toml").write_text(CARD.format(id="mine") + "delay = 1\n", encoding="utf-8")
    (tmp_path / "outlets.toml").write_text(
        '[[outlet]]\nid = "mine"\ndelay = 9\n[[outlet]]\nid = "kcna"\nname = "The agency"\n',
        encoding="utf-8",
    )
    outlets = {outlet.id: outlet for outlet in load_catalogue(data_dir=tmp_path)}
    assert outlets["mine"].delay == 9
    assert (outlets["kcna"].name, outlets["kcna"].delay) == ("The agency", 5)
    assert len(outlets) == len(load_catalogue()) + 1


def test_named_files_take_the_place_of_a_data_folders_cards_too(tmp_path: Path) -> None:
    add_cards(tmp_path, CARD.format(id="mine"))
    file = tmp_path / "other.toml"
    file.write_text(CARD.format(id="other"), encoding="utf-8")
    assert [outlet.id for outlet in load_catalogue([file], tmp_path)] == ["other"]


def test_added_cards_are_known_from_then_on(tmp_path: Path) -> None:
    data = tmp_path / "new"
    changed = add_cards(data, CARD.format(id="a") + CARD.format(id="b"))
    assert [outlet.id for outlet in changed] == ["a", "b"]
    add_cards(data, '[[outlet]]\nid = "kcna"\ndelay = 60\n')
    assert own(data, "a", "b") == {"a": True, "b": True}
    assert [path.name for path in data.iterdir()] == ["outlets.toml"]


@pytest.mark.parametrize(
    ("card", "says"),
    [
        pytest.param(CARD.format(id="a"), r"already stands in .*outlets\.toml, line 2", id="again"),
        pytest.param(CARD.format(id="b") + "dela = 3", "did you mean delay", id="unknown key"),
        pytest.param(
            CARD.format(id="b").replace("https://b.example/feed", "https://en.yna.co.kr/RSS/nk.xml"),
            r"already stands in .*kr\.toml", id="a source of a built-in outlet",
        ),
    ],
)  # fmt: skip
def test_a_card_that_does_not_fit_changes_nothing(tmp_path: Path, card: str, says: str) -> None:
    add_cards(tmp_path, CARD.format(id="a"))
    before = own_file(tmp_path).read_bytes()
    with pytest.raises(OutletError, match=says):
        add_cards(tmp_path, card)
    assert own_file(tmp_path).read_bytes() == before


def test_outlets_are_switched_off_and_on_without_touching_the_rest(tmp_path: Path) -> None:
    add_cards(tmp_path, f"# mine\n{CARD.format(id='a')}")
    switch_outlets(tmp_path, ["a", "kcna"], enabled=False)
    assert own(tmp_path, "a", "kcna") == {"a": False, "kcna": False}
    switch_outlets(tmp_path, ["kcna", "uriminzokkiri"], enabled=True)
    assert own(tmp_path, "a", "kcna", "uriminzokkiri") == {
        "a": False,
        "kcna": True,
        "uriminzokkiri": True,
    }
    assert own_file(tmp_path).read_text(encoding="utf-8").startswith("# mine\n[[outlet]]\n")
    assert "a" not in {outlet.id for outlet in select(load_catalogue(data_dir=tmp_path))}


def test_an_outlet_that_is_not_there_cannot_be_switched(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='unknown outlet "kcn"; did you mean kcna'):
        switch_outlets(tmp_path, ["kcn"], enabled=False)
    assert list(tmp_path.iterdir()) == []
