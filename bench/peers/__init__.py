"""Programs that are not ours, each over the same list of URLs, in an environment of their own.

The environment is made once, beside our own (.venv-peers), with the newest versions that the
package index has. The programs in this folder run in it; this module only makes and names it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_WANTED = Path(__file__).with_name("requirements.txt")


def python() -> Path:
    """The interpreter of the peers' environment."""
    return ROOT / ".venv-peers" / "bin" / "python"


def install(say: Callable[[str], None]) -> None:
    """Make the environment unless it is there already."""
    stamp = python().parents[1] / "installed"
    if stamp.exists():
        return
    say("installing the peers into .venv-peers (about a minute, once)")
    subprocess.run([sys.executable, "-m", "venv", str(stamp.parent)], check=True)
    # The pip that comes with some Pythons reads the extras of jusText wrongly.
    pip = [str(python()), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--upgrade", "pip"], check=True)
    subprocess.run([*pip, "-r", str(_WANTED)], check=True)
    (stamp.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    stamp.touch()


def surroundings(folder: Path) -> dict[str, str]:
    """An environment without look-ups beyond loopback, and without our settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TUMEN_")}
    return clean | {"TLDEXTRACT_CACHE": str(folder), "NO_PROXY": "127.0.0.1"}


def versions() -> Mapping[str, str]:
    """What is installed of those that are compared."""
    listed = subprocess.run(
        [str(python()), "-m", "pip", "list", "--format", "json"],
        check=True,
        capture_output=True,
        text=True,
    )
    found = {row["name"].lower(): row["version"] for row in json.loads(listed.stdout)}
    wanted = ("aiohttp", "news-please", "newspaper4k", "readability-lxml", "scrapy", "trafilatura")
    return {name: found[name] for name in wanted if name in found}
