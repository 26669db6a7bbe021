"""The shipped topic, read once for all tests, and a small one of another pair."""

from __future__ import annotations

from pathlib import Path

from crawler.news.lexicon import Topic, parse_topic

SHIPPED_FILE = Path(__file__).parents[1] / "crawler" / "topic" / "dprk-russia.toml"
SHIPPED: Topic = parse_topic(SHIPPED_FILE.read_text(encoding="utf-8"), SHIPPED_FILE.name)

WEIGHTS = (
    "[weights]" + SHIPPED_FILE.read_text(encoding="utf-8").split("[weights]")[1].split("# ---")[0]
)
SMALL = (
    """
[topic]
id = "iran-russia"
name = "Relations between Iran and Russia"
ruleset = "iran-russia/1"
parties = ["iran", "russia"]
[parties.iran]
name = "Iran"
[parties.russia]
name = "Russia"
scopes = ["russia"]
[rules]
threshold = 2.2
triage_threshold = 1.0
[languages.en]
script = "latin"
compound = ['iran-russia']
[languages.en.iran]
countries = ['iran\\w*', 'tehran']
[languages.en.russia]
countries = ['russia\\w*', 'moscow']
"""
    + WEIGHTS
)
