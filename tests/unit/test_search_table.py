"""Search in nine languages: what a person would type, and what must come first or be found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.news.queries import Query
from crawler.storage.library import Library, open_library
from tests.stores import record, write_records

TEXTS = [
    json.loads(line)
    for line in (Path(__file__).resolve().parents[1] / "fixtures/search.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]

# what is typed: what must be found; the first of them on top
TABLE = {
    "포탄": ["ko-shells"],
    "북한 노동자": ["ko-labor"],
    "김정은": ["ko-rail", "ko-shells"],
    "열차": ["ko-rail"],
    "직통열차": ["ko-rail"],
    "\"학생 비자\"": ["ko-labor"],
    "砲弾": ["ja-shells"],
    "北朝鮮": ["ja-shells"],
    "会談": ["ja-summit"],
    "人工衛星": ["ja-summit"],
    "プーチン": ["ja-summit"],
    "鉄道 ハサン": ["ja-rail"],
    "ﾛｼｱ 鉄道": ["ja-rail"],
    "金正恩": ["zh-trad", "ja-summit"],
    "普京": ["zh-bridge"],
    "大桥": ["zh-bridge"],
    "朝鲜工人": ["zh-labor"],
    "蒲亭": ["zh-trad"],
    "通電話": ["zh-trad"],
    "мост": ["ru-bridge"],
    "Россия": ["ru-envoy", "ru-bridge"],
    "рабочие Сочи": ["ru-labor"],
    "посол": ["ru-envoy"],
    "её": ["ru-envoy"],
    "снаряди": ["uk-shells"],
    "полонені": ["uk-pow"],
    "Київ полон": [],
    "КНДР": ["uk-pow", "ru-bridge"],
    "oil tankers": ["en-tanker"],
    "prisoner of war": ["en-pow"],
    "\"foreign minister\"": ["en-visit"],
    "LAVROV visit": ["en-visit"],
    "sanction": ["en-tanker"],
    "Arbeiter Baustelle": ["de-labor"],
    "Pjöngjang": ["de-arms"],
    "pjongjang granaten": ["de-arms"],
    "coree du nord": ["fr-treaty"],
    "ingénieur": ["fr-drones"],
    "soldado norcoreano": ["es-troops"],
    "telefono": ["es-call"],
    "misil": ["es-troops"],
}  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    data = tmp_path_factory.mktemp("search")
    write_records(
        data,
        [
            record(
                number,
                item["title"],
                item["text"],
                hours=number / 10,
                outlet=item["id"],
                language=item["language"],
            )
            for number, item in enumerate(TEXTS)
        ],
    )
    with open_library(data) as opened:
        yield opened


@pytest.mark.parametrize(("typed", "expected"), TABLE.items(), ids=TABLE)
def test_what_a_person_types_is_found_and_ranked(
    library: Library, typed: str, expected: list[str]
) -> None:
    found = [hit.outlet for hit in library.find(Query(text=typed, order="best"))]
    assert set(found) == set(expected)
    assert found[:1] == expected[:1]


def test_the_table_is_wide_enough() -> None:
    assert len(TABLE) >= 40
    assert len({item["language"] for item in TEXTS}) == 9
