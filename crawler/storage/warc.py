"""A response as WARC records, and back: WARC 1.1 (ISO 28500:2017), framed and parsed by warcio.

The body is kept as the parser got it: chunks joined, content coding undone. So that every reader
finds it in one piece, the headers that told how it was sent are kept under X-Crawler- names, as
Common Crawl does, and Content-Length tells the length that is there. `response_of` undoes both.

Promise: whatever headers a server sent, the records hold one status line, one block of headers and
the body, and no header of theirs becomes one of ours.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import quote, urlsplit

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Headers = Sequence[tuple[str, str]]

BODY_LIMIT_BYTES = 64 << 20
# More than any honest server sends; Twisted refuses lines of 16 KB.
HEADERS_MOST = 200
HEADERS_LIMIT_BYTES = 64 << 10

_VERSION = "1.1"
_SENT = ("content-encoding", "content-length", "transfer-encoding")
_KEPT_AS = "X-Crawler-"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}", re.ASCII)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? ([1-9]\d\d)(?: (.*))?")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_BLANKS = bytes(32 if code == 127 or (code < 32 and code != 9) else code for code in range(256))
_FORGOTTEN = b"The response that stood here was forgotten on request.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What was asked and what came. Header values are as latin-1 reads them; times are aware."""

    url: str
    status: int
    reason: str | None = None
    request_headers: Headers = ()
    response_headers: Headers = ()
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRecord:
    """One record as it was read: its type, its fields that count here, and its block."""

    kind: str
    id: str
    url: str
    date: str
    concurrent_to: str
    block: bytes


def write_response(response: Response) -> tuple[bytes, bytes]:
    """The response record and the request record of a response, uncompressed.

    The same response gives the same bytes. Raises ValueError for what is no answer of a web server.
    """
    if response.fetched_at.tzinfo is None:
        raise ValueError("the time of a response has no zone")
    if not 100 <= response.status <= 999:
        raise ValueError(f"{response.status} is not a status of HTTP")
    if len(response.body) > BODY_LIMIT_BYTES:
        raise ValueError(f"a body of more than {BODY_LIMIT_BYTES} bytes")
    url = clean_url(response.url)
    digest = hashlib.sha256(response.body).hexdigest()
    date = _write_date(response.fetched_at)
    response_id, request_id = (
        _record_id(kind, url, date, digest) for kind in ("response", "request")
    )
    fields = [
        ("WARC-Record-ID", response_id),
        ("WARC-Date", date),
        ("WARC-Target-URI", url),
        # In hex, so that it is the body_sha256 of the record's line; warcio checks it as well.
        ("WARC-Payload-Digest", f"sha256:{digest}"),
    ]
    answer = _write_record("response", fields, _write_answer(response))
    fields = [
        ("WARC-Record-ID", request_id),
        ("WARC-Date", date),
        ("WARC-Target-URI", url),
        ("WARC-Concurrent-To", response_id),
        ("WARC-Payload-Digest", f"sha256:{hashlib.sha256().hexdigest()}"),
    ]
    return answer, _write_record("request", fields, _write_question(url, response.request_headers))


def write_info(name: str, software: str, at: datetime) -> bytes:
    """The warcinfo record that a file begins with."""
    date = _write_date(at)
    fields = [
        ("WARC-Record-ID", _record_id("warcinfo", name, date)),
        ("WARC-Date", date),
        ("WARC-Filename", name),
    ]
    told = {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": "bodies stand here after content and transfer coding were undone; "
        f"the headers that told of them are kept as {_KEPT_AS}*",
    }
    block = "".join(f"{key}: {value}\r\n" for key, value in told.items()).encode()
    return _write_record("warcinfo", fields, block)


def write_forgotten(name: str, offset: int, size: int) -> bytes | None:
    """A record of exactly this size that says that another was forgotten; None: it does not fit."""
    fields = [
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", _record_id("forgotten", name, str(offset))),
        ("WARC-Date", _write_date(datetime.now(UTC))),
        ("Content-Type", "text/plain"),
    ]
    # Leading zeros are allowed, and keep the head's length from depending on the block's.
    head = len(StatusAndHeaders("", [*fields, ("Content-Length", "0" * 10)], "WARC/1.1").to_bytes())
    room = size - head - 4
    if room < 0:
        return None
    fields.append(("Content-Length", f"{room:010d}"))
    block = _FORGOTTEN[:room].ljust(room)
    written: bytes = StatusAndHeaders("", fields, "WARC/1.1").to_bytes()
    return written + block + b"\r\n\r\n"


def is_forgotten(record: WarcRecord) -> bool:
    """It is what `write_forgotten` wrote."""
    return record.kind == "metadata" and _FORGOTTEN.startswith(record.block.rstrip(b" "))


def read_record(content: bytes) -> WarcRecord:
    """Parse one record, its block as it stands, whoever wrote it. Raises ValueError."""
    try:
        record = ArcWarcRecordLoader().parse_record_stream(
            BytesIO(content), known_format="warc", no_record_parse=True
        )
    except (ArchiveLoadFailed, EOFError) as error:
        raise ValueError(f"it is no WARC record: {error}") from error
    if record.rec_type is None:
        raise ValueError("it is no WARC record: it tells no type")
    told = record.rec_headers.get_header
    return WarcRecord(
        kind=record.rec_type,
        id=told("WARC-Record-ID", ""),
        url=told("WARC-Target-URI", ""),
        date=told("WARC-Date", ""),
        concurrent_to=told("WARC-Concurrent-To", ""),
        block=record.raw_stream.read(),
    )


def response_of(answer: WarcRecord, question: WarcRecord | None) -> Response:
    """What `write_response` was given, cleaned. Raises ValueError when the block is not HTTP.

    Of a file that another program wrote, chunks and content coding are undone here.
    """
    first, headers, payload = _split_block(answer.block)
    status = _STATUS.fullmatch(first)
    if status is None:
        raise ValueError(f"it begins with no status of HTTP: {first[:80]!r}")
    return Response(
        url=answer.url,
        status=int(status[1]),
        reason=(status[2] or b"").decode("latin-1") or None,
        request_headers=tuple(_split_block(question.block)[1]) if question else (),
        response_headers=tuple(_as_sent(headers)),
        body=_decode(headers, payload),
        fetched_at=datetime.fromisoformat(answer.date),
    )


def clean_url(url: str) -> str:
    """An address as it stands in a record: printable ASCII. Raises ValueError."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url[:80]!r} is not an address of the web")
    return quote(url, safe=_PRINTABLE, errors="replace")


def _write_record(kind: str, fields: Sequence[tuple[str, str]], block: bytes) -> bytes:
    out = BytesIO()
    head = StatusAndHeaders("", [("WARC-Type", kind), *fields], f"WARC/{_VERSION}")
    content_type = (
        "application/warc-fields" if kind == "warcinfo" else f"application/http; msgtype={kind}"
    )
    # Without HTTP headers of its own: warcio would percent-encode what is not ASCII in them.
    record = ArcWarcRecord("warc", kind, head, BytesIO(block), None, content_type, len(block))
    WARCWriter(out, gzip=False, warc_version=_VERSION).write_record(record)
    return out.getvalue()


def _write_answer(response: Response) -> bytes:
    headers = [
        (_KEPT_AS + name if name.lower() in _SENT else name, value)
        for name, value in _clean_headers(response.response_headers)
    ]
    headers.append(("Content-Length", str(len(response.body)).encode()))
    reason = _clean_value((response.reason or "")[:200])
    return _join_block(b"HTTP/1.1 %d %b" % (response.status, reason), headers) + response.body


def _write_question(url: str, headers: Headers) -> bytes:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    cleaned = _clean_headers(headers)
    if all(name.lower() != "host" for name, _value in cleaned):
        # The HTTP client adds it after Scrapy's last look at the headers.
        cleaned.insert(0, ("Host", parts.netloc.rpartition("@")[2].encode()))
    return _join_block(f"GET {target} HTTP/1.1".encode(), cleaned)


def _join_block(first: bytes, headers: Sequence[tuple[str, bytes]]) -> bytes:
    lines = [first, *(name.encode() + b": " + value for name, value in headers), b"", b""]
    return b"\r\n".join(lines)


def _split_block(block: bytes) -> tuple[bytes, list[tuple[str, str]], bytes]:
    head, _blank, payload = block.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    named = (line.decode("latin-1").partition(":") for line in lines)
    return (
        first,
        [(name.strip(), value.strip(" \t")) for name, colon, value in named if colon],
        payload,
    )


def _clean_headers(headers: Headers) -> list[tuple[str, bytes]]:
    """Headers that can stand in a block; those that cannot, or are too many, are left out."""
    cleaned, size = [], 0
    for name, value in headers[:HEADERS_MOST]:
        if not _TOKEN.fullmatch(name) or name.lower().startswith(_KEPT_AS.lower()):
            continue
        written = _clean_value(value)
        size += len(name) + len(written) + 4
        if size > HEADERS_LIMIT_BYTES:
            break
        cleaned.append((name, written))
    return cleaned


def _clean_value(value: str) -> bytes:
    try:
        written = value.encode("latin-1")
    except UnicodeEncodeError:
        written = value.encode("utf-8", "replace")
    return written.translate(_BLANKS).strip(b" \t")


def _as_sent(headers: Headers) -> list[tuple[str, str]]:
    mine = _KEPT_AS.lower()
    return [
        (name[len(mine) :] if name.lower().startswith(mine) else name, value)
        for name, value in headers
        if name.lower() != "content-length"
    ]


def _decode(headers: Headers, payload: bytes) -> bytes:
    """Undo the codings that the block's own headers name, up to the limit on bodies."""
    head = StatusAndHeaders("", list(headers), "HTTP/1.1")
    record = ArcWarcRecord("warc", "response", None, BytesIO(payload), head, None, len(payload))
    body: bytes = record.content_stream().read(BODY_LIMIT_BYTES + 1)
    if len(body) > BODY_LIMIT_BYTES:
        raise ValueError(f"its body has more than {BODY_LIMIT_BYTES} bytes")
    return body


def _write_date(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _record_id(*parts: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, ' '.join(parts))}>"
