"""What a person or a pipe gets to see: everything that is shown passes here.

Results go to stdout, messages and progress to stderr; progress only where somebody watches. Styles
are left out when NO_COLOR is set or nobody watches.

Promise: whatever a stranger wrote arrives as harmless text of one line: no control character, bidi
override, markup or forged line of ours reaches a terminal.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, TextIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from crawler.news.characters import visible
from crawler.notation import hide_logins

# Piped output has the width that every terminal has.
_PIPE_WIDTH = 80
_NUMBER = re.compile(r"-?\d[\d,. ]*%?", re.ASCII)
# JSON may spell any character; these could steer a terminal or be taken for the end of a line.
_UNFIT_IN_JSON = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_ERASE = "\r\x1b[K"


def plain(value: object) -> str:
    """The value as harmless text of one line, logins hidden; None is empty."""
    return "" if value is None else visible(hide_logins(str(value)))


def say(text: str) -> None:
    """One message on stderr. Lines after the first are indented, so that none can be forged."""
    first, *more = text.split("\n")
    lines = [plain(first), *(f"  {plain(line)}" for line in more)]
    with Progress.set_aside():
        sys.stderr.write("\n".join(lines) + "\n")
        sys.stderr.flush()


def write_line(line: str) -> None:
    """A line of JSON on stdout, as it is; what could steer a terminal is spelled as \\uXXXX."""
    with Progress.set_aside():
        _write_json(sys.stdout, line)
        sys.stdout.flush()


def write_json(values: Mapping[str, Any]) -> None:
    """An object as a line of JSON on stdout."""
    write_line(json.dumps(values, ensure_ascii=False))


def write_text(text: str) -> None:
    """A document on stdout, line by line; what could steer a terminal is made plain."""
    with Progress.set_aside():
        sys.stdout.writelines(f"{plain(line)}\n" for line in text.splitlines())
        sys.stdout.flush()


def show_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    json_lines: bool,
    on_stderr: bool = False,
) -> None:
    """Rows as a table no wider than the terminal, or as one JSON object per line."""
    target = sys.stderr if on_stderr else sys.stdout
    with Progress.set_aside():
        if json_lines:
            for row in rows:
                pairs = dict(zip(columns, row, strict=True))
                _write_json(target, json.dumps(pairs, ensure_ascii=False, default=str))
        else:
            _print(target, _table(columns, list(rows)))
        target.flush()


def show_record(record: Mapping[str, Any]) -> None:
    """A stored record as a card: when, who, title, topics, why it was kept, where it is."""
    show_card(_when_and_who(record), record["title"], _details(record), record["url"])


def show_card(head: str, title: str, details: Iterable[tuple[str, str]], url: str) -> None:
    """A record as a card: a head, its title, what is told of it by label, and its address."""
    told = [(label, plain(value)) for label, value in details if value]
    room = max((len(label) for label, _ in told), default=0)
    with Progress.set_aside():
        console = _console(sys.stdout)
        # Laid out by hand: a grid of Rich's cost a crawl more than to fetch the page.
        lines = [*_hung(console, Text(), Text(plain(head)))]
        lines += _hung(console, Text("  "), Text(plain(title), style="bold"))
        for label, value in told:
            lines += _hung(console, Text(f"  {label:{room}}  ", style="dim"), Text(value))
        if console.color_system is None:
            sys.stdout.writelines(f"{line.plain.rstrip()}\n" for line in lines)
        else:
            _print(sys.stdout, Text("\n").join(lines))
        # An address stays in one piece, or nobody could follow it.
        sys.stdout.write(f"  {plain(url)}\n")
        sys.stdout.flush()


def _hung(console: Console, label: Text, text: Text) -> Iterator[Text]:
    """The text behind its label, its further lines below the first."""
    room = max(1, console.width - len(label))
    for line in [text] if text.cell_len <= room else text.wrap(console, room):
        yield Text.assemble(label, line)
        label = Text(" " * len(label))


def use_utf8() -> None:
    """Let stdout and stderr carry every script, whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def abandon_stdout() -> None:
    """Let stdout lead nowhere from now on, as its reader went away (`| head`)."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    # What is still in the buffer goes there too, or Python would complain about it at its end.
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


class Progress:
    """One line on stderr that tells how far things are; nothing at all unless somebody watches."""

    _drawn: ClassVar[Progress | None] = None

    def __init__(self, label: str) -> None:
        self._label = label
        self._text = ""

    @staticmethod
    def is_shown() -> bool:
        """Somebody watches stderr on a terminal that can rewrite a line."""
        return sys.stderr.isatty() and not _console(sys.stderr).is_dumb_terminal

    def start(self) -> None:
        """Show the line from now on."""
        if self.is_shown():
            Progress._drawn = self
            self._draw()

    def tell(self, text: str) -> None:
        """Show this behind the label."""
        self._text = text
        if Progress._drawn is self:
            self._draw()

    def stop(self) -> None:
        """Take the line away."""
        if Progress._drawn is self:
            Progress._drawn = None
            _erase()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the line away while something else is written."""
        with Progress.set_aside():
            yield

    @staticmethod
    @contextmanager
    def set_aside() -> Iterator[None]:
        """Take away the line that is shown, whosever it is, and bring it back at the end."""
        drawn = Progress._drawn
        if drawn is None:
            yield
            return
        Progress._drawn = None
        _erase()
        try:
            yield
        finally:
            Progress._drawn = drawn
            drawn._draw()

    def _draw(self) -> None:
        line = plain(f"{self._label} … {self._text}" if self._text else f"{self._label} …")
        room = _console(sys.stderr).width - 1
        shown = line if cell_len(line) <= room else set_cell_size(line, room - 1) + "…"
        # The cursor goes back to the start, so that a log line writes over this one.
        sys.stderr.write(f"{_ERASE}{shown}\r")
        sys.stderr.flush()


def _erase() -> None:
    sys.stderr.write(_ERASE)
    sys.stderr.flush()


def _write_json(target: TextIO, line: str) -> None:
    target.write(_UNFIT_IN_JSON.sub(lambda found: f"\\u{ord(found.group()):04x}", line) + "\n")


def _console(target: TextIO) -> Console:
    is_watched = target.isatty()
    # Rich keeps bold and dim under NO_COLOR; without a color system it writes no style at all.
    has_styles = is_watched and not Console(file=target).no_color
    return Console(
        file=target,
        force_terminal=is_watched,
        color_system="auto" if has_styles else None,
        width=None if is_watched else _PIPE_WIDTH,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _print(target: TextIO, *parts: RenderableType) -> None:
    console = _console(target)
    with console.capture() as captured:
        console.print(*parts, sep="\n")
    # Rich fills every line up to the width; that is only noise in a pipe.
    target.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for at, column in enumerate(columns):
        cells = [plain(row[at]) for row in rows]
        is_numeric = any(cells) and all(_NUMBER.fullmatch(cell) for cell in cells if cell)
        table.add_column(
            Text(plain(column)),
            justify="right" if is_numeric else "left",
            overflow="fold",
            no_wrap=at == 0,  # names stay in one piece
        )
    for row in rows:
        table.add_row(*(Text(plain(value)) for value in row))
    return table


def _when_and_who(record: Mapping[str, Any]) -> str:
    length = len("2026-11-22") if record.get("date_precision") == "day" else len("2026-11-22T03:14")
    when = str(record.get("date_published") or "undated")[:length].replace("T", " ")
    who = record.get("outlet") or record.get("publisher") or record.get("domain")
    return f"{plain(when)}  {plain(who)}"


def _details(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    match = record.get("match") or {}
    yield "topics", ", ".join(record.get("topics") or ())
    yield "because", "; ".join(match.get("reasons") or ())
    yield "same as", record.get("duplicate_of") or ""
