"""The store under real faults: cuts at every byte, full disks, killed writers, forked children."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.storage.store import iter_journal, iter_records, open_slot
from crawler.storage.verify import verify
from tests.samples import DAY, assert_store_fits, make_line, make_omission, make_record

FILE = f"articles/{DAY}.w1.jsonl"

# A worker that writes articles and omissions from many tasks and says what is safe.
WRITER = """
import asyncio, os, sys
from pathlib import Path
from crawler.storage.store import open_slot
from crawler.storage.writer import Writer
from tests.samples import DAY, make_omission, make_record, to_line

async def write(writer, first):
    for number in range(first, first + 10_000_000, 8):
        await writer.append(to_line(make_record(number)), DAY)
        os.write(1, b"article %d\\n" % number)
        await writer.drop(make_omission(number), DAY)
        os.write(1, b"omission %d\\n" % number)

async def main():
    slot = open_slot(Path(sys.argv[1]))
    writer, first = Writer(slot), int(sys.argv[2])
    os.write(1, b"slot %s\\n" % slot.name.encode())
    await asyncio.gather(*(write(writer, first + nth) for nth in range(8)))

asyncio.run(main())
"""


def test_a_cut_at_every_byte_of_the_last_record_keeps_every_whole_line(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    slot.append(make_line(1), DAY)
    last = slot.append(make_line(2), DAY)
    slot.sync()
    slot.close()
    whole = (tmp_path / FILE).read_bytes()
    for size in range(last.offset, len(whole) + 1):
        (tmp_path / FILE).write_bytes(whole[:size])
        slot = open_slot(tmp_path)
        slot.close()
        kept = whole if size == len(whole) else whole[: last.offset]
        assert kept == (tmp_path / FILE).read_bytes()
        assert sum(told.torn_bytes for told in slot.repairs) == size - len(kept)


def start_writer(data_dir: Path, first: int) -> subprocess.Popen[bytes]:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data_dir), str(first)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert writer.stdout is not None
    assert writer.stdout.readline().startswith(b"slot ")
    return writer


def kill_after(writer: subprocess.Popen[bytes], lines: int) -> list[list[str]]:
    """Let a writer say some lines, kill it, and return all that it said."""
    assert writer.stdout is not None
    said = [writer.stdout.readline() for _ in range(lines)]
    writer.kill()
    said += writer.stdout.readlines()
    writer.stdout.close()
    writer.wait()
    return [line.decode().split() for line in said if line.endswith(b"\n")]


def test_a_killed_writer_loses_nothing_that_it_said_is_safe(tmp_path: Path) -> None:
    safe: set[tuple[str, str]] = set()
    chance = random.Random(7)
    for turn in range(5):
        writer = start_writer(tmp_path, first=turn * 100_000)
        said = kill_after(writer, chance.randrange(1, 300))
        safe |= {(kind, number) for kind, number in said}
        open_slot(tmp_path).close()
    articles = [record["url"].rsplit("/", 1)[1] for _place, record in iter_records(tmp_path)]
    omissions = [said["url"].rsplit("/", 1)[1] for said in iter_journal(tmp_path)]
    there = {("article", number) for number in articles}
    there |= {("omission", number) for number in omissions}
    assert safe - there == set()
    assert (len(articles), len(omissions)) == (len(set(articles)), len(set(omissions)))
    assert verify(tmp_path).problems == []
    assert {"w1"} == {path.name.split(".")[1] for path in tmp_path.rglob("*.jsonl")}
    assert_store_fits(tmp_path)


def test_workers_at_the_same_time_never_share_a_file(tmp_path: Path) -> None:
    writers = [start_writer(tmp_path, first=nth * 1_000_000) for nth in range(3)]
    for writer in writers:
        kill_after(writer, 40)
    by_slot: dict[str, set[int]] = {}
    for place, record in iter_records(tmp_path):
        number = int(record["url"].rsplit("/", 1)[1])
        by_slot.setdefault(place.file.split(".")[1], set()).add(number // 1_000_000)
    assert {"w1": {0}, "w2": {1}, "w3": {2}} == by_slot


# Writes where only so many bytes fit, then where there is room again; raises if either goes wrong.
BEYOND_THE_LIMIT = """
import resource, signal, sys
from pathlib import Path
from crawler.errors import StoreError
from crawler.storage.store import open_slot
from tests.samples import DAY, make_line

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
slot = open_slot(Path(sys.argv[1]))
path = slot.data_dir / f"articles/{DAY}.w1.jsonl"
for number in (2, 3):
    try:
        slot.append(make_line(number), DAY)
    except StoreError as error:
        assert "make room" in str(error), error
    else:
        raise AssertionError("the line fitted")
    assert path.read_bytes() == make_line(1)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
slot.append(make_line(4), DAY)
slot.sync()
"""


@pytest.mark.parametrize("room", [0, 1, 1000], ids="{} bytes of room".format)
def test_a_limit_on_size_leaves_no_half_line(tmp_path: Path, room: int) -> None:
    slot = open_slot(tmp_path)
    first = slot.append(make_line(1), DAY)
    slot.sync()
    slot.close()
    subprocess.run(
        [sys.executable, "-c", BEYOND_THE_LIMIT, str(tmp_path), str(first.length + room)],
        cwd=Path(__file__).parents[2],
        check=True,
    )
    assert make_line(1) + make_line(4) == (tmp_path / FILE).read_bytes()


def test_a_forked_child_does_not_keep_the_slot_of_its_dead_parent(tmp_path: Path) -> None:
    script = """
import os, sys, time
from pathlib import Path
from crawler.storage.store import open_slot
slot = open_slot(Path(sys.argv[1]))
if os.fork() == 0:
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(60)
    os._exit(0)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    try:
        parent.kill()
        parent.wait()
        slot = open_slot(tmp_path)
        assert slot.name == "w1"
        slot.close()
    finally:
        os.kill(child, signal.SIGKILL)
        parent.stdout.close()


def test_many_that_start_at_once_agree_on_one_identity(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from crawler.storage.store import store_identity;"
        "print(store_identity(Path(sys.argv[1])))"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    told = {start.communicate(timeout=60)[0] for start in starts}
    assert len(told) == 1
    assert [start.returncode for start in starts] == [0] * 4


def test_a_real_sync_brings_article_and_journal_to_disk(tmp_path: Path) -> None:
    slot = open_slot(tmp_path)
    slot.append(make_line(1), DAY)
    slot.drop(make_omission(), DAY)
    slot.sync()
    slot.cut(slot.tail(1)[0].place)
    slot.close()
    assert (len(list(iter_records(tmp_path))), len(list(iter_journal(tmp_path)))) == (0, 1)
    assert make_record(1).revision == 1
