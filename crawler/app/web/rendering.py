"""Templates, and what they may call: every value goes through the same escape and the same filters.

Promise: what a stranger wrote becomes text in a page and nothing else; a link leads to http or
https only.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crawler.app.hits import origins_of, when
from crawler.app.web.guard import token_of
from crawler.app.web.site import site_of
from crawler.news.characters import visible
from crawler.news.lexicon import TOPICS
from crawler.storage.library import Hit

LANGUAGES = {
    "ko": "Korean", "ja": "Japanese", "zh": "Chinese", "ru": "Russian", "uk": "Ukrainian",
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "pl": "Polish",
    "vi": "Vietnamese", "it": "Italian", "pt": "Portuguese",
}  # fmt: skip
_LINES = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n"})


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from its template. Values are shown escaped."""
    site = site_of(request)
    written = (
        _environment()
        .get_template(template)
        .render(
            path=request.url.path,
            terms=site.terms,
            token=token_of(request),
            trouble=site.shelf.trouble,
            **values,
        )
    )
    return HTMLResponse(written, status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("crawler.app.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters |= {
        "web": web_link,
        "language": language_name,
        "lines": _paragraphs,
        "day": lambda time: time[:10],
        "minute": lambda time: time[:16].replace("T", " "),
        "outlet": outlet_name,
        "when": when,
        "origins": lambda hit: origins_of(hit.cites),
    }
    environment.globals |= {"all_topics": TOPICS, "all_languages": LANGUAGES}
    return environment


def web_link(address: str | None) -> str:
    """The address if it is one of the web, and else none."""
    is_web = bool(address) and str(address).lower().startswith(("http://", "https://"))
    return str(address) if is_web else ""


def language_name(tag: str | None) -> str:
    """The English name of a language, or its tag."""
    return LANGUAGES.get((tag or "").partition("-")[0], tag or "unknown")


def outlet_name(hit: Hit) -> str:
    """The name of an outlet as it is printed, or its id, or its site."""
    return hit.publisher or hit.outlet or hit.domain


def _shown(value: Any) -> Any:
    # Strings of our own templates come as Markup and are left alone.
    return visible(value) if type(value) is str else value


def _paragraphs(text: str) -> list[str]:
    lines = text.translate(_LINES).split("\n")
    return [line for line in lines if line.strip()]
