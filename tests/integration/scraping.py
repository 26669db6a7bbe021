"""Reading /metrics as Prometheus does, from a worker that a test runs."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


def free_port() -> int:
    """A port of loopback that nobody uses right now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def fetch(port: int, path: str, timeout_s: float = 10) -> tuple[int, str]:
    """Status and text of one of the monitor's pages; (0, "") while nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (ConnectionError, TimeoutError):
        return 0, ""
    finally:
        connection.close()


def scrape(port: int) -> list[Sample]:
    """Every sample that the worker at a port tells now."""
    status, text = fetch(port, "/metrics")
    assert status == 200
    return list(samples_in(text))


def samples_in(text: str) -> Iterator[Sample]:
    """The samples of a scraped page."""
    for family in text_string_to_metric_families(text):
        yield from family.samples


def value_of(samples: list[Sample], name: str, **labels: str) -> float:
    """The sum over all samples of this name that have these labels."""
    found = [
        sample.value
        for sample in samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    assert found, f"{name} {labels} is not among {sorted({sample.name for sample in samples})}"
    return sum(found)
