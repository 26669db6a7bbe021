"""Strategies: any text that the web could send, any record that could be built of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from crawler.news.lines import Found
from crawler.news.records import Article, Citation, Judgement, Moment
from tests.samples import OUTLET, make_record

# Any code point, lone surrogates and controls among them, with the awkward ones made common.
_AWKWARD = st.sampled_from('\x00\x07\t\n\r\x1f\x7f\x85\x9b\u2028\u2029\ud83d\udc00\ufeff"\\/<Пё朝')
ANY_TEXT = st.text(st.one_of(st.characters(), _AWKWARD), max_size=30)
_MAYBE = st.none() | ANY_TEXT
_MANY = st.lists(ANY_TEXT, max_size=3).map(tuple)
_TIMES = st.integers(0, 4_102_444_800).map(lambda s: datetime.fromtimestamp(s + 0.5, UTC))
_MOMENTS = st.none() | st.builds(
    Moment,
    at=_TIMES,
    precision=st.sampled_from(["second", "minute", "day"]),
    source=st.sampled_from(["json-ld", "meta", "feed", "sitemap", "html", "url"]),
    raw=ANY_TEXT,
    local_day=st.none() | st.dates().map(date.isoformat),
)
_ARTICLES = st.builds(
    Article,
    title=ANY_TEXT,
    text=ANY_TEXT,
    description=_MAYBE,
    authors=_MANY,
    language=st.sampled_from([None, "ko", "zh-Hant"]),
    published=_MOMENTS,
    modified=_MOMENTS,
    publisher=_MAYBE,
    tags=_MANY,
    image=_MAYBE,
    free_access=st.sampled_from([None, True, False]),
    license=_MAYBE,
    reuse=_MANY,
    cites=st.lists(
        st.builds(
            Citation,
            name=ANY_TEXT.map("Gazette {}".format),
            role=st.sampled_from(["origin", "quoted"]),
            sentence=ANY_TEXT,
            url=_MAYBE,
        ),
        max_size=2,
    ).map(tuple),
)
_JUDGEMENTS = st.builds(
    Judgement,
    relevant=st.just(True),
    score=st.floats(0, 1),
    threshold=st.floats(0, 1),
    ruleset=st.just("r1"),
    terms=st.fixed_dictionaries({}, optional={"dprk": _MANY, "russia": _MANY}),
    reasons=_MANY,
    sentences=_MANY,
    topics=st.just(("arms",)),
    topic_reasons=st.fixed_dictionaries({"arms": ANY_TEXT}),
)
RECORDS = st.builds(
    make_record,
    st.integers(1, 9),
    _TIMES,
    article=_ARTICLES,
    judgement=_JUDGEMENTS,
    outlet=st.sampled_from([None, OUTLET]),
    found=st.builds(
        Found,
        kind=st.sampled_from(["feed", "sitemap", "section", "search", "manual"]),
        url=_MAYBE,
        guid=_MAYBE,
        title=_MAYBE,
    ),
)
