"""What the failure to get an answer means."""

from __future__ import annotations

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawler.door import BlockedAddress, BlockedUrl
from crawler.header_limit import HeadersTooLarge
from crawler.middlewares import Forbidden, LeaseRanOut, RulesForgotten
from spiders.asking import silence_of, target_of_redirect


@pytest.mark.parametrize(
    ("error", "fate", "words"),
    [
        pytest.param(LeaseRanOut(), "drop", "the lease ran out", id="lease"),
        pytest.param(RulesForgotten(), "back", "robots.txt has to be read again", id="rules"),
        pytest.param(
            Forbidden("robots.txt forbids it"), "final", "robots.txt forbids it", id="robots"
        ),
        pytest.param(
            BlockedUrl("ftp://a.example/", "the scheme 'ftp'"),
            "final",
            "not an address we ask: the scheme 'ftp'",
            id="URL",
        ),
        pytest.param(
            HeadersTooLarge("over 64 KB"),
            "final",
            "its headers are larger than accepted",
            id="headers",
        ),
        pytest.param(BlockedAddress(), "final", "its address is not public", id="address"),
        pytest.param(
            CannotResolveHostError(), "retry", "its name cannot be resolved (DNS)", id="DNS"
        ),
        pytest.param(DownloadConnectionRefusedError(), "retry", "connection refused", id="refused"),
        pytest.param(DownloadTimeoutError(), "retry", "no answer in time", id="slow"),
        pytest.param(ResponseDataLossError(), "retry", "the answer broke off", id="short"),
        pytest.param(DownloadCancelledError(), "final", "larger than accepted", id="large"),
        pytest.param(IgnoreRequest(), "final", "larger than accepted, or refused", id="bomb"),
        pytest.param(
            DownloadFailedError("SSL certificate_verify_failed"),
            "retry",
            "TLS: the certificate is not valid",
            id="TLS",
        ),
        pytest.param(
            DownloadFailedError("bad thing\nat line 3"), "retry", "no answer: bad thing", id="other"
        ),
        pytest.param(KeyError(), "retry", "no answer: KeyError", id="wordless"),
    ],
)
def test_a_failure_has_a_fate_and_words(error: Exception, fate: str, words: str) -> None:
    silence = silence_of(error)
    assert (silence.fate, silence.words) == (fate, words)


@pytest.mark.parametrize(
    ("location", "target"),
    [
        pytest.param(b"/2", "https://a.example/2", id="relative"),
        pytest.param(b"https://b.example/3", "https://b.example/3", id="another host"),
        pytest.param(b"//b.example/3", "https://b.example/3", id="without scheme"),
        pytest.param(b"file:///etc/passwd", None, id="a file"),
        pytest.param(b"javascript:alert(1)", None, id="a script"),
        pytest.param(b"http://user:pw@b.example/", None, id="userinfo"),
        pytest.param(b"", None, id="empty"),
    ],
)
def test_a_redirect_leads_only_into_the_web(location: bytes, target: str | None) -> None:
    response = Response("https://a.example/1", status=302, headers={"Location": location})
    assert target_of_redirect(response) == target


@pytest.mark.parametrize(
    ("error", "is_refusal"),
    [
        pytest.param(BlockedUrl("ftp://a.example/", "x"), True, id="URL"),
        pytest.param(BlockedAddress("127.0.0.1 is not public"), True, id="address"),
        pytest.param(Forbidden("robots.txt forbids it"), False, id="robots"),
        pytest.param(DownloadCancelledError(), False, id="large"),
    ],
)
def test_it_is_known_that_nothing_was_sent(error: Exception, is_refusal: bool) -> None:
    assert silence_of(error).is_refusal is is_refusal
