"""Evidence: what a sentence names and how the two parties stand in it."""

from __future__ import annotations

import pytest

from crawler.news.evidence import Passage, read_passage
from tests.watched import SHIPPED


def read(text: str, language: str = "en") -> Passage:
    return read_passage(SHIPPED.lexicon(language, text), text)


def test_names_are_found_as_written_in_lower_case() -> None:
    passage = read("The DPRK’s Choe Son Hui met Lavrov; KCNA reported.")
    assert [(m.kind, m.text) for m in passage.mentions] == [
        ("a", "dprk"),
        ("person_a", "choe son hui"),
        ("person_b", "lavrov"),
        ("voice_a", "kcna"),
    ]
    assert (passage.count("a"), passage.count("b"), passage.voices) == (3, 1, frozenset("a"))


def test_a_list_of_three_countries_is_no_evidence() -> None:
    passage = read("Russia, Iran and North Korea voted against.")
    assert (passage.names_pair, passage.lists, passage.three) == (False, 1, 1)
    assert passage.rivals == {"other_iran"}


def test_a_list_without_one_of_the_two_is_no_three_of_them() -> None:
    passage = read("China, Iran and North Korea.")
    assert (passage.lists, passage.three) == (1, 0)


@pytest.mark.parametrize(
    ("text", "bound", "shared", "listed"),
    [
        pytest.param("Xi and Putin met North Korea's envoy", True, False, False, id="bound"),
        pytest.param("Lavrov flew to Pyongyang and Beijing", False, True, False, id="shared"),
        pytest.param("Russian and North Korean envoys", False, False, True, id="listed"),
        pytest.param("Russia gave North Korea grain", False, False, False, id="none"),
        pytest.param("Russia and so on, by way of a long detour, North Korea", 0, 0, 0, id="far"),
    ],
)
def test_joined_names_are_told_apart(text: str, bound: bool, shared: bool, listed: bool) -> None:
    passage = read(text)
    assert (passage.is_bound, passage.is_shared, passage.is_listed) == (bound, shared, listed)


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        pytest.param("Russia thanked North Korea", 9, id="between the two"),
        pytest.param("Russia. A long way. Pyongyang, Moscow", 2, id="the nearest"),
        pytest.param("DPRK-Russia ties", 0, id="one word for both"),
        pytest.param("Russia alone", None, id="one missing"),
    ],
)
def test_the_gap_is_that_of_the_nearest_names(text: str, gap: int | None) -> None:
    assert read(text).gap == gap


def test_a_word_of_capitals_counts_only_in_capitals() -> None:
    assert read("Join us and the UN").rivals == {"other_un"}


def test_weak_words_are_counted_apart() -> None:
    passage = read("The North spoke of Kyiv")
    assert (passage.weakly("a"), passage.weakly("b"), passage.names("a")) == (True, True, False)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("Kim spoke with Putin", True, id="beside the other one's leader"),
        pytest.param("Kim spoke with Lavrov", True, id="beside an official"),
        pytest.param("Kim plays for a Russian club", False, id="beside the country alone"),
        pytest.param("Kim spoke", False, id="alone"),
    ],
)
def test_a_short_name_counts_beside_a_person_of_the_other_party(text: str, named: bool) -> None:
    assert read(text).names("a") == named


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        pytest.param("This is North Korea now, say teenagers", "en", False, id="English"),
        pytest.param("The North Korean side agreed", "en", True, id="a weak word hides no name"),
        pytest.param("러시아 인터넷, 북한처럼 된다", "ko", False, id="Korean"),
        pytest.param("Как в КНДР: жители без интернета", "ru", False, id="Russian"),
        pytest.param("Росія стає схожою на Північну Корею", "uk", False, id="Ukrainian"),
        pytest.param("ここは北朝鮮のようだ", "ja", False, id="Japanese"),
        pytest.param("我们快像朝鲜一样了", "zh", False, id="Chinese"),
        pytest.param("Wie in Nordkorea: das Netz ist weg", "de", False, id="German"),
        pytest.param("La France devient une Corée du Nord", "fr", False, id="French"),
        pytest.param("Ya es como Corea del Norte", "es", False, id="Spanish"),
    ],
)
def test_a_comparison_names_nobody(text: str, language: str, named: bool) -> None:
    assert read(text, language).names("a") == named


def test_a_comma_of_han_parts_clauses_and_joins_no_names() -> None:
    assert not read("源于美国，朝鲜有权自卫", "zh").is_bound
    assert read("美国和朝鲜会谈", "zh").is_bound


def test_dealings_with_a_third_are_no_mention_of_the_party() -> None:
    passage = read("북중 정상회담과 미·러 정상회담", "ko")
    assert (passage.third, passage.a, passage.b) == (2, 0, 0)
