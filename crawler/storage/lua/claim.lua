-- CLAIM: due hosts that nobody is visiting -> their best job each, leased with a token.
-- ARGV: how many, lease in ms, only the pass ('1' or ''), default pause of a host in ms.
-- Returns {wait_ms, {job, token, payload, kind, host, failures, deaths, robots_at}...}.
local wanted, lease_ms, only_pass, pause_ms = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1', tonumber(ARGV[4])

-- Leases that ran out: the worker died or hangs. The job backs off; it is no proof against the job.
for _, job in ipairs(redis.call('ZRANGEBYSCORE', key('leases'), '-inf', whole(now), 'LIMIT', 0, 50)) do
  local fields = redis.call('HMGET', key('job', job), 'h', 't', 'r', 'k')
  end_lease(job)
  if fields[1] then
    free_host(fields[1], fields[2], pause_ms)
    local times = redis.call('HINCRBY', key('job', job), 'x', 1)
    local is_source = string.sub(job, 1, 2) == 's:'
    remember(job, 'lease ran out')
    if is_source then redis.call('HINCRBY', key('source', job), 'stuck', 1) end
    if fields[4] == 'robots' then
      forget_job(job)
      wait_for_host(string.sub(job, 3))
    elseif fields[4] == 'reading' then
      forget_job(job)
    elseif times >= 20 and not is_source then
      bury(job, 'its lease ran out 20 times')
    elseif times == 1 then
      enqueue(job, fields[1], fields[3])
    else
      redis.call('ZADD', key('later'), whole(now + math.min(300000, 5000 * 2 ^ (math.min(times, 20) - 2))), job)
    end
  end
end

for _, job in ipairs(redis.call('ZRANGEBYSCORE', key('later'), '-inf', whole(now), 'LIMIT', 0, 100)) do
  redis.call('ZREM', key('later'), job)
  local fields = redis.call('HMGET', key('job', job), 'h', 'r')
  if fields[1] then
    -- no source announces a revisit: it is the business of whatever pass comes, and of a watch
    if string.sub(job, 1, 2) == 'v:' then redis.call('SADD', key('pass', 'open'), job) end
    enqueue(job, fields[1], fields[2])
  end
end

-- The best job of a host and the queue at whose head it is.
local function best_job(host)
  for _, priority in ipairs(PRIORITIES) do
    for _, open in ipairs(only_pass and {true} or {true, false}) do
      local queue = queue_of(host, priority, open)
      local job = redis.call('LINDEX', queue, 0)
      if job then return job, queue end
    end
  end
end

local function lease(job, host, kind)
  local token = new_token()
  redis.call('HSET', key('job', job), 't', token)
  redis.call('ZADD', key('leases'), whole(now + lease_ms), job)
  redis.call('HSET', key('visits'), host, token)
  redis.call('ZREM', key('hosts'), host)
  local fields = redis.call('HMGET', key('job', job), 'p', 'n', 'd')
  local robots_at = redis.call('HGET', key('robots', host), 'at')
  return {job, token, fields[1], kind, host, tonumber(fields[2]) or 0, tonumber(fields[3]) or 0, robots_at or ''}
end

local claimed, looked, limit = {}, 0, wanted * 2 + 64
local due = redis.call('ZRANGEBYSCORE', key('hosts'), '-inf', whole(now), 'LIMIT', 0, limit)
for _, host in ipairs(due) do
  if #claimed >= wanted then break end
  local asks = 'r:' .. host
  local job, queue = best_job(host)
  local kind = job and redis.call('HGET', key('job', job), 'k')
  if (not job and not (only_pass and has_waiting(host)))
      or (kind ~= 'robots' and redis.call('EXISTS', key('job', asks)) == 1) then
    -- nothing to do here, or its robots.txt is on its way over another host
    redis.call('ZREM', key('hosts'), host)
  elseif job and kind ~= 'robots' and redis.call('EXISTS', key('robots', host)) == 0 then
    -- robots.txt first: a request like any other, asked for once over all workers
    local asker = redis.call('HMGET', key('job', job), 'o', 'p')
    local payload = {kind = 'robots', url = asker[1] .. '/robots.txt', of = host}
    payload.outlet = cjson.decode(asker[2]).outlet  -- whose card may ask for a longer pause
    redis.call('HSET', key('job', asks), 'h', host, 'o', asker[1], 'k', 'robots', 'r', -1, 'p', cjson.encode(payload))
    redis.call('INCR', key('jobs'))
    if redis.call('SISMEMBER', key('pass', 'open'), job) == 1 then redis.call('SADD', key('pass', 'open'), asks) end
    claimed[#claimed + 1] = lease(asks, host, 'robots')
  elseif job then
    redis.call('LPOP', queue)
    claimed[#claimed + 1] = lease(job, host, kind)
  else
    -- nothing of the pass: it goes behind, else many like it would hide the hosts of the pass
    looked = looked + 1
    redis.call('ZADD', key('hosts'), 'XX', whole(now), host)
  end
end

local wait = 1000
if looked > 0 and #due == limit then
  wait = 20
elseif #claimed == 0 then
  for _, name in ipairs({'hosts', 'later', 'leases'}) do
    local head = redis.call('ZRANGEBYSCORE', key(name), looked > 0 and '(' .. whole(now) or '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
    if head[2] then wait = math.min(wait, tonumber(head[2]) - now) end
  end
end
table.insert(claimed, 1, math.max(5, math.floor(wait)))
return claimed
