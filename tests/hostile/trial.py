"""The trial: one crawl over every outlet of the table, and what it left of each.

The first pass is watched until every row has come to its end, and is then told to stop: jobs that
are to be asked for again would keep it for as long as their outlets like. Later passes, of the rows
that want them, end by themselves.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.app.standing import look, sources_known
from crawler.config import Config
from crawler.storage import dead
from crawler.storage.catalogue import load_catalogue
from crawler.storage.connection import Connection, connect, key
from crawler.storage.payloads import from_payload
from tests.hostile.canary import free_port, http, listening
from tests.hostile.certificates import make_certificates
from tests.hostile.row import Row, Seen
from tests.hostile.stage import Outlet, Stage, article, feed, item, stage
from tests.integration.crawls import environment, journal_of, records_of

TIME_LIMIT_S = 240
DRAIN_LIMIT_S = 30
LOOK_S = 1.0


@dataclass(slots=True)
class Trial:
    """What is known when all passes are over. `codes` are those of the later passes."""

    seen: dict[str, Seen]
    shown: str
    codes: list[int]
    drain_s: float
    canary: int
    data: Path


def honest(name: str) -> Row:
    """An outlet that does nothing wrong."""
    second = "Moscow and Pyongyang sign a protocol on rail tariffs in Russia"
    return Row(
        name=name,
        lines="",
        pages=lambda base: {
            "/source": feed(item(f"{base}/1"), item(f"{base}/2", second)),
            "/1": article(),
            "/2": article(second),
        },
    )


@contextmanager
def hold(rows: Sequence[Row], folder: Path) -> Iterator[Trial]:
    """Let a crawl meet these rows."""
    trusted, contexts = make_certificates(folder)
    secure = {row.id: contexts[row.secure] for row in rows if row.secure}
    with (
        stage(secure, *(row.id for row in rows)) as built,
        listening(("127.0.0.3",), free_port(), lambda _line: http("")) as canary,
    ):
        catalogue = prepare(built, rows, folder)
        run = _Run(rows, built, catalogue, folder / "data", trusted)
        drain_s = run.first_pass()
        codes = [run.later_pass(at) for at in range(1, max(row.passes for row in rows))]
        yield Trial(
            seen=run.look(),
            shown=run.shown,
            codes=codes,
            drain_s=drain_s,
            canary=canary.connections,
            data=run.data,
        )


def prepare(built: Stage, rows: Sequence[Row], folder: Path) -> Path:
    """Let every outlet know its pages; returns the catalogue."""
    cards = []
    for row in rows:
        outlet = built.outlets[row.id]
        outlet.pages = row.pages(outlet.base)
        cards.append(_card(row, outlet))
    path = folder / "outlets.toml"
    path.write_text("\n".join(cards), encoding="utf-8")
    return path


def command(name: str, catalogue: Path, data: Path) -> list[str]:
    """The command line of a worker whose names are those of the trial."""
    launched = [sys.executable, "-m", "tests.hostile.launch", "guarded", "crawler", name]
    return [*launched, "--outlets", str(catalogue), "--data", str(data)]


def settings_of(trusted: Path) -> dict[str, str]:
    """The environment of a worker: only the outlets' own address is open."""
    settings = environment(TUMEN_ALLOW_NETWORKS="127.0.0.1", TUMEN_HOST_DELAY="10ms")
    return {**settings, "SSL_CERT_FILE": str(trusted)}


def _card(row: Row, outlet: Outlet) -> str:
    source = row.source_path if "://" in row.source_path else outlet.base + row.source_path
    lines = {
        "id": row.id, "name": row.id, "country": "GB", "language": "en", "kind": "national",
        "scope": "general", "homepage": f"{outlet.base}/", "timezone": "Europe/London",
    }  # fmt: skip
    told = "".join(f'{name} = "{value}"\n' for name, value in lines.items())
    return f'[[outlet]]\n{told}{row.source} = ["{source}"]\n'


class _Run:
    """One store, crawled again and again."""

    def __init__(
        self, rows: Sequence[Row], built: Stage, catalogue: Path, data: Path, trusted: Path
    ) -> None:
        self.data = data
        self.shown = ""
        self._rows = rows
        self._built = built
        self._catalogue = catalogue
        self._environ = settings_of(trusted)

    def first_pass(self) -> float:
        """Watch a pass over all rows; returns how long it took to end when it was told to."""
        log = self._catalogue.with_name("first-pass.log")
        with log.open("wb") as out:
            crawl = subprocess.Popen(
                self._command(), env=self._environ, stdout=out, stderr=subprocess.STDOUT
            )
            try:
                deadline = time.monotonic() + TIME_LIMIT_S
                while crawl.poll() is None and time.monotonic() < deadline:
                    time.sleep(LOOK_S)
                    seen = self.look()
                    if all(row.is_done(seen[row.id]) for row in self._rows):
                        break
                told_at = time.monotonic()
                crawl.terminate()
                crawl.wait(DRAIN_LIMIT_S)
                asyncio.run(self._end_pass())
                return time.monotonic() - told_at
            finally:
                crawl.kill()
                self.shown += log.read_text(encoding="utf-8")

    def later_pass(self, at: int) -> int:
        """Crawl the rows that want another pass; returns the exit code."""
        again = [row.id for row in self._rows if row.passes > at]
        done = subprocess.run(
            self._command(*again),
            env=self._environ,
            capture_output=True,
            timeout=TIME_LIMIT_S,
            check=False,
        )
        self.shown += (done.stdout + done.stderr).decode()
        return done.returncode

    async def _end_pass(self) -> None:
        redis = await connect(self.data, None)
        try:
            # Else the next crawl would join it, and wait for the outlets that want another try.
            await redis.ask("DEL", key("pass", "alive"), key("pass", "open"))
        finally:
            await redis.close()

    def _command(self, *only: str) -> list[str]:
        named = [part for name in only for part in ("--only", name)]
        return [*command("crawl", self._catalogue, self.data), *named]

    def look(self) -> dict[str, Seen]:
        """What there is of every outlet by now."""
        seen = {name: Seen(outlet) for name, outlet in self._built.outlets.items()}
        for record in records_of(self.data):
            seen[record["outlet"]].records.append(record)
        for line in journal_of(self.data):
            seen[line["outlet"]].journal.append(line)
        asyncio.run(self._look_into_redis(seen))
        outlets = load_catalogue((self._catalogue,), self.data)
        for one in look(Config(data_dir=self.data), sources_known(outlets)).standings:
            of = seen[one.source.outlet]
            of.health, of.trouble = one.health.word, one.health.why or ""
        return seen

    async def _look_into_redis(self, seen: dict[str, Seen]) -> None:
        redis = await connect(self.data, None)
        try:
            for letter in await dead.load(redis):
                seen[letter.job.outlet or ""].letters[letter.job.url] = letter.reason
            for job, why in await _waiting(redis):
                seen[job[0]].waiting[job[1]] = why
        finally:
            await redis.close()


async def _waiting(redis: Connection) -> list[tuple[tuple[str, str], str]]:
    """The articles that failed and are asked for again, by outlet and URL, and why they failed."""
    found, cursor = [], 0
    while True:  # they wait for their time, or for a host that rests
        cursor, names = await redis.ask("SCAN", cursor, "MATCH", key("job", "a:*"), "COUNT", 1000)
        for name in names:
            payload, log = await redis.ask("HMGET", name, "p", "log")
            if payload and log:
                job = from_payload(payload)
                found.append(((job.outlet or "", job.url), log.partition(" ")[2]))
        if not cursor:
            return found
