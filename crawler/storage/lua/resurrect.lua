-- RESURRECT: a dead letter waits again, as new. ARGV: job. Returns 1 when there was one.
local job = ARGV[1]
local letter = redis.call('HGET', key('dead'), job)
if not letter then return 0 end
local dead = cjson.decode(letter)
redis.call('HDEL', key('dead'), job)
if redis.call('EXISTS', key('job', job)) == 0 then
  redis.call('HSET', key('job', job), 'p', dead.payload, 'h', dead.host, 'o', dead.origin, 'k', dead.kind, 'r', dead.priority)
  redis.call('INCR', key('jobs'))
  redis.call('SADD', key('pass', 'open'), job)  -- the next crawl takes it over, as a watch would
  enqueue(job, dead.host, whole(dead.priority))
end
return 1
