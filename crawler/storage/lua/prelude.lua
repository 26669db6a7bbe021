-- Shared by every script of the frontier (put in front of each): key names, the clock, and the few
-- moves of a job. All keys carry one hash tag, so that a cluster keeps them on one node.
--
--   {tumen}:job:<job>      HASH  p payload, h host, o origin, k kind, r priority, t token while leased,
--                                n failures, x expired leases, d deaths of a parse child, log last
--                                reasons, home_p/home_h/home_o before a redirect
--   {tumen}:queue:<host>   ZSET  job -> priority * 1e13 + order of offer: FIFO within a priority
--   {tumen}:hosts          ZSET  host -> ms from which it may be visited; absent while it is visited
--   {tumen}:visits         HASH  host -> token of the lease that visits it
--   {tumen}:leases         ZSET  job -> ms at which the lease runs out
--   {tumen}:later          ZSET  job -> ms at which it is due (retries, next polls)
--   {tumen}:robots:<host>  HASH  state, body, at; expires
--   {tumen}:rests          HASH  host -> since when (ms) and why it is not visited for now
--   {tumen}:seen:<g>:<b>   SET   63-bit fingerprints (an intset); generation holds the current <g>
--   {tumen}:held           HASH  record id -> {rev, state, job, slot, token; while reserved also former: slots
--                                that may hold the line, kept, kept_slot: the newest stored revision}
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

local function enqueue(job, host, priority)
  -- A count, not the clock: many jobs are offered within one millisecond.
  local place = redis.call('INCR', key('order'))
  redis.call('ZADD', key('queue', host), whole(priority * 1e13 + place), job)
  wait_for_host(host)
end

local function free_host(host, token, pause_ms)
  if redis.call('HGET', key('visits'), host) == token then
    redis.call('HDEL', key('visits'), host)
    redis.call('ZADD', key('hosts'), 'GT', whole(now + pause_ms), host)
    return 1
  end
  return 0
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
