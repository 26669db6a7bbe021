"""What a line may hold, and what is not a line."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import BrokenLine
from crawler.news.jsonl import clean, decode, encode, read_time, write_time
from tests.strategies import ANY_TEXT


@pytest.mark.parametrize(
    ("dirty", "cleaned"),
    [
        pytest.param("Kim, Ида 朝鮮 😀", "Kim, Ида 朝鮮 😀", id="keeps every script"),
        pytest.param("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour", id="one kind of line end"),
        pytest.param("a\tb\x0bc\x0cd\x1fe", "a b c d e", id="controls that part words are spaces"),
        pytest.param("a\x00b\x08c\x7fd\x9be", "abcde", id="drops other controls"),
        pytest.param("a\x85b\u2028c\u2029d", "a\x85b\u2028c\u2029d", id="keeps line separators"),
        pytest.param("\ud83d\ude00", "😀", id="joins the halves of a pair"),
        pytest.param("a\ud83db\ude00", "a\ufffdb\ufffd", id="replaces lone halves"),
        pytest.param("a" * 99 + "\ud800", "a" * 99 + "\ufffd", id="a lone half far behind"),
        pytest.param("a" * 99 + "\x9b\xa0", "a" * 99 + "\xa0", id="a control far behind"),
        pytest.param("\r\x00\n", "\n\n", id="drops a control between line ends"),
    ],
)
def test_clean_takes_out_what_no_line_may_hold(dirty: str, cleaned: str) -> None:
    assert cleaned == clean(dirty)


@settings(max_examples=50, deadline=None)
@given(ANY_TEXT)
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == clean(clean(text))


@pytest.mark.parametrize(
    ("payload", "line"),
    [
        pytest.param({"b": 1, "a": None}, b'{"b":1,"a":null}\n', id="keeps the order of keys"),
        pytest.param({"t": "朝"}, '{"t":"朝"}\n'.encode(), id="writes UTF-8"),
        pytest.param(
            {"t": "a\x85b\u2028c\u2029d"},
            b'{"t":"a\\u0085b\\u2028c\\u2029d"}\n',
            id="escapes line separators",
        ),
        pytest.param({"t": ["\x00", {"\x07k": "\ud800"}]}, '{"t":["",{"k":"\ufffd"}]}\n'.encode(),
                     id="cleans at any depth"),
        pytest.param({"t": ("a", "b")}, b'{"t":["a","b"]}\n', id="writes tuples as lists"),
    ],
)  # fmt: skip
def test_encode_writes_one_line(payload: dict[str, object], line: bytes) -> None:
    assert line == encode(payload)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_encode_refuses_numbers_that_json_lacks(number: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        encode({"score": number})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(ANY_TEXT, _JSON, max_size=4))
def test_any_object_is_one_line_for_every_reader(payload: dict[str, object]) -> None:
    line = encode(payload)
    assert line.decode().splitlines(keepends=True) == [line.decode()]
    assert re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", line) is None
    assert line == encode(decode(line))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param(b'{"a":1', "delimiter", id="torn"),
        pytest.param(b"", "Expecting value", id="empty"),
        pytest.param(b"\0\0\0\0", "Expecting value", id="zeros"),
        pytest.param(b'{"a":"\xff"}', "decode", id="not UTF-8"),
        pytest.param(b'{"a":NaN}', "NaN is not JSON", id="NaN"),
        pytest.param(b'{"a":-Infinity}', "-Infinity is not JSON", id="infinity"),
        pytest.param(b"[1]", "holds list", id="a list"),
        pytest.param(b"7", "holds int", id="a number"),
        pytest.param(b'{"a":' + b"[" * 200_000, "nested too deeply", id="nested without end"),
        pytest.param(b'{"a":' + b"9" * 5000 + b"}", "limit", id="a number without end"),
    ],
)
def test_decode_refuses_what_is_not_one_object(line: bytes, problem: str) -> None:
    with pytest.raises(BrokenLine, match=problem) as caught:
        decode(line)
    assert line == caught.value.line


def test_a_broken_line_shows_no_more_than_its_beginning() -> None:
    with pytest.raises(BrokenLine) as caught:
        decode(b"x" * 10_000 + b"\x1b[31m")
    assert len(str(caught.value)) < 250


def test_times_are_written_in_utc_to_the_second() -> None:
    seoul = timezone(timedelta(hours=9))
    assert write_time(datetime(2026, 1, 2, 3, 4, 5, 678, seoul)) == "2026-01-01T18:04:05Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        write_time(datetime(2026, 1, 2))  # noqa: DTZ001


@settings(max_examples=30, deadline=None)
@given(st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)))
def test_a_time_reads_back_as_it_was(at: datetime) -> None:
    assert at == read_time(write_time(at))


@pytest.mark.parametrize("text", ["2026-01-02T03:04:05", "2026-01-02T03:04:05+00:00", "now"])
def test_read_time_refuses_what_write_time_never_writes(text: str) -> None:
    with pytest.raises(ValueError, match=r"UTC|Invalid"):
        read_time(text)


def test_json_loads_of_the_standard_library_reads_the_same() -> None:
    payload = {"t": "a\u2028", "n": 0.5, "l": [True, None]}
    assert payload == json.loads(encode(payload))
