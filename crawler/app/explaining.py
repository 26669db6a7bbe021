"""`tumen extract --explain`: how the text of a page was found, as a person wants to see it.

Promise: what is shown is what the extraction itself noted down; nothing is worked out again.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.app.terminal import show_table
from crawler.news.jsonl import write_time
from crawler.news.records import Article, Moment
from crawler.news.verdicts import Explanation, PageVerdict

_SHOWN = 160  # characters of a line that was dropped


def show_explanation(verdict: PageVerdict, explanation: Explanation, *, json_lines: bool) -> None:
    """Show what was read, by whose opinion, and every line that was left out with the reason."""
    facts = list(_facts(verdict, explanation))
    show_table(("what", "is"), facts, json_lines=json_lines)
    if explanation.dropped:
        rows = [(reason, line[:_SHOWN]) for line, reason in explanation.dropped]
        show_table(("dropped because", "line"), rows, json_lines=json_lines)


def _facts(verdict: PageVerdict, explanation: Explanation) -> Iterator[tuple[str, str]]:
    article = verdict.article
    lines = article.text.count("\n") + 1
    yield "title", article.title
    yield "text", f"{len(article.text):,} characters in {lines} lines, {article.text_status}"
    yield "opinion", f"{explanation.opinion} (from the {article.text_source})"
    for name, size in explanation.sizes.items():
        yield f"  {name}", f"{size:,} characters"
    yield "charset", explanation.charset or "none"
    yield "language", article.language or "unknown"
    yield "published", _told(article.published)
    yield "modified", _told(article.modified)
    yield "authors", ", ".join(article.authors) or "none"
    yield "cites", _cites(article) or "nobody"
    yield "relevant", f"{verdict.judgement.relevant} (score {verdict.judgement.score:.2f})"
    yield "dropped", f"{len(explanation.dropped)} lines"


def _told(moment: Moment | None) -> str:
    if moment is None:
        return "unknown"
    return f'{write_time(moment.at)} by the {moment.precision}, {moment.source}: "{moment.raw}"'


def _cites(article: Article) -> str:
    return ", ".join(f"{cited.name} ({cited.role})" for cited in article.cites)
