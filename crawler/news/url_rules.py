"""What in an address does not tell one article from another: tracking, sessions, other dresses.

Promise: a rule that could fold two articles into one is not here; a parameter that may be an id
(`no`, `id`, `idxno`, `sid=123`, `section`) stays unless its outlet or its value proves otherwise.
A change of these rules changes identities: it needs a new `URL_RULE` in `urls.py`.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of campaigns and clicks. Sources: the query stripping lists of Brave, AdGuard, Firefox and
# ClearURLs; Google, Yandex, Matomo, Piwik PRO, HubSpot, AT Internet and Mailchimp document their
# own; the outlets' own ones (ito, smid, maca, xtor, cmp, iref, n_cid ...) were seen in their feeds.
_TRACKING_PREFIXES = (
    "utm_", "at_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "itm_", "oly_", "vero_", "bsft_",
    "oft_", "__hs", "_hs", "wt_mc", "wt.mc", "wt_zmc", "adjust_", "guce_", "__cf_chl_",
    "aspsessionid",
)  # fmt: skip
_TRACKING = _words(
    """
    gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid _ga _gl fbclid twclid ttclid
    msclkid yclid ysclid ymclid yadclid _openstat openstat igshid igsh li_fat_id rdt_cid epik
    ref_src ref_url refsrc twsrc __twitter_impression __tn__ soc_src soc_trk sfnsn
    mc_cid mc_eid mkt_tok ml_subscriber ml_subscriber_hash vgo_ee _ke _kx _bhlid hsctatracking
    _branch_match_id _branch_referrer s_cid s_kwcid ef_id rb_clickid wickedid dicbo tblci
    cx_click cx_recsorder cx_recswidget spm scm cmpid cmp cmpcode ncid n_cid ocid icid iref ito
    smid smtyp emc maca xtor wprss ftcamp sref cloc traffic_source feedtype feedname guccounter
    ns_mchannel ns_source ns_campaign ns_linkname ns_fee fb_action_ids fb_action_types fb_comment_id
    fb_ref fb_source replytocom noamp nonamp usqp amp_js_v amp_gsa amp_ct amp_markup
    phpsessid jsessionid sessionid session_id sessid asp.net_sessionid cfid cftoken oscsid zenid
    """
)
# Where a reader came from, told by the value; the same names carry meaning elsewhere.
_ORIGIN_NAMES = _words("from source src ref referrer referer via share medium partner")
_ORIGINS = _words(
    """
    rss rss2 rssfeed rss_feed feed atom xml newsletter email mail push sns social share home
    homepage main top twitter x facebook fb telegram tg vk ok kakao kakaotalk naver daum line weibo
    wechat linkedin whatsapp reddit flipboard google googlenews gnews yandex dzen zen
    """
)
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE)  # Ghost: ?ref=host
# Only a value like a session's token is one: PHP-Nuke and Slash name articles by `sid`.
_SESSION_NAMES = frozenset({"sid", "s", "session", "sess"})
_TOKEN = re.compile(r"[0-9a-f]{16,}|(?=[^0-9]*[0-9])(?=[^a-z]*[a-z])[0-9a-z]{20,}", re.IGNORECASE)
# Other dresses of the same article.
_YES = frozenset({"", "1", "true", "y", "yes", "on"})
_DRESSES = {
    "amp": _YES, "_amp": _YES, "isamp": _YES, "print": _YES, "printable": _YES, "mobile": _YES,
    "outputtype": frozenset({"amp"}),
    "output": frozenset({"amp", "print"}), "format": frozenset({"amp", "print"}),
    "mode": frozenset({"amp", "print"}), "view": frozenset({"amp", "print", "mobile"}),
}  # fmt: skip
# Parameters that only say on which list an outlet showed the link, as seen in its own links.
_OF_OUTLET = {
    "yna.co.kr": frozenset({"section", "site", "input"}),
    "sbs.co.kr": frozenset({"plink", "cooper"}),
    "rbc.ru": frozenset({"from"}),
    "kommersant.ru": frozenset({"from"}),
}
_NOTHING: frozenset[str] = frozenset()

_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^/;]*", re.IGNORECASE)
_ASP_SESSION = re.compile(r"/\([A-Z]\([0-9a-z]{24}\)\)(?=/|$)", re.IGNORECASE)
_DRESS_HOST = re.compile(r"(?:m|mobile|amp|wap)\.|m-(?=[a-z]{2}\.)")  # m-en.yna.co.kr
_AMP_SUFFIX = re.compile(r"(.*?[^.])(?:\.amp)+(\.html?)?", re.IGNORECASE)
# ND Soft's system runs hundreds of Korean outlets; fnnews.com has the second.
_RENAMED = {"articleViewAmp.html": "articleView.html", "ampNews": "news"}
_LISTS = _words("tag tags topic topics category categories section sections author authors search")
_EXTENSION = re.compile(r"\.[a-z]{2,6}$", re.IGNORECASE)
# A last segment like "world" or "2026" may be a section named before "/amp", a slug or id is none.
_LIKE_AN_ARTICLE = re.compile(r"(?=[^\d_.-]*[\d_.-]).{5,}")


def host_rules(host: str) -> frozenset[str]:
    """Names of parameters that mean nothing at this host's outlet."""
    labels = host.split(".")
    return (
        _OF_OUTLET.get(".".join(labels[-2:])) or _OF_OUTLET.get(".".join(labels[-3:])) or _NOTHING
    )


def is_noise(name: str, value: str, of_host: frozenset[str]) -> bool:
    """Whether a parameter says nothing of which article is meant; `name` in lower case."""
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES) or name in of_host:
        return True
    if name in _DRESSES:
        return value.lower() in _DRESSES[name]
    if name in _ORIGIN_NAMES:
        is_domain = name == "ref" and _DOMAIN.fullmatch(value) is not None
        return is_domain or value.lower() in _ORIGINS
    return name in _SESSION_NAMES and _TOKEN.fullmatch(value) is not None


def undressed_host(host: str) -> str:
    """The host without a leading "m.", "mobile.", "amp." or "wap."; may be too short to be one."""
    match = _DRESS_HOST.match(host)
    return host[match.end() :] if match else host


def without_sessions(path: str) -> str:
    """The path without `;jsessionid=...` and ASP.NET's `/(S(...))`."""
    if ";" in path:
        path = _SESSION_IN_PATH.sub("", path)
    return (_ASP_SESSION.sub("", path) or "/") if "/(" in path else path


def undressed_path(path: str, *, has_query: bool) -> str:
    """The path of the page itself, given that of its AMP or print dress.

    "amp" goes as first, second or last segment and as `.amp`, "print" as last; nothing goes where
    what remains would not look like an article (`/tag/amp`, `/world/print`).
    """
    lowered = path.lower()
    if "amp" not in lowered and "print" not in lowered:
        return path
    segments = [_RENAMED.get(segment, segment) for segment in path.split("/")[1:]]
    end = [segments.pop()] if segments[-1] == "" else []
    kept = _without_amp_prefix(_without_suffixes(list(segments)))
    if kept and kept[-1] and (has_query or _LIKE_AN_ARTICLE.fullmatch(kept[-1])):
        segments = kept
    return "/" + "/".join(segments + end)


def _without_suffixes(segments: list[str]) -> list[str]:
    while segments:
        if segments[-1].lower() in ("amp", "print"):
            segments.pop()
        elif match := _AMP_SUFFIX.fullmatch(segments[-1]):
            segments[-1] = match[1] + (match[2] or "")
        else:
            break
    return segments


def _without_amp_prefix(segments: list[str]) -> list[str]:
    first = 0
    while first < len(segments) and segments[first].lower() == "amp":
        first += 1
    second = first + 1
    while second < len(segments) and segments[second].lower() == "amp":
        second += 1
    return segments[first : first + 1] + segments[second:]


def may_stand_for(declared: tuple[str, str], own: tuple[str, str]) -> bool:
    """Whether a declared address can be that of the article whose own one is known.

    Both are (path, query) in canonical form. Sites declare their home page, the section above, a
    tag, or their script without its id; each would swallow every article but the first.
    """
    path, query = declared
    own_path, own_query = own
    if path == "/" and not query:
        return own_path == "/" and not own_query
    first = path.split("/")[1]
    if first in _LISTS and first != own_path.split("/")[1]:
        return False
    above = path.rstrip("/") + "/"
    if not query and own_path.startswith(above) and len(own_path) > len(above):
        return _weight(path) > 1
    return _names_an_article(path, query) or not _names_an_article(own_path, own_query)


def _names_an_article(path: str, query: str) -> bool:
    return _weight(path) > 0 or any(character.isdigit() for character in query)


def _weight(path: str) -> int:
    """0: a word, as of a section or script; 1: it may name an article; 2: it does."""
    name = _EXTENSION.sub("", path.rstrip("/").rpartition("/")[2])
    has_digit = any(character.isdigit() for character in name)
    if (has_digit and len(name) >= 5) or name.count("-") >= 3:
        return 2
    return int(has_digit or "-" in name or "_" in name or len(name) >= 20)
