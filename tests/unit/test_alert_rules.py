"""The alert rules: each fires by its cause and by nothing else, and nothing fires in calm."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import promql_parser as promql
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from ruamel.yaml import YAML

from crawler.app.gauges import View, ViewCollector
from crawler.app.metrics import PoolCollector, WorkerMetrics
from crawler.app.standing import Standing
from crawler.news.health import Health, Word
from crawler.news.jsonl import write_time
from crawler.news.outlets import Source
from crawler.news.source_states import SourceState
from crawler.storage.census import Census
from crawler.storage.observing import Holdings
from tests.promql import Rule, Scrapes, read_rules

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RULES = read_rules(DEPLOY / "alerts.yml")
BEGIN = datetime(2026, 11, 22, tzinfo=UTC)
# Longer than the longest `for`, scraped every three minutes.
MINUTES, STEP = 4 * 60, 3
DISK = 100 * 10**9

Story = Callable[[datetime, View], View | None]


@dataclass(slots=True)
class Worker:
    """A worker that is scraped: its own counters, and what it sees."""

    kills: Counter[tuple[str, str]]
    metrics: WorkerMetrics

    @classmethod
    def begin(cls) -> Worker:
        worker = cls(Counter(), WorkerMetrics())
        worker.metrics.registry.register(PoolCollector(worker.kills))
        return worker

    def page(self, view: View) -> str:
        shared = CollectorRegistry()
        shared.register(ViewCollector(view))
        return (generate_latest(self.metrics.registry) + generate_latest(shared)).decode()


def calm(now: datetime) -> View:
    """All is well: three sources, some work, an article a few minutes ago."""
    recent = write_time(now - timedelta(minutes=5))
    state = SourceState(worked_at=recent, news_at=recent)
    return View(
        queue=Census(
            waiting=3, leased=2, later=40, dead=0, hosts=9, held=100, memory_bytes=10**7, rests={}
        ),
        oldest_s=0.3,
        sources=[working(f"o{n}", state) for n in range(3)],
        holdings=Holdings(
            sizes={"articles": 10**6},
            disk_bytes=DISK,
            free_bytes=DISK // 2,
            last_record_at=now - timedelta(minutes=5),
        ),
    )


def working(outlet: str, state: SourceState) -> Standing:
    name = f"{outlet}/feed/0{outlet[1:]}"
    source = Source(id=name, outlet=outlet, kind="feed", url=f"https://{outlet}.example/feed")
    health = Health(word="working")
    return Standing(source=source, state=state, health=health, is_acknowledged=False)


def lived_through(story: Story, worker: Worker | None = None) -> Scrapes:
    """Four hours of scrapes; a story that gives None is a worker that is gone."""
    scrapes, worker = Scrapes(), worker or Worker.begin()
    for minute in range(0, MINUTES + 1, STEP):
        now = BEGIN + timedelta(minutes=minute)
        view = story(now, calm(now))
        up = Sample("up", {"job": "tumen"}, 0.0 if view is None else 1.0)
        seen = [] if view is None else list(samples_in(worker.page(view)))
        scrapes.add(now.timestamp(), [up, *seen])
    return scrapes


def samples_in(page: str) -> Iterator[Sample]:
    for family in text_string_to_metric_families(page):
        yield from family.samples


def times() -> list[float]:
    return [(BEGIN + timedelta(minutes=n)).timestamp() for n in range(0, MINUTES + 1, STEP)]


def queue(view: View, **changes: int) -> View:
    assert view.queue is not None
    return replace(view, queue=replace(view.queue, **changes))


def holdings(view: View, **changes: object) -> View:
    assert view.holdings is not None
    return replace(view, holdings=replace(view.holdings, **changes))  # type: ignore[arg-type]


def first_source(view: View, word: Word, is_acknowledged: bool = False) -> View:
    first, *others = view.sources
    first = replace(first, health=Health(word=word), is_acknowledged=is_acknowledged)
    return replace(view, sources=[first, *others])


def killing(every: int) -> Story:
    """A story in which a process that reads pages is ended every so many minutes."""
    kills = 0

    def story(now: datetime, view: View) -> View:
        nonlocal kills
        kills += (now - BEGIN) % timedelta(minutes=every) == timedelta()
        STORYTELLER.kills["page", "time"] = kills
        return view

    return story


STORYTELLER = Worker.begin()

CAUSES: dict[str, tuple[Story, set[str]]] = {
    "calm": (lambda _now, view: view, set()),
    "the worker is gone": (lambda _now, _view: None, {"TumenWorkerDown"}),
    "Redis is away": (
        lambda _now, view: replace(
            view, queue=None, oldest_s=None, sources=(), redis_trouble="does not serve"
        ),
        {"TumenRedisDown"},
    ),
    "the disk takes nothing": (
        lambda _now, view: replace(view, disk_trouble="Read-only file system"),
        {"TumenStoreNotWritable"},
    ),
    "the disk is nearly full": (
        lambda _now, view: holdings(view, free_bytes=DISK // 11),
        {"TumenDiskNearlyFull"},
    ),
    "nothing stored for a day": (
        lambda _now, view: holdings(view, last_record_at=BEGIN - timedelta(hours=21)),
        {"TumenNothingStored"},
    ),
    "nobody takes work": (
        lambda now, view: replace(view, oldest_s=(now - BEGIN).total_seconds()),
        {"TumenQueueOld"},
    ),
    "a dead letter": (lambda _now, view: queue(view, dead=1), {"TumenDeadLetters"}),
    "pages kill their readers": (killing(every=9), {"TumenParseKills"}),
    "one page killed its reader now and then": (killing(every=69), set()),
    "a source fails": (
        lambda _now, view: first_source(view, "failing"),
        {"TumenSourceFailing"},
    ),
    "a source is retired": (
        lambda _now, view: first_source(view, "retired"),
        {"TumenSourceFailing"},
    ),
    "a source is silent": (lambda _now, view: first_source(view, "silent"), {"TumenSourceSilent"}),
    "a source fails, and somebody knows": (
        lambda _now, view: first_source(view, "failing", is_acknowledged=True),
        set(),
    ),
    "a source failed for two hours": (
        lambda now, view: first_source(
            view, "failing" if now < BEGIN + timedelta(hours=2) else "working"
        ),
        set(),
    ),
    "a long list at one host": (lambda _now, view: queue(view, waiting=5000), set()),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_an_alert_fires_by_its_cause_and_by_nothing_else(cause: str) -> None:
    story, expected = CAUSES[cause]
    STORYTELLER.kills.clear()
    scrapes = lived_through(story, STORYTELLER)
    assert scrapes.firing(RULES, times()) == expected


def test_every_rule_has_a_cause_here() -> None:
    fired = {name for _story, expected in CAUSES.values() for name in expected}
    assert fired == {rule.name for rule in RULES}


def test_every_alert_says_what_is_wrong_and_how_grave_it_is() -> None:
    groups = YAML(typ="safe").load(DEPLOY / "alerts.yml")["groups"]
    for rule in (rule for group in groups for rule in group["rules"]):
        assert rule["labels"]["severity"] in ("info", "warning", "critical"), rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]


def test_the_operators_page_says_what_to_do_for_every_alert() -> None:
    page = (DEPLOY.parent / "docs" / "operating.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip(" `") for line in page.splitlines() if "| `Tumen" in line]
    assert rows == [rule.name for rule in RULES]


def known_metrics() -> set[str]:
    worker = Worker.begin()
    for stage in ("triage", "known"):
        worker.metrics.on_dropped(stage)
    names = {sample.name for sample in samples_in(worker.page(calm(BEGIN)))}
    families = text_string_to_metric_families(worker.page(calm(BEGIN)))
    names |= {f"{family.name}_total" for family in families if family.type == "counter"}
    return names | {"up"}


def dashboard_queries() -> Iterator[str]:
    dashboard = json.loads((DEPLOY / "dashboard.json").read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))


def selected(expr: object) -> Iterator[str]:
    match expr:
        case promql.VectorSelector():
            yield str(expr.name)
        case promql.MatrixSelector():
            yield from selected(expr.vector_selector)
        case promql.Call():
            for arg in expr.args:
                yield from selected(arg)
        case promql.BinaryExpr():
            yield from selected(expr.lhs)
            yield from selected(expr.rhs)
        case promql.AggregateExpr() | promql.ParenExpr():
            yield from selected(expr.expr)


@pytest.mark.parametrize("query", [*(rule.expr for rule in RULES), *dashboard_queries()])
def test_rules_and_dashboard_ask_for_metrics_that_are_there(query: str) -> None:
    names = set(selected(promql.parse(query)))
    assert names
    assert names - known_metrics() == set()


def promtool_case(name: str, scrapes: Scrapes, fired: set[str]) -> dict[str, object]:
    """A cause as promtool takes it: series, and which alerts there are at the end."""
    grid = times()
    series = []
    told = [(name, *one) for name, of_name in scrapes.series.items() for one in of_name.items()]
    for metric, labels, points in told:
        if metric.startswith(("tumen_", "up")):
            known = dict(points)
            text = ",".join(f"{label}={json.dumps(value)}" for label, value in sorted(labels))
            # promtool begins at 0: moments move with it.
            shift = BEGIN.timestamp() if metric.endswith("_timestamp_seconds") else 0.0
            values = [f"{known[at] - shift:.3f}" if at in known else "_" for at in grid]
            series.append({"series": f"{metric}{{{text}}}", "values": " ".join(values)})
    tests = [
        {
            "eval_time": f"{MINUTES}m",
            "alertname": rule.name,
            "exp_alerts": [{"exp_labels": labels_of(rule)}] if rule.name in fired else [],
        }
        for rule in RULES
    ]
    return {"interval": f"{STEP}m", "name": name, "input_series": series, "alert_rule_test": tests}


def labels_of(rule: Rule) -> dict[str, str]:
    if "by (source)" in rule.expr:
        return {"source": "o0/feed/00"}
    return {"job": "tumen"} if rule.expr.startswith("up") else {}


def without_words(rules: Sequence[Rule]) -> dict[str, object]:
    told = [{"alert": r.name, "expr": r.expr, "for": f"{r.for_s:.0f}s"} for r in rules]
    return {"groups": [{"name": "tumen", "rules": told}]}


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_promtool_finds_the_same(tmp_path: Path) -> None:
    cases = []
    for name, (story, fired) in CAUSES.items():
        STORYTELLER.kills.clear()
        cases.append(promtool_case(name, lived_through(story, STORYTELLER), fired))
    yaml = YAML(typ="safe")
    yaml.dump(without_words(RULES), tmp_path / "rules.yml")
    whole = {"rule_files": ["rules.yml"], "evaluation_interval": f"{STEP}m", "tests": cases}
    yaml.dump(whole, tmp_path / "tests.yml")
    for args in (("check", "rules", DEPLOY / "alerts.yml"), ("test", "rules", "tests.yml")):
        done = subprocess.run(
            ["promtool", *args], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
