"""How well and how fast articles are judged: `make eval`, or `python -m bench.relevance`.

The labeled real items lie beside the checkout (../shared/relevance) and are left out, with a word,
where they are not; those that were invented for the tests are always measured.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.app.cli import tumen
from crawler.news.lexicon import Topic, parse_topic
from crawler.news.relevance import judge
from crawler.storage.catalogue import read_topic

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "relevance"
NAMES = ("gold_dev.jsonl", "gold_dev_more.jsonl")
INVENTED = sorted((ROOT / "tests" / "fixtures" / "relevance").glob("*.jsonl"))

ITEM = 600  # characters of an item whose cost is told
LENGTHS = (1_000, 10_000, 100_000)
TRIES = 5
PIECES = {
    "en": "Russia thanked North Korea. 1,000 tons of grain, said Mr. Smith of the U.S. embassy... ",
    "ko": "러시아는 북한에 감사했다. 우크라이나에서 온 곡물 1천 톤이라고 미국 대사관이 밝혔다. ",
    "ru": "Россия поблагодарила КНДР. 1000 тонн зерна, сообщили в посольстве США в Москве... ",
}


def main() -> None:
    """Print the tables of quality, then those of cost."""
    real = [REAL / name for name in NAMES if (REAL / name).is_file()]
    if not real:
        print("the labeled real items are not here: measuring invented ones", file=sys.stderr)
    with TemporaryDirectory() as folder:
        invented = Path(folder) / "invented.jsonl"
        invented.write_bytes(b"".join(path.read_bytes() for path in INVENTED))
        files = [str(path) for path in (*real, invented)]
        tumen.main(["eval", *files], prog_name="tumen", standalone_mode=False)
    topic = parse_topic(*read_topic())
    print("\nCPU time per item")
    print(f"  {ITEM} characters, median of the items that are as long, per language:")
    for language, cost_ms, count in costs(topic, real or INVENTED):
        print(f"    {language}  {cost_ms:.2f} ms  ({count} items)")
    print("  invented texts of growing length:")
    for language, piece in PIECES.items():
        shown = "  ".join(
            f"{length:,} characters {growth(topic, language, piece, length):.1f} ms"
            for length in LENGTHS
        )
        print(f"    {language}  {shown}")


def costs(topic: Topic, files: Sequence[Path]) -> list[tuple[str, float, int]]:
    """Language, median milliseconds and how many items, over items cut to 600 characters."""
    spent: dict[str, list[float]] = {}
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            # In print a text of so many letters is what is asked for; shorter ones cost less.
            text = (item["text"] * (ITEM // max(1, len(item["text"])) + 1))[:ITEM]
            if item["text"]:
                cost = seconds(topic, item["title"], text, item["lang"])
                spent.setdefault(item["lang"], []).append(1000 * cost)
    every = [cost for costs in spent.values() for cost in costs]
    rows = [(name, statistics.median(found), len(found)) for name, found in spent.items()]
    return [*rows, ("all", statistics.median(every), len(every))]


def growth(topic: Topic, language: str, piece: str, length: int) -> float:
    """Milliseconds for a text of this length."""
    text = (piece * (length // len(piece) + 1))[:length]
    return 1000 * seconds(topic, "", text, language)


def seconds(topic: Topic, title: str, text: str, language: str) -> float:
    """The least of a few tries; the others were disturbed."""
    tries = []
    for _ in range(TRIES):
        begin = time.process_time()
        judge(topic, title=title, text=text, language=language)
        tries.append(time.process_time() - begin)
    return min(tries)


if __name__ == "__main__":
    main()
