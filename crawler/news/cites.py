"""To whom a report owes its news, and whom it quotes besides.

Promise: a citation names an outlet that a sentence of the report cites, or that the page links as
its source; a photo credit, an outlet that is only talked about, and the page's own outlet are none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from crawler.news.cite_cues import BY_SCRIPT, Cues
from crawler.news.cite_names import CiteNames, Mention
from crawler.news.matchers import SCRIPTS
from crawler.news.printed import key_of
from crawler.news.records import Citation, Role
from crawler.news.sentences import split_sentences
from crawler.news.source_links import SourceLink, label_of
from crawler.news.strange_names import find_strangers
from crawler.news.urls import site

_BESIDE = 130  # characters beside a name in which its cue is sought
_WIDE_BESIDE = 220  # in scripts whose verb ends the sentence
_SENTENCES = 400
_LONGEST = 1_500
_CITES = 30
_SAMPLE = 200  # characters that tell a script
_CREDIT = re.compile(
    r"\W*(?:(?:file|main|cover|top|title) )?(?:photos?|images?|pictures?|videos?|graphics?|foto"
    r"|bild|grafik|crédits? photos?|credits?|zdjęcie|фото\w*|світлин\w*|видео"
    r"|відео|사진|그래픽|写真"
    r"|画像|图片?|圖片?|照片|資料)\W{0,3}(?:source|credit|by|courtesy|출처|제공|来源|來源)?\s*[:：=/©|]"
    r"|\(?(?:ap|afp|reuters|kcna|epa) (?:photo|image)|.{0,60}\b(?:photo|image|фото)\s?[:：]",
    re.IGNORECASE,
)
# A dateline names whose report is printed: SEOUL (Reuters) -, /ТАСС/, (서울=연합뉴스), 莫斯科电.
_DATELINE_BEFORE = re.compile(
    r"\A[^.!?。]{0,60}(?:/|\((?:\S{1,12}=)?|【\S{1,10}\s?|\[\S{1,10}=)\Z|\A[^\W\d_]{2,20},[^.]{3,30}/\Z"
)
_DATELINE_AFTER = re.compile(r"\A(?:/\.|\)\s*[-–—]|\)\s|】|\])")
_CHINESE_DATELINE = re.compile(r"\A[^\W\d_]{1,10}\d{1,2}月\d{1,2}日[电電]")
_IN_TITLE = re.compile(r"\A[\"”“’»』」》]*\s*(?::|：|\Z)")
_TITLE_END = re.compile(r"(?:[-–—|(,]|\b(?:via|per))\s*[\"“‘«『「《]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is searched for citations. `own` are names and domains of the page's own outlet."""

    title: str
    text: str
    language: str | None
    sources: tuple[SourceLink, ...] = ()
    own: Collection[str] = ()


def find_cites(report: Report, names: CiteNames) -> tuple[Citation, ...]:
    """Find whom a report cites, in the order of the text; each voice once, best as origin."""
    own = {key_of(name) for name in report.own}
    found: dict[str, Citation] = {}
    for citation in (*_told_by_text(report, names), *_told_by_links(report, names)):
        if key_of(citation.name) in own:
            continue
        known = found.get(key_of(citation.name))
        if known is None:
            found[key_of(citation.name)] = citation
        elif (known.role, citation.role) == ("quoted", "origin") or (
            citation.url and not known.url
        ):
            found[key_of(citation.name)] = _merge(known, citation)
    return tuple(found.values())[:_CITES]


def _merge(known: Citation, other: Citation) -> Citation:
    """Join two citations of one voice: an origin outweighs a quotation."""
    first = other if (known.role, other.role) == ("quoted", "origin") else known
    return Citation(
        name=first.name,
        role=first.role,
        sentence=first.sentence,
        outlet=first.outlet,
        url=known.url or other.url,
    )


def _told_by_text(report: Report, names: CiteNames) -> Iterator[Citation]:
    own = {key_of(name) for name in report.own}
    for sentence in split_sentences(report.text)[:_SENTENCES]:
        yield from _told_by_sentence(sentence[:_LONGEST], report.language, names, own)
    script = _script_of(report.title)
    for mention in _mentions(report.title, names, script):
        if role := _role_in_title(report.title, mention, BY_SCRIPT[script]):
            yield _cite(mention, role, report.title, report.language)


def _told_by_sentence(
    sentence: str, language: str | None, names: CiteNames, own: set[str]
) -> Iterator[Citation]:
    script = _script_of(sentence)
    mentions = _mentions(sentence, names, script)
    if not mentions or _CREDIT.match(sentence):
        return
    cues = BY_SCRIPT[script]
    for mention in mentions:
        if own.isdisjoint(map(key_of, mention.outlet.names)):
            role = _role(sentence, mention, cues)
            if role:
                yield _cite(mention, role, sentence, language)


def _mentions(sentence: str, names: CiteNames, script: str) -> list[Mention]:
    """Find the outlets that a sentence names: those that are known, then what is called one."""
    known = list(names.find(sentence))
    taken = [(mention.start, mention.end) for mention in known]
    for stranger in find_strangers(sentence, script):
        if all(stranger.end <= start or end <= stranger.start for start, end in taken):
            known.append(stranger)
    return sorted(known, key=lambda mention: mention.start)


def _role(sentence: str, mention: Mention, cues: Cues) -> Role | None:
    """Read the role of one outlet off what stands beside its name."""
    before = sentence[max(0, mention.start - _BESIDE) : mention.start]
    after = sentence[mention.end : mention.end + _WIDE_BESIDE]
    if _is_source_or_dateline(before, after, at_start=mention.start <= _BESIDE):
        return "origin"
    if cues.no_cite_before.search(before) or cues.no_cite_after.match(after):
        return None
    if cues.quoted_before.search(before) and not _is_nominative(mention, before):
        return "quoted"
    if cues.quoted_after.match(after):
        return "quoted"
    if cues.origin_before.search(before) or cues.origin_after.match(after):
        return "origin"
    return None


def _is_source_or_dateline(before: str, after: str, *, at_start: bool) -> bool:
    if not at_start:
        return False
    if (before and label_of(before) == before) or (not before and _CHINESE_DATELINE.match(after)):
        return True
    return bool(_DATELINE_BEFORE.search(before) and _DATELINE_AFTER.match(after))


def _is_nominative(mention: Mention, before: str) -> bool:
    """Whether a Russian name that could be declined is not: "сообщил «Интерфакс»" tells of it."""
    declines = re.fullmatch(r"[А-ЯЁІЇЄҐ][а-яёіїєґ]+[бвгджзклмнпрстфхцчшщъ]", mention.alias)
    verb = re.search(r"(?:сообщил[аои]?|повідоми\w+)\s[«\"„“\s]*\Z", before)
    return bool(declines and verb and not mention.ending)


def _role_in_title(title: str, mention: Mention, cues: Cues) -> Role | None:
    before, after = title[: mention.start], title[mention.end :]
    if key_of(before) == "" and _IN_TITLE.match(after) and key_of(after):
        return "origin"
    if key_of(after) == "" and _TITLE_END.search(before):
        return "origin"
    return _role(title, mention, cues)


def _cite(mention: Mention, role: Role, sentence: str, language: str | None) -> Citation:
    return Citation(
        name=mention.outlet.name_like(mention.alias),
        role=role,
        sentence=sentence,
        outlet=mention.outlet.edition_for(language),
    )


def _told_by_links(report: Report, names: CiteNames) -> Iterator[Citation]:
    """Read the links and labels by which a page names its source."""
    own = {key_of(name) for name in report.own}
    for source in report.sources:
        domain = site(source.url) if source.url else ""
        if domain and key_of(domain) not in own:
            cited = names.by_domain.get(domain)
            yield Citation(
                name=cited.names[0] if cited else domain,
                role="origin",
                sentence=source.text,
                outlet=cited.edition_for(report.language) if cited else None,
                url=source.url,
            )
        elif not domain:
            yield from _told_by_label(source.text, report.language, names)


def _told_by_label(text: str, language: str | None, names: CiteNames) -> Iterator[Citation]:
    """Read a label that links nowhere: a known outlet's name, or one that is called like one."""
    mentions = _mentions(text, names, _script_of(text))
    if not mentions:
        mentions = list(find_strangers(text, "han"))
    if mentions:
        yield _cite(mentions[0], "origin", text, language)


def _script_of(sentence: str) -> str:
    """Name the script whose cues count: kana outweighs the Han letters it is mixed with."""
    if sentence.isascii():
        return "latin"
    sample = sentence[:_SAMPLE]
    counts = {script: len(letters.findall(sample)) for script, letters in SCRIPTS.items()}
    if counts["hangul"] * 4 > sum(counts.values()):
        return "hangul"
    if counts["kana"] * 8 > counts["kana"] + counts["han"] and counts["kana"] > 1:
        return "kana"
    return max(counts, key=lambda script: counts[script] * (3 if script == "han" else 1))
