"""Builders for tests that run whole crawls: real processes against the sample press."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.app.press.server import Press, open_press
from crawler.storage.store import iter_journal, iter_records

TIME_LIMIT_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str


def command(*args: str) -> list[str]:
    """The command line of a tumen command."""
    return [sys.executable, "-m", "crawler", *args]


def environment(**settings: str) -> dict[str, str]:
    """The environment of a test's process: nothing of the tester's own TUMEN_ settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TUMEN_")}
    fixed = {
        "TUMEN_ALLOW_NETWORKS": "127.0.0.0/8",
        "TUMEN_HOST_DELAY": "20ms",
        "TUMEN_CONTACT": "https://example.org/test",
        "TUMEN_PARSERS": "2",
        "NO_COLOR": "1",
    }
    return {**clean, **fixed, **settings}


def tumen(*args: str, stdin: str | None = None, **settings: str) -> Outcome:
    """Run a tumen command to its end."""
    done = subprocess.run(
        command(*args),
        env=environment(**settings),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
        check=False,
    )
    return Outcome(code=done.returncode, out=done.stdout, err=done.stderr)


@contextmanager
def started(*args: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """A tumen command that runs beside the test, in a process group that ends with it."""
    child = subprocess.Popen(
        command(*args),
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate(timeout=10)


@contextmanager
def press_with_catalogue(folder: Path, latency_s: float = 0.0) -> Iterator[tuple[Press, Path]]:
    """The sample press, and the file of its catalogue."""
    with open_press(latency_s=latency_s) as press:
        catalogue = folder / "outlets.toml"
        catalogue.write_text(press.catalogue, encoding="utf-8")
        yield press, catalogue


def records_of(data: Path) -> list[Mapping[str, Any]]:
    """All records of a store."""
    return [record for _place, record in iter_records(data)]


def urls_of(data: Path) -> list[str]:
    """The URLs of all records, sorted, each as often as it stands there."""
    return sorted(record["url"] for record in records_of(data))


def journal_of(data: Path) -> list[Mapping[str, Any]]:
    """All lines of a store's journal."""
    return list(iter_journal(data))


def lines_of(out: str) -> list[Any]:
    """The JSON lines of an output."""
    return [json.loads(line) for line in out.splitlines() if line.strip()]
