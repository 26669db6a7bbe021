"""What tests share: a real Redis for all of them, emptied for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.storage import embedded


@pytest.fixture(scope="session")
def redis_hold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Hold]:
    """One embedded server for the whole run."""
    with embedded.hold(tmp_path_factory.mktemp("redis")) as held:
        yield held


@pytest.fixture
def redis_url(redis_hold: embedded.Hold) -> str:
    """The address of an empty Redis."""
    from redis import Redis

    with Redis.from_url(redis_hold.url) as client:
        client.flushall()
    return redis_hold.url


@pytest.fixture
def shared() -> Path:
    """The folder of measurements beside the checkout; tests that need it skip without it."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not here: its measurements are not run")
    return folder
