"""What stands in an article's place is named; what writes about such pages is an article."""

from __future__ import annotations

import pytest

from crawler.news.walls import name_wall

LONG = "Russia and North Korea opened a freight office at the Khasan crossing on Monday. " * 30


@pytest.mark.parametrize(
    ("title", "text", "wall"),
    [
        pytest.param("Sign in", "Sign in to continue reading.", "a login wall", id="sign in"),
        pytest.param(None, "Log in or register to continue", "a login wall", id="log in"),
        pytest.param("Subscribers only", "Get access.", "a login wall", id="subscribers"),
        pytest.param("Вход на сайт", "Логин. Пароль.", "a login wall", id="Russian"),
        pytest.param(None, "로그인이 필요한 서비스입니다.", "a login wall", id="Korean"),
        pytest.param(None, "ログインしてください", "a login wall", id="Japanese"),
        pytest.param(None, "请先登录后查看全文", "a login wall", id="Chinese"),
        pytest.param("Just a moment...", "", "a robot check", id="robot check"),
        pytest.param("404 - Not Found", "", "a page that says there is none", id="not found"),
        pytest.param("Sign in to sanctions regime delayed", "The council met on Monday.", None,
                     id="an article that begins so"),
        pytest.param("Sign in", LONG, None, id="a long text"),
        pytest.param("Moscow limits access to subscribers' data", "The law passed.", None,
                     id="an article about subscribers"),
    ],
)  # fmt: skip
def test_a_wall_is_named(title: str | None, text: str, wall: str | None) -> None:
    assert name_wall((title,), text) == wall
