"""Handing a message to Apprise: one target, one message, bounded in time.

Promise: whatever the receiver or its plugin does, what comes back is that it was taken, or why not
in words that hold nothing of the target's URL; the message's id goes along.
"""

from __future__ import annotations

import logging
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final
from urllib.parse import unquote

from crawler.app.guarding import guarded
from crawler.errors import ConfigError
from crawler.news.addresses import Network
from crawler.news.characters import visible
from crawler.news.messages import Message

INSTALL: Final = 'alerts are sent by Apprise, which is not installed: pip install "tumen[alerts]"'
ID_HEADER: Final = "X-Tumen-Alert"
LONGEST_S: Final = 60.0
# Schemes of Apprise that hand on headers: there the id is one too.
_WITH_HEADERS: Final = re.compile(r"(?:json|xml|form)s?://", re.IGNORECASE)
_PIECE: Final = re.compile(r"[^/:@?&=#+]{4,}")


def apprise() -> Any:
    """The module; raises ConfigError that tells how to install it."""
    try:
        import apprise as module
    except ImportError as error:
        raise ConfigError(INSTALL) from error
    return module


def deliver(url: str, message: Message, networks: tuple[Network, ...] = ()) -> str | None:
    """Send a message; None when it was taken, else why not."""
    module = apprise()
    addressed = url
    if _WITH_HEADERS.match(url):
        addressed += f"{'&' if '?' in url else '?'}%2B{ID_HEADER}={message.id}"
    with guarded(url, networks) as gate, _heard(module) as heard:
        plugin = module.Apprise.instantiate(addressed, asset=_asset(module))
        if plugin is None:
            return "Apprise does not know this kind of URL, or something is missing in it"
        try:
            with _bounded():
                is_taken = plugin.notify(
                    title=message.title, body=message.body, body_format=module.NotifyFormat.TEXT
                )
        except Exception as error:  # plugins raise what their libraries do
            heard.append(f"{type(error).__name__}: {error}")
            is_taken = False
    if is_taken:
        return None
    return _without(url, (gate.refused or heard or ["it was not taken; no reason was given"])[-1])


def _asset(module: Any) -> Any:
    # A redirect would turn what is posted into a question elsewhere, and pass for delivered.
    return module.AppriseAsset(
        app_id="Tumen", async_mode=False, http_redirects=False, storage_mode="memory",
        interpret_escapes=False, interpret_emojis=False, plugin_paths=[],
    )  # fmt: skip


@contextmanager
def _heard(module: Any) -> Iterator[list[str]]:
    """What Apprise says of failures; it is not logged, as it may repeat a secret."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    logger, listener = logging.getLogger("apprise"), Listener(logging.WARNING)
    propagated = logger.propagate
    logger.propagate = False
    logger.addHandler(listener)
    try:
        yield heard
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagated


@contextmanager
def _bounded() -> Iterator[None]:
    """Break off after a while: a receiver that answers byte by byte keeps every single timeout."""

    def break_off(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"no answer within {LONGEST_S:g} s")

    before = signal.signal(signal.SIGALRM, break_off)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _without(url: str, words: str) -> str:
    """Words without any piece of a URL, which may be a password or a token."""
    pieces = {*_PIECE.findall(url.partition("://")[2])}
    pieces |= {unquote(piece) for piece in pieces}
    for piece in sorted(pieces, key=len, reverse=True):
        words = words.replace(piece, "***")
    return visible(" ".join(words.split()))[:300]
