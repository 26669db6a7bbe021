"""Gzip members: the pieces of a WARC file, each read, measured and replaced by itself.

A member that we write tells its own length in the gzip header (the "sl" field that WARC drafts
proposed and other crawlers write; readers that do not know it pass over it). So a file of a
gigabyte is walked from member to member without inflating it.

Promise: `pack` and `pack_to` give members that every gzip reader takes; reading costs memory up to
the limit that is asked for, whatever stands in the file.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator

_MAGIC = b"\x1f\x8b\x08\x04"  # deflate, with an extra field
# Magic, time, (flags of the packer, system), length of all extra fields; "sl", its length, lengths
# of the member and of its content.
_HEADER = struct.Struct("<4sI2sH2sHII")
_TRAILER = struct.Struct("<II")
_FIXED = _HEADER.size + _TRAILER.size
_STORED = struct.Struct("<BHH")
_STORED_MOST = 0xFFFF
_LEVEL = 6
_INPUT_BYTES = 1 << 16
_OUTPUT_BYTES = 1 << 20


def pack(content: bytes) -> bytes:
    """Compress a record into one member."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _wrap(content, packer.compress(content) + packer.flush())


def room_in(length: int) -> int:
    """How many bytes of content `pack_to` takes for a member of a length; below 0: none at all."""
    return length - _FIXED - _STORED.size * _blocks_in(length)


def pack_to(content: bytes, length: int) -> bytes:
    """Make a member of exactly this length of content that has `room_in(length)` bytes."""
    blocks = _blocks_in(length)
    deflated = bytearray()
    for nth in range(blocks):
        piece = content[nth * _STORED_MOST : (nth + 1) * _STORED_MOST]
        deflated += _STORED.pack(nth == blocks - 1, len(piece), len(piece) ^ _STORED_MOST)
        deflated += piece
    return _wrap(content, bytes(deflated))


def told_length(descriptor: int, offset: int) -> int | None:
    """The length that the member at an offset tells of itself; None when none of ours is there."""
    header = os.pread(descriptor, _HEADER.size, offset)
    if len(header) < _HEADER.size:
        return None
    magic, _time, _flags, _extra, name, size, length, _content = _HEADER.unpack(header)
    is_ours = (magic, name, size) == (_MAGIC, b"sl", 8) and length > _FIXED
    return int(length) if is_ours else None


def is_framed(descriptor: int, offset: int) -> bool:
    """A member of ours begins there and the file holds all of its length, sound or not."""
    length = told_length(descriptor, offset)
    return length is not None and offset + length <= os.fstat(descriptor).st_size


def read_member(descriptor: int, offset: int, limit_bytes: int) -> tuple[bytes, int]:
    """The content of the member at an offset, and the member's length.

    Raises ValueError, in words, for one that is damaged, torn, or of more than `limit_bytes`.
    """
    content, length = bytearray(), 0
    for piece, so_far in _inflate(descriptor, offset):
        content += piece
        length = so_far
        if len(content) > limit_bytes:
            raise ValueError(f"it holds more than {limit_bytes} bytes")
    return bytes(content), length


def read_start(descriptor: int, offset: int) -> bytes:
    """What the member at an offset begins with, up to a megabyte. Raises ValueError."""
    for piece, _length in _inflate(descriptor, offset):
        if piece:
            return piece
    raise ValueError("it is empty")


def walk(descriptor: int) -> Iterator[tuple[int, int]]:
    """Offset and length of each member from the start of a file on, up to the first that is none.

    Members that do not tell their length, as other programs write them, are inflated for it.
    """
    offset, size = 0, os.fstat(descriptor).st_size
    while offset < size:
        length = told_length(descriptor, offset)
        if length is None:
            try:
                length = _measure(descriptor, offset)
            except ValueError:
                return
        if offset + length > size:
            return
        yield offset, length
        offset += length


def is_whole(descriptor: int, offset: int, length: int) -> bool:
    """A member of this length stands there, and its content fits its checksum."""
    try:
        return _measure(descriptor, offset) == length
    except ValueError:
        return False


def is_torn(descriptor: int, offset: int) -> bool:
    """From here to its end the file holds what one broken-off write leaves, and nothing else."""
    size = os.fstat(descriptor).st_size
    length = told_length(descriptor, offset)
    if length is not None:
        return offset + length > size and _breaks_off(descriptor, offset)
    rest = os.pread(descriptor, _HEADER.size, offset)
    if size - offset < _HEADER.size and _MAGIC.startswith(rest[: len(_MAGIC)]):
        return True
    return _is_zero(descriptor, offset)


def _wrap(content: bytes, deflated: bytes) -> bytes:
    length = _FIXED + len(deflated)
    header = _HEADER.pack(_MAGIC, 0, b"\0\xff", 12, b"sl", 8, length, len(content))
    return header + deflated + _TRAILER.pack(zlib.crc32(content), len(content))


def _blocks_in(length: int) -> int:
    """Stored blocks of a member of a length: as few as hold what is left beside their headers."""
    return max(1, -(-(length - _FIXED) // (_STORED_MOST + _STORED.size)))


def _inflate(descriptor: int, offset: int) -> Iterator[tuple[bytes, int]]:
    """Pieces of the content, each with the length of the member so far; the last has all of it."""
    inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    raw, end = b"", offset
    while not inflater.eof:
        if not raw:
            raw = os.pread(descriptor, _INPUT_BYTES, end)
            end += len(raw)
        if not raw:
            raise ValueError("the file ends within it")
        try:
            piece = inflater.decompress(raw, _OUTPUT_BYTES)
        except zlib.error as error:
            raise ValueError(f"it is damaged: {error}") from error
        # At the end of the member what is left stands in both.
        raw = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        yield piece, end - len(raw) - offset


def _measure(descriptor: int, offset: int) -> int:
    length = 0
    for _piece, so_far in _inflate(descriptor, offset):
        length = so_far
    return length


def _breaks_off(descriptor: int, offset: int) -> bool:
    """What is there of the member is sound; a rotten length would end before the file does."""
    inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    while not inflater.eof:
        raw = os.pread(descriptor, _INPUT_BYTES, offset)
        offset += len(raw)
        if not raw:
            return True
        try:
            while raw:
                inflater.decompress(raw, _OUTPUT_BYTES)
                raw = inflater.unconsumed_tail
        except zlib.error:
            return False
    return False


def _is_zero(descriptor: int, offset: int) -> bool:
    while chunk := os.pread(descriptor, _OUTPUT_BYTES, offset):
        if chunk.strip(b"\0"):
            return False
        offset += len(chunk)
    return True
