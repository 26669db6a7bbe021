"""`tumen alerts`: watches and whom they tell, what waits, what was sent, what was refused.

Promise: a target's URL is never shown; whatever could not be sent is still there and is named.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from crawler.app import alert_rounds, options
from crawler.app.alert_following import follow
from crawler.app.alert_rounds import Post, now_utc, open_post
from crawler.app.delivering import apprise, deliver
from crawler.app.exports import writing_to
from crawler.app.selection import in_store, reading
from crawler.app.terminal import say, show_table, write_line
from crawler.app.watch_feeds import looks_for, reports_of, troubles_of
from crawler.config import Config
from crawler.errors import ConfigError, DependencyDown
from crawler.news.alerts import message_id
from crawler.news.messages import sample
from crawler.news.syndication import Feed, json_feed, rss_feed
from crawler.news.watches import Watch
from crawler.storage import deliveries
from crawler.storage.outbox import Outbox, only_sender, open_outbox
from crawler.storage.watch_files import url_of

PARTLY_FAILED = 1
_EXAMPLE = "write [targets] and [[watch]] into it as docs/reading.md shows"


@click.group(epilog="Example: tumen alerts list")
def alerts() -> None:
    """Named watches that tell people what comes in."""


@alerts.command("list", epilog="Example: tumen alerts list --json | jq .name")
@in_store
@options.as_json
def list_watches(data: str | None, json_lines: bool) -> None:
    """List the watches: what they look for, how and whom they tell."""
    post = _post(options.config_of(data=data))
    with open_outbox(post.config.data_dir) as outbox:
        counts = deliveries.watch_counts(outbox)
    rows = [
        (
            watch.name, looks_for(watch), _how(watch), ", ".join(watch.targets),
            counts.get(watch.name, {}).get("waiting", 0), counts.get(watch.name, {}).get("sent", 0),
        )
        for watch in post.watches.watches
    ]  # fmt: skip
    if not rows:
        say(f"{post.path} has no watch; {_EXAMPLE}")
    show_table(("name", "looks for", "how", "to", "waiting", "sent"), rows, json_lines=json_lines)


@alerts.command("test", epilog="Example: tumen alerts test shells")
@click.argument("name", metavar="[WATCH]", required=False)
@in_store
@options.as_json
def try_targets(name: str | None, data: str | None, json_lines: bool) -> int:
    """Send a sample message to all targets, or to those of a watch."""
    post = _post(options.config_of(data=data))
    apprise()
    watch = _watch(post, name) if name else Watch(name="all", targets=tuple(post.watches.targets))
    rows = []
    for target in watch.targets:
        message = sample(watch.name, message_id(target, [now_utc().isoformat()]))
        try:
            url = url_of(post.watches.targets[target], post.path.parent, os.environ)
            why = deliver(url, message, post.config.allow_networks)
        except ConfigError as error:
            why = str(error)
        rows.append((target, "not taken" if why else "taken", why or ""))
    if not rows:
        say(f"there is no target to try; {_EXAMPLE}")
    show_table(("target", "message", "why"), rows, json_lines=json_lines)
    return PARTLY_FAILED if any(why for _target, _said, why in rows) else 0


@alerts.command("send", epilog="Example: */5 * * * * tumen alerts send --data /srv/tumen")
@click.option("--follow", "follows", is_flag=True, help="Go on until standard input ends.")
@options.catalogue
@options.where
def send(
    follows: bool, outlet_paths: tuple[str, ...], data: str | None, redis_url: str | None
) -> int:
    """Send what is due, once; tumen watch does it by itself.

    Looks what is new first. A message that is not taken waits for the next time; targets that
    failed before are tried again.
    """
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    if follows:
        from crawler.app.logs import begin_log

        begin_log(config.log)
        follow(config, sys.stdin)
        return 0
    post = _post(config)
    with only_sender(config.data_dir) as is_only, open_outbox(config.data_dir) as outbox:
        if not is_only:
            say("another process sends the alerts of this store; nothing to do")
            return 0
        return _send_once(post, outbox)


@alerts.command("status", epilog="Example: tumen alerts status --json")
@in_store
@options.as_json
def show_status(data: str | None, json_lines: bool) -> int:
    """Show how each target does and what waits for it."""
    post = _post(options.config_of(data=data))
    with open_outbox(post.config.data_dir) as outbox:
        states = deliveries.target_states(outbox, post.watches.targets)
    if json_lines:
        for state in states:
            write_line(json.dumps(asdict(state), ensure_ascii=False))
    else:
        rows = [
            (_named(state.name, post), state.waiting, state.sent, state.dead,
             state.failing_since or "", state.why or "")
            for state in states
        ]  # fmt: skip
        columns = ("target", "waiting", "sent", "dead", "failing since", "why")
        show_table(columns, rows, json_lines=False)
    return PARTLY_FAILED if any(state.failures or state.dead for state in states) else 0


@alerts.command("dead", epilog="Example: tumen alerts dead --json | jq .why")
@in_store
@options.as_json
def list_dead(data: str | None, json_lines: bool) -> None:
    """List the messages that a target refused for days."""
    with open_outbox(_post(options.config_of(data=data)).config.data_dir) as outbox:
        found = deliveries.dead_messages(outbox)
    if not found and not json_lines:
        say("no message was given up")
        return
    rows = [(o.id, o.target, o.watch, o.alerts, o.since, o.why or "") for o in found]
    columns = ("message", "target", "watch", "alerts", "since", "why")
    show_table(columns, rows, json_lines=json_lines)


@alerts.command("retry", epilog="Example: tumen alerts retry --all")
@click.argument("messages", metavar="[MESSAGE]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that were given up.")
@in_store
def retry(messages: tuple[str, ...], every: bool, data: str | None) -> int:
    """Let messages that were given up be tried again."""
    if not messages and not every:
        raise click.UsageError("name messages (`tumen alerts dead` shows them), or say --all")
    with open_outbox(_post(options.config_of(data=data)).config.data_dir) as outbox:
        names = [one.id for one in deliveries.dead_messages(outbox)] if every else messages
        outcome = {name: deliveries.put_back(outbox, name) for name in dict.fromkeys(names)}
    for name, found in outcome.items():
        say(f"{name}: {'waits again' if found else 'there is no such message'}")
    return 0 if all(outcome.values()) else PARTLY_FAILED


@alerts.command("feed", epilog="Example: tumen alerts feed shells --format rss --out shells.xml")
@click.argument("name", metavar="WATCH")
@click.option("--format", "form", type=click.Choice(("rss", "json")), default="rss",
              show_default=True, help="RSS 2.0 or JSON Feed 1.1.")  # fmt: skip
@click.option("--out", metavar="PATH", type=click.Path(path_type=Path),
              help="File to write; default: standard output.")  # fmt: skip
@in_store
def feed(name: str, form: str, out: Path | None, data: str | None) -> None:
    """Write what a watch tells as a feed, newest first."""
    post = _post(options.config_of(data=data))
    watch = _watch(post, name)
    about = Feed(title=f"Tumen: {watch.name}", description=looks_for(watch))
    if watch.on == "health":
        items = troubles_of(post, watch, about.home)
    else:
        with reading(post.config) as library:
            items = reports_of(library, post, watch)
    full_text = post.config.full_text
    with writing_to(out) as target:
        if form == "rss":
            target.write(rss_feed(about, items, full_text=full_text).decode())
        else:
            target.write(json_feed(about, items, full_text=full_text) + "\n")


def _send_once(post: Post, outbox: Outbox) -> int:
    now = now_utc()
    noticed = alert_rounds.look(post, outbox, now)
    is_whole = True
    try:
        noticed += alert_rounds.look_at_health(post, outbox, now)
    except DependencyDown as error:
        say(f"the health of sources is not known: {error}")
        is_whole = False
    deliveries.wake(outbox, now)
    done = alert_rounds.send_due(post, outbox, now_utc)
    say(f"{_count(noticed, 'new alert')}, {_count(done.sent, 'message')} sent")
    for target, why in done.failed:
        say(f"{target} did not take its message, which waits: {why}")
    for problem in done.problems:
        say(problem)
    return 0 if is_whole and not done.failed and not done.problems else PARTLY_FAILED


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _post(config: Config) -> Post:
    post = open_post(config)
    if post is None:
        raise ConfigError(f"there is no {config.data_dir / 'alerts.toml'}; {_EXAMPLE}")
    return post


def _watch(post: Post, name: str) -> Watch:
    watch = post.watches.named(name)
    if watch is None:
        names = ", ".join(one.name for one in post.watches.watches)
        raise ConfigError(f'there is no watch "{name}" in {post.path}; there are {names or "none"}')
    return watch


def _how(watch: Watch) -> str:
    return f"daily at {watch.at:%H:%M}" if watch.send == "daily" else watch.send


def _named(target: str, post: Post) -> str:
    return target if target in post.watches.targets else f"{target} (not in the file)"
