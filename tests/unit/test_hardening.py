"""Scrapy's settings: what it leaves open by default is shut, and our manners are on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.config import Config
from crawler.news.outlets import Outlet
from crawler.settings import door_for, from_config, user_agent


@pytest.fixture(scope="module")
def settings() -> Settings:
    made = Settings()
    made.setmodule("crawler.settings", priority="project")
    return made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("REMOTE_CONTROL_ENABLED", False, id="code over localhost"),
        pytest.param("TELNETCONSOLE_ENABLED", False, id="telnet"),
        pytest.param("COOKIES_ENABLED", False, id="cookies"),
        pytest.param("HTTPPROXY_ENABLED", False, id="proxies of the environment"),
        pytest.param("DOWNLOAD_VERIFY_CERTIFICATES", True, id="certificates"),
        pytest.param("REDIRECT_ENABLED", False, id="redirects in place"),
        pytest.param("METAREFRESH_ENABLED", False, id="redirects by pages"),
        pytest.param("RETRY_ENABLED", False, id="retries in place"),
        pytest.param("REFERER_ENABLED", False, id="referers"),
    ],
)
def test_a_door_that_scrapy_leaves_open_is_shut(settings: Settings, name: str, value: bool) -> None:
    assert settings.getbool(name) is value


@pytest.mark.parametrize("scheme", ["file", "data", "ftp", "s3"])
def test_only_the_web_is_asked(settings: Settings, scheme: str) -> None:
    assert settings.getwithbase("DOWNLOAD_HANDLERS")[scheme] is None


def test_answers_are_bounded_in_time_and_size(settings: Settings) -> None:
    assert settings.getint("DOWNLOAD_TIMEOUT") <= 20
    assert settings.getint("DOWNLOAD_MAXSIZE") <= 16 * 1024**2


def test_the_user_agent_names_us_and_whom_to_write_to() -> None:
    said = user_agent("https://example.org/crawler")
    assert said.startswith("Tumen/")
    assert said.endswith(" (+https://example.org/crawler)")


def test_a_port_is_open_for_the_host_whose_card_names_it() -> None:
    outlet = Outlet(
        id="a", name="A", country="GB", language="en", kind="national", scope="general",
        homepage="https://a.example/", feeds=("https://a.example:8443/feed",),
    )  # fmt: skip
    rule = door_for(Config(), [outlet])
    assert rule.port_is_open("a.example", 8443)
    assert not rule.port_is_open("b.example", 8443)


def test_the_operators_settings_reach_scrapy() -> None:
    made: dict[str, Any] = from_config(Config(data_dir=Path("x"), connections=7, log="debug"))
    assert (made["CONCURRENT_REQUESTS"], made["LOG_LEVEL"]) == (7, "DEBUG")


def test_compose_keeps_redis_to_its_workers() -> None:
    text = (Path(__file__).parents[2] / "docker-compose.yml").read_text(encoding="utf-8")
    # Of all ports only the web page's is published, on loopback.
    assert re.findall(r"ports: .*", text) == ['ports: ["127.0.0.1:${WEB_PORT:-8765}:8765"]']
    assert "network_mode" not in text
    assert "queue: {internal: true}" in text
    redis = text.partition("  redis:\n")[2].partition("  worker:\n")[0]
    assert "networks: [queue]" in redis
