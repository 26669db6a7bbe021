"""Ways in: every spelling of a private address and every path to one that we know of.

`{port}` is the port of the private server, which is open for every host that is named here: only
the address can be the reason to refuse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.hostile.canary import http


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way in. `is_open`: without the door it leads to the private server.

    `hops`: it goes by way of the public server. `times`: how often it is asked for.
    """

    name: str
    url: str
    is_open: bool = True
    hops: bool = False
    times: int = 1
    proxy: str = ""

    @property
    def host(self) -> str:
        """The host as it is spelled."""
        try:
            return urlsplit(self.url.format(port=1)).hostname or ""
        except ValueError:
            return ""


def _literal(name: str, host: str, *, is_open: bool = True) -> Way:
    return Way(name=name, url=f"http://{host}:{{port}}/", is_open=is_open)


def _hop(name: str, path: str) -> Way:
    return Way(name=name, url=f"http://public.test:{{port}}/{path}", hops=True)


WAYS: tuple[Way, ...] = (
    _literal("loopback", "127.0.0.1"),
    _literal("another address of loopback", "127.0.0.3"),
    _literal("two numbers", "127.1"),
    _literal("three numbers", "127.0.1"),
    _literal("decimal", "2130706433"),
    _literal("hexadecimal", "0x7f000001"),
    _literal("hexadecimal, dotted", "0x7f.0x0.0x0.0x1"),
    _literal("hexadecimal, capitals", "0X7F000001"),
    _literal("octal", "017700000001"),
    _literal("octal, dotted", "0177.0.0.01"),
    _literal("octal, padded", "00000177.0.0.1"),
    _literal("mixed bases", "0x7f.0.1"),
    _literal("zero", "0"),
    _literal("all zeros", "0.0.0.0"),
    _literal("a dot behind", "127.0.0.1.", is_open=False),
    _literal("full-width digits", "１２７.０.０.１"),
    _literal("ideographic dots", "127。0。0。1"),
    _literal("circled digits", "①②⑦.⓪.⓪.①"),
    _literal("superscript digits", "¹²⁷.⁰.⁰.¹"),
    _literal("percent-encoded", "%31%32%37.0.0.1", is_open=False),
    _literal("v6 loopback", "[::1]"),
    _literal("v6 loopback, in full", "[0000:0000:0000:0000:0000:0000:0000:0001]"),
    _literal("v4-mapped", "[::ffff:127.0.0.1]"),
    _literal("v4-mapped, hexadecimal", "[::ffff:7f00:1]"),
    _literal("v4-compatible", "[::127.0.0.1]", is_open=False),
    _literal("v6 with a zone", "[::1%25lo]", is_open=False),
    _literal("localhost", "localhost"),
    _literal("localhost, capitals", "LocalHost"),
    _literal("a name", "private.test"),
    _literal("a name, a dot behind", "private.test."),
    _literal("a name, capitals", "PRIVATE.test"),
    _literal("a name of v6", "six.test"),
    _literal("a name of v4-mapped", "mapped.test"),
    _literal("a name of many addresses, private first", "mixed.test"),
    _literal("a name of both families, private first", "mixed-six.test"),
    Way(name="a name that changes", url="http://rebinding.test:{port}/", times=2),
    Way(name="capitals in the scheme", url="HTTP://127.0.0.1:{port}/"),
    Way(name="over TLS", url="https://127.0.0.1:{port}/"),
    Way(name="over TLS, by name", url="https://private.test:{port}/"),
    Way(name="a user name", url="http://public.test@127.0.0.1:{port}/", is_open=False),
    Way(name="a backslash", url="http://127.0.0.1:{port}\\@public.test/"),
    Way(name="a tab", url="http://127.0.0\t.1:{port}/", is_open=False),
    Way(name="FTP", url="ftp://127.0.0.1:{port}/x", is_open=False),
    Way(name="gopher", url="gopher://127.0.0.1:{port}/x", is_open=False),
    _hop("redirected to an address", "to-literal"),
    _hop("redirected to a name", "to-name"),
    _hop("redirected to a number", "to-decimal"),
    _hop("redirected without a scheme", "to-relative"),
    _hop("redirected twice", "twice"),
    _hop("redirected by the page", "refresh"),
    Way(name="a proxy", url="http://public.test:{port}/", proxy="http://127.0.0.1:{port}"),
    Way(
        name="a proxy by name", url="http://public.test:{port}/", proxy="http://private.test:{port}"
    ),
    Way(
        name="a proxy's tunnel", url="https://public.test:{port}/", proxy="http://127.0.0.1:{port}"
    ),
)


def public_page(port: int) -> Callable[[str], bytes]:
    """What the public server answers: it sends its visitors to the private one."""
    private = f"http://127.0.0.1:{port}/"
    pages = {
        "/to-literal": http("", "302 Found", Location=private),
        "/to-name": http("", "301 Moved Permanently", Location=f"http://private.test:{port}/"),
        "/to-decimal": http("", "307 Temporary Redirect", Location=f"http://2130706433:{port}/"),
        "/to-relative": http("", "302 Found", Location=f"//127.0.0.1:{port}/"),
        "/twice": http("", "302 Found", Location="/to-literal"),
        "/refresh": http(
            f"<html><head><meta http-equiv=refresh content='0; url={private}'></head></html>",
            Content_Type="text/html",
        ),
    }

    def answer(line: str) -> bytes:
        path = line.split(" ")[1] if line.count(" ") > 1 else ""
        return pages.get(path, http("<p>public</p>", Content_Type="text/html"))

    return answer
