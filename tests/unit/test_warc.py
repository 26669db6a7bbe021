"""Records of the archive: what a server sent stays what it was, and stays in its place."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.storage import members
from crawler.storage.warc import (
    BODY_LIMIT_BYTES,
    HEADERS_MOST,
    Response,
    is_forgotten,
    read_record,
    response_of,
    write_forgotten,
    write_info,
    write_response,
)

AT = datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=UTC)
PAGE = Response(
    url="https://harbor.example/news/7?page=2",
    status=200,
    reason="OK",
    request_headers=(("Host", "harbor.example"), ("User-Agent", "Tumen/1")),
    response_headers=(("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
    body=b"<title>Ferry</title>\r\n\r\n<p>Forty trucks.",
    fetched_at=AT,
)


def read_back(response: Response) -> Response:
    answer, question = write_response(response)
    return response_of(read_record(answer), read_record(question))


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    opened = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    yield opened
    os.close(opened)


def write_file(descriptor: int, content: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, content, 0)


def test_a_response_reads_back_as_it_was() -> None:
    assert read_back(PAGE) == PAGE


def test_the_same_response_gives_the_same_bytes() -> None:
    assert write_response(PAGE) == write_response(replace(PAGE))


def test_warcio_reads_the_records_and_their_digests_fit() -> None:
    written = BytesIO(b"".join(map(members.pack, write_response(PAGE))))
    found = []
    for record in ArchiveIterator(written, check_digests="raise"):
        found.append(
            (record.rec_type, record.http_headers.statusline, record.content_stream().read())
        )
        assert record.rec_headers.get_header("WARC-Date") == "2026-11-22T12:00:00.250000Z"
    assert found == [
        ("response", "200 OK", PAGE.body),
        ("request", "/news/7?page=2 HTTP/1.1", b""),
    ]


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        pytest.param([("X-A", "1\r\nX-B: 2")], [("X-A", "1  X-B: 2")], id="no line is smuggled in"),
        pytest.param([("X-A", "1\r\n\r\nHTTP/1.1 200")], [("X-A", "1    HTTP/1.1 200")],
                     id="no end"),
        pytest.param([("X-A", "a\0b\x1bc\x7f")], [("X-A", "a b c")], id="no controls"),
        pytest.param([("X A", "1"), ("X:A", "2"), ("", "3"), ("X\r\n", "4")], [], id="odd names"),
        pytest.param([("\tX-A", "1"), ("é", "1"), ("x" * 257, "1")], [], id="odder names"),
        pytest.param([("X-A", "")], [("X-A", "")], id="empty value"),
        pytest.param([("X-A", " \t1\t ")], [("X-A", "1")], id="blanks around"),
        pytest.param([("X-A", "a\tb: c")], [("X-A", "a\tb: c")], id="tab and colon within"),
        pytest.param([("X-A", "caf\xe9 \xc3\xa9\x85\xa0!")], [("X-A", "caf\xe9 \xc3\xa9\x85\xa0!")],
                     id="bytes beyond ASCII are kept"),
        pytest.param([("X-A", "압")], [("X-A", "\xec\x95\x95")], id="wider letters as UTF-8"),
        pytest.param([("X-A", "\ud800")], [("X-A", "?")], id="half a character"),
        pytest.param([("Content-Encoding", "br"), ("content-length", "9")],
                     [("Content-Encoding", "br"), ("content-length", "9")], id="coding is told"),
        pytest.param([("Transfer-Encoding", "chunked")], [("Transfer-Encoding", "chunked")],
                     id="chunks are told"),
        pytest.param([("X-Crawler-Content-Encoding", "gzip")], [], id="not ours to be sent"),
        pytest.param([("X-A", "x" * 40_000), ("X-B", "x" * 40_000)], [("X-A", "x" * 40_000)],
                     id="too much"),
        pytest.param([("X-A", "1")] * 10_000, [("X-A", "1")] * HEADERS_MOST, id="too many"),
    ],
)  # fmt: skip
def test_hostile_headers_stay_headers(
    headers: list[tuple[str, str]], kept: list[tuple[str, str]]
) -> None:
    hostile = replace(PAGE, request_headers=[("Host", "h"), *headers], response_headers=headers)
    told = read_back(hostile)
    assert (kept, PAGE.body, "OK") == (list(told.response_headers), told.body, told.reason)
    assert [("Host", "h"), *kept][:HEADERS_MOST] == list(told.request_headers)


def test_a_reader_is_not_told_of_codings_that_were_undone() -> None:
    sent = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Content-Length", "9"))
    answer, _question = write_response(replace(PAGE, response_headers=sent))
    record = next(ArchiveIterator(BytesIO(members.pack(answer))))
    assert PAGE.body == record.content_stream().read()
    assert str(len(PAGE.body)) == record.http_headers.get_header("Content-Length")
    assert record.http_headers.get_header("X-Crawler-Content-Encoding") == "gzip"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"reason": "OK\r\nX: 1"}, {"reason": "OK  X: 1"}, id="reason of two lines"),
        pytest.param({"reason": None}, {"reason": None}, id="no reason"),
        pytest.param({"body": b""}, {"body": b""}, id="no body"),
        pytest.param({"url": "http://h.example/a b\r\nX: é"},
                     {"url": "http://h.example/a%20b%0D%0AX:%20%C3%A9"}, id="address of two lines"),
        pytest.param({"request_headers": (), "url": "http://u:p@h.example:81"},
                     {"request_headers": (("Host", "h.example:81"),)}, id="Host is told"),
    ],
)  # fmt: skip
def test_odd_parts_are_made_to_fit(change: dict[str, object], told: dict[str, object]) -> None:
    read = read_back(replace(PAGE, **change))  # type: ignore[arg-type]
    assert told == {name: getattr(read, name) for name in told}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"status": 99}, id="status"),
        pytest.param({"url": "file:///etc/passwd"}, id="scheme"),
        pytest.param({"fetched_at": AT.replace(tzinfo=None)}, id="no zone"),
        pytest.param({"body": bytes(BODY_LIMIT_BYTES + 1)}, id="too long"),
    ],
)
def test_what_is_no_answer_of_the_web_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"status|address|zone|more than"):
        write_response(replace(PAGE, **change))  # type: ignore[arg-type]


def test_a_record_of_another_program_is_decoded() -> None:
    block = (
        b"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\nnonsense\r\n\r\n"
        b"3\r\nabc\r\n0\r\n\r\n"
    )
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://h.example/\r\n"
        b"WARC-Date: 2026-11-22T12:00:00Z\r\nContent-Length: %d\r\n\r\n" % len(block)
    )
    told = response_of(read_record(head + block + b"\r\n\r\n"), None)
    assert (told.status, told.reason, told.body) == (404, "Not Found", b"abc")
    assert told.request_headers == ()


@pytest.mark.parametrize("content", [b"", b"\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\xff" * 9])
def test_what_is_no_record_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no WARC record"):
        read_record(content)


def test_a_block_without_a_status_is_refused() -> None:
    info = read_record(write_info("a.warc.gz", "tumen/1", AT))
    with pytest.raises(ValueError, match="no status"):
        response_of(info, None)


@settings(max_examples=60, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(length=st.integers(min_value=260, max_value=200_000))
@pytest.mark.parametrize("near", [0, 65_540, 131_080])
def test_a_note_fits_a_gap_of_any_size(descriptor: int, near: int, length: int) -> None:
    length = near + 30 + length % 12 if near else length
    note = write_forgotten("archive/a.warc.gz", 7, members.room_in(length))
    assert note is not None
    member = members.pack_to(note, length)
    assert length == len(member)
    write_file(descriptor, member)
    assert (note, length) == members.read_member(descriptor, 0, length)
    assert is_forgotten(read_record(note))
    record = next(ArchiveIterator(BytesIO(member)))
    assert (record.rec_type, record.content_stream().read(20).rstrip()[:3]) == ("metadata", b"The")


def test_a_note_does_not_fit_a_gap_that_is_too_small() -> None:
    assert write_forgotten("archive/a.warc.gz", 7, members.room_in(40)) is None


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(contents=st.lists(st.binary(max_size=2000), min_size=1, max_size=5), data=st.data())
def test_any_cut_leaves_the_members_before_it(
    descriptor: int, contents: list[bytes], data: st.DataObject
) -> None:
    packed = [members.pack(content) for content in contents]
    whole = b"".join(packed)
    size = data.draw(st.integers(0, len(whole)))
    write_file(descriptor, whole[:size])
    spans = list(members.walk(descriptor))
    end = sum(length for _offset, length in spans)
    assert all(members.is_whole(descriptor, *span) for span in spans)
    assert contents[: len(spans)] == [
        members.read_member(descriptor, offset, 2000)[0] for offset, _length in spans
    ]
    assert len(b"".join(packed[: len(spans) + 1])) > size or len(spans) == len(packed)
    assert end == size or members.is_torn(descriptor, end)


def test_a_rotten_length_is_not_taken_for_a_torn_end(descriptor: int) -> None:
    member = bytearray(members.pack(random.Random(5).randbytes(500)))
    member[18] = 0x7F  # the third byte of its length: eight megabytes
    write_file(descriptor, bytes(member) + members.pack(b"after"))
    assert list(members.walk(descriptor)) == []
    assert not members.is_torn(descriptor, 0)


@pytest.mark.parametrize(
    ("rest", "torn"),
    [
        pytest.param(bytes(5000), True, id="zeros"),
        pytest.param(b"\x1f\x8b", True, id="two bytes of a header"),
        pytest.param(b"junk", False, id="junk"),
        pytest.param(b"\x1f\x8b\x08\x04" + bytes(30), False, id="a header of another"),
    ],
)
def test_only_a_broken_off_write_counts_as_torn(descriptor: int, rest: bytes, torn: bool) -> None:
    write_file(descriptor, rest)
    assert torn == members.is_torn(descriptor, 0)


def test_a_torn_end_with_damage_in_it_is_no_torn_end(descriptor: int) -> None:
    member = members.pack(random.Random(5).randbytes(200_000))
    write_file(descriptor, member[:150_000])
    assert members.is_torn(descriptor, 0)
    os.pwrite(descriptor, bytes(50_000), 60_000)
    assert not members.is_torn(descriptor, 0)


def test_an_empty_member_has_no_start(descriptor: int) -> None:
    write_file(descriptor, members.pack(b""))
    with pytest.raises(ValueError, match="empty"):
        members.read_start(descriptor, 0)


def test_a_bomb_costs_no_more_than_the_limit(descriptor: int) -> None:
    write_file(descriptor, members.pack(bytes(20 << 20)))
    with pytest.raises(ValueError, match="more than 1000 bytes"):
        members.read_member(descriptor, 0, 1000)
    assert len(members.read_start(descriptor, 0)) <= 1 << 20


@pytest.mark.parametrize("megabytes", [0, 1, 2, 5])
def test_a_member_of_any_size_is_whole_where_others_follow_it(
    descriptor: int, megabytes: int
) -> None:
    first, second = members.pack(b"a" * (megabytes << 20) + b"b"), members.pack(b"next")
    os.pwrite(descriptor, first + second, 0)
    _content, length = members.read_member(descriptor, 0, 10 << 20)
    assert (length, members.is_whole(descriptor, 0, len(first))) == (len(first), True)
    assert members.read_member(descriptor, length, 100)[0] == b"next"
