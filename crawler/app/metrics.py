"""What a worker counts: its own fetches, records, parse kills and syncs, for Prometheus.

The conventions: base units, counters end in _total, durations in _seconds, moments in
_timestamp_seconds; labels are ids of the catalogue and words of ours, so their number is bounded.
What all workers share (queue, sources, store) is in `gauges.py`; docs/operating.md names them all.

Promise: no label holds a URL or anything else that came from the web.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from platform import python_version

from prometheus_client import Counter, Histogram, Info, disable_created_metrics
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry
from scrapy.crawler import Crawler

from crawler import signals
from crawler.desk import Desk
from crawler.news.lines import Record

# A connection is given up after 20 s; a robots.txt or a feed that did not change takes a tenth.
_FETCH_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)
_BYTES = tuple(1024 * 4**n for n in range(8))
_FSYNC_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
STAGES = ("page", "source")
CAUSES = ("time", "memory", "crash")


class WorkerMetrics:
    """The counters of one worker, fed by its signals."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # twice the series, never read
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        build = Info("tumen_build", "Versions of this worker", registry=self.registry)
        build.info({"version": version("tumen"), "python": python_version()})
        self.fetches = self._counter(
            "tumen_fetches", "Requests by what they ended in", "outlet", "result"
        )
        self.blocked = self._counter(
            "tumen_blocked_requests", "Requests not made, by what stood in the way", "reason"
        )
        self.entries = self._counter(
            "tumen_entries", "New entries that sources announced", "outlet"
        )
        self.records = self._counter("tumen_records_written", "Records that were stored", "outlet")
        self.duplicates = self._counter(
            "tumen_duplicates", "Articles there already: the same page, or the same text", "kind"
        )
        self.left_out = self._counter(
            "tumen_left_out", "Entries and pages left out, by the stage that decided", "stage"
        )
        self.fetch_s = self._histogram(
            "tumen_fetch_duration_seconds", "From the request to the end of its answer", _FETCH_S
        )
        self.response_bytes = self._histogram(
            "tumen_response_bytes", "Size of an answer's body", _BYTES
        )
        self.fsync_s = self._histogram(
            "tumen_store_fsync_duration_seconds",
            "How long the disk took to vouch for a batch of lines",
            _FSYNC_S,
        )

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, registry=self.registry)

    def _histogram(self, name: str, what: str, buckets: Sequence[float]) -> Histogram:
        return Histogram(name, what, buckets=buckets, registry=self.registry)

    def listen(self, crawler: Crawler) -> None:
        """Connect to what is counted."""
        bus = crawler.signals
        bus.connect(self.on_request, signal=signals.request_ended)
        bus.connect(self.on_polled, signal=signals.source_polled)
        bus.connect(self.on_record, signal=signals.record_stored)
        bus.connect(self.on_dropped, signal=signals.entry_dropped)
        bus.connect(self.on_sync, signal=signals.store_synced)

    def on_request(
        self, outlet: str | None, result: str, duration_s: float | None, size_bytes: int
    ) -> None:
        """Count a request, or why it was not made."""
        kind, _, reason = result.partition("_")
        if kind == "blocked":
            self.blocked.labels(reason).inc()
        if kind in ("blocked", "not"):
            return  # nothing went out
        self.fetches.labels(outlet or "", result).inc()
        if duration_s is not None:
            self.fetch_s.observe(duration_s)
        if size_bytes:
            self.response_bytes.observe(size_bytes)

    def on_polled(self, outlet: str | None, new: int) -> None:
        """Count what a poll brought."""
        self.entries.labels(outlet or "").inc(new)

    def on_record(self, record: Record) -> None:
        """Count a record, and whether its text is known from elsewhere."""
        self.records.labels(record.outlet or "").inc()
        if record.duplicate_of is not None:
            self.duplicates.labels("text").inc()

    def on_dropped(self, stage: str) -> None:
        """Count what was left out."""
        self.left_out.labels(stage).inc()
        if stage == "known":
            self.duplicates.labels("page").inc()

    def on_sync(self, duration_s: float) -> None:
        """Take the time of a sync."""
        self.fsync_s.observe(duration_s)

    def watch_pool(self, desk: Desk) -> None:
        """Report the deaths in the parse pool of this desk."""
        self.registry.register(PoolCollector(desk.pool.deaths))

    def totals(self) -> Mapping[str, int]:
        """What this worker did since its start, for its last words."""
        counters = {"fetched": self.fetches, "kept": self.records, "left_out": self.left_out}
        return {name: _total(counter.collect()) for name, counter in counters.items()}


class PoolCollector(Collector):
    """Parse kills, as the pool counts them."""

    def __init__(self, deaths: Mapping[tuple[str, str], int]) -> None:
        self._deaths = deaths

    def collect(self) -> Iterable[Metric]:
        kills = CounterMetricFamily(
            "tumen_parse_kills",
            "Processes that were ended, or died, over what they read",
            labels=["stage", "cause"],
        )
        for stage in STAGES:
            for cause in CAUSES:
                kills.add_metric([stage, cause], self._deaths.get((stage, cause), 0))
        yield kills


def _total(families: Iterable[Metric]) -> int:
    samples = (sample for family in families for sample in family.samples)
    return int(sum(sample.value for sample in samples if sample.name.endswith("_total")))
