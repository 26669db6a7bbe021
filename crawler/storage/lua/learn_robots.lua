-- LEARN_ROBOTS: what a host's robots.txt said, for all workers. Refused (0) with an old token.
-- ARGV: job, token, host it is of, state (rules | none | refused | unreachable), body, seconds it holds,
-- pause of the visited host in ms, reason (for unreachable).
local job, token, of = ARGV[1], ARGV[2], ARGV[3]
if not is_ours(job, token) then return 0 end
local visited = redis.call('HGET', key('job', job), 'h')
end_lease(job)
free_host(visited, token, tonumber(ARGV[7]))
forget_job(job)
local rest_ms = 0
if ARGV[4] == 'unreachable' then
  -- nothing of the host is fetched until it answers: it rests, then is asked anew
  rest_ms = tonumber(ARGV[6]) * 1000
  rest(of, ARGV[8])
  redis.call('DEL', key('robots', of))
  redis.call('HINCRBY', key('silence'), of, 1)
else
  redis.call('HDEL', key('rests'), of)
  redis.call('HDEL', key('silence'), of)
  redis.call('DEL', key('robots', of))
  redis.call('HSET', key('robots', of), 'state', ARGV[4], 'body', ARGV[5], 'at', whole(now))
  redis.call('EXPIRE', key('robots', of), ARGV[6])
end
if has_waiting(of) and redis.call('HEXISTS', key('visits'), of) == 0 then
  redis.call('ZADD', key('hosts'), 'GT', whole(now + math.max(rest_ms, tonumber(ARGV[7]))), of)
end
return 1
