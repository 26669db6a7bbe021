"""A browser's part in tests of the web page: a real server, plain requests, nothing hidden."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.integration.crawls import started

LIMIT_S = 60
# Nobody listens there: what a server Redis that is down looks like.
DEAD_REDIS = "redis://127.0.0.1:1/0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: where it is, and its process."""

    url: str
    process: Any

    def ask(
        self,
        path: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for a path, or post a form to it. Redirects are not followed."""
        place = urlsplit(self.url)
        body = urlencode(form).encode() if form is not None else None
        sent = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        asking = http.client.HTTPConnection("127.0.0.1", place.port, timeout=LIMIT_S)
        try:
            asking.request(
                "GET" if body is None else "POST", path, body, {**sent, **(headers or {})}
            )
            answer = asking.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(status=answer.status, headers=told, body=answer.read())
        finally:
            asking.close()

    def post(self, path: str, page: str, **form: str) -> Answer:
        """Send a form as a browser does that has the page before it: with its cookie and token."""
        shown = self.ask(page)
        cookie = shown.headers["set-cookie"].partition(";")[0]
        found = re.search(r'name="token" value="([0-9a-f]+)"', shown.text)
        assert found, f"{page} has no form"
        return self.ask(path, form={"token": found[1], **form}, headers={"Cookie": cookie})


@contextmanager
def serving(data: Path, *options: str, **settings: str) -> Iterator[Server]:
    """`tumen serve` on a free port, until the test is done with it."""
    with started("serve", "--data", str(data), "--port", "0", *options, **settings) as process:
        line = process.stdout.readline().strip() if process.stdout else ""
        assert line.startswith("http://"), process.stderr.read() if process.stderr else line
        yield Server(line, process)
