-- PLACE: put a job that is not bound to the seen set (sub-sitemaps, what a person asks for).
-- ARGV: parent job or '', joins ('1': into the pass whatever the parent), job, kind, host, origin,
-- priority, payload. A job that exists already stays as it is. Returns 1 when it was put.
local parent, joins, job, host, priority = ARGV[1], ARGV[2] == '1', ARGV[3], ARGV[5], ARGV[7]
if redis.call('EXISTS', key('job', job)) == 1 then
  if joins then open_up(job) end
  return 0
end
redis.call('HDEL', key('dead'), job)
redis.call('HSET', key('job', job), 'p', ARGV[8], 'h', host, 'o', ARGV[6], 'k', ARGV[4], 'r', priority)
redis.call('INCR', key('jobs'))
if joins or (parent ~= '' and redis.call('SISMEMBER', key('pass', 'open'), parent) == 1) then
  redis.call('SADD', key('pass', 'open'), job)
end
enqueue(job, host, priority)
return 1
