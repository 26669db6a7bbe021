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


# So many hosts that cannot be reached make no network; a pass ends over so many.
NOBODY, MANY = 3, 16


@dataclass(slots=True)
class Network:
    """Who could be reached. `lately`: somebody answered just now; `old`: rests from before that.

    `unanswered` says of each host whether its own pause lets it be tried again.
    """

    lately: bool = False
    unanswered: dict[str, bool] = field(default_factory=dict)
    suspects: set[str] = field(default_factory=set)
    rests: set[str] = field(default_factory=set)
    old: set[str] = field(default_factory=set)

    @property
    def is_cut_off(self) -> bool:
        """Nobody has answered for long, and many were asked."""
        return not self.lately and len(self.unanswered) >= MANY

    def fault_of(self, host: str, hosts: dict[str, bool], *, may_be_tried: bool) -> str:
        """Whose fault it is that a host cannot be reached."""
        if self.lately:
            return "host"
        is_new = host not in self.unanswered
        self.unanswered[host] = may_be_tried
        if len(self.unanswered) >= NOBODY:
            if is_new and len(self.unanswered) == NOBODY:
                hosts.update(dict.fromkeys(set(self.unanswered) & set(hosts), False))
            return "network"
        if host in self.suspects:
            return "host"
        self.suspects.add(host)
        return "unsure"

    def rest(self, host: str, fault: str) -> None:
        """A host that failed rests visibly when that is its own fault."""
        if fault == "host":
            self.suspects.add(host)
            self.rests.add(host)

    def make_peace(self, host: str) -> None:
        """A host answered well."""
        for names in (self.suspects, self.rests, self.old):
            names.discard(host)

    def somebody_answers(self, hosts: dict[str, bool]) -> int:
        """After a time without network whoever did not rest before is tried again."""
        is_back = len(self.unanswered) >= NOBODY
        tried = set(self.unanswered) - self.old if is_back else set()
        for host in tried:
            self.rests.discard(host)
            self.suspects.discard(host)
            self.try_again(host, hosts)
        self.unanswered, self.lately = {}, True
        return len(tried)

    def try_again(self, host: str, hosts: dict[str, bool]) -> None:
        """A host that could not be reached is asked as soon as its own pause lets it be."""
        if host in hosts and self.unanswered.get(host, True):
            hosts[host] = True
