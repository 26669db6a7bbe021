-- Shared by every script of the frontier (put in front of each): key names, the clock, and the few
-- moves of a job. All keys carry one hash tag, so that a cluster keeps them on one node.
--
--   {tumen}:job:<job>      HASH  p payload, h host, o origin, k kind, r priority, t token while leased,
--                                n failures, x expired leases, d deaths of a parse child, log last
--                                reasons, home_p/home_h/home_o before a redirect, v revision (revisits)
--   {tumen}:queue:<host>:<priority>       LIST  jobs that wait for their host, first come first served
--   {tumen}:pass:queue:<host>:<priority>  LIST  the same of those that a pass may take: open jobs, robots.txt
--   {tumen}:hosts          ZSET  host -> ms from which it may be visited; absent while it is visited
--   {tumen}:visits         HASH  host -> token of the lease that visits it
--   {tumen}:leases         ZSET  job -> ms at which the lease runs out
--   {tumen}:later          ZSET  job -> ms at which it is due (retries, next polls)
--   {tumen}:robots:<host>  HASH  state, body, at; expires
--   {tumen}:rests          HASH  host -> since when (ms) and why it is not visited for now
--   {tumen}:silence        HASH  host -> times in a row that it could not be reached
--   {tumen}:slow           HASH  host -> good answers still to come until it is as quick as ever: ten of
--                                them halve its pause again, "too many requests" doubles it
--   {tumen}:seen:<g>:<b>   SET   63-bit fingerprints (an intset); generation holds the current <g>
--   {tumen}:held           HASH  record id -> {rev, state (reserved | stored | forgotten), job, slot, token;
--                                while reserved also former: slots that may hold the line, kept,
--                                kept_slot: the newest stored revision}
--   {tumen}:source:<job>   HASH  state (JSON), stuck: how often in a row its lease ran out
--   {tumen}:lines:<outlet> LIST  fingerprints of the lines of its last pages, the latest first; expires
--   {tumen}:moved          HASH  job of a source -> its address, learned from redirects
--   {tumen}:dead           HASH  job -> dead letter
--   {tumen}:pass:*         the pass of `tumen crawl`: open jobs, polled sources, tally
local P = '{tumen}:'
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function key(...) return P .. table.concat({...}, ':') end

-- Numbers go out as whole digits: Lua's own format would make 1.76e+12 of a time.
local function whole(n) return string.format('%.0f', n) end

local function wait_for_host(host)
  if redis.call('HEXISTS', key('visits'), host) == 0 then
    redis.call('ZADD', key('hosts'), 'NX', whole(now), host)
  end
end

local PRIORITIES = {'-1', '0', '1', '2', '3'}

local function queue_of(host, priority, is_open)
  return P .. (is_open and 'pass:queue:' or 'queue:') .. host .. ':' .. priority
end

-- What a pass may claim: its own jobs, and any robots.txt, without which it could not begin.
local function is_open(job)
  return string.sub(job, 1, 2) == 'r:' or redis.call('SISMEMBER', key('pass', 'open'), job) == 1
end

local function push(job, host, priority, open)
  -- A host at which somebody waits already has its turn, is visited, or waits for its robots.txt.
  if redis.call('RPUSH', queue_of(host, priority, open), job) == 1 then wait_for_host(host) end
end

local function enqueue(job, host, priority)
  push(job, host, priority, is_open(job))
end

-- Takes a job that waits out of its queue. Returns 1 when it was there.
local function dequeue(job, host, priority)
  if redis.call('LREM', queue_of(host, priority, false), 1, job) == 1 then return 1 end
  return redis.call('LREM', queue_of(host, priority, true), 1, job)
end

local function has_waiting(host)
  local names = {}
  for _, priority in ipairs(PRIORITIES) do
    names[#names + 1] = queue_of(host, priority, true)
    names[#names + 1] = queue_of(host, priority, false)
  end
  return redis.call('EXISTS', unpack(names)) > 0
end

-- A job becomes one of the pass's; when it waits, it waits where the pass looks. Returns 1, or 0 when it
-- was one already.
local function open_up(job)
  if redis.call('SADD', key('pass', 'open'), job) == 0 then return 0 end
  local fields = redis.call('HMGET', key('job', job), 'h', 'r')
  if fields[1] and redis.call('LREM', queue_of(fields[1], fields[2], false), 1, job) == 1 then
    push(job, fields[1], fields[2], true)
  end
  return 1
end

-- Ten minutes at most: more of a pause is for a host to ask for.
local function slowed(host, pause_ms)
  local slow = tonumber(redis.call('HGET', key('slow'), host)) or 0
  if slow == 0 then return pause_ms end
  return math.max(pause_ms, math.min(600000, pause_ms * 2 ^ math.ceil(slow / 10)))
end

local function free_host(host, token, pause_ms)
  if redis.call('HGET', key('visits'), host) == token then
    redis.call('HDEL', key('visits'), host)
    redis.call('ZADD', key('hosts'), 'GT', whole(now + slowed(host, pause_ms)), host)
    return 1
  end
  return 0
end

-- After a wipe the count begins anew, under an epoch that never was before.
local function new_token()
  redis.call('SET', key('epoch'), clock[1] .. '.' .. clock[2], 'NX')
  return redis.call('GET', key('epoch')) .. ':' .. whole(redis.call('INCR', key('tokens')))
end

local function is_ours(job, token)
  return redis.call('HGET', key('job', job), 't') == token
    and redis.call('ZSCORE', key('leases'), job) ~= false
end

local function end_lease(job)
  redis.call('ZREM', key('leases'), job)
  redis.call('HDEL', key('job', job), 't')
end

local function tally(job, counts)
  if counts ~= '' and redis.call('SISMEMBER', key('pass', 'open'), job) == 1 then
    for name, n in pairs(cjson.decode(counts)) do
      redis.call('HINCRBY', key('pass', 'tally'), name, n)
    end
  end
end

local function forget_job(job)
  if redis.call('DEL', key('job', job)) == 1 then redis.call('DECR', key('jobs')) end
  redis.call('SREM', key('pass', 'open'), job)
end

-- A redirect is followed anew by each attempt: a job that waits for later waits at its own address.
local function go_home(job)
  local home = redis.call('HMGET', key('job', job), 'home_p', 'home_h', 'home_o')
  if home[1] then
    redis.call('HSET', key('job', job), 'p', home[1], 'h', home[2], 'o', home[3])
    redis.call('HDEL', key('job', job), 'home_p', 'home_h', 'home_o')
  end
end

local function bury(job, reason)
  go_home(job)
  local fields = redis.call('HMGET', key('job', job), 'p', 'k', 'h', 'n', 'x', 'd', 'r', 'o', 'log')
  redis.call('HSET', key('dead'), job, cjson.encode({
    payload = fields[1], kind = fields[2], host = fields[3], failures = tonumber(fields[4]) or 0,
    expiries = tonumber(fields[5]) or 0, deaths = tonumber(fields[6]) or 0,
    priority = tonumber(fields[7]) or 1, origin = fields[8], log = fields[9] or '', reason = reason, at_ms = now }))
  forget_job(job)
end

-- A job keeps the last few reasons of its failures, for its dead letter and for `tumen status`.
local function remember(job, reason)
  local log = redis.call('HGET', key('job', job), 'log') or ''
  log = whole(now) .. ' ' .. reason .. '\n' .. log
  -- cut between characters: half of one in UTF-8 could not be read back
  if #log > 1000 then log = string.gsub(string.sub(log, 1, 1000), '[\192-\255][\128-\191]*$', '') end
  redis.call('HSET', key('job', job), 'log', log)
end

-- Why a host is not visited for now, and since when: the first time counts until it answers.
local function rest(host, why)
  local former = redis.call('HGET', key('rests'), host)
  local since = former and string.match(former, '^%d+') or whole(now)
  redis.call('HSET', key('rests'), host, since .. ' ' .. why)
end

-- A job that waits for its time; one that is there already stays, unless this is of a later revision.
-- One in hand becomes it when it is put back (see go_home), as its owner may be dead. Returns 1 when
-- it was put.
local function schedule(job, revision, kind, host, origin, payload, priority, pause_ms)
  local former = redis.call('HMGET', key('job', job), 'v', 'h', 'r', 't')
  if former[2] and (tonumber(former[1]) or 0) >= revision then return 0 end
  if former[4] then
    redis.call('HSET', key('job', job), 'v', revision, 'home_p', payload, 'home_h', host, 'home_o', origin)
    return 1
  end
  if former[2] then dequeue(job, former[2], former[3]) else redis.call('INCR', key('jobs')) end
  redis.call('DEL', key('job', job))
  redis.call('HSET', key('job', job), 'p', payload, 'h', host, 'o', origin, 'k', kind, 'r', priority, 'v', revision)
  redis.call('ZADD', key('later'), whole(now + pause_ms), job)
  return 1
end
