"""Every error of Tumen, named for what must happen next.

    TumenError
    ├─ ConfigError          a setting is unknown or unreadable      -> do not start (exit 2)
    ├─ OutletError          a card of the catalogue is wrong        -> do not start (exit 2)
    ├─ TopicError           a lexicon or its rules are wrong        -> do not start (exit 2)
    ├─ DependencyDown       Redis does not answer or must not serve -> wait, or exit 4
    ├─ StoreError           the line is not on disk                 -> settle nothing, wait for room
    ├─ BrokenLine           a line of the store cannot be read      -> leave it out, say where it is
    ├─ PoolBroken           no process is there that reads pages    -> blame nobody, try again later
    ├─ SourceError          no feed, sitemap or list page came      -> back off this source, go on
    └─ PageError            a page gave no article
       ├─ PageGone          it is not there, or must not be read    -> acknowledge and journal it
       ├─ PageUnreadable    it was fetched, no article is in it     -> bury, somebody should look
       └─ PageUnavailable   it may come later                       -> retry after a pause

An error carries its subject as attributes; its message repeats it and tells the next step.
"""

from __future__ import annotations


class TumenError(Exception):
    """The root: whatever Tumen raises on purpose."""


class ConfigError(TumenError):
    """A setting is unknown or unreadable: nothing starts."""


class OutletError(TumenError):
    """A card of the catalogue is wrong: nothing starts."""

    def __init__(self, origin: str, line: int, problem: str) -> None:
        super().__init__(f"{origin}, line {line}: {problem}")
        self.origin = origin
        self.line = line
        self.problem = problem


class TopicError(TumenError):
    """A lexicon or its rules are wrong: nothing starts."""


class DependencyDown(TumenError):
    """A server that Tumen needs does not answer, or must not be used as it is set up."""


class StoreError(TumenError):
    """A line could not be brought to disk: nothing that depends on it may be settled."""


class BrokenLine(TumenError):
    """A line of the store is not what it should be: leave it out, and say where it is."""

    def __init__(self, line: bytes, problem: str) -> None:
        shown = line[:80].decode(errors="backslashreplace")
        super().__init__(f"not a line of the store ({problem}): {shown!r}")
        self.line = line
        self.problem = problem


class PoolBroken(TumenError):
    """The processes that read pages are gone, and not for what they read: try again later."""


class SourceError(TumenError):
    """What a source answered is not a feed, sitemap or list page."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url}: {problem}")
        self.url = url
        self.problem = problem


class PageError(TumenError):
    """A page gave no article; the subclass says what becomes of its job."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url}: {problem}")
        self.url = url
        self.problem = problem


class PageGone(PageError):
    """The page is not there, or must not be read: acknowledge and journal it."""


class PageUnreadable(PageError):
    """The page was fetched and holds no article that can be read: bury it."""


class PageUnavailable(PageError):
    """The page may come later: retry. `pause_s` is what the server asked for, if it did."""

    def __init__(self, url: str, problem: str, pause_s: float | None = None) -> None:
        super().__init__(url, problem)
        self.pause_s = pause_s
