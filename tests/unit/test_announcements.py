"""What all sources share: order, unpacking, short texts, tags of languages."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import SourceError
from crawler.news.announcements import (
    UNPACKED_LIMIT,
    language_of,
    newest_first,
    shorten,
    unpack,
)
from crawler.news.records import Moment

URL = "https://a.example/sitemap.xml.gz"
MEGABYTE = 1_000_000


def bomb_of_one_member() -> bytes:
    """An archive that would unpack to one megabyte more than the limit, and then breaks off."""
    packer = zlib.compressobj(wbits=31)
    first, again = (
        packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in "12"
    )
    return first + again * (UNPACKED_LIMIT // MEGABYTE)


def bomb_of_many_members() -> bytes:
    """An archive of which every member is harmless."""
    return gzip.compress(bytes(MEGABYTE)) * (UNPACKED_LIMIT // MEGABYTE + 1)


@pytest.mark.parametrize(
    ("body", "unpacked"),
    [
        pytest.param(b"<rss>", b"<rss>", id="not packed"),
        pytest.param(b"", b"", id="empty"),
        pytest.param(gzip.compress(b"<rss>"), b"<rss>", id="packed"),
        pytest.param(gzip.compress(gzip.compress(b"<rss>")), b"<rss>", id="packed twice"),
        pytest.param(gzip.compress(b"<r") + gzip.compress(b"ss>"), b"<rss>", id="two members"),
        pytest.param(gzip.compress(b"<rss>") + b"junk", b"<rss>", id="junk behind it"),
    ],
)
def test_archives_are_told_by_their_bytes(body: bytes, unpacked: bytes) -> None:
    assert unpack(body, URL) == unpacked


def test_a_cut_off_archive_gives_what_is_whole() -> None:
    text = b"".join(b"<item>%d</item>" % (n * n * 7919) for n in range(2_000))
    body = gzip.compress(text)
    part = unpack(body[: len(body) // 2], URL)
    assert text.startswith(part)
    assert len(part) > len(text) // 4


def test_a_damaged_archive_says_so() -> None:
    with pytest.raises(SourceError, match="damaged"):
        unpack(b"\x1f\x8b\x08\x00garbage that no packer wrote", URL)


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param(bomb_of_one_member(), id="one member"),
        pytest.param(bomb_of_many_members(), id="many members"),
    ],
)
def test_a_bomb_is_not_unpacked(bomb: bytes) -> None:
    assert len(bomb) < UNPACKED_LIMIT // 500
    with pytest.raises(SourceError, match="more than 50 MB"):
        unpack(bomb, URL)


def test_archives_in_archives_are_opened_three_deep() -> None:
    body = b"<rss>"
    for _ in range(4):
        body = gzip.compress(body)
    assert unpack(body, URL).startswith(b"\x1f\x8b")


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([b"", b"\x1f\x8b", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"]),
    st.binary(max_size=60),
)
def test_any_bytes_are_unpacked_or_refused(start: bytes, rest: bytes) -> None:
    with suppress(SourceError):
        assert isinstance(unpack(start + rest, URL), bytes)


def moment(hour: int) -> Moment:
    at = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=hour)
    return Moment(at=at, precision="minute", source="feed", raw=str(hour))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.none() | st.integers(0, 20), max_size=12))
def test_the_newest_comes_first_and_the_undated_stays_behind_its_predecessor(
    hours: list[int | None],
) -> None:
    rows = list(enumerate(hours))
    ordered = newest_first(rows, lambda row: None if row[1] is None else moment(row[1]))
    dated = [row[1] for row in ordered if row[1] is not None]
    assert dated == sorted(dated, reverse=True)
    assert sorted(ordered) == sorted(rows)
    for place, (number, hour) in enumerate(ordered):
        if hour is None and number > 0:
            assert ordered[place - 1][0] == number - 1


@pytest.mark.parametrize(
    ("line", "length", "short"),
    [
        pytest.param("", 9, None, id="nothing"),
        pytest.param("nine barges", 11, "nine barges", id="fits"),
        pytest.param("nine barges wait", 13, "nine barges", id="between words"),
        pytest.param("ninebargeswait", 8, "ninebarg", id="one word"),
        pytest.param("a ninebargeswait", 8, "a ninebarg"[:8], id="a blank too early"),
        pytest.param("국경의화물열차가", 4, "국경의화", id="no blanks"),
    ],
)
def test_lines_are_cut_between_words(line: str, length: int, short: str | None) -> None:
    assert shorten(line, length) == short


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        pytest.param("ko-kr", "ko-KR", id="region"),
        pytest.param(" EN_us ", "en-US", id="underscore"),
        pytest.param("zh-hans", "zh-Hans", id="script"),
        pytest.param("zh_HANT_tw", "zh-Hant-TW", id="script and region"),
        pytest.param("es-419", "es-419", id="region of numbers"),
        pytest.param("uk", "uk", id="language"),
        pytest.param("English", None, id="a name"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="none"),
        pytest.param(7, None, id="no text"),
    ],
)
def test_languages_are_written_as_tags(tag: object, expected: str | None) -> None:
    assert language_of(tag) == expected


def test_what_was_packed_by_zlib_alone_is_left_as_it_is() -> None:
    body = zlib.compress(b"<rss>")
    assert unpack(body, URL) == body
