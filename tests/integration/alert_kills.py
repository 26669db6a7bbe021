"""Senders of alerts that are killed at every point, and whether anything was lost or told twice.

python -m tests.integration.alert_kills --kills 200 FOLDER
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.news.lines import Record
from tests.integration.crawls import command, environment
from tests.integration.receiver import Receiver, receiving
from tests.samples import NOON
from tests.stores import record, write_records

SUBJECTS = ("ferries", "grain", "bridges", "coal", "rails", "timber", "crabs", "ports", "dams")


def news(number: int, *, hours: float = 0) -> Record:
    """A record whose headline is like no other."""
    return record(number, f"Talks no. {number} on {SUBJECTS[number % 9]}", hours=hours)


def fresh(number: int) -> Record:
    """A record that was fetched just now."""
    return news(number, hours=(datetime.now(UTC) - NOON) / timedelta(hours=1))


def set_up(data: Path, url: str, more: str = "") -> None:
    data.mkdir(exist_ok=True)
    (data / "alerts.toml").write_text(f'[targets]\ndesk = "{url}"\n{more}[[watch]]\nname = "all"\n')


@contextmanager
def sending(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(
        command("alerts", "send", "--data", str(data)), env=environment(TUMEN_ALLOW_NETWORKS=""),
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate(timeout=30)


def kill_senders(data: Path, kills: int, seed: int = 1) -> tuple[Receiver, list[Record], int]:
    """Kill so many senders, each at another point, while records come in; then let one finish.

    In turns: before the receiver took the message, after it took it and before the sender knows,
    and at any time at all, so also between record and outbox.
    """
    chance, records, killed = random.Random(seed), [], 0
    child: subprocess.Popen[bytes] | None = None
    stage = "never"

    def strike(when: str) -> None:
        if when == stage and child is not None:
            os.kill(child.pid, signal.SIGKILL)

    def behave(_nth: int) -> int:
        strike("before")
        return 0 if stage == "before" else 200

    with receiving(behave=behave, after=lambda _nth: strike("after")) as receiver:
        set_up(data, receiver.url)
        while killed < kills:
            for _ in range(chance.randint(1, 8)):
                records.append(fresh(len(records) + 1))
                write_records(data, records[-1:])
            stage = ("before", "after", "anywhere")[killed % 3]
            with sending(data) as child:
                if stage == "anywhere":
                    try:
                        child.wait(chance.uniform(0.05, 1.2))
                    except subprocess.TimeoutExpired:
                        child.kill()
                killed += child.wait(60) == -signal.SIGKILL
        stage = "never"
        with sending(data) as child:
            assert child.wait(60) == 0
    return receiver, records, killed


def check_kills(receiver: Receiver, records: list[Record]) -> None:
    """Each record arrived; at a receiver that keeps the first message of each id, once."""
    kept = [str(said["message"]) for said in receiver.kept().values()]
    assert [sum(f"{one.url}\n" in body for body in kept) for one in records] == [1] * len(records)


def main() -> None:
    """Kill senders, check what arrived, and print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=200)
    asked = parser.parse_args()
    receiver, records, killed = kill_senders(asked.folder, asked.kills)
    check_kills(receiver, records)
    print(
        f"{killed} senders killed, {len(records)} records: all arrived, once where ids count "
        f"({len(receiver.taken)} messages taken, {len(receiver.kept())} of them with an id of "
        "their own)"
    )


if __name__ == "__main__":
    main()
