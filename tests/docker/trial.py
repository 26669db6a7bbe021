"""The image and the Compose file on a real engine, from the build to an upgrade, with figures.

    python -m tests.docker.trial [--previous REF]

The sample press serves from a container of the same network. Where no engine answers, one line says
so and nothing is tried. `--previous` names the commit whose image is upgraded (default: HEAD~1).
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from crawler.app.press import articles
from tests.docker import engine
from tests.docker.engine import ROOT, Stack, docker, lines_in_volume, logs, state_of, until

IMAGE, FORMER_IMAGE = "tumen:trial", "tumen:trial-former"
SIZE_LIMIT_MB = 350
PAUSE_S = 0.2
DRAIN_LIMIT_S = 30.0


@dataclass(slots=True)
class Trial:
    """What is tried, and the figures so far."""

    stack: Stack
    wanted: list[str]
    visits_file: Path
    seen: int = 0
    figures: list[str] = field(default_factory=list)

    def say(self, figure: str) -> None:
        self.figures.append(figure)
        print(figure, flush=True)

    def stored(self) -> list[str]:
        return sorted(line["url"] for line in lines_in_volume(IMAGE, "articles/*.jsonl"))

    def visits(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.visits_file.read_text().splitlines()]

    def until_all_is_stored(self) -> float:
        """Wait for every article of the press; none stands twice, all visits were polite."""
        took_s = until(lambda: len(self.stored()) >= len(self.wanted), "all articles are stored")
        assert self.stored() == self.wanted
        self.be_polite()
        return took_s

    def be_polite(self) -> None:
        """Since the last check: one visit at a time to each outlet, and a pause between."""
        fresh, self.seen = self.visits()[self.seen :], len(self.visits())
        by_outlet: dict[str, list[tuple[float, float]]] = {}
        for visit in fresh:
            by_outlet.setdefault(visit["outlet"], []).append((visit["started"], visit["ended"]))
        gaps = [
            later[0] - former[1]
            for spans in by_outlet.values()
            for former, later in pairwise(sorted(spans))
        ]
        assert min(gaps, default=PAUSE_S) >= PAUSE_S, min(gaps)

    def until_visited(self, more: int) -> None:
        """Wait until the press was visited so often since the last check."""
        until(lambda: len(self.visits()) >= self.seen + more, f"{more} visits")


def build() -> Iterator[str]:
    """Build the image; its figures, and what must not be in it."""
    began = time.monotonic()
    docker("build", "-q", "-t", IMAGE, "--build-arg", "REVISION=trial", ".")
    yield f"build: {time.monotonic() - began:.0f} s"
    base = next(
        line.partition("=")[2]
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if line.startswith("ARG PYTHON_IMAGE=")
    )
    sizes = [int(docker("image", "inspect", "-f", "{{.Size}}", name)) for name in (IMAGE, base)]
    added_mb = (sizes[0] - sizes[1]) / 1e6
    assert added_mb < SIZE_LIMIT_MB, added_mb
    yield f"image: {added_mb:.0f} MB on top of its base"
    config = json.loads(docker("image", "inspect", "-f", "{{json .Config}}", IMAGE))
    assert (config["User"], config["StopSignal"]) == ("10001:10001", "SIGTERM")
    assert config["Labels"]["org.opencontainers.image.revision"] == "trial"
    assert list(config["Volumes"]) == ["/data"]
    inside = "ls /opt/tumen/bin/pip* /opt/tumen/bin/*gcc* /src /opt/pip 2>/dev/null | wc -l"
    assert docker("run", "--rm", "--entrypoint", "sh", IMAGE, "-c", inside) == "0"


def try_start(trial: Trial) -> None:
    """A fresh start: healthy, locked down, and every article in the volume."""
    trial.say(f"start: up --wait after {trial.stack.up():.1f} s")
    trial.say(f"all {len(trial.wanted)} articles after {trial.until_all_is_stored():.1f} s more")
    (worker,) = trial.stack.containers("worker")
    assert docker("exec", worker, "id", "-u") == "10001"
    written = docker("exec", worker, "sh", "-c", "touch /opt/x /x 2>&1; echo", check=False)
    assert written.count("Read-only file system") == 2, written
    (redis,) = trial.stack.containers("redis")
    assert "NOAUTH" in docker("exec", redis, "valkey-cli", "DBSIZE", check=False)
    shown = docker("inspect", worker, redis) + docker("top", redis)
    assert trial.stack.environment["PASSWORD"] not in shown
    crawled = trial.stack.tumen("crawl", "--json")
    assert crawled == "", crawled
    trial.say("one-off crawl: joined, nothing fetched again")


def try_health(trial: Trial) -> None:
    """Red when Redis is gone, green when it is back."""
    (worker,) = trial.stack.containers("worker")

    def health() -> str:
        return str(state_of(worker)["Health"]["Status"])

    trial.stack.compose("stop", "redis")
    red_s = until(lambda: health() == "unhealthy", "the health check turns red")
    trial.stack.compose("start", "redis")
    green_s = until(lambda: health() == "healthy", "the health check turns green")
    trial.say(f"health: red {red_s:.0f} s after Redis went, green {green_s:.0f} s after it came")
    trial.be_polite()


def try_scale(trial: Trial) -> None:
    """Three workers on an empty volume: each article once, one visit at a time."""
    trial.stack.down()
    trial.stack.up("--scale", "worker=3")
    took_s = trial.until_all_is_stored()
    slots = {line.split(".")[1] for line in files_in_volume("articles")}
    trial.say(f"scale: 3 workers, {took_s:.1f} s, lines from slots {', '.join(sorted(slots))}")


def try_kills(trial: Trial) -> None:
    """Workers and Redis are killed in mid-crawl, then everything is restarted."""
    trial.stack.down()
    trial.stack.up("--scale", "worker=3")
    trial.until_visited(8)
    docker("kill", "-s", "KILL", trial.stack.containers("worker")[0])
    trial.until_visited(20)
    trial.stack.compose("kill", "-s", "KILL", "redis")
    trial.stack.compose("start", "redis")
    trial.until_visited(32)
    trial.stack.compose("restart")
    trial.stack.up("--scale", "worker=3")
    took_s = trial.until_all_is_stored()
    trial.stack.tumen("store", "verify")
    trial.say(f"kills of a worker and of Redis, restart of everything: all there {took_s:.1f} s on")


def try_drain(trial: Trial) -> None:
    """SIGTERM in mid-crawl: an end in time, and nothing held by leases."""
    trial.stack.down()
    trial.stack.up()
    trial.until_visited(8)
    (worker,) = trial.stack.containers("worker")
    began = time.monotonic()
    trial.stack.compose("stop", "worker")
    drain_s = time.monotonic() - began
    assert state_of(worker)["ExitCode"] == 0
    assert drain_s < DRAIN_LIMIT_S
    trial.say(f"drain: {drain_s:.1f} s, exit code 0")
    trial.stack.up()
    trial.until_all_is_stored()


def try_upgrade(trial: Trial, former: Stack) -> None:
    """The former image fills a volume; this one takes it over and stores nothing again."""
    trial.stack.down()
    former.up()
    trial.until_all_is_stored()
    former.compose("down")
    began = len(trial.visits())
    trial.stack.up()
    (worker,) = trial.stack.containers("worker")
    until(lambda: '"watching"' in logs(worker), "it watches")
    trial.stack.tumen("crawl")
    trial.until_all_is_stored()
    fetched = [visit for visit in trial.visits()[began:] if visit["path"] in paths_of(trial.wanted)]
    assert fetched == []
    trial.stack.tumen("store", "verify")
    trial.say("upgrade: the former image's volume goes on, no article was fetched again")


def paths_of(urls: list[str]) -> set[str]:
    """The paths of addresses of the press."""
    return {"/" + url.split("/", 3)[3] for url in urls}


def files_in_volume(folder: str) -> list[str]:
    """Names of the files in a folder of the data volume."""
    mount = ("-v", f"{engine.PROJECT}_data:/data:ro", "--entrypoint", "ls")
    return docker("run", "--rm", *mount, IMAGE, f"/data/{folder}").split()


@contextmanager
def former_checkout(ref: str, folder: Path) -> Iterator[Path]:
    """The tree of a commit, with its image built."""
    packed = subprocess.check_output(["git", "archive", ref], cwd=ROOT)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tree:
        tree.extractall(folder, filter="data")
    docker("build", "-q", "-t", FORMER_IMAGE, str(folder))
    yield folder


def stacks(folder: Path, former: Path) -> tuple[Stack, Stack]:
    """This Compose file and the former one, over the same project, volumes and press."""
    password = folder / "redis_password"
    password.write_text("trial-and-no-secret\n")
    password.chmod(0o444)
    shared = {
        "TRIAL_SUBNET": engine.subnet(),
        "TRIAL_FOLDER": str(folder),
        "REDIS_PASSWORD_FILE": str(password),
        "PASSWORD": password.read_text().strip(),
        "WORKER_IMAGE": IMAGE,
    }
    overlay = ROOT / "tests" / "docker" / "compose.yml"
    named = folder / "former.yml"
    named.write_text(f"services: {{worker: {{image: '{FORMER_IMAGE}'}}}}\n")
    ours = Stack((ROOT / "docker-compose.yml", overlay), shared)
    return ours, Stack((former / "docker-compose.yml", overlay, named), shared)


def run(previous: str, folder: Path) -> None:
    """Try everything; raises AssertionError at the first thing that is not as promised."""
    for figure in build():
        print(figure, flush=True)
    (folder / "former").mkdir()
    with (
        former_checkout(previous, folder / "former") as former,
        engine.press_container(IMAGE, folder) as press,
    ):
        (folder / "outlets.toml").write_text(press["catalogue"], encoding="utf-8")
        opened_at = datetime.fromisoformat(press["opened_at"])
        expected = articles.expect(press["bases"], opened_at)
        wanted = sorted(article.url for article in expected if article.kept)
        ours, theirs = stacks(folder, former)
        trial = Trial(ours, wanted, folder / "visits.jsonl")
        try:
            for part in (try_start, try_health, try_scale, try_kills, try_drain):
                part(trial)
            try_upgrade(trial, theirs)
        except BaseException:
            print(ours.compose("logs", "--tail", "40", check=False), file=sys.stderr)
            raise
        finally:
            theirs.down()
            ours.down()


def main() -> None:
    """Run the trial where there is an engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--previous", default="HEAD~1", metavar="REF")
    options = parser.parse_args()
    if not engine.is_there():
        print("docker-test: no Docker engine with Compose answers here; skipped")
        return
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tumen-trial-") as folder:
        Path(folder).chmod(0o755)
        run(options.previous, Path(folder))
    print(f"all as promised, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
