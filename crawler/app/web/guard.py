"""Who may ask, and what every answer says to the browser.

A name that another site points at this machine (DNS rebinding) is no name of ours: a Host must be
an address, "localhost" or one of TUMEN_SERVE_HOSTS. Where a password is set it is asked of every
request, by HTTP's basic authentication, which browsers, feed readers and programs all know. Forms
carry a token that is made of a cookie of this browser and a key of this process.

Promise: no answer leaves without the headers, and nothing reaches a page that was not let in.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import ipaddress
import secrets
from collections.abc import Collection, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "tumen"
FIELD = "token"
# Compose asks here whether the server is up; it learns nothing else.
OPEN_PATHS = ("/health",)
_WRONG_PASSWORD_S = 1.0
_OF_PROXIES = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, nofollow",
}


class Guard:
    """Stands before the application."""

    def __init__(
        self, app: ASGIApp, hosts: Collection[str], password: str | None, *, is_shared: bool
    ) -> None:
        self.app = app
        self.is_shared = is_shared
        self.hosts = frozenset(host.lower() for host in hosts)
        self.password = password

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        cookie = _cookie_of(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), cookie)
            await send(message)

        refusal = await self._refusal(scope)
        await (refusal or self.app)(scope, receive, send_with_headers)

    async def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self._is_ours(headers.get("host", "")):
            return PlainTextResponse(
                "This server does not go by that name.\nUse its address, or add the name to "
                "TUMEN_SERVE_HOSTS.\n",
                400,
            )
        if not self.is_shared and any(name in headers for name in _OF_PROXIES):
            return PlainTextResponse(
                "A proxy brought this request, and this server is set up for its own machine "
                "alone.\nSet TUMEN_SERVE_PASSWORD, and TUMEN_SERVE_HOSTS to the proxy's name.\n",
                403,
            )
        if self.password is None or scope["path"] in OPEN_PATHS:
            return None
        if _is_password(headers.get("authorization", ""), self.password):
            return None
        if "authorization" in headers:
            await asyncio.sleep(_WRONG_PASSWORD_S)  # guessing takes time
        return PlainTextResponse(
            "This page needs the password of its owner (any user name).\n",
            401,
            {"www-authenticate": 'Basic realm="Tumen", charset="UTF-8"'},
        )

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name == "localhost" or name in self.hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def token_of(request: Request) -> str:
    """The token that forms of this browser carry."""
    return _signed(request.app.state.site.key, request.scope["tumen.cookie"])


def is_forged(request: Request, form: MutableMapping[str, str]) -> bool:
    """Whether a form was not sent from a page of ours."""
    sent = request.cookies.get(COOKIE, "")
    expected = _signed(request.app.state.site.key, sent).encode()
    given = form.get(FIELD, "").encode("utf-8", "replace")
    if not sent or not hmac.compare_digest(expected, given):
        return True
    origin = request.headers.get("origin")
    if origin in (None, "null"):
        # Without a referrer browsers may send "null"; the token has spoken already.
        return False
    sender = urlsplit(origin)
    is_named = sender.hostname in request.app.state.site.config.serve_hosts
    return not is_named and sender.netloc != request.headers.get("host")


def _signed(key: bytes, cookie: str) -> str:
    return hmac.new(key, cookie.encode(), "sha256").hexdigest()


def _cookie_of(scope: MutableMapping[str, Any]) -> str | None:
    """Gives the request its cookie; returned is a new one to be set, or None."""
    known = Request(scope).cookies.get(COOKIE)
    scope["tumen.cookie"] = known or secrets.token_urlsafe(24)
    return None if known else str(scope["tumen.cookie"])


def _add_headers(headers: MutableHeaders, cookie: str | None) -> None:
    for name, value in _HEADERS.items():
        headers[name] = value
    headers.setdefault("cache-control", "private, no-cache")
    # Lax: a link in a feed reader brings it along, so that open forms stay good; a form of another
    # site does not.
    if cookie and headers.get("content-type", "").startswith("text/html"):
        headers.append(
            "set-cookie", f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"
        )


def _is_password(authorization: str, password: str) -> bool:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() == "bearer":
        given = encoded.strip().encode()
    else:
        try:
            given = base64.b64decode(encoded, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return False
    return hmac.compare_digest(given, password.encode())
