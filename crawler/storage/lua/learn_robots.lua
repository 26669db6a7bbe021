-- LEARN_ROBOTS: what a host's robots.txt said, for all workers. ARGV: job, token, host it is of, state
-- (rules | none | refused | unreachable), body, seconds it holds, pause of the visited host in ms, reason (for
-- unreachable), ms that it was waited for (-1: it did answer). Returns {1 when it was learned (0 with an
-- old token), whose fault it is that it could not be reached or '', 1 when a time without network begins,
-- 1 when its host begins to rest, -1 when its rest ends}.
local job, token, of = ARGV[1], ARGV[2], ARGV[3]
if not is_ours(job, token) then return {0, '', 0, 0} end
local visited = redis.call('HGET', key('job', job), 'h')
end_lease(job)
free_host(visited, token, tonumber(ARGV[7]))
forget_job(job)
local rested = redis.call('HEXISTS', key('rests'), of) == 1
local rest_ms, fault, begins = 0, '', false
redis.call('DEL', key('robots', of))
if ARGV[4] == 'unreachable' then
  -- nothing of the host is fetched until it answers: it rests, then is asked anew
  fault = 'host'
  if tonumber(ARGV[9]) >= 0 then
    fault, begins = fault_of(of, tonumber(ARGV[9]), tonumber(redis.call('ZSCORE', key('hosts'), of)) or now)
  end
  rest_ms = silence_ms(of, fault, 6 * 3600000)
  if fault == 'host' then rest(of, ARGV[8]) end
else
  redis.call('HDEL', key('rests'), of)
  redis.call('HDEL', key('silence'), of)
  redis.call('HSET', key('robots', of), 'state', ARGV[4], 'body', ARGV[5], 'at', whole(now))
  redis.call('EXPIRE', key('robots', of), ARGV[6])
end
if has_waiting(of) and redis.call('HEXISTS', key('visits'), of) == 0 then
  redis.call('ZADD', key('hosts'), 'GT', whole(now + math.max(rest_ms, tonumber(ARGV[7]))), of)
end
local rests = redis.call('HEXISTS', key('rests'), of) == 1
return {1, fault, begins and 1 or 0, rests == rested and 0 or rests and 1 or -1}
