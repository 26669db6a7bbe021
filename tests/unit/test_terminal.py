"""What reaches a terminal: harmless text, tables that fit, progress only where somebody watches."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from crawler.app.terminal import (
    Progress,
    plain,
    say,
    show_record,
    show_table,
    use_utf8,
    write_line,
)
from crawler.news.lines import to_line
from tests.samples import make_record

HOSTILE = [
    pytest.param("\x1b[31mred\x1b[0m", "red", id="ANSI color"),
    pytest.param("\x1b[2J\x1b[1;1Hgone", "gone", id="ANSI: screen cleared"),
    pytest.param("\x1b]0;owned\x07title", "title", id="OSC: window title"),
    pytest.param("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link", id="OSC: a link"),
    pytest.param("\x1b]52;c;cm0gLXJm\x07copied", "copied", id="OSC: clipboard"),
    pytest.param("\x9b31mC1", "C1", id="control sequence of one byte"),
    pytest.param("back\b\b\b\bspace", "space", id="backspaces"),
    pytest.param("start\rover", "over", id="carriage return"),
    pytest.param("bell\x07 nul\x00", "bell", id="bell and NUL"),
    pytest.param("safe\u202egpj.exe", "gpj.exe", id="bidi override"),
    pytest.param("a\u2066b\u2069c", "b", id="bidi isolate"),
    pytest.param("zero\u200bwidth", "width", id="zero-width space"),
    pytest.param("title\n2 failed; records in /tmp", "records in", id="a forged line"),
    pytest.param("a\u2028b\x85c", "c", id="line separators of Unicode"),
    pytest.param("half\ud83d", "half", id="lone surrogate"),
]
MARKUP = [
    pytest.param("[bold]loud[/bold]", id="style"),
    pytest.param("[link=https://evil.example]here[/link]", id="link"),
    pytest.param("[/]", id="closes what is not open"),
    pytest.param(":smile: \\[red]", id="emoji and escape"),
]


class Watched(io.StringIO):
    """A stream that somebody watches."""

    def isatty(self) -> bool:
        return True


def record_with(**fields: Any) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(to_line(make_record()))
    return record | fields


def steers(shown: str) -> list[str]:
    """What of a text could steer a terminal; line ends are ours."""
    kinds = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return [sign for sign in shown if sign != "\n" and unicodedata.category(sign) in kinds]


def watch(monkeypatch: pytest.MonkeyPatch, stream: str, **variables: str) -> Watched:
    """Make stdout or stderr a terminal of 80 columns."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    for name, text in {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}.items():
        monkeypatch.setenv(name, text)
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    watched = Watched()
    monkeypatch.setattr(sys, stream, watched)
    return watched


def say_it(text: str) -> None:
    say(text)


def show_it_in_a_table(text: str) -> None:
    show_table(("name", "what"), [(text, "x"), ("y", text)], json_lines=False)


def show_it_in_a_heading(text: str) -> None:
    show_table((text, "what"), [("x", "y")], json_lines=False)


def show_it_in_a_record(text: str) -> None:
    match = {"reasons": [text]}
    show_record(record_with(title=text, outlet=text, url=text, topics=[text], match=match))


def show_it_as_json(text: str) -> None:
    show_table(("name",), [(text,)], json_lines=True)


WAYS = [say_it, show_it_in_a_table, show_it_in_a_heading, show_it_in_a_record, show_it_as_json]


@pytest.mark.parametrize("show", WAYS)
@pytest.mark.parametrize(("text", "left"), HOSTILE)
def test_what_strangers_wrote_cannot_steer_a_terminal(
    capsys: pytest.CaptureFixture[str], show: Callable[[str], None], text: str, left: str
) -> None:
    show(text)
    shown = "".join(capsys.readouterr())
    assert steers(shown) == []
    assert left in shown


@pytest.mark.parametrize("show", WAYS)
@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_shown_as_it_was_written(
    capsys: pytest.CaptureFixture[str], show: Callable[[str], None], text: str
) -> None:
    show(text)
    shown = "".join(capsys.readouterr())
    assert (json.dumps(text)[1:-1] if show is show_it_as_json else text) in shown


@settings(max_examples=100)
@given(st.text())
def test_plain_text_is_one_harmless_line(text: str) -> None:
    shown = plain(text)
    assert steers(shown + "\n") == [] or set(steers(shown)) <= {"\u200c", "\u200d"}
    assert shown.splitlines() in ([shown], [])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param(0, "0", id="zero is something"),
        pytest.param("러시아 · Россия · 俄罗斯", "러시아 · Россия · 俄罗斯", id="every script"),
        pytest.param("a\tb\nc\x1b", "a␉b␊c␛", id="controls are made visible"),
        pytest.param("a\u202eb", "a⟨U+202E⟩b", id="overrides are named"),
        pytest.param("a\U000e0041b", "a⟨U+E0041⟩b", id="invisible tags are named"),
    ],
)
def test_a_value_as_plain_text(value: object, expected: str) -> None:
    assert plain(value) == expected


def test_lines_of_a_message_after_the_first_are_indented(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say("two settings are wrong\ntumen: all is well")
    assert capsys.readouterr().err == "two settings are wrong\n  tumen: all is well\n"


def test_results_go_to_stdout_and_messages_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("message")
    write_line('{"a":1}')
    show_table(("n",), [("1",)], json_lines=False)
    show_table(("summary",), [("1",)], json_lines=False, on_stderr=True)
    captured = capsys.readouterr()
    assert captured.out == '{"a":1}\nn\n1\n'
    assert captured.err == "message\nsummary\n      1\n"


LONG = "a headline that goes on and on without coming to its point " * 3


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(("halden-wire", LONG, LONG), id="long sentences"),
        pytest.param(("halden-wire", "x" * 300, "http://a.example/" + "y" * 300), id="no spaces"),
        pytest.param(("solbat-ilbo", "러시아 연해주 " * 20, "俄罗斯" * 60), id="wide letters"),
        pytest.param(("x" * 200, "a", "b"), id="a long name"),
    ],
)
def test_a_table_fits_eighty_columns(
    capsys: pytest.CaptureFixture[str], row: Sequence[str]
) -> None:
    show_table(("outlet", "title", "why"), [row, ("b", "c", "d")], json_lines=False)
    lines = capsys.readouterr().out.splitlines()
    assert max(cell_len(line) for line in lines) <= 80
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_folded_cell_loses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    url = "http://a.example/" + "abcdefghij" * 20
    show_table(("job", "url"), [("a:1", url)], json_lines=False)
    cells = [line[5:] for line in capsys.readouterr().out.splitlines()[1:]]
    assert "".join(cells) == url


def test_a_table_as_it_looks(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("halden-wire", "9", "3.5 %", None), ("ushio", "12", "", "HTTP 503; no answer")]
    show_table(("outlet", "entries", "share", "why"), rows, json_lines=False)
    assert capsys.readouterr().out == (
        "outlet       entries  share  why\n"
        "halden-wire        9  3.5 %\n"
        "ushio             12         HTTP 503; no answer\n"
    )


def test_a_table_as_json_is_one_object_per_row(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("a", 1, None), ("Русь", 2.5, date(2026, 11, 22))]
    show_table(("name", "n", "since"), rows, json_lines=True)
    assert capsys.readouterr().out == (
        '{"name": "a", "n": 1, "since": null}\n{"name": "Русь", "n": 2.5, "since": "2026-11-22"}\n'
    )


@pytest.mark.parametrize(("text", "_left"), HOSTILE)
def test_a_line_of_json_says_the_same_to_its_reader(
    capsys: pytest.CaptureFixture[str], text: str, _left: str
) -> None:
    write_line(json.dumps({"title": text}, ensure_ascii=False))
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert json.loads(out) == {"title": text}


CARD = """\
2026-11-22 08:15  harbor-post
  Ferry line between Rason and Vladivostok to sail twice a week
  topics   transport
  because  both parties in the title
  https://harbor.example/news/1
"""


def test_a_record_as_it_looks(capsys: pytest.CaptureFixture[str]) -> None:
    show_record(record_with())
    assert capsys.readouterr().out == CARD


BARE = {"topics": [], "match": None, "outlet": None, "publisher": None, "domain": "harbor.example"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"date_precision": "day"}, "2026-11-22  harbor-post", id="only the day"),
        pytest.param({"date_published": None}, "undated  harbor-post", id="no date"),
        pytest.param({"outlet": None}, "2026-11-22 08:15  The Harbor Post", id="no outlet"),
        pytest.param(BARE, "2026-11-22 08:15  harbor.example", id="only a domain"),
    ],
)
def test_a_card_begins_with_when_and_who(
    capsys: pytest.CaptureFixture[str], fields: dict[str, Any], expected: str
) -> None:
    show_record(record_with(**fields))
    assert capsys.readouterr().out.splitlines()[0] == expected


def test_a_bare_record_is_three_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show_record(record_with(**BARE))
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_copy_says_of_what(capsys: pytest.CaptureFixture[str]) -> None:
    show_record(record_with(duplicate_of="0123456789abcdef0123456789abcdef"))
    assert "  same as  0123456789abcdef0123456789abcdef\n" in capsys.readouterr().out


def test_an_address_stays_in_one_piece(capsys: pytest.CaptureFixture[str]) -> None:
    url = "https://harbor.example/" + "a-long-way-" * 20
    show_record(record_with(url=url))
    assert f"  {url}\n" in capsys.readouterr().out


def test_a_terminal_gets_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch, "stdout")
    show_record(record_with())
    assert "\x1b[1mFerry line" in screen.getvalue()


@pytest.mark.parametrize(
    "variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb terminal"]
)
def test_styles_are_left_out_where_nobody_wants_them(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    screen = watch(monkeypatch, "stdout", **variables)
    show_record(record_with())
    show_table(("n",), [("1",)], json_lines=False)
    assert screen.getvalue() == CARD + "n\n1\n"


def test_hostile_text_on_a_terminal_brings_no_sequence_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = watch(monkeypatch, "stdout", NO_COLOR="1")
    for row in HOSTILE:
        show_it_in_a_record(str(row.values[0]))
        show_it_in_a_table(str(row.values[0]))
    assert steers(screen.getvalue()) == []


def test_without_a_watcher_there_is_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("crawling")
    progress.start()
    progress.tell("3 kept")
    with progress.paused():
        pass
    progress.stop()
    assert "".join(capsys.readouterr()) == ""
    assert not Progress.is_shown()


def test_a_dumb_terminal_gets_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch, "stderr", TERM="dumb")
    progress = Progress("crawling")
    progress.start()
    progress.tell("3 kept")
    progress.stop()
    assert screen.getvalue() == ""


ERASED = "\r\x1b[K"


def test_progress_rewrites_its_line_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch, "stderr")
    progress = Progress("crawling")
    progress.start()
    progress.tell("3 kept")
    progress.stop()
    assert screen.getvalue() == f"{ERASED}crawling …\r{ERASED}crawling … 3 kept\r{ERASED}"


def test_a_message_stands_above_the_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch, "stderr")
    progress = Progress("crawling")
    progress.start()
    say("host rests")
    progress.stop()
    drawn = f"{ERASED}crawling …\r"
    assert screen.getvalue() == f"{drawn}{ERASED}host rests\n{drawn}{ERASED}"


def test_progress_that_was_stopped_stays_away(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch, "stderr")
    progress = Progress("crawling")
    progress.start()
    progress.stop()
    before = screen.getvalue()
    progress.tell("late")
    say("done")
    assert screen.getvalue() == f"{before}done\n"


def test_progress_never_fills_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = watch(monkeypatch, "stderr")
    progress = Progress("crawling")
    progress.start()
    progress.tell("러시아 " * 60 + "\x1b[2J\n")
    progress.stop()
    drawn = screen.getvalue().split(ERASED)[2].removesuffix("\r")
    assert cell_len(drawn) == 79
    assert drawn.endswith("…")
    assert steers(drawn) == []


def test_every_script_can_be_written_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    use_utf8()
    show_table(("title",), [("조선 Россия",)], json_lines=False)
    assert written.getvalue().decode("utf-8") == "title\n조선 Россия\n"
