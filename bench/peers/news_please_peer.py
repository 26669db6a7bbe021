"""news-please over a list of URLs, by its own function for lists; its look-ups off-line.

python news_please_peer.py URLS
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from newsplease import NewsPlease


def main() -> None:
    """Extract what the arguments name; prints how many gave a text."""
    logging.disable(logging.CRITICAL)
    urls = Path(sys.argv[1]).read_text(encoding="utf-8").split()
    articles = NewsPlease.from_urls(urls, request_args={"timeout": 20})
    print(sum(bool(article and article.maintext) for article in articles.values()))


if __name__ == "__main__":
    main()
