"""What Redis really holds, read in one piece, and the promises that can be checked on it alone."""

from __future__ import annotations

import json
from dataclasses import dataclass

from crawler.news.source_states import SourceState
from crawler.robots import RobotsMemory
from crawler.storage import sources
from crawler.storage.connection import key
from crawler.storage.frontier import Frontier
from crawler.storage.jobs import Lease

READ = """
local answer = {queues = {}, jobs = {}, hosts = {}, visits = {}, leases = {}, later = {}}
answer.dead, answer.held = {}, {}
local function flat(into, list)
  for i = 1, #list, 2 do into[list[i]] = list[i + 1] end
end
local lists = {}
for _, pattern in ipairs({'{tumen}:pass:queue:*', '{tumen}:queue:*'}) do
  for _, name in ipairs(redis.call('KEYS', pattern)) do
    local kind, host, priority = string.match(name, '^{tumen}:(.-queue):(.*):(-?%d)$')
    local place = priority .. (kind == 'queue' and 'b' or 'a')
    lists[#lists + 1] = {host, place, redis.call('LRANGE', name, 0, -1)}
  end
end
-- '-' sorts before the digits
table.sort(lists, function(a, b) return a[2] < b[2] end)
for _, list in ipairs(lists) do
  local waiting = answer.queues[list[1]] or {}
  for _, job in ipairs(list[3]) do waiting[#waiting + 1] = job end
  answer.queues[list[1]] = waiting
end
for _, name in ipairs(redis.call('KEYS', '{tumen}:job:*')) do
  local fields = {}
  flat(fields, redis.call('HGETALL', name))
  answer.jobs[string.sub(name, 13)] = fields
end
for _, name in ipairs({'hosts', 'leases', 'later'}) do
  flat(answer[name], redis.call('ZRANGE', '{tumen}:' .. name, 0, -1, 'WITHSCORES'))
end
flat(answer.visits, redis.call('HGETALL', '{tumen}:visits'))
flat(answer.dead, redis.call('HGETALL', '{tumen}:dead'))
flat(answer.held, redis.call('HGETALL', '{tumen}:held'))
answer.counted = tonumber(redis.call('GET', '{tumen}:jobs') or '0')
answer.open = redis.call('SMEMBERS', '{tumen}:pass:open')
answer.unanswered = redis.call('ZRANGE', '{tumen}:unanswered', 0, -1)
return cjson.encode(answer)
"""


POLLED_WELL = sources.Polled(state=SourceState(), due_s=86400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Redis at one moment."""

    queues: dict[str, list[str]]
    jobs: dict[str, dict[str, str]]
    hosts: dict[str, str]
    visits: dict[str, str]
    leases: dict[str, str]
    later: dict[str, str]
    dead: dict[str, str]
    held: dict[str, str]
    counted: int
    open: list[str]
    unanswered: list[str]

    def jobs_told(self) -> dict[str, tuple[str, str, int, int, int]]:
        """Of every job its host, its address, failures, deaths and leases that ran out."""
        return {
            name: (
                fields["h"],
                address_in(fields["p"]),
                int(fields.get("n", 0)),
                int(fields.get("d", 0)),
                int(fields.get("x", 0)),
            )
            for name, fields in self.jobs.items()
        }

    def letters_told(self) -> dict[str, tuple[str, str]]:
        """Of every dead letter its host and its address."""
        letters = {name: json.loads(text) for name, text in self.dead.items()}
        return {name: (row["host"], address_in(row["payload"])) for name, row in letters.items()}

    def newest_told(self) -> dict[str, tuple[int, str]]:
        """Of every record id the newest stored revision, and the slot that holds its line."""
        rows = {record: json.loads(text) for record, text in self.held.items()}
        for row in rows.values():
            if row["state"] == "stored":
                row["kept"], row["kept_slot"] = row["rev"], row["slot"]
        return {
            record: (row["kept"], row["kept_slot"]) for record, row in rows.items() if "kept" in row
        }

    def is_reachable(self, host: str, asked: frozenset[str] = frozenset()) -> bool:
        """Whether a host's turn comes: it is in turn, visited, or waits for its robots.txt."""
        if host in self.hosts or host in self.visits:
            return True
        robots = self.jobs.get(f"r:{host}")
        if robots is None or host in asked:
            return False
        away = f"r:{host}" in self.leases or f"r:{host}" in self.later
        return away or self.is_reachable(robots["h"], asked | {host})


def address_in(payload: str) -> str:
    """What a payload asks for; that of a robots.txt carries no more than its address."""
    job = json.loads(payload)
    return str(job.get("fetch_url", job["url"]))


async def snapshot(frontier: Frontier) -> Snapshot:
    """Read everything at once."""
    read = json.loads(await frontier.redis.ask("EVAL", READ, 0))
    # Lua has one kind of table: its empty list arrives as an empty object
    lists = {name: list(read[name]) for name in ("open", "unanswered")}
    return Snapshot(**{**read, **lists})


def broken_promises(now: Snapshot) -> list[str]:
    """The promises that do not hold at this moment, in words."""
    broken = []
    waiting = [(name, host) for host, names in now.queues.items() for name in names]
    for name, fields in now.jobs.items():
        places = [host for job, host in waiting if job == name]
        count = len(places) + (name in now.leases) + (name in now.later) + (name in now.dead)
        if count != 1:
            broken.append(f"{name} is in {count} places")
        if places and places != [fields["h"]]:
            broken.append(f"{name} waits for another host than its own")
        if ("t" in fields) != (name in now.leases):
            broken.append(f"{name} has a token without a lease, or a lease without a token")
    known = {job for job, _ in waiting} | set(now.leases) | set(now.later) | set(now.open)
    broken += [f"{name} is no job" for name in known - set(now.jobs)]
    tokens = {now.jobs[name]["t"]: now.jobs[name]["h"] for name in now.leases}
    if len(tokens) != len(now.leases):
        broken.append("one token for two jobs")
    for host, token in now.visits.items():
        if tokens.get(token) != host:
            broken.append(f"{host} is visited by nobody")
        if host in now.hosts:
            broken.append(f"{host} is in turn while it is visited")
    broken += [
        f"{h} is out of reach"
        for h, names in now.queues.items()
        if names and not now.is_reachable(h)
    ]
    if now.counted != len(now.jobs):
        broken.append(f"{now.counted} jobs counted, {len(now.jobs)} there")
    return broken


async def drain(frontier: Frontier, of_pass: str, in_hand: list[Lease]) -> Snapshot:
    """Do all work that can be claimed, as time goes by. Returns what is left."""
    robots, polled = RobotsMemory(frontier.redis), set[str]()
    for _ in range(80):
        for lease in in_hand:
            if lease.job.kind == "robots":
                await robots.learn(lease, state="none", pause_s=0)
            elif lease.name.startswith("s:"):
                await sources.commit(frontier, lease, POLLED_WELL, {})
                polled.add(lease.name)
            else:
                await frontier.ack(lease, {})
        now = await snapshot(frontier)
        if not (now.open if of_pass else set(now.jobs) - polled):
            return now
        for host in now.hosts:
            await frontier.redis.ask("ZADD", key("hosts"), 1, host)
        for name in set(now.later) - polled:
            await frontier.redis.ask("ZADD", key("later"), 1, name)
        in_hand = list((await frontier.claim(10, of_pass=of_pass)).leases)
    return now
