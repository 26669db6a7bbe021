"""What robots.txt allows: one memory for all workers in Redis, parsed here when needed.

Promise: no page or source of a host is asked for before its robots.txt was read; unreachable, or
failing with 5xx, means not yet. The claim script sees to the order, this module to the rules.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from protego import Protego

from crawler.storage.connection import Connection, key
from crawler.storage.jobs import Lease
from crawler.storage.moves import Reach

PRODUCT = "tumen"
# RFC 9309 asks parsers to read at least 500 KiB and lets them stop there.
SIZE_LIMIT = 500 * 1024
# RFC 9309, 2.4: not used for more than a day.
KEPT_S = 24 * 3600
CRAWL_DELAY_LIMIT_S = 120.0
# A host that must not be dialed is judged anew this often: the operator may open its network.
REFUSED_S = 300
PARSERS_KEPT = 500
# Parsed rules take thirty times the space of their text; an honest file has a few kilobytes.
TEXT_KEPT = 2 * 1024**2


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host's robots.txt says to us; `refusal` is why nothing of the host is asked for."""

    parser: Protego | None
    crawl_delay_s: float
    refusal: str = ""

    def allow(self, url: str) -> bool:
        """Whether we may ask for this URL."""
        if self.refusal:
            return False
        return self.parser is None or bool(self.parser.can_fetch(url, PRODUCT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What became of a lesson. `is_done` is False when the lease was not ours any more.

    `turn` is 1 when the host begins to rest for its robots.txt, -1 when its rest ends.
    """

    is_done: bool
    reach: Reach
    turn: int


@dataclass(slots=True)
class RobotsMemory:
    """Parsed rules by host, as fresh as the claim says they are; bounded."""

    redis: Connection
    _rules: OrderedDict[str, tuple[str, Rules, int]] = field(default_factory=OrderedDict)
    _text: int = 0

    async def rules_for(self, lease: Lease) -> Rules | None:
        """The rules of the lease's host; None when they were forgotten since the claim.

        Raises DependencyDown when Redis cannot tell them.
        """
        known = self._rules.get(lease.host)
        if known is not None and known[0] == lease.robots_at:
            self._rules.move_to_end(lease.host)
            return known[1]
        state, body, at = await self.redis.ask(
            "HMGET", key("robots", lease.host), "state", "body", "at"
        )
        if state is None:
            return None
        if state == "rules":
            rules = read_rules(body or "")
        else:
            rules = Rules(None, 0.0, refusal=(body or "") if state == "refused" else "")
        self._keep(lease.host, at or "", rules, len(body or ""))
        return rules

    def _keep(self, host: str, at: str, rules: Rules, size: int) -> None:
        self._text += size - self._rules.pop(host, ("", rules, 0))[2]
        self._rules[host] = (at, rules, size)
        while len(self._rules) > PARSERS_KEPT or self._text > TEXT_KEPT:
            _host, (_at, _former, former_size) = self._rules.popitem(last=False)
            self._text -= former_size

    async def learn(
        self,
        lease: Lease,
        *,
        state: str,
        body: str = "",
        pause_s: float,
        reason: str = "",
        took_s: float | None = None,
    ) -> Learned:
        """Keep what a robots job found, for all workers.

        One that cannot be had is asked for again after 5 minutes, doubling up to 6 hours; `took_s`
        is how long was waited for it, None when it did answer.
        """
        done, fault, begins, turn = await self.redis.run(
            "learn_robots",
            lease.name,
            lease.token,
            lease.job.of_host or lease.host,
            state,
            body,
            REFUSED_S if state == "refused" else KEPT_S,
            int(pause_s * 1000),
            reason,
            -1 if took_s is None else int(took_s * 1000),
        )
        return Learned(
            is_done=bool(done), reach=Reach(fault=fault or None, begins=bool(begins)), turn=turn
        )


def read_rules(body: str) -> Rules:
    """Parse the text of a robots.txt."""
    parser = Protego.parse(body[:SIZE_LIMIT])
    delay = parser.crawl_delay(PRODUCT)
    return Rules(parser, min(CRAWL_DELAY_LIMIT_S, float(delay or 0)))
