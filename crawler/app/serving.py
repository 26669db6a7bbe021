"""`tumen serve`: the store as a web page.

Promise: beyond loopback nothing is served without a password; the address that is printed is one
that answers; SIGTERM and Ctrl-C end it within seconds.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from crawler.app import options
from crawler.app.terminal import Progress, say, write_text
from crawler.config import Config
from crawler.errors import ConfigError, DependencyDown

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_WAIT_FOR_REQUESTS_S = 5
_NEW_LINES = 500


@click.command(epilog="Example: tumen serve --port 8080")
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True,
              help="Address to listen at; beyond loopback a password is needed.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True,
              metavar="N", help="Port to listen at; 0 takes a free one.")  # fmt: skip
@options.catalogue
@options.where
def serve(
    host: str,
    port: int,
    outlet_paths: tuple[str, ...],
    data: str | None,
    redis_url: str | None,
) -> None:
    """Show the store in a browser: latest, search, stories, timeline, outlets, review.

    Open the address that it prints. With feeds of every page and a JSON API. Beyond loopback it
    needs TUMEN_SERVE_PASSWORD and shows at most 300 characters of a text unless TUMEN_FULL_TEXT is
    on.
    """
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    with _listening(host, port) as listener:
        address = listener.getsockname()[0].partition("%")[0]
        # Who has given it a name has others in mind, as behind a proxy.
        is_shared = bool(config.serve_hosts) or not ipaddress.ip_address(address).is_loopback
        if is_shared and config.serve_password is None:
            why = "TUMEN_SERVE_HOSTS names it" if config.serve_hosts else f"--host {host}"
            raise ConfigError(
                f"{why}, so others can reach it: set TUMEN_SERVE_PASSWORD (or "
                "TUMEN_SERVE_PASSWORD_FILE), or leave that out to serve this machine alone"
            )
        _serve(config, listener, is_shared=is_shared)


def _serve(config: Config, listener: socket.socket, *, is_shared: bool) -> None:
    # Imported here, as only this command needs them.
    from crawler.app.logs import begin_log
    from crawler.app.web.application import make_application
    from crawler.app.web.health import Health
    from crawler.app.web.site import Site, Terms
    from crawler.storage.left_out import Journal
    from crawler.storage.shelf import open_shelf

    begin_log(config.log)
    progress = Progress("reading new lines")

    def tell(count: int) -> None:
        if count >= _NEW_LINES:
            progress.start()
            progress.tell(f"{count:,}")

    try:
        with open_shelf(config.data_dir, is_for_others=is_shared, told=tell) as shelf:
            progress.stop()
            journal = Journal(config.data_dir)
            # A week of a busy journal takes a second to read: before somebody asks for it.
            threading.Thread(target=journal.nearest, args=(_week_ago(), ()), daemon=True).start()
            site = Site(
                config=config,
                shelf=shelf,
                journal=journal,
                health=Health(config),
                terms=Terms(is_shared=is_shared, full_text=config.full_text),
                key=secrets.token_bytes(32),
            )
            _run(make_application(site), listener, is_shared)
    finally:
        progress.stop()


def _run(application: ASGIApp, listener: socket.socket, is_shared: bool) -> None:
    """Answer until a signal comes."""
    import uvicorn

    settings = uvicorn.Config(
        application,
        log_config=None,
        log_level="critical",  # what goes wrong is logged by the application
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        http="h11",
        limit_concurrency=200,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_WAIT_FOR_REQUESTS_S,
    )
    server = uvicorn.Server(settings)

    def end() -> None:
        server.should_exit = True

    with _at_signals(end):
        _announce(listener, is_shared)
        asyncio.run(server.serve([listener]))


def _week_ago() -> date:
    return (datetime.now(UTC) - timedelta(days=7)).date()


def _announce(listener: socket.socket, is_shared: bool) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    write_text(f"http://{shown}:{port}/")
    who = "others may look, with the password" if is_shared else "this machine alone"
    say(f"serving {who}; Ctrl-C ends it")


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise ConfigError(
            f"--host {host}: {error.strerror}; expected an address such as 127.0.0.1 or 0.0.0.0"
        ) from error
    family, kind, protocol, _name, address = found[0]
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            raise DependencyDown(
                f"{host} port {port} cannot be listened at ({error.strerror}): name another one "
                "with --port, or 0 for a free one"
            ) from error
        listener.listen(128)
        yield listener


@contextmanager
def _at_signals(end: Callable[[], None]) -> Iterator[None]:
    """What ends the server before it listens to signals itself, and when it raises them again."""
    former = {
        number: signal.signal(number, lambda _number, _frame: end())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
