-- REGISTER: the sources of the catalogue as jobs that come back. ARGV: the pass joins ('1' or ''),
-- then per source: job, kind, host, origin, payload, ms until its first poll.
-- A source that is known keeps its next poll, unless the pass wants it now. Returns how many are new.
local joins, new = ARGV[1] == '1', 0
for i = 2, #ARGV, 6 do
  local job, host = ARGV[i], ARGV[i + 2]
  local former = redis.call('HGET', key('job', job), 'h')
  local leased = redis.call('ZSCORE', key('leases'), job)
  if not former then
    new = new + 1
    redis.call('INCR', key('jobs'))
    redis.call('SADD', key('sources'), job)
  end
  if not leased then
    if former and former ~= host then
      dequeue(job, former, '0')
      redis.call('HDEL', key('job', job), 'home_p', 'home_h', 'home_o')
      former = false
    end
    redis.call('HSET', key('job', job), 'k', ARGV[i + 1], 'h', host, 'o', ARGV[i + 3], 'p', ARGV[i + 4], 'r', 0)
    if not former then redis.call('ZADD', key('later'), 'NX', whole(now + tonumber(ARGV[i + 5])), job) end
  end
  if joins and redis.call('SADD', key('pass', 'sources'), job) == 1 then
    poll_now(job, host)
  end
end
return new
