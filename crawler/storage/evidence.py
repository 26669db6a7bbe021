"""Reading the archive without a slot: show, check, find and forget responses.

Promise: reading changes nothing; forgetting overwrites a response in place by a record of the same
size, so every other offset stays true, and whoever writes to the file meanwhile is not disturbed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from crawler.errors import StoreError
from crawler.news.lines import ArchivePlace
from crawler.storage import members, warc
from crawler.storage.archive_files import archive_files, opened
from crawler.storage.warc import Response, WarcRecord

_RECORD_LIMIT_BYTES = warc.BODY_LIMIT_BYTES + (1 << 20)


def read(data_dir: Path, place: ArchivePlace) -> Response:
    """The response at a place. Raises StoreError when none can be read there, and says why."""
    with opened(data_dir, place, os.O_RDONLY) as descriptor:
        content, length = members.read_member(descriptor, place.offset, _RECORD_LIMIT_BYTES)
        answer = warc.read_record(content)
        if answer.kind != "response":
            if warc.is_forgotten(answer):
                raise ValueError("the response was forgotten on request")
            raise ValueError(f"no response, a record of type {answer.kind!r} stands there")
        question = _record_at(descriptor, place.offset + length)
        if question and (question.kind, question.concurrent_to) != ("request", answer.id):
            question = None
        return warc.response_of(answer, question)


def verify(data_dir: Path, place: ArchivePlace, body_sha256: str) -> str | None:
    """What is wrong with the evidence of a record, in words; None when it stands there whole."""
    try:
        response = read(data_dir, place)
    except StoreError as error:
        return str(error)
    if sha256(response.body).hexdigest() != body_sha256:
        return f"{place.file}, byte {place.offset}: not the body that the record was made of"
    return None


def find_url(data_dir: Path, url: str) -> list[ArchivePlace]:
    """Where all the responses of an address lie, also those that no record points to.

    A file is read up to where it is damaged; what cannot be read cannot be told.
    """
    wanted = warc.clean_url(url)
    places = (ArchivePlace(file=file.path, offset=0) for file in archive_files(data_dir))
    return [
        ArchivePlace(file=first.file, offset=offset)
        for first in places
        for offset, record in _records_of(data_dir, first)
        if record.kind == "response" and record.url == wanted
    ]


def forget(data_dir: Path, place: ArchivePlace) -> None:
    """Overwrite a response and its request, for good; one that is forgotten already is no error.

    A crash in it leaves them whole or unreadable, and nothing else touched: forget them again.
    Raises StoreError when no response stands there, or the disk does not take it.
    """
    with opened(data_dir, place, os.O_RDWR) as descriptor:
        record = _record_at(descriptor, place.offset)
        if record is None and not members.is_framed(descriptor, place.offset):
            raise ValueError("no record stands there")
        length = _length_of(descriptor, place.offset)
        if record and record.kind != "response" and not warc.is_forgotten(record):
            raise ValueError(f"no response, a record of type {record.kind!r} stands there")
        spans = [(place.offset, length)]
        after = place.offset + length
        question = _record_at(descriptor, after)
        # In our files a request follows its response; unreadable, it was half overwritten.
        is_damaged = question is None and members.is_framed(descriptor, after)
        if is_damaged or (question and question.kind == "request"):
            spans.append((after, _length_of(descriptor, after)))
        for offset, length in spans:
            _overwrite(descriptor, place.file, offset, length)
        os.fsync(descriptor)


def _overwrite(descriptor: int, file: str, offset: int, length: int) -> None:
    note = warc.write_forgotten(file, offset, members.room_in(length))
    if note is None:
        raise ValueError(f"{length} bytes are too few for the note that it was forgotten")
    member = members.pack_to(note, length)
    done = 0
    while done < length:
        done += os.pwrite(descriptor, member[done:], offset + done)


def _length_of(descriptor: int, offset: int) -> int:
    told = members.told_length(descriptor, offset)
    if told is not None:
        return told
    return members.read_member(descriptor, offset, _RECORD_LIMIT_BYTES)[1]


def _record_at(descriptor: int, offset: int) -> WarcRecord | None:
    """The record at an offset; None when there is none, or none that can be read."""
    try:
        content, _length = members.read_member(descriptor, offset, _RECORD_LIMIT_BYTES)
        return warc.read_record(content)
    except ValueError:
        return None


def _records_of(data_dir: Path, first: ArchivePlace) -> Iterator[tuple[int, WarcRecord]]:
    """The records of a file with their offsets, of long ones the first megabyte."""
    with opened(data_dir, first, os.O_RDONLY) as descriptor:
        for offset, _length in members.walk(descriptor):
            try:
                record = warc.read_record(members.read_start(descriptor, offset))
            except ValueError:
                continue
            yield offset, record
