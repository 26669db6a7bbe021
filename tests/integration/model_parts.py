"""What the model of the frontier is made of: jobs and record ids."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Work:
    """A job of the model. `turn` orders jobs of one priority; `due` is None while far away."""

    name: str
    kind: str
    host: str
    url: str
    priority: int
    place: str = "waiting"
    turn: int = 0
    token: str = ""
    due: int | None = None
    failures: int = 0
    deaths: int = 0
    expiries: int = 0
    home: tuple[str, str] | None = None
    revision: int = 0

    def told(self) -> tuple[str, str, int, int, int]:
        """Host, address, failures, deaths, leases that ran out."""
        return self.host, self.url, self.failures, self.deaths, self.expiries

    def go_home(self) -> None:
        """Forget a redirect: the next attempt begins at the announced address."""
        if self.home:
            self.host, self.url = self.home
            self.home = None


@dataclass(slots=True)
class Held:
    """A record id: the slots of its stored revisions, and who has reserved the next one.

    `settled` is the token that brought the newest line: asked twice, it is answered the same.
    """

    settled: str = ""
    stored: dict[int, str] = field(default_factory=dict)
    revision: int = 0
    job: str = ""
    token: str = ""
    slot: str = ""
    former: set[str] = field(default_factory=set)
    is_forgotten: bool = False
