"""The lexicon: what a topic file may say, and which language a text is read in."""

from __future__ import annotations

import pytest

from crawler.errors import TopicError
from crawler.news.lexicon import parse_topic, verify_topic
from crawler.news.matchers import choose_languages
from tests.watched import SHIPPED, SMALL

SCRIPTS = {name: str(entry["script"]) for name, entry in SHIPPED.languages.items()}


def test_the_shipped_topic_works_in_nine_languages() -> None:
    verify_topic(SHIPPED)
    assert sorted(SHIPPED.languages) == ["de", "en", "es", "fr", "ja", "ko", "ru", "uk", "zh"]
    assert SHIPPED.ruleset == "dprk-russia/2"
    assert SHIPPED.theatre == "b"
    assert [SHIPPED.implied_side(scope) for scope in ("north-korea", "russia", "world", None)] == [
        "a",
        "b",
        None,
        None,
    ]


def test_a_language_is_compiled_once() -> None:
    assert SHIPPED.lexicon("en", "text") is SHIPPED.lexicon("en-GB", "more")


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        pytest.param("[topic]", "[topic", "not readable as TOML", id="no TOML"),
        pytest.param("[topic]", "[subject]", "[topic] is missing", id="no topic"),
        pytest.param('["iran", "russia"]', '["iran"]', "must name two", id="one party"),
        pytest.param(
            '["iran", "russia"]', '["iran", "iran"]', "must name two", id="one party twice"
        ),
        pytest.param("[parties.iran]", "[parties.persia]", "[iran] is missing", id="no such party"),
        pytest.param(
            'name = "Iran"', 'name = ""', 'needs name = "..."', id="a party without a name"
        ),
        pytest.param(
            '["russia"]\n[rules]', '"russia"\n[rules]', "scopes must be a list", id="scopes"
        ),
        pytest.param("threshold = 2.2", "", "needs threshold = a number", id="no threshold"),
        pytest.param("threshold = 2.2", "threshold = true", "a number", id="no number"),
        pytest.param("[rules]", '[rules]\ntheatre = "mars"', "one of the parties", id="theatre"),
        pytest.param("[weights]", "[weights]\nheavy = 2", "knows no heavy", id="odd weight"),
        pytest.param("\nalone = ", "\n# ", "needs alone", id="missing weight"),
        pytest.param("\nalone = ", "\nalone = -", "give it 0 or more", id="a sign turned"),
        pytest.param("\noutrun = -", "\noutrun = ", "0 or less", id="the other sign turned"),
        pytest.param(
            "[rules]", "[rules]\ndeal_topics = ['war']", "knows no war", id="odd topic of a rule"
        ),
        pytest.param(
            'name = "Iran"', 'name = "Iran"\neveryday = 1', "true or false", id="everyday"
        ),
        pytest.param(
            "[languages.en]", "[languages]\nde = 1\n[languages.en]", "de must be", id="flat"
        ),
        pytest.param('"latin"', '"runes"', "one of latin, cyrillic", id="odd script"),
        pytest.param("compound", "compounds", "knows no compounds", id="odd list"),
        pytest.param("['iran-russia']", "'iran'", "compound must be a list", id="no list"),
        pytest.param("countries = ['iran", "nations = ['iran", "knows no nations", id="odd class"),
        pytest.param("compound", "cues = 1\ncompound", "cues must be a table", id="cues"),
        pytest.param("compound", "cues = {war = []}\ncompound", "knows no war", id="odd topic"),
        pytest.param(
            "compound", "others = {'a b' = ['x']}\ncompound", "a plain word", id="odd country"
        ),
    ],
)
def test_a_file_that_cannot_work_is_refused_with_the_fix(
    before: str, after: str, problem: str
) -> None:
    assert before in SMALL
    with pytest.raises(TopicError) as refused:
        parse_topic(SMALL.replace(before, after, 1), "small.toml")
    assert str(refused.value).startswith("small.toml: ")
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        pytest.param("iran(", "is no regular expression", id="no expression"),
        pytest.param("Iran", "has capitals", id="capitals"),
        pytest.param("(iran)", "captures a group", id="a group"),
        pytest.param("iran|", "can begin with anything", id="an open beginning"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_with_its_place(pattern: str, problem: str) -> None:
    topic = parse_topic(SMALL.replace("iran-russia'", f"{pattern}'"), "small.toml")
    with pytest.raises(TopicError) as refused:
        verify_topic(topic)
    assert f"small.toml: [languages.en] both: '{pattern}' {problem}" in str(refused.value)


@pytest.mark.parametrize(
    ("language", "sample", "expected"),
    [
        pytest.param("en", "A text", ("en",), id="what is said"),
        pytest.param("en_GB", "A text", ("en",), id="a region"),
        pytest.param("KO", "", ("ko",), id="no text"),
        pytest.param("en", "북한과 러시아", ("ko",), id="another script than said"),
        pytest.param("pl", "Zażółć gęślą", ("en", "de", "fr", "es"), id="all of the script"),
        pytest.param(None, "КНДР", ("ru", "uk"), id="Cyrillic"),
        pytest.param(None, "ロシア大統領が訪問", ("ja",), id="kana among han"),
        pytest.param(None, "俄罗斯总统访问朝鲜。", ("zh",), id="han"),
        pytest.param("ja", "朝鮮中央通信は伝えた", ("ja",), id="mostly han"),
        pytest.param("ko", "北, 中과 회담", ("ko",), id="han among hangul"),
        pytest.param(None, "123", ("en", "de", "fr", "es"), id="no letters"),
        pytest.param("el", "Ρωσία", ("en", "de", "fr", "es"), id="a script nobody knows"),
    ],
)
def test_a_text_is_read_in_its_language_or_in_those_of_its_script(
    language: str | None, sample: str, expected: tuple[str, ...]
) -> None:
    assert choose_languages(SCRIPTS, language, sample) == expected


def test_a_script_that_no_language_has_is_read_in_the_first() -> None:
    assert choose_languages({"en": "latin"}, "ru", "КНДР") == ("en",)
