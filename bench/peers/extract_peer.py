"""CPU seconds of one extractor on every page of a folder, as a JSON list in the order of names.

python extract_peer.py trafilatura|readability-lxml|newspaper4k FOLDER
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path


def with_trafilatura() -> Callable[[str], object]:
    """trafilatura as its documentation calls it, without comments."""
    import trafilatura

    return lambda page: trafilatura.extract(page, include_comments=False)


def with_readability() -> Callable[[str], object]:
    """readability-lxml, its summary as text."""
    import lxml.html
    from readability import Document

    return lambda page: lxml.html.fromstring(Document(page).summary()).text_content()


def with_newspaper() -> Callable[[str], object]:
    """newspaper4k on a page that it need not download; pictures are not asked for."""
    import newspaper

    def read(page: str) -> object:
        article = newspaper.Article("https://bench.example/a", fetch_images=False)
        article.download(input_html=page)
        article.parse()
        return article.text

    return read


EXTRACTORS = {
    "trafilatura": with_trafilatura,
    "readability-lxml": with_readability,
    "newspaper4k": with_newspaper,
}


def main() -> None:
    """Read every page once to warm up on the first, then time each."""
    logging.disable(logging.CRITICAL)
    read = EXTRACTORS[sys.argv[1]]()
    pages = [path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[2]).glob("*.html"))]
    took = []
    for page in [pages[0], *pages]:
        began = time.process_time()
        try:
            read(page)
        except Exception:  # a page that it cannot read has had its time too
            logging.getLogger(__name__).debug("not read", exc_info=True)
        took.append(time.process_time() - began)
    print(json.dumps(took[1:]))


if __name__ == "__main__":
    main()
