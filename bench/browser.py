"""A real browser before a real server: Debian's Chromium, driven by Playwright.

`why_not` says what is missing on a machine that has no browser; nothing else here works then.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZES = {"desk": (1280, 900), "phone": (390, 844)}
THEMES = ("light", "dark")
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def why_not() -> str:
    """What a machine lacks to run a browser; empty when it lacks nothing."""
    if importlib.util.find_spec("playwright") is None:
        return "no Playwright: make browser-test installs it"
    if executable() is None:
        return "no Chromium: apt-get install chromium fonts-noto-cjk"
    return ""


def executable() -> str | None:
    """Where the system's Chromium is."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browser() -> Iterator[Any]:
    """Chromium without a window, as Playwright gives it."""
    from playwright.sync_api import sync_playwright

    # Root has no sandbox of Chromium's; what is opened is our own page on loopback.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable(), args=options)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def served(data: Path) -> Iterator[str]:
    """`tumen serve` on a free port; yields its address without the last slash."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TUMEN_")}
    child = subprocess.Popen(
        [sys.executable, "-m", "crawler", "serve", "--data", str(data), "--port", "0"],
        env=clean,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = child.stdout.readline().strip() if child.stdout else ""
        if not line.startswith("http://"):
            raise SystemExit("tumen serve did not start; it said why above")
        yield line.rstrip("/")
    finally:
        child.terminate()
        child.communicate(timeout=30)


def widest_story(page: Any, base: str) -> tuple[str, str]:
    """The paths of a story that many outlets tell, and of one of its reports."""
    found = page.request.get(f"{base}/api/stories").json()["items"]
    story = max(found, key=lambda one: len(one["reports"]))
    return f"/stories/{story['story_id']}", f"/articles/{story['reports'][0]['id']}"
