"""The labeled items that were invented for the tests, one file per language."""

from __future__ import annotations

import json
from pathlib import Path

from crawler.news.measuring import Labeled, read_labeled

FOLDER = Path(__file__).parent / "fixtures" / "relevance"
LANGUAGES = ("en", "ko", "ru", "uk", "ja", "zh", "de", "fr", "es")


def invented(language: str) -> list[tuple[Labeled, str]]:
    """The items of a language, each with the note that names its difficulty."""
    lines = (FOLDER / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    said = [json.loads(line) for line in lines]
    return [(read_labeled(item), item["note"]) for item in said]
