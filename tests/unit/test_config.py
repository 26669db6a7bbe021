"""The operator's settings: what is read, what is refused, and what is never shown."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from crawler.config import SETTINGS, Config, describe
from crawler.environment import read_config
from crawler.errors import ConfigError
from crawler.notation import Listening

SECRET = "redis://crawler:hunter2@queue.example:6379/3"


def refusal(environ: Mapping[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        read_config(environ)
    return str(caught.value)


def test_without_variables_the_defaults_hold() -> None:
    config = read_config({"PATH": "/usr/bin", "NOT_TUMEN_LOG": "debug"})
    assert config == Config()
    assert config.parsers >= 1
    assert dataclasses.replace(config, parsers=4) == Config(
        data_dir=Path("data"),
        redis_url=None,
        outlets=(),
        contact=None,
        host_delay_s=2.0,
        lease_s=60.0,
        allow_networks=(),
        proxy=None,
        parsers=4,
        connections=32,
        max_age_s=3 * 86_400.0,
        revisits=(3600.0, 6 * 3600.0, 86_400.0, 7 * 86_400.0, 30 * 86_400.0),
        archive=True,
        metrics=None,
        log="info",
    )


PARSED = [
    pytest.param("TUMEN_DATA_DIR", "/srv/tumen", "data_dir", Path("/srv/tumen"), id="data folder"),
    pytest.param("TUMEN_REDIS_URL", SECRET, "redis_url", SECRET, id="Redis, kept as written"),
    pytest.param(
        "TUMEN_REDIS_PASSWORD", "hush", "redis_password", "hush", id="password without a Redis"
    ),
    pytest.param(
        "TUMEN_PROXY",
        "http://u:p@gate:3128",
        "proxy",
        "http://u:p@gate:3128",
        id="proxy, as written",
    ),
    pytest.param(
        "TUMEN_OUTLETS",
        os.pathsep.join(("a.toml", "cards")),
        "outlets",
        (Path("a.toml"), Path("cards")),
        id="several catalogues",
    ),
    pytest.param(
        "TUMEN_CONTACT", "desk@example.org", "contact", "desk@example.org", id="contact by mail"
    ),
    pytest.param("TUMEN_HOST_DELAY", "500ms", "host_delay_s", 0.5, id="pause in milliseconds"),
    pytest.param("TUMEN_HOST_DELAY", "3", "host_delay_s", 3.0, id="pause without a unit"),
    pytest.param("TUMEN_LEASE", "2m", "lease_s", 120.0, id="lease"),
    pytest.param(
        "TUMEN_ALLOW_NETWORKS",
        "127.0.0.0/8, fd00::/8",
        "allow_networks",
        (ip_network("127.0.0.0/8"), ip_network("fd00::/8")),
        id="networks",
    ),
    pytest.param("TUMEN_PARSERS", "3", "parsers", 3, id="parsers"),
    pytest.param("TUMEN_CONNECTIONS", "100", "connections", 100, id="connections"),
    pytest.param("TUMEN_MAX_AGE", "36h", "max_age_s", 129_600.0, id="age"),
    pytest.param("TUMEN_REVISITS", "2h, 1h", "revisits", (3600.0, 7200.0), id="revisits"),
    pytest.param("TUMEN_REVISITS", "off", "revisits", (), id="no revisits"),
    pytest.param("TUMEN_FULL_TEXT", "on", "full_text", True, id="full text on"),
    pytest.param(
        "TUMEN_SERVE_PASSWORD",
        "long enough a word",
        "serve_password",
        "long enough a word",
        id="password",
    ),
    pytest.param(
        "TUMEN_SERVE_HOSTS",
        "Tumen.example, nas",
        "serve_hosts",
        ("tumen.example", "nas"),
        id="hosts",
    ),
    pytest.param("TUMEN_ARCHIVE", "off", "archive", False, id="archive off"),
    pytest.param("TUMEN_TOPIC", "iran-russia", "topic", Path("iran-russia"), id="topic"),
    pytest.param("TUMEN_ALERTS", "desk.toml", "alerts", Path("desk.toml"), id="alerts"),
    pytest.param("TUMEN_ARCHIVE", "ON", "archive", True, id="archive on"),
    pytest.param("TUMEN_METRICS", "OFF", "metrics", None, id="metrics off"),
    pytest.param(
        "TUMEN_METRICS", "9464", "metrics", Listening("127.0.0.1", 9464), id="port of loopback"
    ),
    pytest.param(
        "TUMEN_METRICS", "[::]:9464", "metrics", Listening("::", 9464), id="address and port"
    ),
    pytest.param("TUMEN_LOG", "Debug", "log", "debug", id="log level"),
]


@pytest.mark.parametrize(("variable", "text", "field", "expected"), PARSED)
def test_a_variable_becomes_a_typed_value(
    variable: str, text: str, field: str, expected: Any
) -> None:
    assert read_config({variable: text}) == dataclasses.replace(Config(), **{field: expected})


def test_every_variable_is_tried_here() -> None:
    assert {row.variable for row in SETTINGS.values()} == {row.values[0] for row in PARSED}


@pytest.mark.parametrize("blank", ["", " ", "\n"])
def test_a_blank_variable_counts_as_unset(blank: str) -> None:
    blanks = {row.variable: blank for row in SETTINGS.values()}
    assert read_config(blanks | {"TUMEN_REDIS_URL_FILE": ""}) == Config()


def test_white_space_around_a_value_does_not_count() -> None:
    assert read_config({"TUMEN_LEASE": " 90s\n"}).lease_s == 90.0


@pytest.mark.parametrize(
    ("variable", "neighbor"),
    [
        pytest.param("TUMEN_REDIS", "TUMEN_REDIS_URL", id="cut short"),
        pytest.param("TUMEN_HOST_DELAYS", "TUMEN_HOST_DELAY", id="a letter too many"),
        pytest.param("TUMEN_PARSER", "TUMEN_PARSERS", id="a letter too few"),
        pytest.param("TUMEN_HOST_DELAY_S", "TUMEN_HOST_DELAY", id="named as the field"),
        pytest.param("TUMEN_REDIS_URL_FIL", "TUMEN_REDIS_URL_FILE", id="a secret's file"),
        pytest.param("TUMEN_log", "TUMEN_LOG", id="lower case"),
    ],
)
def test_an_unknown_variable_is_refused_with_its_neighbors(variable: str, neighbor: str) -> None:
    said = refusal({variable: "1"})
    assert said.startswith(f"{variable} is not a setting; did you mean ")
    assert neighbor in said.removeprefix(variable).rstrip("?").split(" ")


def test_an_unknown_variable_without_neighbors_gets_the_whole_list() -> None:
    said = refusal({"TUMEN_QQQQQQQQQQ": "1"})
    assert [row.variable for row in SETTINGS.values() if row.variable not in said] == []


def test_only_a_secret_may_come_from_a_file() -> None:
    assert "TUMEN_CONTACT_FILE is not a setting" in refusal({"TUMEN_CONTACT_FILE": "x"})


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        pytest.param("TUMEN_HOST_DELAY", "soon", id="no duration"),
        pytest.param("TUMEN_HOST_DELAY", "-1", id="negative"),
        pytest.param("TUMEN_LEASE", "100ms", id="too short a lease"),
        pytest.param("TUMEN_MAX_AGE", "0", id="no age at all"),
        pytest.param("TUMEN_ALLOW_NETWORKS", "localhost", id="no network"),
        pytest.param("TUMEN_PARSERS", "0", id="no parsers"),
        pytest.param("TUMEN_CONNECTIONS", "many", id="no count"),
        pytest.param("TUMEN_ARCHIVE", "maybe", id="neither on nor off"),
        pytest.param("TUMEN_SERVE_HOSTS", "https://tumen.example", id="no name of a host"),
        pytest.param("TUMEN_LOG", "loud", id="no level"),
        pytest.param("TUMEN_CONTACT", "me", id="no address"),
        pytest.param("TUMEN_CONTACT", "https://a.example\r\nX-Evil: 1", id="a header smuggled in"),
    ],
)
def test_a_bad_value_names_variable_value_and_expected_form(variable: str, text: str) -> None:
    (setting,) = (row for row in SETTINGS.values() if row.variable == variable)
    said = refusal({variable: text})
    assert said.startswith(f"{variable}={text}: expected {setting.expects}")


@pytest.mark.parametrize("text", ["too short", "redis://is-no-password", "a bell \a in the middle"])
def test_a_bad_password_is_refused_and_not_shown(text: str) -> None:
    said = refusal({"TUMEN_SERVE_PASSWORD": text})
    assert said.startswith("TUMEN_SERVE_PASSWORD=***: expected at least 12 characters")
    assert text not in said


def test_the_password_of_the_page_is_never_shown() -> None:
    config = read_config({"TUMEN_SERVE_PASSWORD": "long enough a word"})
    assert "long enough" not in repr(config)


def test_all_problems_are_named_at_once() -> None:
    said = refusal({"TUMEN_LOG": "loud", "TUMEN_LEASE": "x", "TUMEN_FOO": "1"})
    assert [line.split("=")[0].split(" ")[0] for line in said.splitlines()] == [
        "TUMEN_FOO",
        "TUMEN_LEASE",
        "TUMEN_LOG",
    ]


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "redis-url"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    assert read_config({"TUMEN_REDIS_URL_FILE": str(path)}).redis_url == SECRET


def test_an_empty_file_of_a_secret_counts_as_unset(tmp_path: Path) -> None:
    path = tmp_path / "redis-url"
    path.touch()
    assert read_config({"TUMEN_REDIS_URL_FILE": str(path)}).redis_url is None


def test_a_secret_given_twice_is_refused() -> None:
    said = refusal({"TUMEN_REDIS_URL": SECRET, "TUMEN_REDIS_URL_FILE": "redis-url"})
    assert said == "TUMEN_REDIS_URL and TUMEN_REDIS_URL_FILE are both set; keep one."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(None, "No such file or directory", id="missing"),
        pytest.param(b"redis://\xff", "not UTF-8 text", id="no text"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "redis-url"
    if content is not None:
        path.write_bytes(content)
    said = refusal({"TUMEN_REDIS_URL_FILE": str(path)})
    assert said.startswith(f"TUMEN_REDIS_URL_FILE={path}: {reason}; expected the path of")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("redis://crawler:hunter2@host.example/0", id="plain"),
        pytest.param("redis://:hunter2@host.example", id="without a name"),
        pytest.param("rediss://u:p@ss/hunter2@host.example/1", id="not percent-encoded"),
        pytest.param("redis://host.example/0?password=hunter2", id="as a parameter"),
        pytest.param("unix:///run/redis.sock?db=1&PASSWORD=hunter2&x=1", id="of a socket"),
        pytest.param("http://u:hunter2@host.example/0", id="wrong scheme"),
        pytest.param("http://u:hunter2@gate.example:3128", id="of a proxy"),
        pytest.param("u:hunter2@host.example", id="no scheme"),
        pytest.param("redis://u:hunter2@host.example:notaport/0", id="bad port"),
        pytest.param("redis://u:hunter2@[host.example/0", id="bad host"),
    ],
)
@pytest.mark.parametrize("variable", ["TUMEN_REDIS_URL", "TUMEN_PROXY"])
def test_a_password_is_never_shown(variable: str, url: str) -> None:
    try:
        config = read_config({variable: url})
    except ConfigError as error:
        shown = f"{error} {error!r} {error.__cause__!r}"
    else:
        shown = f"{config} {config!r} {describe(config)}"
        assert "***" in shown
    assert "hunter2" not in shown


def test_description_lists_every_setting_as_it_may_be_shown() -> None:
    config = read_config(
        {
            "TUMEN_REDIS_URL": SECRET,
            "TUMEN_HOST_DELAY": "1500ms",
            "TUMEN_ALLOW_NETWORKS": "10.0.0.0/8,127.0.0.1",
        }
    )
    shown = {variable: value for variable, value, _meaning in describe(config)}
    assert shown["TUMEN_REDIS_URL"] == "redis://***@queue.example:6379/3"
    assert shown["TUMEN_HOST_DELAY"] == "1s500ms"
    assert shown["TUMEN_MAX_AGE"] == "3d"
    assert shown["TUMEN_ALLOW_NETWORKS"] == "10.0.0.0/8, 127.0.0.1/32"
    assert shown["TUMEN_CONTACT"] == "unset"
    assert list(shown) == [row.variable for row in SETTINGS.values()]
    assert all(meaning for _variable, _value, meaning in describe(config))


def test_a_password_from_a_file_goes_into_the_url_and_is_never_shown(tmp_path: Path) -> None:
    secret = tmp_path / "redis_password"
    secret.write_text("s3cret/word\n")
    config = read_config(
        {"TUMEN_REDIS_URL": "redis://redis:6379/0", "TUMEN_REDIS_PASSWORD_FILE": str(secret)}
    )
    assert config.redis_url == "redis://:s3cret%2Fword@redis:6379/0"
    assert dataclasses.replace(config, redis_url="redis://b:1/0").redis_url == (
        "redis://:s3cret%2Fword@b:1/0"
    )
    shown = repr(config) + str(describe(config))
    assert "s3cret" not in shown
    assert "redis://***@redis:6379/0" in shown
