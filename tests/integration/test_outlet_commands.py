"""`tumen outlets` as a user types it: own cards, switches, exchange with other readers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.crawls import lines_of, tumen

CARD = """\
[[outlet]]
id = "quay-news"
name = "Quay News"
country = "NO"
language = "en"
kind = "national"
scope = "world"
homepage = "https://quay.example/"
feeds = ["https://quay.example/feed"]
"""


def listed(data: Path, *options: str) -> dict[str, dict[str, object]]:
    """What `tumen outlets list` knows with this data folder."""
    shown = tumen("outlets", "list", "--json", "--data", str(data), *options)
    assert (shown.code, shown.err) == (0, "")
    return {outlet["id"]: outlet for outlet in lines_of(shown.out)}


def test_a_card_from_standard_input_is_listed_from_then_on(tmp_path: Path) -> None:
    data = tmp_path / "data"
    added = tumen("outlets", "add", "--data", str(data), stdin=CARD)
    assert (added.code, added.out) == (0, "")
    assert added.err.splitlines() == [
        f"quay-news: added in {data / 'outlets.toml'}",
        "try it: tumen crawl --only quay-news --max-age 30d",
    ]
    assert "quay-news" in listed(data)
    assert "quay-news" not in listed(tmp_path)


def test_a_card_changes_the_built_in_one_of_its_id(tmp_path: Path) -> None:
    card = tmp_path / "card.toml"
    card.write_text('[[outlet]]\nid = "kcna"\ndelay = 60\n', encoding="utf-8")
    added = tumen("outlets", "add", str(card), "--data", str(tmp_path))
    assert added.err.startswith("kcna: changed in ")
    assert listed(tmp_path)["kcna"]["delay"] == 60


def test_outlets_are_switched(tmp_path: Path) -> None:
    off = tumen("outlets", "disable", "rt-en", "kcna", "--data", str(tmp_path))
    assert (off.code, off.err) == (0, "rt-en: off\nkcna: off\n")
    on = tumen("outlets", "enable", "kcna", "tg-mid", "mfa-kp", "--data", str(tmp_path))
    assert "mfa-kp: on; its sources are doubtful, see which answer: tumen outlets check" in on.err
    known = listed(tmp_path)
    assert "rt-en" not in known
    assert {"kcna", "tg-mid"} <= set(known)
    assert listed(tmp_path, "--all")["rt-en"]["enabled"] is False


@pytest.mark.parametrize(
    ("args", "stdin", "says"),
    [
        pytest.param(("add",), "", "there is no card that adds", id="nothing to add"),
        pytest.param(("add",), "a = ", "the new cards, line 1: this is no TOML", id="no TOML"),
        pytest.param(("add",), CARD + "x = 1", 'line 10: unknown key "x"', id="unknown key"),
        pytest.param(("disable", "kcn"), None, "did you mean kcna", id="unknown outlet"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_and_nothing_is_written(
    args: tuple[str, ...], stdin: str | None, says: str, tmp_path: Path
) -> None:
    refused = tumen("outlets", *args, "--data", str(tmp_path), stdin=stdin)
    assert (refused.code, refused.out) == (2, "")
    assert says in refused.err
    assert list(tmp_path.iterdir()) == []


def test_own_cards_are_not_written_where_they_would_not_be_read(tmp_path: Path) -> None:
    refused = tumen(
        "outlets", "disable", "kcna", "--data", str(tmp_path), TUMEN_OUTLETS=str(tmp_path / "c")
    )
    assert refused.code == 2
    assert "TUMEN_OUTLETS takes the place" in refused.err


def test_an_exported_list_adds_nothing_here_and_everything_elsewhere(tmp_path: Path) -> None:
    exported = tumen("outlets", "export", "--country", "KR")
    assert exported.code == 0
    assert "left out, as OPML lists feeds only" in exported.err
    again = tumen("outlets", "import", "-", "--data", str(tmp_path), stdin=exported.out)
    assert again.code == 0
    assert again.err.splitlines()[-1] == "nothing to add"
    assert list(tmp_path.iterdir()) == []


OPML = """<opml version="1.0"><body><outline text="Ports">
<outline text="Quay" xmlUrl="https://quay.example.kr/rss" htmlUrl="https://quay.example.kr/"/>
<outline text="Sport" xmlUrl="https://quay.example.kr/sport" htmlUrl="https://quay.example.kr/"/>
<outline text="Known" xmlUrl="http://en.yna.co.kr/RSS/nk.xml"/>
</outline></body></opml>"""


def test_an_imported_list_becomes_cards_with_its_folders(tmp_path: Path) -> None:
    options = ("--kind", "specialist", "--data", str(tmp_path))
    shown = tumen("outlets", "import", "-", "--print", *options, stdin=OPML)
    assert (shown.code, list(tmp_path.iterdir())) == (0, [])
    taken = tumen("outlets", "import", "-", *options, stdin=OPML)
    assert (taken.code, taken.out) == (0, "")
    assert taken.err.startswith("1 left out: already in the catalogue\nquay: added in ")
    assert (tmp_path / "outlets.toml").read_text(encoding="utf-8") == shown.out
    quay = listed(tmp_path)["quay"]
    assert quay["feeds"] == ["https://quay.example.kr/rss", "https://quay.example.kr/sport"]
    assert (quay["categories"], quay["country"], quay["kind"]) == (["Ports"], "KR", "specialist")
    exported = tumen("outlets", "export", "--only", "quay", "--data", str(tmp_path))
    assert exported.out.count('<outline text="Ports">') == 1


@pytest.mark.parametrize(
    ("option", "says"),
    [
        pytest.param(("--country", "UK"), "--country: .* mean GB", id="country"),
        pytest.param(("--language", "jp"), "--language: .* mean ja", id="language"),
        pytest.param(("--kind", "wires"), "Invalid value for '--kind'", id="kind"),
    ],
)
def test_a_value_that_must_not_stand_on_a_card_is_refused(
    option: tuple[str, str], says: str, tmp_path: Path
) -> None:
    refused = tumen("outlets", "import", "-", *option, "--data", str(tmp_path), stdin=OPML)
    assert (refused.code, refused.out) == (2, "")
    assert re.search(says, refused.err)


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    refused = tumen("outlets", "import", "-", "--data", str(tmp_path), stdin="<rss/>")
    assert (refused.code, refused.out) == (2, "")
    assert "this is no OPML" in refused.err
