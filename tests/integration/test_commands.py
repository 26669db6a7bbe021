"""The command line as a user types it: output, messages, exit codes."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from crawler.app.cli import tumen as commands
from tests.integration.crawls import (
    Outcome,
    command,
    environment,
    journal_of,
    lines_of,
    records_of,
    tumen,
    urls_of,
)
from tests.integration.outlet_server import (
    ABOUT_BOTH,
    OutletServer,
    article,
    outlet_server,
    rss,
)
from tests.samples import DAY, make_line

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "redis://crawler:hunter2@127.0.0.1:1/0"
CAKE = (
    "The bakers of the town baked a cake of forty layers for the harvest fair on Saturday morning.",
    "It was given to the children of the school, who ate all of it within an hour and a half.",
    "The mayor thanked the bakers and announced that there would be another cake next autumn.",
)


# Written out: asking for them would import Scrapy while tests are collected.
PATHS = [
    (),
    *[(name,) for name in ("crawl", "watch", "add", "demo", "extract", "score", "status", "show")],
    *[(name,) for name in ("review", "judge", "rejudge", "eval", "train")],
    ("outlets",),
    *[("outlets", name) for name in ("list", "add", "enable", "disable", "discover")],
    *[("outlets", name) for name in ("import", "export", "unlearn")],
    *[("dead",), ("dead", "list"), ("dead", "show"), ("dead", "retry"), ("dead", "drop")],
    *[("store",), ("store", "verify"), ("store", "repair"), ("store", "reindex")],
    *[("store", "forget"), ("store", "reextract")],
    *[(name,) for name in ("stories", "latest", "search", "story", "timeline", "tail", "stats")],
    *[("mark",), ("export",), ("serve",), ("index",), ("index", "rebuild")],
]


def all_commands() -> Iterator[tuple[str, ...]]:
    root = click.Context(commands)
    yield ()
    for name in commands.list_commands(root):
        yield (name,)
        found = commands.get_command(root, name)
        if isinstance(found, click.Group):
            yield from ((name, sub) for sub in found.list_commands(click.Context(found)))


def named(path: tuple[str, ...]) -> str:
    return " ".join(("tumen", *path))


def help_of(path: tuple[str, ...]) -> str:
    answer = CliRunner().invoke(commands, [*path, "--help"], prog_name="tumen")
    assert answer.exit_code == 0
    return answer.output


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_help_fits_a_terminal_and_shows_an_example(path: tuple[str, ...]) -> None:
    shown = help_of(path)
    assert shown.startswith(f"Usage: {named(path)} ")
    assert " ".join(shown.split()).partition("Example: ")[2].partition("tumen ")[1] == "tumen "
    assert [line for line in shown.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_the_example_of_help_is_one_that_works(
    path: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "items.jsonl").touch()
    (tmp_path / "card.toml").touch()
    (tmp_path / "feeds.opml").touch()
    monkeypatch.chdir(tmp_path)
    typed = " ".join(help_of(path).split()).partition("Example: ")[2].partition("tumen ")[2]
    words = shlex.split(typed.partition("|")[0].partition(">")[0].partition("&&")[0])
    group: click.Command = commands
    context = click.Context(commands)
    while isinstance(group, click.Group):
        found = group.get_command(context, words.pop(0))
        assert found is not None
        group = found
    # Parses, and raises for an option or a value that there is not.
    with group.make_context("tumen", words):
        pass


def test_every_command_is_tried_here_and_listed_on_the_first_page() -> None:
    assert sorted(PATHS) == sorted(all_commands())
    shown = help_of(())
    assert [path for path in PATHS if len(path) == 1 and f"  {path[0]} " not in shown] == []


def test_the_version_is_said() -> None:
    said = tumen("--version")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("tumen, version ")


@pytest.mark.parametrize(
    ("args", "settings", "words"),
    [
        pytest.param(("score", "--bogus"), {}, "No such option", id="unknown option"),
        pytest.param(("scores",), {}, "No such command", id="unknown command"),
        pytest.param(("score",), {}, "give --batch FILE", id="nothing to judge"),
        pytest.param(("dead", "retry"), {}, "or say --all", id="no job named"),
        pytest.param(
            ("outlets", "list"),
            {"TUMEN_REDIS": "x"},
            "tumen: TUMEN_REDIS is not a setting; did you mean TUMEN_REDIS_URL",
            id="unknown setting",
        ),
        pytest.param(
            ("outlets", "list"),
            {"TUMEN_LEASE": "soon"},
            "tumen: TUMEN_LEASE=soon: expected a duration",
            id="bad setting",
        ),
        pytest.param(
            ("outlets", "list", "--only", "nonsense"),
            {},
            'tumen: unknown outlet "nonsense"; tumen outlets list shows',
            id="unknown outlet",
        ),
        pytest.param(
            ("dead", "list", "--redis", "http://u:hunter2@queue.example/0"),
            {},
            "tumen: --redis ***: expected redis://HOST",
            id="an address that is no Redis",
        ),
    ],
)
def test_a_mistake_of_usage_is_exit_code_2(
    args: tuple[str, ...], settings: Mapping[str, str], words: str
) -> None:
    refused = tumen(*args, **settings)
    assert (refused.code, refused.out) == (2, "")
    assert words in refused.err
    assert "Traceback" not in refused.err
    assert "hunter2" not in refused.err
    if words.startswith("tumen: "):
        assert len(refused.err.splitlines()) == 1


@pytest.mark.parametrize("args", [("dead", "list"), ("crawl",)], ids=" ".join)
def test_a_redis_that_is_away_is_exit_code_4(args: tuple[str, ...], tmp_path: Path) -> None:
    began = time.monotonic()
    failed = tumen(*args, "--redis", NOWHERE, "--data", str(tmp_path / "data"))
    assert time.monotonic() - began < 30  # a default of the client would take minutes
    assert (failed.code, failed.out) == (4, "")
    assert failed.err.splitlines()[-1].startswith("tumen: Redis at redis://***@127.0.0.1:1/0 does")
    assert "Traceback" not in failed.err
    assert not (tmp_path / "data" / "redis").exists()


@pytest.mark.parametrize(
    ("args", "code"),
    [
        pytest.param(("status", "--json"), 4, id="status"),
        pytest.param(("store", "verify"), 1, id="store verify"),
    ],
)
def test_a_folder_that_cannot_be_one_is_named(
    args: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.touch()
    failed = tumen(*args, "--data", str(path))
    assert (failed.code, failed.out) == (code, "")
    (said,) = failed.err.splitlines()
    assert said.startswith("tumen: ")
    assert str(path) in said
    assert "Not a directory" in said


def piped(args: tuple[str, ...], **settings: str) -> Outcome:
    """Run a command whose reader goes away after the first line."""
    typed = f"set -o pipefail; {shlex.join(command(*args))} | head -n 1"
    done = subprocess.run(
        ["bash", "-c", typed],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Outcome(code=done.returncode, out=done.stdout, err=done.stderr)


def test_a_reader_that_goes_away_is_no_error() -> None:
    cut = piped(("outlets", "list", "--json"))
    assert (cut.code, cut.err) == (0, "")
    assert lines_of(cut.out)[0]["id"]


def test_outlets_are_listed_for_people(tmp_path: Path) -> None:
    card = tmp_path / "card.toml"
    with outlet_server() as outlet:
        card.write_text(outlet.card(), encoding="utf-8")
    listed = tumen("outlets", "list", "--outlets", str(card), PYTHONIOENCODING="ascii")
    assert (listed.code, listed.err.splitlines()[0]) == (0, "1 outlets, 1 sources to poll")
    assert [line.split()[:3] for line in listed.err.splitlines()[2:]] == [
        ["country", "GB", "1"],
        ["language", "en", "1"],
        ["kind", "national", "1"],
        ["scope", "general", "1"],
        ["confidence", "high", "1"],
    ]
    assert [line.split()[0] for line in listed.out.splitlines()] == ["id", "sample"]


ITEMS = [
    {"id": "a", "title": "Russia and North Korea sign a rail treaty", "text": " ".join(ABOUT_BOTH)},
    {"id": "b", "title": "A cake for the harvest fair", "text": " ".join(CAKE), "lang": "en"},
    {"id": 3, "title": None, "text": ""},
]
BROKEN = ['{"id": "c", "title": ', '["id"]', '{"title": "no id"}', '{"id": "d", "title": 5}']


def test_score_answers_every_item_and_names_every_broken_line() -> None:
    lines = [*map(json.dumps, ITEMS[:1]), "", *BROKEN, "[" * 50_000, *map(json.dumps, ITEMS[1:])]
    judged = tumen("score", "--batch", "-", stdin="\n".join(lines) + "\n")
    assert judged.code == 1
    answers = lines_of(judged.out)
    assert [(answer["id"], answer["relevant"]) for answer in answers] == [
        ("a", True),
        ("b", False),
        (3, False),
    ]
    assert answers[0]["reasons"] != []
    assert [said.split(":")[0] for said in judged.err.splitlines()] == [
        f"line {number}" for number in range(3, 8)
    ]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(article("Freight office opened at Khasan", *ABOUT_BOTH).body)
    return path


def test_a_page_gives_the_same_record_from_a_file_and_from_stdin(page: Path) -> None:
    url = "https://harbor.example/news/1"
    from_file = tumen("extract", str(page), "--url", url)
    from_stdin = tumen("extract", "-", "--url", url, stdin=page.read_text(encoding="utf-8"))
    assert (from_file.code, from_file.err) == (0, "")
    (record,) = lines_of(from_file.out)
    assert record["title"] == "Freight office opened at Khasan"
    assert record["text"].split("\n") == list(ABOUT_BOTH)
    assert (record["url"], record["found_in"]["kind"]) == (url, "manual")
    (again,) = lines_of(from_stdin.out)
    times = ("date_discovered", "date_fetched")
    assert {name: again[name] for name in again if name not in times} == {
        name: record[name] for name in record if name not in times
    }


def test_a_page_is_explained_as_a_table_and_as_lines(page: Path) -> None:
    html = page.read_text(encoding="utf-8").replace("</p>", "</p><p>Photo: Harbor Post</p>", 1)
    page.write_text(html, encoding="utf-8")
    table = tumen("extract", str(page), "--explain")
    assert (table.code, table.err) == (0, "")
    assert max(map(len, table.out.splitlines())) <= 80
    assert "trafilatura" in table.out
    rows = lines_of(tumen("extract", str(page), "--explain", "--json").out)
    facts = {row["what"].strip(): row["is"] for row in rows if "what" in row}
    assert facts["title"] == "Freight office opened at Khasan"
    assert {"dropped because": "a credit", "line": "Photo: Harbor Post"} in rows


def test_a_batch_is_not_explained(page: Path) -> None:
    refused = tumen("extract", "--batch", str(page), "--explain")
    assert refused.code == 2
    assert "leave --batch out" in refused.err


def test_a_batch_is_answered_in_order_and_a_bad_page_costs_only_itself(page: Path) -> None:
    (page.parent / "no.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    items: list[Any] = [
        {"id": 1, "path": "page.html", "url": "https://harbor.example/1"},
        {"id": 2, "path": "missing.html", "url": None},
        {"id": 3, "path": "no.html", "url": "https://harbor.example/3"},
        {"id": 4, "path": 4},
        {"path": "page.html"},
        {"id": 6, "path": "page.html"},
    ]
    manifest = page.parent / "manifest.jsonl"
    manifest.write_text("".join(f"{json.dumps(item)}\n" for item in items), encoding="utf-8")
    extracted = tumen("extract", "--batch", str(manifest))
    answers = lines_of(extracted.out)
    assert (extracted.code, extracted.err) == (1, "")
    assert [answer["id"] for answer in answers] == [1, 2, 3, 4, None, 6]
    assert [sorted(answer) == ["error", "id"] for answer in answers] == [
        False,
        True,
        True,
        True,
        True,
        False,
    ]
    assert answers[0]["text"] == answers[5]["text"] == "\n".join(ABOUT_BOTH)


def test_status_of_an_empty_folder_counts_nothing(tmp_path: Path) -> None:
    told = tumen("status", "--json", "--data", str(tmp_path / "data"))
    assert (told.code, told.err) == (0, "")
    (whole,) = lines_of(told.out)
    assert whole["store"] == {"records": 0, "left_out": 0}
    assert set(whole["sources"]) == {"unproven"}
    counted = {name: n for name, n in whole["queue"].items() if name != "memory_bytes"}
    assert counted == {
        "waiting": 0, "leased": 0, "later": 0, "dead": 0, "hosts": 0, "held": 0, "rests": {}
    }  # fmt: skip


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        pytest.param(("list",), 0, "there are no dead letters\n", id="list"),
        pytest.param(("list", "--json"), 0, "", id="list as JSON"),
        pytest.param(
            ("show", "a:1"),
            1,
            "there is no dead letter a:1; `tumen dead list` names them\n",
            id="show",
        ),
        pytest.param(("retry", "--all"), 0, "", id="retry all"),
        pytest.param(("drop", "a:1"), 1, "a:1: there is no such dead letter\n", id="drop"),
    ],
)
def test_without_dead_letters_the_commands_say_so(
    redis_url: str, args: tuple[str, ...], code: int, said: str
) -> None:
    answer = tumen("dead", *args, "--redis", redis_url)
    assert (answer.code, answer.out, answer.err) == (code, "", said)


def test_an_empty_store_is_sound(tmp_path: Path) -> None:
    checked = tumen("store", "verify", "--data", str(tmp_path))
    assert (checked.code, checked.out) == (0, "")
    assert checked.err.endswith("all sound\n")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_line_is_found_and_left_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "articles" / f"{DAY}.w1.jsonl"
    path.parent.mkdir()
    planted = make_line(1) + b'{"id": "half of a\n' + make_line(2)
    path.write_bytes(planted)
    checked = tumen("store", "verify", "--json", "--data", str(tmp_path))
    assert checked.code == 1
    (problem,) = lines_of(checked.out)
    assert problem["file"].endswith(path.name)
    assert problem["line"] == 2
    assert "1 problems" in checked.err
    assert path.read_bytes() == planted


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Irrelevant pages, one of them added twice, and one that is not there.

    The reader of the first command's output went away after a line.
    """

    outlet: OutletServer
    data: Path
    first: Outcome
    second: Outcome


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Added]:
    folder = tmp_path_factory.mktemp("added")
    card, data = folder / "outlets.toml", folder / "data"
    with outlet_server() as outlet:
        outlet.pages["/cake"] = article("A cake for the harvest fair", *CAKE)
        for n in range(2):
            outlet.pages[f"/bread/{n}"] = article(f"Bread number {n} for the fair", *CAKE[n:])
        card.write_text(outlet.card(), encoding="utf-8")
        options = ("--outlets", str(card), "--data", str(data))
        urls = [outlet.base + path for path in outlet.pages]
        first = piped(("add", *urls, *options), TUMEN_LOG="error")
        second = tumen("add", f"{outlet.base}/cake", f"{outlet.base}/missing", *options)
        yield Added(outlet=outlet, data=data, first=first, second=second)


def cake_of(added: Added) -> Mapping[str, Any]:
    url = f"{added.outlet.base}/cake"
    (record,) = (record for record in records_of(added.data) if record["url"] == url)
    return record


def test_an_added_page_is_stored_although_it_is_irrelevant(added: Added) -> None:
    record = cake_of(added)
    assert record["title"] == "A cake for the harvest fair"
    assert record["found_in"]["kind"] == "manual"
    assert record["match"]["score"] < record["match"]["threshold"]


def test_work_goes_on_when_its_reader_goes_away(added: Added) -> None:
    assert (added.first.code, len(added.first.out.splitlines())) == (0, 1)
    assert "Traceback" not in added.first.err
    assert urls_of(added.data) == sorted(added.outlet.base + path for path in added.outlet.pages)


def test_a_page_that_is_added_twice_is_stored_once_and_that_is_said(added: Added) -> None:
    known = cake_of(added)["id"]
    said = f"{added.outlet.base}/cake: not stored, the same page is stored as {known}"
    assert said in added.second.err.splitlines()


def test_an_added_page_that_is_not_there_is_named(added: Added) -> None:
    said = f"{added.outlet.base}/missing: not stored, HTTP 404 (not found)"
    assert said in added.second.err.splitlines()
    assert {line["stage"] for line in journal_of(added.data)} == {"known", "gone"}


def test_adding_asks_for_robots_txt_and_for_nothing_else(added: Added) -> None:
    assert added.outlet.asked[0] == "/robots.txt"
    assert set(added.outlet.asked) == {"/robots.txt", "/missing", *added.outlet.pages}


@pytest.fixture
def news(tmp_path: Path) -> Iterator[tuple[OutletServer, Path]]:
    """An outlet with three relevant articles, and its card."""
    card = tmp_path / "outlets.toml"
    with outlet_server() as outlet:
        titles = [(f"/{n}", f"Russia and North Korea open freight office {n}") for n in range(3)]
        outlet.pages["/feed.xml"] = rss(outlet.base, *titles)
        for n, (path, title) in enumerate(titles):
            outlet.pages[path] = article(title, *ABOUT_BOTH[n:], *ABOUT_BOTH[:n])
        card.write_text(outlet.card(), encoding="utf-8")
        yield outlet, card


def scrapy(*args: str, **settings: str) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *args],
        env=environment(**settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Outcome(code=done.returncode, out=done.stdout, err=done.stderr)


def test_scrapy_lists_both_spiders() -> None:
    listed = scrapy("list")
    assert (listed.code, listed.out.split()) == (0, ["crawl", "watch"])


def test_scrapy_crawls_as_tumen_does(news: tuple[OutletServer, Path], tmp_path: Path) -> None:
    outlet, card = news
    data = tmp_path / "data"
    crawled = scrapy("crawl", "crawl", TUMEN_DATA_DIR=str(data), TUMEN_OUTLETS=str(card))
    assert crawled.code == 0
    assert urls_of(data) == [f"{outlet.base}/{n}" for n in range(3)], crawled.err
    assert outlet.asked[0] == "/robots.txt"
