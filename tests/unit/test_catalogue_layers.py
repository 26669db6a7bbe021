"""Catalogues that lie one over another: what an upper card changes, and what is refused."""

from __future__ import annotations

import pytest

from crawler.errors import OutletError
from crawler.news.catalogues import layer_catalogues
from crawler.news.outlets import Outlet
from tests.unit.test_outlets import GOOD, SECOND

BUILT_IN = (GOOD, "kr.toml")


def over(text: str) -> tuple[Outlet, ...]:
    """The built-in catalogue with a user's text over it."""
    return layer_catalogues([[BUILT_IN], [(text, "outlets.toml")]], zones={"Asia/Seoul"})


@pytest.mark.parametrize(
    ("text", "names", "changed"),
    [
        pytest.param("", ["river-post"], {}, id="nothing"),
        pytest.param(SECOND, ["river-post", "hill-post"], {}, id="another outlet"),
        pytest.param(
            "[[outlet]]\nid = 'river-post'\nenabled = false",
            ["river-post"], {"enabled": False}, id="switched off",
        ),
        pytest.param(
            "[[outlet]]\nid = 'river-post'\nname = 'The Post'\nfeeds = ['https://new.example/f']",
            ["river-post"], {"name": "The Post", "feeds": ("https://new.example/f",)},
            id="a name and a list",
        ),
        pytest.param(
            GOOD.replace("KR", "JP"), ["river-post"], {"country": "JP"}, id="the whole card again"
        ),
    ],
)  # fmt: skip
def test_an_upper_card_changes_the_keys_that_it_writes(
    text: str, names: list[str], changed: dict[str, object]
) -> None:
    outlets = over(text)
    assert [outlet.id for outlet in outlets] == names
    [plain] = layer_catalogues([[BUILT_IN]])
    wanted = {name: changed.get(name, getattr(plain, name)) for name in Outlet.__slots__}
    assert {name: getattr(outlets[0], name) for name in Outlet.__slots__} == wanted


def test_the_uppermost_of_three_layers_wins() -> None:
    def named(name: str) -> tuple[str, str]:
        return f"[[outlet]]\nid = 'river-post'\nname = '{name}'", name

    [outlet] = layer_catalogues([[BUILT_IN], [named("middle")], [named("top")]])
    assert outlet.name == "top"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        pytest.param("[[outlet]]\nid = 'river-pos'\nenabled = false", 1,
                     'no outlet has the id "river-pos" yet; did you mean river-post?',
                     id="a change of nobody"),
        pytest.param("[[outlet]]\nenabled = false", 1, "the card has no id",
                     id="a change of nothing"),
        pytest.param("[[outlet]]\nid = 'river-post'\n\ndelay = 'x'", 4, "a number of seconds",
                     id="a change that is wrong"),
        pytest.param("[[outlet]]\nid = 'river-post'\nfeeds = []", 1, "has no source",
                     id="the last source taken away"),
        pytest.param("[[outlet]]\nid = 'river-post'\n" * 2, 4, "give this card an id of its own",
                     id="one outlet changed twice in a layer"),
        pytest.param(SECOND.replace("hill.example/b.xml", "river.example/b.xml"), 12,
                     "already stands in kr.toml, line 12; list a source once",
                     id="a source of an outlet below"),
        pytest.param("[[outlet]]\nid = 'river-post'\nsections = ['https://river.example/a.xml']",
                     3, "already stands in kr.toml, line 11", id="a source of the card below"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_where_the_user_wrote_it(text: str, line: int, says: str) -> None:
    with pytest.raises(OutletError) as refused:
        over(text)
    assert (refused.value.origin, refused.value.line) == ("outlets.toml", line)
    assert says in refused.value.problem


def test_a_source_may_move_from_a_card_below_to_one_above() -> None:
    moved = (
        "[[outlet]]\nid = 'river-post'\nfeeds = ['https://river.example/a.xml']\n"
        + SECOND.replace("hill.example/b.xml", "river.example/b.xml")
    )
    river, hill = over(moved)
    assert river.feeds == ("https://river.example/a.xml",)
    assert "https://river.example/b.xml" in hill.feeds
