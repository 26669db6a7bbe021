"""The schemas of the store's lines (JSON Schema 2020-12): the contract with whoever reads them.

docs/record.schema.json and docs/journal.schema.json are these values written out; a test keeps them
equal. Keywords beyond those that `checks.py` knows must be added there first.

Promise: a line that fits says every field, in this order, and nothing else.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TOPICS = (
    "summit", "arms", "troops", "exercises", "sanctions", "technology", "labour", "trade",
    "transport", "treaty", "diplomacy", "statement", "intelligence",
)  # fmt: skip

_HEX_32 = "^[0-9a-f]{32}$"
_HEX_64 = "^[0-9a-f]{64}$"
_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_CANONICAL = r"^https?://\S+$"
_WEB = "^https?://.+$"
_LANGUAGE = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
_INSIDE = r"^archive/[A-Za-z0-9._-]+$"


def _string(says: str, **rules: Any) -> Schema:
    return {"description": says, "type": "string", **rules}


def _integer(says: str, **rules: Any) -> Schema:
    return {"description": says, "type": "integer", **rules}


def _number(says: str, **rules: Any) -> Schema:
    return {"description": says, "type": "number", **rules}


def _choice(says: str, *values: str | None) -> Schema:
    return {"description": says, "enum": list(values)}


def _list(says: str, item: Schema) -> Schema:
    return {"description": says, "type": "array", "items": item}


def _object(says: str, **properties: Schema) -> Schema:
    return {
        "description": says,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _or_null(schema: Schema) -> Schema:
    """The same, or null; a string that is there is never empty."""
    widened = {**schema, "type": [schema["type"], "null"]}
    return widened | ({"minLength": 1} if schema["type"] == "string" else {})


def _time(says: str) -> Schema:
    return _string(says, pattern=_TIME, format="date-time")


def _url(says: str) -> Schema:
    return _string(says, pattern=_WEB)


_WORDS: Schema = {"type": "string", "minLength": 1}

_MATCH = _object(
    "why it is here",
    score=_number("0 to 1", minimum=0, maximum=1),
    threshold=_number("from which score an article is kept", minimum=0, maximum=1),
    ruleset=_string("version of lexicon and rules", minLength=1),
    terms={
        "description": "by party: the words that named it",
        "type": "object",
        "properties": {"dprk": _list("", _WORDS), "russia": _list("", _WORDS)},
        "required": ["dprk", "russia"],
        "additionalProperties": _list("a party of another lexicon", _WORDS),
    },
    reasons=_list("what raised and lowered the score", _WORDS),
    sentences=_list("sentences of the text that show it", _WORDS),
)

_CITE = _object(
    "one that is cited",
    name=_string("as the report names it", minLength=1),
    outlet=_or_null(_string("its id in the catalogue")),
    url=_or_null(_string("the link that the report gives")),
    role=_choice("origin: the news is theirs; quoted: named besides", "origin", "quoted"),
    sentence=_string("where the report says so"),
)

_HTTP = _object(
    "the response that the text was read from",
    status=_or_null(_integer("of the last response; null: no HTTP", minimum=100, maximum=599)),
    etag=_or_null(_string("as sent")),
    last_modified=_or_null(_string("as sent")),
    content_type=_or_null(_string("as sent")),
    body_sha256=_or_null(_string("of the body as decoded from transfer", pattern=_HEX_64)),
    redirects=_list("URLs that led here, first one first", _WORDS),
)

_FOUND_IN = _object(
    "where it was announced",
    kind=_choice("kind of source", "feed", "sitemap", "section", "search", "manual"),
    url=_or_null(_string("the source")),
    guid=_or_null(_string("the entry's own id")),
    title=_or_null(_string("the entry's title")),
)

RECORD_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:tumen:record:1",
    "title": "A record of Tumen, schema version 1",
    **_object(
        "One line of DATA/articles: one revision of one article",
        schema_version={"description": "version of this schema", "const": 1},
        id=_string("first half of the SHA-256 of url", pattern=_HEX_32),
        url_rule=_integer("version of the canonical form of URLs", minimum=1),
        revision=_integer("1, then 2, 3 ...", minimum=1),
        revision_cause=_choice(
            "why there is another revision", "outlet", "extractor", "gone", "restored", None
        ),
        url=_string("canonical URL: the article's identity", pattern=_CANONICAL, format="uri"),
        url_announced=_url("as its source gave it"),
        url_final=_url("where redirects ended"),
        alternate_urls=_list("other addresses of the same text", _url("")),
        translations=_list(
            "the outlet's own editions in other languages",
            _object("", url=_url(""), language=_string("BCP 47", minLength=1)),
        ),
        outlet=_or_null(_string("id in the catalogue")),
        publisher=_or_null(_string("the outlet as it calls itself")),
        domain=_string("registrable domain of url", minLength=1),
        country=_or_null(_string("ISO 3166-1, of the outlet", pattern="^[A-Z]{2}$")),
        title=_string("headline"),
        description=_or_null(_string("the page's own summary")),
        text=_string("the article below its headline, paragraphs as lines"),
        authors=_list("as named", _WORDS),
        language=_or_null(_string("BCP 47", pattern=_LANGUAGE)),
        text_status=_choice("how much of it is here", "full", "lead", "cut"),
        text_source=_choice("what the text was read from", "page", "feed", "json-ld"),
        date_published=_or_null(_time("UTC")),
        date_modified=_or_null(_time("UTC")),
        date_discovered=_time("when a source first announced it to us, UTC"),
        date_fetched=_time("when this revision was fetched, UTC"),
        date_published_raw=_or_null(_string("as the source wrote it")),
        date_local=_or_null(_string("day in the outlet's zone", pattern=_DAY, format="date")),
        date_precision=_choice("of date_published", "second", "minute", "day", None),
        date_source=_choice(
            "who said date_published",
            "json-ld", "meta", "feed", "sitemap", "html", "url", None,
        ),
        tags=_list("the outlet's own", _WORDS),
        image=_or_null(_string("URL of its main picture")),
        free_access={"description": "null: unknown", "type": ["boolean", "null"]},
        license=_or_null(_string("as declared")),
        reuse=_list("reservations that the page declares", _WORDS),
        match=_MATCH,
        topics=_list("what it is about", {"enum": list(TOPICS)}),
        topic_reasons={
            "description": "by topic: the words that say so",
            "type": "object",
            "properties": {topic: {"type": "string"} for topic in TOPICS},
            "required": [],
            "additionalProperties": False,
        },
        cites=_list("to whom it owes its news, and whom it quotes", _CITE),
        found_in=_FOUND_IN,
        http=_HTTP,
        content_hash=_string("SHA-256 of text", pattern=_HEX_64),
        story_id=_or_null(_string("story when the line was written")),
        duplicate_of=_or_null(_string("id of a record with the same text", pattern=_HEX_32)),
        extractor=_object("what read the page", name=dict(_WORDS), version=dict(_WORDS)),
        archive=_or_null(
            _object(
                "where the response is kept",
                file=_string("WARC file, relative to DATA", pattern=_INSIDE),
                offset=_integer("of the WARC record, in bytes", minimum=0),
            )
        ),
    ),
}  # fmt: skip

JOURNAL_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:tumen:journal:1",
    "title": "A line of Tumen's journal, schema version 1",
    **_object(
        "One line of DATA/dropped: one page that was left out",
        schema_version={"description": "version of this schema", "const": 1},
        at=_time("when it was decided, UTC"),
        stage=_string("the step that decided", pattern="^[a-z][a-z-]*$"),
        id=_string("first half of the SHA-256 of url", pattern=_HEX_32),
        url=_string("canonical URL", pattern=_CANONICAL, format="uri"),
        title=_or_null(_string("as announced")),
        outlet=_or_null(_string("id in the catalogue")),
        source=_or_null(_string("id of the source that announced it")),
        score=_or_null(_number("null: nothing was judged")),
        threshold=_or_null(_number("null: nothing was judged")),
        reasons=_list("why", {"type": "string"}),
        ruleset=_or_null(_string("version of lexicon and rules")),
        summary=_or_null(_string("what was told of it, or how its text begins")),
        language=_or_null(_string("as announced, or as read")),
    ),
}
# Lines of before 2026-11-25 lack them.
JOURNAL_SCHEMA["required"] = [
    name for name in JOURNAL_SCHEMA["properties"] if name not in ("summary", "language")
]
