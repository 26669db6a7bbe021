"""Docker and Compose as the trial uses them: commands that must work, and what they tell."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "tumen-trial"
NETWORK = f"{PROJECT}-web"
PRESS_HOST = "press.example"
WAIT_S = 180.0


def docker(*args: str, check: bool = True, **options: Any) -> str:
    """Run a docker command; what it said on stdout."""
    done = subprocess.run(
        ["docker", *args], capture_output=True, text=True, check=False, cwd=ROOT, **options
    )
    if check and done.returncode:
        raise AssertionError(f"docker {' '.join(args)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def is_there() -> bool:
    """Whether an engine with Compose answers."""
    try:
        return bool(docker("info", "--format", "{{.ID}}") and docker("compose", "version"))
    except (AssertionError, FileNotFoundError):
        return False


@dataclass(frozen=True, slots=True)
class Stack:
    """The services of one Compose file and what is laid over it, under the trial's name."""

    files: tuple[Path, ...]
    environment: Mapping[str, str]

    def compose(self, *args: str, check: bool = True) -> str:
        """Run a docker compose command."""
        files = [part for file in self.files for part in ("-f", str(file))]
        where = ["--project-directory", str(self.files[0].parent), "-p", PROJECT]
        environment = {**os.environ, **self.environment}
        return docker("compose", *where, *files, *args, check=check, env=environment)

    def up(self, *args: str) -> float:
        """Start everything and wait until it is healthy; how long that took."""
        began = time.monotonic()
        self.compose("up", "-d", "--wait", *args)
        return time.monotonic() - began

    def down(self) -> None:
        """Remove everything, volumes too."""
        self.compose("down", "--volumes", "--timeout", "1", check=False)

    def containers(self, service: str) -> list[str]:
        """The ids of the containers of a service, stopped ones too."""
        return self.compose("ps", "-a", "-q", service).split()

    def tumen(self, *args: str) -> str:
        """A tumen command in a container of its own."""
        return self.compose("run", "--rm", "-T", "worker", *args)


def state_of(container: str) -> dict[str, Any]:
    """State of a container, as the engine tells it."""
    told: dict[str, Any] = json.loads(docker("inspect", "-f", "{{json .State}}", container))
    return told


def logs(container: str) -> str:
    """Everything a container has said."""
    said = subprocess.run(
        ["docker", "logs", container],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return said.stdout


def until(is_so: Callable[[], bool], what: str) -> float:
    """Wait until something is so; how long that took."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > WAIT_S:
            raise AssertionError(f"not within {WAIT_S:.0f} s: {what}")
        time.sleep(0.2)
    return time.monotonic() - began


def lines_in_volume(image: str, pattern: str) -> list[dict[str, Any]]:
    """The JSON lines of files in the data volume."""
    mount = ("-v", f"{PROJECT}_data:/data:ro", "--entrypoint", "sh")
    text = docker("run", "--rm", *mount, image, "-c", f"cat /data/{pattern} 2>/dev/null || true")
    return [json.loads(line) for line in text.splitlines()]


@contextmanager
def press_container(image: str, folder: Path) -> Iterator[dict[str, Any]]:
    """The sample press in a container of the trial's network; what it said when it was ready."""
    visits = folder / "visits.jsonl"
    visits.touch()
    visits.chmod(0o666)
    docker("network", "create", NETWORK)
    try:
        press = docker(
            *("run", "-d", "--network", NETWORK, "--hostname", PRESS_HOST),
            *("--network-alias", PRESS_HOST, "-v", f"{visits}:/visits.jsonl"),
            *("--health-cmd", "none", "--entrypoint", "python3", image),
            *("-m", "crawler.app.press", "--host", PRESS_HOST, "--log", "/visits.jsonl"),
            *("--latency", "20"),
        )
        try:
            until(lambda: bool(docker("logs", press)), "the press opens")
            yield json.loads(docker("logs", press))
        finally:
            docker("rm", "-f", press)
    finally:
        docker("network", "rm", NETWORK, check=False)


def subnet() -> str:
    """The addresses of the trial's network."""
    template = "{{(index .IPAM.Config 0).Subnet}}"
    return docker("network", "inspect", "-f", template, NETWORK)
