"""Rows of HTTP: bodies, headers, redirects and statuses that are lies, bombs or without end."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import brotli

from tests.hostile.row import Pages, Row, Seen, buried, journaled, stored, waits
from tests.hostile.stage import Answer, Line, article, feed, item, page, reply

MEGABYTE = 1024**2
TOO_LARGE = "larger than accepted"
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n"


def beside(answer: Answer | list[Answer]) -> Callable[[str], Pages]:
    """An outlet that announces a bad page, and a good one beside it."""
    return lambda base: {
        "/source": feed(item(f"{base}/bad"), item(f"{base}/good", "Pyongyang and Moscow agree")),
        "/bad": answer,
        "/good": article("Pyongyang and Moscow agree on freight between Russia and North Korea"),
    }


def behind(answer: Answer) -> Callable[[str], Pages]:
    """An outlet whose good page comes first: the bad one lets the whole host rest."""

    def pages(base: str) -> Pages:
        both = beside(answer)(base)
        first = feed(item(f"{base}/good", "Pyongyang and Moscow agree"), item(f"{base}/bad"))
        return {**both, "/source": first}

    return pages


def instead(answer: Answer) -> Callable[[str], Pages]:
    """An outlet whose source is this."""
    return lambda _base: {"/source": answer}


@cache
def _zeros(megabytes: int, *, wrapped: bool = False) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    packed = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)) + packer.flush()
    if not wrapped:
        return packed
    outer = zlib.compressobj(9, wbits=31)
    return outer.compress(packed) + outer.flush()


@cache
def _brotli_zeros(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    pieces = [packer.process(bytes(MEGABYTE)) for _ in range(megabytes)]
    return b"".join(pieces) + packer.finish()


def _gzip_bomb(line: Line) -> None:
    line.send(reply(_zeros(200), headers={"Content-Encoding": "gzip"}))


def _brotli_bomb(line: Line) -> None:
    line.send(reply(_brotli_zeros(200), headers={"Content-Encoding": "br"}))


def _nested_bomb(line: Line) -> None:
    line.send(reply(_zeros(200, wrapped=True), headers={"Content-Encoding": "gzip, gzip"}))


def _endless_body(line: Line) -> None:
    line.send(HTML + b"\r\n<p>")
    line.drip(itertools.repeat(b"Russia and North Korea " * 4_000), 0)


def _slow_body(line: Line) -> None:
    line.send(HTML + b"\r\n<p>")
    line.drip(itertools.repeat(b"x"), 0.5)


def _slow_headers(line: Line) -> None:
    line.send(HEAD)
    line.drip(itertools.repeat(b"X-A: b\r\n"), 0.5)


def _endless_headers(line: Line) -> None:
    line.send(HEAD)
    line.drip((b"X-%d: %s\r\n" % (at, b"a" * 1_000) for at in itertools.count()), 0)


def _many_headers(line: Line) -> None:
    line.send(HEAD + b"".join(b"X-%d: a\r\n" % at for at in range(100_000)) + b"\r\n<p>x</p>")


def _early_hints(line: Line) -> None:
    line.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" * 1_000)
    line.send(article())


def _silence(line: Line) -> None:
    line.hang()


def _promises_more(line: Line) -> None:
    line.send(reply(b"", length=99_999_999_999))
    line.hang()


def _sent_nothing_of_us(seen: Seen) -> None:
    told = "\r\n".join(seen.outlet.heads).lower()
    assert not [name for name in ("cookie:", "authorization:", "referer:") if name in told]


def _asked_at_most(times: int) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert seen.outlet.asked.count("/bad") <= times, seen.outlet.asked

    return check


def _chain(base: str) -> Pages:
    hops: dict[str, Answer] = {
        f"/{at}": _moved(f"{base}/{at + 1}", "302 Found") for at in range(21)
    }
    return {**beside(b"")(base), "/bad": _moved(f"{base}/0", "301 Moved Permanently"), **hops}


def _moved(where: str, status: str = "302 Found", **headers: str) -> bytes:
    return reply(b"", status=status, headers={"Location": where, **headers})


def _loop(base: str) -> Pages:
    return {**beside(b"")(base), "/bad": _moved(f"{base}/bad")}


def _crossing(base: str) -> Pages:
    return {
        **beside(b"")(base),
        "/bad": _moved("/there", **{"Set-Cookie": "id=1; Path=/", "Referrer-Policy": "unsafe-url"}),
        "/there": article(),
    }


def _odd_redirects(base: str) -> Pages:
    places = {
        "/file": "file:///etc/passwd", "/data": "data:text/html,x", "/ftp": "ftp://127.0.0.1/",
        "/script": "javascript:alert(1)", "/login": "http://u:p@127.0.0.1/", "/nowhere": "",
    }  # fmt: skip
    items = [item(base + path) for path in (*places, "/good")]
    answers = {path: _moved(where) for path, where in places.items()}
    return {"/source": feed(*items), "/good": article(), **answers}


def _refreshing(base: str) -> bytes:
    return reply(f"<meta http-equiv=refresh content='0; url={base}/canary'>".encode())


def _large_robots(base: str) -> Pages:
    lines = b"User-agent: *\nDisallow: /bad\n" + b"# comment\n" * 90_000 + b"Disallow: /good\n"
    return {**beside(article())(base), "/robots.txt": reply(lines, kind="text/plain")}


def _endless_robots(base: str) -> Pages:
    def answer(line: Line) -> None:
        line.send(HEAD + b"Content-Type: text/plain\r\n\r\nUser-agent: *\n")
        line.drip(itertools.repeat(b"Disallow: /private\n" * 5_000), 0)

    return {**beside(article())(base), "/robots.txt": answer}


def _robots_says(answer: Answer) -> Callable[[str], Pages]:
    return lambda base: {**beside(article())(base), "/robots.txt": answer}


def _nothing_but_robots(seen: Seen) -> None:
    assert set(seen.outlet.asked) == {"/robots.txt"}


def _not_asked(path: str) -> Callable[[Seen], None]:
    def check(seen: Seen) -> None:
        assert path not in seen.outlet.asked

    return check


def _throttled(retry_after: str, status: str = "429 Too Many Requests") -> bytes:
    return reply(b"", status=status, headers={"Retry-After": retry_after})


def _resting() -> Iterator[tuple[str, str, Answer, str]]:
    """After these nothing more of the host is asked for now."""
    yield from (
        ("a byte every half second", "B034", _slow_body, "no answer in time"),
        ("headers by and by", "B035", _slow_headers, "no answer in time"),
        ("silence", "B034", _silence, "no answer in time"),
        ("a header of five megabytes", "B037",
                 HEAD + b"X: " + b"a" * 5 * MEGABYTE + b"\r\n\r\n<p>x", "no answer"),
        ("garbage in place of HTTP", "B058", b"\x00\x01\x02 hello\r\n\r\n\xff", ""),
        ("the connection is shut", "B058", b"", "no answer"),
        ("too many requests", "B048", _throttled("120"), "HTTP 429"),
        ("wait till the end of days", "B049", _throttled("99999999"), "HTTP 429"),
        ("wait for minus one", "B049", _throttled("-1"), "HTTP 429"),
        ("wait for soon", "B049", _throttled("soon"), "HTTP 429"),
        ("unavailable with a date", "B048",
                 _throttled("Fri, 31 Dec 9999 23:59:59 GMT", "503 No"), "HTTP 503"),
    )  # fmt: skip


def _rows() -> Iterator[Row]:
    one_bad = (
        ("a gzip bomb", "B027", _gzip_bomb, journaled("/bad", TOO_LARGE)),
        ("a brotli bomb", "B028", _brotli_bomb, journaled("/bad", TOO_LARGE)),
        ("a bomb in a bomb", "B029", _nested_bomb, journaled("/bad", TOO_LARGE)),
        ("a body without end", "B031 B030", _endless_body, journaled("/bad", TOO_LARGE)),
        ("a length beyond reason", "B032", _promises_more, journaled("/bad", TOO_LARGE)),
        ("a body shorter than told", "B033", reply(page(), length=9_999),
         waits("/bad", "the answer broke off")),
        ("headers without end", "B036", _endless_headers, journaled("/bad", "headers are larger")),
        ("a hundred thousand headers", "B038", _many_headers,
         journaled("/bad", "headers are larger")),
        ("five hundred cookies of 4 KB", "B039",
         reply(page(), headers={"Set-Cookie": f"a={'b' * 4_000}\r\nX: y\r\n" * 500}),
         journaled("/bad", "headers are larger")),
        ("a thousand early hints", "B059", _early_hints, stored("/bad")),
        ("bad gzip", "B057", reply(b"\x1f\x8bnot gzip", headers={"Content-Encoding": "gzip"}),
         waits("/bad", "")),
        ("forbidden", "B050", reply(b"<p>no</p>", status="403 Forbidden"),
         waits("/bad", "HTTP 403 (forbidden)")),
        ("a PDF that claims to be a page", "B057", reply(b"%PDF-1.7\n" + b"\x00\xff" * 5_000),
         buried("/bad", "a PDF")),
        ("a program as a page", "B057", reply(b"\x7fELF" + bytes(range(256)) * 400),
         buried("/bad", "")),
        ("a page as plain text", "B057", reply(page(), kind="text/plain"), stored("/bad")),
        ("a status from nowhere", "B058", reply(page(), status="999 What"), waits("/bad", "")),
    )  # fmt: skip
    for name, lines, answer, outcome in one_bad:
        yield Row(name=name, lines=lines, pages=beside(answer), outcomes=(outcome, stored()))
    for name, lines, answer, why in _resting():
        yield Row(name=name, lines=lines, pages=behind(answer),
                  outcomes=(waits("/bad", why), stored()))  # fmt: skip


ROWS: tuple[Row, ...] = (
    *_rows(),
    Row(name="a redirect to itself", lines="B040", pages=_loop, check=_asked_at_most(2),
        outcomes=(journaled("/bad", "redirected"), stored())),
    Row(name="twenty-one redirects", lines="B041", pages=_chain, check=_not_asked("/6"),
        outcomes=(journaled("/bad", "more than 5 times"), stored())),
    Row(name="redirects out of the web", lines="B042", pages=_odd_redirects,
        outcomes=(*(journaled(path, "redirected to nowhere")
                    for path in ("/file", "/data", "/ftp", "/script", "/login", "/nowhere")),
                  stored())),
    Row(name="a page that sends on", lines="B043", check=_not_asked("/canary"),
        pages=lambda base: {**beside(b"")(base), "/bad": _refreshing(base)},
        outcomes=(buried("/bad", "no text found"), stored())),
    Row(name="a redirect with cookies and a policy", lines="B044 B039 B045", pages=_crossing,
        check=_sent_nothing_of_us, outcomes=(stored("/bad"), stored())),
    Row(name="a policy that is the path of a program", lines="B045",
        pages=beside(reply(page(), headers={"Referrer-Policy": "scrapy.utils.misc.load_object"})),
        outcomes=(stored("/bad"), stored())),
    Row(name="robots.txt longer than is read", lines="B055", pages=_large_robots,
        check=_not_asked("/bad"),
        outcomes=(journaled("/bad", "robots.txt forbids it"), stored())),
    Row(name="robots.txt without end", lines="B055", pages=_endless_robots, works=False,
        trouble="robots.txt: larger than accepted", check=_nothing_but_robots),
    Row(name="robots.txt that fails", lines="B054", works=False, trouble="robots.txt: HTTP 500",
        pages=_robots_says(reply(b"User-agent: *\nAllow: /", status="500 No")),
        check=_nothing_but_robots),
    Row(name="robots.txt that leads home", lines="B056", works=False,
        trouble="robots.txt: its address is not public", check=_nothing_but_robots,
        pages=_robots_says(_moved("http://127.0.0.3/robots.txt"))),
    Row(name="a source that is not there", lines="B051", pages=lambda _base: {}, works=False,
        trouble="HTTP 404"),
    Row(name="a source that is forbidden", lines="B050", works=False, trouble="HTTP 403",
        pages=instead(reply(b"", status="403 Forbidden"))),
    Row(name="a source that is gone for good", lines="B025", works=False, trouble="HTTP 410",
        pages=instead(reply(b"", status="410 Gone"))),
    Row(name="a source that leads home", lines="B065", works=False, trouble="not public",
        pages=instead(_moved("http://127.0.0.3/source"))),
    Row(name="a source that is a bomb", lines="B027", works=False, trouble=TOO_LARGE,
        pages=instead(_gzip_bomb)),
    Row(name="a source without end", lines="B031", works=False, trouble=TOO_LARGE,
        pages=instead(_endless_body)),
    Row(name="a source by and by", lines="B034", works=False, trouble="no answer in time",
        pages=instead(_slow_body)),
)  # fmt: skip
