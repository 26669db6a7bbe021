"""How people write values: what is accepted means one thing, the rest is refused in plain words."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.notation import (
    at_least,
    format_duration,
    hide_logins,
    hide_secrets,
    parse_contact,
    parse_count,
    parse_duration,
    parse_listening,
    parse_log_level,
    parse_networks,
    parse_parsers,
    parse_path,
    parse_paths,
    parse_proxy,
    parse_redis_url,
    parse_switch,
    redact_url,
    with_password,
)

CENTURY_S = 100 * 366 * 86_400


@pytest.mark.parametrize(
    ("text", "expected_s"),
    [
        pytest.param("0", 0.0, id="nothing"),
        pytest.param("2", 2.0, id="plain seconds"),
        pytest.param("0.25", 0.25, id="a part of a second"),
        pytest.param("500ms", 0.5, id="milliseconds"),
        pytest.param("90s", 90.0, id="seconds"),
        pytest.param("5m", 300.0, id="minutes"),
        pytest.param("1h30m", 5400.0, id="two units"),
        pytest.param("1.5h", 5400.0, id="a part of an hour"),
        pytest.param("3d", 259_200.0, id="days"),
        pytest.param("2w", 1_209_600.0, id="weeks"),
        pytest.param(" 3D ", 259_200.0, id="capitals and spaces around"),
        pytest.param("36600d", float(CENTURY_S), id="a century"),
    ],
)
def test_a_duration_is_read_in_seconds(text: str, expected_s: float) -> None:
    assert parse_duration(text) == expected_s


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("-1", id="negative"),
        pytest.param("+1", id="with a sign"),
        pytest.param("1e9", id="exponent"),
        pytest.param("inf", id="infinite"),
        pytest.param("nan", id="no number"),
        pytest.param("1 h", id="space inside"),
        pytest.param("1h 30m", id="space between"),
        pytest.param("1y", id="years have no one length"),
        pytest.param("1h30", id="second number without a unit"),
        pytest.param(".5", id="no leading digit"),
        pytest.param("1_000", id="underscore"),
        pytest.param("٣d", id="digits of another script"),
        pytest.param("3d\n4d", id="two lines"),
        pytest.param("three days", id="words"),
        pytest.param("9" * 13, id="thirteen digits"),
        pytest.param("36601d", id="more than a century"),
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a duration: write 2, 500ms|hundred years"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("duration_s", "expected"),
    [
        pytest.param(0.0, "0s", id="nothing"),
        pytest.param(0.0004, "0s", id="less than is written"),
        pytest.param(0.5, "500ms", id="below a second"),
        pytest.param(1.5, "1s500ms", id="seconds and their part"),
        pytest.param(5400.0, "1h30m", id="two units"),
        pytest.param(93_784.001, "1d2h3m4s1ms", id="all units"),
        pytest.param(1_209_600.0, "14d", id="weeks are written as days"),
    ],
)
def test_a_duration_is_written_in_the_largest_units(duration_s: float, expected: str) -> None:
    assert format_duration(duration_s) == expected


@settings(max_examples=200)
@given(st.integers(min_value=0, max_value=CENTURY_S * 1000))
@example(CENTURY_S * 1000)
def test_a_written_duration_is_read_back(duration_ms: int) -> None:
    read_s = parse_duration(format_duration(duration_ms / 1000))
    assert round(read_s * 1000) == duration_ms


@settings(max_examples=200)
@given(st.text(alphabet="0123456789.mshdw -+e\n٣"))
def test_whatever_is_accepted_is_finite_and_not_negative(text: str) -> None:
    try:
        duration_s = parse_duration(text)
    except ValueError:
        return
    assert math.isfinite(duration_s)
    assert 0 <= duration_s <= CENTURY_S


def test_a_bound_is_itself_allowed_and_what_lies_below_it_is_not() -> None:
    parse = at_least(0.5, parse_duration)
    assert parse("500ms") == 0.5
    with pytest.raises(ValueError, match=r"^below 0\.5$"):
        parse("499ms")


@pytest.mark.parametrize(("text", "expected"), [("1", 1), ("256", 256), (" 7 ", 7), ("007", 7)])
def test_a_count_in_range_is_read(text: str, expected: int) -> None:
    assert parse_count(1, 256)(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("0", "not between 1 and 256", id="too few"),
        pytest.param("257", "not between 1 and 256", id="too many"),
        pytest.param("-1", "not a whole number", id="negative"),
        pytest.param("1.0", "not a whole number", id="with a point"),
        pytest.param("1e2", "not a whole number", id="exponent"),
        pytest.param("0x10", "not a whole number", id="hexadecimal"),
        pytest.param("１２", "not a whole number", id="wide digits"),
        pytest.param("9" * 5000, "not a whole number", id="five thousand digits"),
        pytest.param("", "not a whole number", id="empty"),
    ],
)
def test_a_count_out_of_range_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_count(1, 256)(text)


def test_cores_are_those_that_this_process_may_use() -> None:
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    expected = len(allowed) if allowed is not None else os.cpu_count()
    assert parse_parsers("Cores") == min(expected or 1, 256)
    assert parse_parsers("5") == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", (), id="none"),
        pytest.param("127.0.0.1", ("127.0.0.1/32",), id="a bare address"),
        pytest.param("10.0.0.0/8,fd00::/8", ("10.0.0.0/8", "fd00::/8"), id="both families"),
        pytest.param(" 10.0.0.0/8 ,, ", ("10.0.0.0/8",), id="spaces and empty parts"),
        pytest.param("0.0.0.0/0", ("0.0.0.0/0",), id="everything, on purpose"),
    ],
)
def test_networks_are_read(text: str, expected: tuple[str, ...]) -> None:
    assert parse_networks(text) == tuple(ip_network(one) for one in expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("localhost", "'localhost' is not a network", id="a name"),
        pytest.param("127.0.0.0/33", "is not a network", id="mask too long"),
        pytest.param("127.1", "is not a network", id="a short address"),
        pytest.param("10.1.2.3/8", r"did you mean 10\.0\.0\.0/8\?", id="bits below the mask"),
        pytest.param("10.0.0.0/8;127.0.0.1", "is not a network", id="semicolon"),
    ],
)
def test_what_is_no_network_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_networks(text)


def test_a_path_may_begin_with_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/reader")
    assert parse_path("~/tumen") == Path("/home/reader/tumen")
    assert parse_path("a~b") == Path("a~b")


def test_paths_are_separated_as_in_path() -> None:
    assert parse_paths(os.pathsep.join(("a", "", " ", "b/c"))) == (Path("a"), Path("b/c"))


def test_a_path_with_a_nul_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no NUL"):
        parse_path("a\0b")


REFUSED: list[Any] = [
    pytest.param(parse_switch, "yes", "neither on nor off", id="switch: yes"),
    pytest.param(parse_switch, "1", "neither on nor off", id="switch: 1"),
    pytest.param(parse_log_level, "trace", "not a level: debug, info", id="level: trace"),
    pytest.param(parse_contact, "ask us", "not an http", id="contact: words"),
    pytest.param(parse_contact, "ftp://a.example", "not an http", id="contact: ftp"),
    pytest.param(parse_contact, "https://пример.рф", "not an http", id="contact: not ASCII"),
    pytest.param(parse_contact, "https://a.example/ b", "not an http", id="contact: a space"),
    pytest.param(parse_contact, "a@b", "not an http", id="contact: no domain"),
    pytest.param(parse_redis_url, "localhost:6379", "scheme is not redis", id="redis: no scheme"),
    pytest.param(parse_redis_url, "http://a.example/0", "scheme is not redis", id="redis: http"),
    pytest.param(parse_redis_url, "redis://", "there is no host", id="redis: no host"),
    pytest.param(parse_redis_url, "redis://h:0/0", "the port is 0", id="redis: port 0"),
    pytest.param(parse_redis_url, "redis://h:99999/0", "cannot be read", id="redis: large port"),
    pytest.param(parse_redis_url, "redis://h/a", "number of a database", id="redis: named db"),
    pytest.param(parse_redis_url, "unix://run/redis.sock", "absolute path", id="redis: relative"),
    pytest.param(parse_redis_url, "unix://", "absolute path", id="redis: no socket"),
    pytest.param(parse_listening, "localhost:80", "not an IP address", id="serving: a name"),
    pytest.param(parse_listening, "70000", "not between", id="serving: no such port"),
    pytest.param(parse_listening, "on", "not a whole number", id="serving: no port"),
    pytest.param(parse_proxy, "gate:3128", "scheme is not http", id="proxy: no scheme"),
    pytest.param(parse_proxy, "https://gate:3128", "scheme is not http", id="proxy: over TLS"),
    pytest.param(parse_proxy, "socks5://gate:1080", "scheme is not http", id="proxy: SOCKS"),
    pytest.param(parse_proxy, "http://gate", "no port", id="proxy: no port"),
    pytest.param(parse_proxy, "http://:3128", "no host", id="proxy: no host"),
    pytest.param(parse_proxy, "http://gate:99999", "cannot be read", id="proxy: large port"),
    pytest.param(parse_proxy, "http://gate:3128/x", "comes after", id="proxy: a path"),
    pytest.param(parse_proxy, "http://gäte:3128", "plain ASCII", id="proxy: not ASCII"),
]


@pytest.mark.parametrize(("parse", "text", "words"), REFUSED)
def test_a_refusal_says_what_is_wrong(parse: Callable[[str], Any], text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "redis://localhost",
        "redis://localhost:6379/0",
        "rediss://u:p@queue.example:6380/12?ssl_cert_reqs=required",
        "redis://[::1]:6379/0",
        "unix:///run/redis.sock?db=2",
    ],
)
def test_the_address_of_a_redis_is_kept_as_written(text: str) -> None:
    assert parse_redis_url(text) == text


@pytest.mark.parametrize("parse", [parse_redis_url, parse_proxy, parse_contact])
def test_empty_text_stands_for_unset(parse: Callable[[str], Any]) -> None:
    assert parse("") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("redis://h:6379/0", "redis://h:6379/0", id="nothing to hide"),
        pytest.param("redis://u:p@h/0", "redis://***@h/0", id="name and password"),
        pytest.param("redis://u:p@q@h/0", "redis://***@h/0", id="an @ in the password"),
        pytest.param("redis://u:p/q@h/0", "redis://***@h/0", id="a slash in the password"),
        pytest.param(
            "redis://h/0?db=1&password=p&q", "redis://h/0?db=1&password=***", id="parameter"
        ),
        pytest.param("unix:///s?USERNAME=u&password=p", "unix:///s?USERNAME=***", id="capitals"),
        pytest.param("p4ssw0rd", "***", id="no URL at all"),
    ],
)
def test_an_address_is_shown_without_its_credentials(text: str, expected: str) -> None:
    assert redact_url(text) == expected


@settings(max_examples=100)
@given(st.text(min_size=1, max_size=20).map(lambda text: f"§{text}§"))
def test_no_password_comes_through(password: str) -> None:
    assert "§" not in redact_url(f"redis://user:{password}@h.example:6379/0")
    assert "§" not in redact_url(f"redis://h.example:6379/0?password={password}")


@pytest.mark.parametrize(
    ("url", "password", "expected"),
    [
        pytest.param("redis://h:1/0", "p@ss/word", "redis://:p%40ss%2Fword@h:1/0", id="escaped"),
        pytest.param("redis://h/0", None, "redis://h/0", id="without one"),
        pytest.param("rediss://u:own@h/0", "other", "rediss://u:own@h/0", id="its own counts"),
        pytest.param("unix:///run/r.sock", "p", "unix:///run/r.sock", id="a socket has none"),
    ],
)
def test_a_password_joins_an_url_that_has_none(
    url: str, password: str | None, expected: str
) -> None:
    assert with_password(url, password) == expected
    assert with_password(expected, password) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("http://u:hunter2@h/x", "http://***@h/x", id="login"),
        pytest.param(
            "at https://tok@h and ftp://a:b@c", "at https://***@h and ftp://***@c", id="two"
        ),
        pytest.param(
            "https://h/feed?id=7&token=abc#x", "https://h/feed?id=7&token=***#x", id="token"
        ),
        pytest.param(
            "https://h/?access_token=abc&a=b", "https://h/?access_token=***&a=b", id="long"
        ),
        pytest.param("https://h/?API_KEY=abc", "https://h/?API_KEY=***", id="capitals"),
        pytest.param("https://h/?apikey=abc def", "https://h/?apikey=*** def", id="in a sentence"),
        pytest.param("https://h/@user/a", "https://h/@user/a", id="a path"),
        pytest.param(
            "https://h/?author=kim&keyword=x", "https://h/?author=kim&keyword=x", id="alike"
        ),
        pytest.param("mail@example.org", "mail@example.org", id="an address of mail"),
    ],
)
def test_secrets_in_addresses_are_hidden(text: str, shown: str) -> None:
    assert hide_secrets(text) == shown


def test_logins_are_hidden_and_parameters_left() -> None:
    assert hide_logins("http://u:p@h/?token=a") == "http://***@h/?token=a"
