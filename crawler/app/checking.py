"""`tumen outlets check` and `ack`: do the sources work, and which trouble is known.

Promise: a check asks every wanted source now, in the turn of its host, and ends with 1 only for
trouble that nobody has acknowledged; what is acknowledged was in trouble at that time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import click

from crawler.app import options
from crawler.app.passing import pass_log_level
from crawler.app.running import run_spider
from crawler.app.standing import (
    Look,
    Standing,
    look,
    say_outage,
    show_standings,
    sources_known,
    write_standings,
)
from crawler.app.terminal import Progress, say, show_table, write_json
from crawler.config import Config
from crawler.errors import ConfigError
from crawler.extensions import Assignment
from crawler.news.health import TROUBLES, Acknowledgement
from crawler.news.jsonl import read_time, write_time
from crawler.news.outlets import Outlet, Source, refuse_unknown
from crawler.signals import source_polled
from crawler.storage import source_notes
from crawler.storage.catalogue import load_catalogue, read_topic

PARTLY_FAILED = 1


@click.command(epilog="Example: tumen outlets check kcna yonhap-en")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@options.catalogue
@options.where
@options.as_json
def check(
    ids: tuple[str, ...],
    outlet_paths: tuple[str, ...],
    data: str | None,
    redis_url: str | None,
    json_lines: bool,
) -> int:
    """Poll sources now and show how they do; the gravest stand last.

    ID is an outlet or a source; without one, every outlet that is on is checked. Doubtful sources
    are asked too: one that answers is polled from then on. Politeness holds, also beside a tumen
    watch. What the sources announce waits for the next crawl. Ends with 1 for trouble that nobody
    has acknowledged (tumen outlets ack).
    """
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    catalogue = load_catalogue(config.outlets, config.data_dir)
    wanted = _named(catalogue, ids)
    names = {source.outlet for source in wanted}
    assignment = Assignment(
        catalogue=catalogue,
        selected=tuple(outlet for outlet in catalogue if outlet.id in names),
        topic=read_topic(),
        sources=tuple(wanted),
    )
    began = datetime.now(UTC).replace(microsecond=0)
    proven = source_notes.read(config.data_dir).proven
    _poll(config, assignment)
    seen = look(config, wanted)
    if json_lines:
        write_standings(seen.standings)
    else:
        show_standings(seen.standings)
        _say_how_it_went(seen, began, source_notes.read(config.data_dir).proven - proven)
    return PARTLY_FAILED if seen.is_alarming else 0


@click.command(epilog="Example: tumen outlets ack kcna --until 2027-01-31")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option(
    "--until", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Alarm again from this day."
)
@click.option("--end", is_flag=True, help="Alarm again from now on.")
@options.catalogue
@options.where
@options.as_json
def ack(
    ids: tuple[str, ...],
    until: datetime | None,
    end: bool,
    outlet_paths: tuple[str, ...],
    data: str | None,
    redis_url: str | None,
    json_lines: bool,
) -> int:
    """Take trouble that you know of off the alarm; without ID: list what is acknowledged.

    ID is an outlet (all its sources that are in trouble now) or a source. It ends by itself when
    the source works again, for a silent one when it brings news, or on a date.
    """
    config = options.config_of(data=data, redis_url=redis_url, outlet_paths=outlet_paths)
    now = datetime.now(UTC)
    day = until.replace(tzinfo=UTC) if until else None
    if day is not None and day <= now:
        raise ConfigError("--until: name a day that is still to come")
    seen = look(config, _named(load_catalogue(config.outlets, config.data_dir), ids))
    noted = source_notes.read(config.data_dir).acknowledged
    if not ids:
        holding = {one.source.id: one for one in seen.standings if one.is_acknowledged}
        _show_known(holding, noted.values(), json_lines=json_lines)
        return 0
    if end:
        ended = [one.source.id for one in seen.standings if one.source.id in noted]
        source_notes.alarm_again(config.data_dir, ended, now)
        say(f"on the alarm again: {', '.join(ended) or 'nothing was acknowledged'}")
        return 0
    troubles = {one.source.id: one for one in seen.standings if one.health.word in TROUBLES}
    if not troubles:
        say(f"there is no trouble of {', '.join(ids)} to acknowledge")
        return PARTLY_FAILED
    known = [Acknowledgement(id=name, at=now, until=day) for name in troubles]
    source_notes.acknowledge(config.data_dir, known)
    _show_known(troubles, known, json_lines=json_lines)
    return 0


def _named(catalogue: Sequence[Outlet], ids: Sequence[str]) -> list[Source]:
    """The sources of the named outlets, and the named sources; without a name: all that are on."""
    sources = sources_known(catalogue)
    if not ids:
        on = {outlet.id for outlet in catalogue if outlet.enabled}
        return [source for source in sources if source.outlet in on]
    words = {source.outlet for source in sources} | {source.id for source in sources}
    refuse_unknown("outlet or source", ids, sorted(words | {outlet.id for outlet in catalogue}))
    return [source for source in sources if source.id in ids or source.outlet in ids]


def _poll(config: Config, assignment: Assignment) -> None:
    progress, counted = Progress("checking"), {True: 0, False: 0}

    def count(problem: str | None) -> None:
        counted[problem is not None] += 1
        failing = f" · {counted[True]} failing" if counted[True] else ""
        progress.tell(f"{sum(counted.values())} of {len(assignment.sources)} sources{failing}")

    progress.start()
    try:
        run_spider(
            "check",
            config,
            assignment,
            pass_log_level(config.log),
            lambda crawler: crawler.signals.connect(count, signal=source_polled),
        )
    finally:
        progress.stop()


def _say_how_it_went(seen: Look, began: datetime, proven: Iterable[str]) -> None:
    for name in sorted(proven):
        say(f"{name} answers: it is polled from now on")
    if seen.outage is not None:
        say_outage(seen.outage)
    else:
        waiting = [one for one in seen.standings if not _was_polled(one, began)]
        if waiting:
            say(f"{len(waiting)} could not be asked for now: {_first(waiting)}; they are later")
    known = sum(one.is_acknowledged for one in seen.standings)
    counts = ", ".join(f"{n} {word}" for word, n in seen.counts().items())
    say(f"{counts}{f'; trouble of {known} is acknowledged' if known else ''}")


def _was_polled(one: Standing, began: datetime) -> bool:
    return one.state.polled_at is not None and read_time(one.state.polled_at) >= began


def _first(standings: Sequence[Standing]) -> str:
    names = [one.source.id for one in standings[:3]]
    return ", ".join(names) + (" ..." if len(standings) > len(names) else "")


def _show_known(
    troubles: Mapping[str, Standing], noted: Iterable[Acknowledgement], *, json_lines: bool
) -> None:
    known = [(note, troubles[note.id].health) for note in noted if note.id in troubles]
    for note, health in known if json_lines else ():
        until = write_time(note.until) if note.until else None
        told = {"source": note.id, "at": write_time(note.at), "until": until}
        write_json({**told, "health": health.word, "why": health.why})
    if json_lines:
        return
    if not known:
        say("nothing is acknowledged")
        return
    rows = [
        (
            note.id,
            f"{note.at:%Y-%m-%d}",
            f"{note.until:%Y-%m-%d}" if note.until else "",
            f"{health.word}: {health.why or ''}",
        )
        for note, health in known
    ]
    show_table(("source", "known since", "until", "trouble"), rows, json_lines=False)
