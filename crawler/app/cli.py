"""The command line: which commands there are, and how their errors become exit codes.

Promise: a command imports only what it needs; an error of Tumen's own is one message on stderr that
tells the next step, never a traceback. Exit codes: 0 ok, 1 partly failed, 2 usage or configuration,
4 a dependency is down.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from crawler.errors import ConfigError, DependencyDown, OutletError, TopicError, TumenError

PARTLY_FAILED = 1
USAGE = 2
DEPENDENCY_DOWN = 4

# command -> module of crawler.app that defines it under the same name
_COMMANDS = {
    "crawl": "crawls",
    "watch": "crawls",
    "add": "crawls",
    "demo": "demo",
    "extract": "extracts",
    "score": "scores",
    "stories": "grouping",
    "review": "reviews",
    "judge": "judging",
    "rejudge": "rejudging",
    "eval": "evals",
    "train": "training",
    "outlets": "catalogue",
    "status": "status",
    "healthcheck": "health",
    "dead": "dead",
    "latest": "finding",
    "search": "finding",
    "show": "showing",
    "story": "telling",
    "timeline": "telling",
    "tail": "finding",
    "stats": "counting",
    "mark": "remarks",
    "export": "exports",
    "alerts": "alerts",
    "serve": "serving",
    "index": "indexes",
    "store": "storekeeping",
}

# They read pages: what their children need is loaded on another core meanwhile.
_READING = {"crawl", "watch", "add", "demo", "extract"}


class _Commands(click.Group):
    """Commands that are imported when they are called: `tumen --help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        if cmd_name in _READING and not {"-h", "--help"} & set(sys.argv):
            from crawler.forking import begin_loading

            begin_loading()
        module = importlib.import_module(f"crawler.app.{_COMMANDS[cmd_name]}")
        # "eval" is a name of Python's own, so its function is called eval_.
        command: click.Command = getattr(module, cmd_name, None) or getattr(module, f"{cmd_name}_")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        from crawler.app.terminal import abandon_stdout, use_utf8

        use_utf8()
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            abandon_stdout()  # that its reader had enough is no error of anybody's
            return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_SHORT_HELP.items()))


_SHORT_HELP = {
    "crawl": "One pass: poll every source once and keep what is relevant.",
    "watch": "The same for ever: each source when it is due.",
    "demo": "Crawl the bundled sample outlets; needs no internet.",
    "add": "Fetch and store pages that you name.",
    "extract": "Show what is read from a file or URL.",
    "score": "Judge texts without fetching anything.",
    "stories": "Put reports of one event together.",
    "review": "List what was left out by a hair.",
    "judge": "Say whether a page is about the two parties.",
    "rejudge": "Apply today's rules to what earlier ones decided.",
    "eval": "Measure the judging on labeled items.",
    "train": "Learn a topic's weights from labeled items.",
    "outlets": "The catalogue and the health of its sources.",
    "status": "Queue, sources, store: what works and what does not.",
    "healthcheck": "Exit 0 when a worker here can do its work.",
    "dead": "Dead letters: list, show, retry, drop.",
    "latest": "What was found last, by record or by story.",
    "search": "Find records by their words.",
    "show": "One record, its revisions, its archived response.",
    "story": "Who reports one event, and why each is in.",
    "timeline": "One row for each story.",
    "tail": "Records as they come in.",
    "stats": "How much was stored, of what, and how soon.",
    "mark": "Say that a record was seen or used; note something.",
    "export": "Records for other tools.",
    "alerts": "Tell people what comes in.",
    "serve": "The store as a web page, with feeds and a JSON API.",
    "index": "Make the index beside the store anew.",
    "store": "Check and mend the store, forget a record.",
}


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="Example: tumen crawl --country KR --max-age 2d",
)
@click.version_option(package_name="tumen", prog_name="tumen")
def tumen() -> None:
    """Watch the world's press for coverage of relations between the DPRK and Russia."""


def main() -> None:
    """Run a command and turn errors into exit codes."""
    try:
        code = tumen.main(prog_name="tumen", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.exceptions.Abort:
        code = 130
    except (ConfigError, OutletError, TopicError) as error:
        code = _say(error, USAGE)
    except DependencyDown as error:
        code = _say(error, DEPENDENCY_DOWN)
    except TumenError as error:
        code = _say(error, PARTLY_FAILED)
    except OSError as error:
        if error.filename is None:
            raise
        code = _say(TumenError(f"{error.filename}: {error.strerror}"), PARTLY_FAILED)
    sys.exit(code if isinstance(code, int) else 0)


def _say(error: TumenError, code: int) -> int:
    from crawler.app.terminal import say

    say(f"tumen: {error}")
    return code
