"""The file of alerts: what it says, and that every error has its line and its fix."""

from __future__ import annotations

import re
import zoneinfo
from datetime import time, timedelta
from pathlib import Path

import pytest

from crawler.errors import ConfigError
from crawler.news.queries import Query
from crawler.news.watch_file import Known, read_watches
from crawler.news.watches import OCCASIONS, Target, Watch, Watches

KNOWN = Known(
    zone_of=zoneinfo.ZoneInfo,
    zones={"UTC", "Asia/Seoul", "Europe/Berlin"},
    outlets={"harbor-post", "halden-wire"},
)
SECRET = "mailto://desk:hunter2secret@example.org"


def read(text: str) -> Watches:
    return read_watches(text, "alerts.toml", KNOWN)


def test_a_file_says_who_hears_what_and_when() -> None:
    told = read(f"""
timezone = "Asia/Seoul"
[targets]
desk = "{SECRET}"
phone = {{ file = "phone.url" }}
pager = {{ env = "PAGER_URL" }}
[[watch]]
name = "shells"
search = "artillery shells"
topics = ["arms"]
outlets = ["harbor-post"]
countries = ["KR"]
languages = ["ko"]
cites = "KCNA"
on = "origins"
origins = 4
within = "90m"
send = "daily"
at = "07:30"
to = ["desk"]
[[watch]]
name = "all"
[[watch]]
name = "health"
on = "health"
lasting = "2h"
to = []
""")
    assert told.zone == zoneinfo.ZoneInfo("Asia/Seoul")
    assert told.targets == {
        "desk": Target(name="desk", url=SECRET),
        "phone": Target(name="phone", file="phone.url"),
        "pager": Target(name="pager", variable="PAGER_URL"),
    }
    asked = Query(
        text="artillery shells", topics=("arms",), outlets=("harbor-post",), countries=("KR",),
        languages=("ko",), cites="KCNA",
    )  # fmt: skip
    assert told.watches == (
        Watch(
            name="shells", query=asked, on="origins", origins=4, within=timedelta(minutes=90),
            send="daily", at=time(7, 30), targets=("desk",),
        ),
        Watch(name="all", targets=("desk", "phone", "pager")),
        Watch(name="health", on="health", lasting=timedelta(hours=2)),
    )  # fmt: skip
    assert told.named("all") == told.watches[1]
    assert told.named("none") is None


def test_the_example_in_the_docs_is_right() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    told = read(example)
    assert {watch.on for watch in told.watches} == set(OCCASIONS)
    assert len(told.targets) == 3


def test_an_empty_file_watches_nothing_and_three_origins_within_an_hour_are_the_default() -> None:
    assert read("") == Watches()
    (watch,) = read('[[watch]]\nname = "three"\non = "origins"').watches
    assert (watch.origins, watch.within) == (3, timedelta(hours=1))


def test_a_time_may_be_written_as_toml_has_it() -> None:
    (watch,) = read('[[watch]]\nname = "a"\nsend = "daily"\nat = 07:30:00').watches
    assert watch.at == time(7, 30)


WATCH = '[[watch]]\nname = "a"\n'
WRONG = {
    "no toml": ("[[watch]\n", 1, "this is no TOML"),
    "no toml further down": (f"{WATCH}on = \n", 3, "this is no TOML"),
    "a key at the top": ('\ntimezon = "UTC"', 2, 'unknown key "timezon"; did you mean timezone?'),
    "a zone": ('timezone = "Asia/Soul"', 1, "did you mean Asia/Seoul?"),
    "a zone that is like none": ("timezone = 9", 1, 'write one such as "Asia/Seoul"'),
    "targets that are no table": ("targets = 5", 1, "write targets as a table"),
    "a watch that is no table": ("watch = 5", 1, "begins with [[watch]]"),
    "single brackets": ('[watch]\nname = "a"', 1, "begins with [[watch]]"),
    "a target's name": ('[targets]\n"My Desk" = "a://b"', 2, "is not a slug"),
    "a target that is no URL": ('[targets]\n\ndesk = "desk"', 3, "this is no URL"),
    "a target without a text": ("[targets]\ndesk = 5", 2, '{ file = "/path" }'),
    "a target with two places": ('[targets]\nd = {file="a", env="b"}', 2, '{ env = "NAME" }'),
    "a target's file": ("[targets]\nd = {file = 5}", 2, "write text in quotes, not a number"),
    "no name": ("\n[[watch]]\n", 2, "the watch has no name"),
    "a name twice": (f"{WATCH}\n{WATCH}", 5, "another watch's"),
    "an unknown key": (f"{WATCH}topic = []", 3, 'unknown key "topic"; did you mean topics'),
    "a topic": (f'{WATCH}topics = ["army"]', 3, '"army" is none of'),
    "an outlet": (f'{WATCH}outlets = ["harbour-post"]', 3, "did you mean harbor-post?"),
    "an outlet that is like none": (f'{WATCH}outlets = ["x"]', 3, "name one that there is"),
    "a country": (f'{WATCH}countries = ["Korea"]', 3, "is not a country"),
    "a language": (f'{WATCH}languages = ["xq"]', 3, "is no language"),
    "a search that is no text": (f"{WATCH}search = 5", 3, "write text in quotes"),
    "a search without a word": (f'{WATCH}search = "..."', 3, "holds no word to look for"),
    "cites": (f'{WATCH}cites = ["a"]', 3, "write text in quotes, not a list"),
    "an occasion": (f'{WATCH}on = "records"', 3, "did you mean record?"),
    "too few origins": (f'{WATCH}on = "origins"\norigins = 1', 4, "a whole number from 2 to 50"),
    "origins yes or no": (f'{WATCH}on = "origins"\norigins = true', 4, "a whole number"),
    "a duration": (f'{WATCH}on = "origins"\nwithin = "1 hour"', 4, "not a duration"),
    "a duration that is no text": (f'{WATCH}on = "health"\nlasting = 5', 4, "in quotes"),
    "a pace": (f'{WATCH}send = "weekly"', 3, '"weekly" is none of at once, hourly, daily'),
    "a time of the day": (f'{WATCH}send = "daily"\nat = "24:00"', 4, '"07:30"'),
    "a target there is not": (f'{WATCH}to = ["desk"]', 3, 'there is no target "desk"'),
    "origins of a record": (f"{WATCH}origins = 3", 3, 'it belongs to on = "origins"'),
    "a time of what goes at once": (f'{WATCH}at = "07:30"', 3, 'it belongs to send = "daily"'),
    "words of a source": (f'{WATCH}search = "a1"\non = "health"', 3, "a source has none"),
}


@pytest.mark.parametrize(("text", "line", "problem"), WRONG.values(), ids=WRONG)
def test_an_error_has_its_line_and_its_fix(text: str, line: int, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert str(caught.value).startswith(f"alerts.toml, line {line}: ")
    assert problem in str(caught.value)


def test_all_errors_are_told_at_once_and_no_secret() -> None:
    with pytest.raises(ConfigError) as caught:
        read(f'[targets]\n"Desk" = "{SECRET}"\nmail = "//hunter2secret"\n{WATCH}on = "x"')
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "alerts.toml, line 2", "alerts.toml, line 3", "alerts.toml, line 6",
    ]  # fmt: skip
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(Target(name="desk", url=SECRET))
