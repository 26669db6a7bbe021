"""Stories: what joins one and why, what stays apart, and that a replay gives the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from crawler.news.happenings import Concepts, parse_concepts
from crawler.news.reports import from_sketch, report_of, to_sketch
from crawler.news.same_event import EVENT_DAYS, Report, compare, weights_of
from crawler.news.stories import WINDOW_DAYS, Window
from crawler.storage.catalogue import read_happenings

INVENTED = Path(__file__).resolve().parents[1] / "fixtures/stories/invented.jsonl"
DAY = date(2026, 11, 20)
CALL = "Putin and Kim Jong Un speak by telephone before the Alaska summit"
CALL_KO = "푸틴, 김정은과 전화통화…알래스카 정상회담 앞두고"
LONG = (
    "The two spoke for half an hour about freight, grain and the weather on the river, their "
    "offices said in like words, and agreed to speak again before the end of the month."
)


@pytest.fixture(scope="module")
def concepts() -> Concepts:
    return parse_concepts(*read_happenings())


def report(
    concepts: Concepts,
    name: str,
    title: str,
    *,
    language: str = "en",
    text: str = "",
    days: int = 0,
    origins: tuple[str, ...] = (),
) -> Report:
    day = DAY + timedelta(days=days)
    return report_of(
        concepts, id=name, title=title, text=text, language=language, day=day, origins=origins
    )


def placed(concepts: Concepts, reports: list[Report]) -> dict[str, str]:
    window = Window.over(concepts)
    story_of = {}
    for one in reports:
        found = window.place(one)
        story_of[one.id] = found.story
        story_of.update(dict.fromkeys(found.united, found.story))
    return story_of


def test_reports_of_one_event_join_across_languages_and_say_why(concepts: Concepts) -> None:
    window = Window.over(concepts)
    window.place(report(concepts, "en", CALL))
    joined = window.place(report(concepts, "ko", CALL_KO, language="ko"))
    assert joined.story == joined.like == "en"
    assert any("phone" in reason for reason in joined.because)
    assert any("within a day" in reason for reason in joined.because)


def test_the_same_headline_two_weeks_later_is_another_event(concepts: Concepts) -> None:
    first, later = report(concepts, "a", CALL), report(concepts, "b", CALL, days=EVENT_DAYS + 1)
    assert placed(concepts, [first, later]) == {"a": "a", "b": "b"}


def test_a_copy_joins_within_two_weeks_whatever_its_headline(concepts: Concepts) -> None:
    window = Window.over(concepts)
    window.place(report(concepts, "a", CALL, text=LONG))
    copy = window.place(report(concepts, "b", "World in brief", text=LONG, days=10))
    assert (copy.story, copy.copy_of) == ("a", "a")


def test_pages_without_text_are_no_copies_of_each_other(concepts: Concepts) -> None:
    one, other = report(concepts, "a", "A bridge opens"), report(concepts, "b", "Two envoys dine")
    assert placed(concepts, [one, other]) == {"a": "a", "b": "b"}


def test_a_shared_origin_speaks_for_one_event(concepts: Concepts) -> None:
    titles = ("Kim to visit Russia for arms talks", "Paper: leaders may meet on weapons")
    apart = [report(concepts, name, t) for name, t in zip("ab", titles, strict=True)]
    bound = [
        report(concepts, name, t, origins=("the ledger",))
        for name, t in zip("ab", titles, strict=True)
    ]
    weights = weights_of(concepts.rates)
    rise = compare(*bound, weights).points - compare(*apart, weights).points
    assert rise == pytest.approx(1.5)


def test_comparing_does_not_depend_on_which_came_first(concepts: Concepts) -> None:
    reports = [
        report(concepts, str(number), item["title"], language=item["language"], text=item["text"])
        for number, item in enumerate(invented())
    ]
    weights = weights_of(concepts.rates)
    for a, b in combinations(reports[:30], 2):
        there, back = compare(a, b, weights), compare(b, a, weights)
        assert there.points == pytest.approx(back.points)
        assert there.reasons == back.reasons


def invented() -> list[dict[str, str]]:
    return [json.loads(line) for line in INVENTED.read_text(encoding="utf-8").splitlines()]


def reports_invented(concepts: Concepts) -> list[Report]:
    return [
        replace(
            report(
                concepts, item["id"], item["title"], language=item["language"], text=item["text"]
            ),
            key=f"{number:04}",
        )
        for number, item in enumerate(invented())
    ]


def test_invented_events_are_told_apart_and_joined_across_languages(concepts: Concepts) -> None:
    event_of = {item["id"]: item["event"] for item in invented()}
    story_of = placed(concepts, reports_invented(concepts))
    joined = [p for p in combinations(event_of, 2) if story_of[p[0]] == story_of[p[1]]]
    true = [p for p in combinations(event_of, 2) if event_of[p[0]] == event_of[p[1]]]
    right = len(set(joined) & set(true))
    assert right / len(joined) >= 0.95
    assert right / len(true) >= 0.80


def test_a_replay_gives_the_same_stories(concepts: Concepts) -> None:
    assert placed(concepts, reports_invented(concepts)) == placed(
        concepts, reports_invented(concepts)
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_window_built_again_goes_on_as_the_first_would(concepts: Concepts, seed: int) -> None:
    reports = reports_invented(concepts)
    # In another order other reports are the bridges between stories.
    Random(seed).shuffle(reports)
    reports = [replace(one, key=f"{number:04}") for number, one in enumerate(reports)]
    first = Window.over(concepts)
    for at, one in enumerate(reports):
        if at % 13 == 12:
            again = Window.over(concepts)
            for known in reports[:at]:
                told = json.loads(json.dumps(to_sketch(known)))
                story = first.story_of[known.id]
                again.keep(from_sketch(known.id, told), story, first.began[story])
            assert again.members == first.members
            first = again
        first.place(one)
    assert {one.id: first.story_of[one.id] for one in reports} == placed(concepts, reports)


def test_memory_is_bounded_by_the_window(concepts: Concepts) -> None:
    window = Window.over(concepts)
    for days in range(100):
        window.place(
            report(concepts, str(days), f"{CALL} {days}", text=f"{LONG} {days}", days=days)
        )
    assert len(window.reports) <= WINDOW_DAYS + 1
    assert set(window.story_of) == set(window.reports)
    assert sum(map(len, window.members.values())) == len(window.reports)
    held = {
        name
        for index in (window.by_concept, window.by_band)
        for ids in index.values()
        for name in ids
    }
    assert held == set(window.reports)
    assert set(window.began) == set(window.members)
