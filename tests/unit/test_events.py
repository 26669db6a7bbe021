"""The log: stable event names, one JSON object a line for machines, plain words on a terminal."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.app.logs import JsonFormatter, LineFormatter, begin_log
from crawler.events import EVENTS, facts

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted([*ROOT.glob("crawler/**/*.py"), *ROOT.glob("spiders/**/*.py")])
ROW = re.compile(r"\| `(\w+)` \| (.+?) \|")


def named_events() -> Iterator[str]:
    """Every word that the code gives as `event` somewhere."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            given = isinstance(node, ast.keyword) and node.arg == "event"
            named = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "event"
            if given or named:
                yield from (
                    part.value
                    for part in ast.walk(node.value)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )


def positional_events() -> Iterator[str]:
    """The events that `spiders.revisits._leave` takes by place or by a constant."""
    text = (ROOT / "spiders" / "revisits.py").read_text(encoding="utf-8")
    yield from re.findall(r'_leave\(desk, lease, "(\w+)"', text)
    yield from re.findall(r'"(revisit_\w+)"', text)


def test_every_event_of_the_code_is_in_the_table_and_none_besides() -> None:
    assert {*named_events(), *positional_events()} == set(EVENTS)


def test_every_line_of_the_log_is_an_event() -> None:
    calls = [
        (path.name, node.lineno)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and re.fullmatch(r"log\.(info|warning|error|critical)", ast.unparse(node.func))
        and not (len(node.args) == 2 and ast.unparse(node.args[1]).startswith("facts("))
    ]
    assert calls == []


def test_the_operators_page_has_every_event_and_its_meaning() -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    section = page.split("### Events of the log")[1].split("\n#")[0]
    assert dict(ROW.findall(section)) == EVENTS


def logged(told: object, *, trace: bool = False) -> logging.LogRecord:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        info = sys.exc_info() if trace else None
    return logging.LogRecord("crawler.desk", logging.WARNING, __file__, 1, "%s", (told,), info)


HOSTILE = 'a\nevent=forged "\x1b[31m\u202e\u2028 \ud800'


def test_a_machine_reads_facts_as_values() -> None:
    told = json.loads(JsonFormatter().format(logged(facts(event="polled", new=3, why=None))))
    assert {**told, "at": ""} == {"at": "", "level": "warning", "event": "polled", "new": 3}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told["at"])


def test_what_others_log_is_a_message_with_the_name_of_its_logger() -> None:
    told = json.loads(JsonFormatter().format(logged("half a sentence")))
    assert (told["event"], told["logger"]) == ("message", "crawler.desk")
    assert told["message"] == "half a sentence"


def test_a_trace_is_part_of_its_line() -> None:
    line = JsonFormatter().format(logged(facts(event="mistake", job="a:1"), trace=True))
    assert "ValueError: first\nsecond" in json.loads(line)["trace"]
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("formatter", [JsonFormatter(), LineFormatter()])
def test_nothing_in_a_line_forges_another(formatter: logging.Formatter) -> None:
    first, *more = formatter.format(logged(facts(event="polled", url=HOSTILE))).splitlines()
    assert all(line.startswith("    ") for line in more)
    assert not {"\x1b", "\u202e"} & set(first + "".join(more))


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    logger = logging.getLogger()
    former = (logger.handlers[:], logger.level)
    yield logger
    logger.handlers[:], level = former[0], former[1]
    logger.setLevel(level)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "begins"),
    [pytest.param(Terminal(), "20", id="terminal"), pytest.param(io.StringIO(), "{", id="file")],
)
def test_a_terminal_gets_words_and_a_file_gets_json(
    monkeypatch: pytest.MonkeyPatch, root: logging.Logger, stream: io.StringIO, begins: str
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    begin_log("info")
    logging.getLogger("crawler.x").info("%s", facts(event="polled", new=1))
    assert stream.getvalue().startswith(begins)
    assert stream.getvalue().count("\n") == 1
