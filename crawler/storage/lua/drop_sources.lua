-- DROP_SOURCES: sources that the catalogue no longer names. ARGV: jobs of the sources that stay.
-- Returns how many were dropped; one that is being polled goes at the next call.
local stays, dropped = {}, 0
for _, job in ipairs(ARGV) do stays[job] = true end
for _, job in ipairs(redis.call('SMEMBERS', key('sources'))) do
  if not stays[job] and not redis.call('ZSCORE', key('leases'), job) then
    local fields = redis.call('HMGET', key('job', job), 'h', 'r')
    if fields[1] then dequeue(job, fields[1], fields[2]) end
    redis.call('ZREM', key('later'), job)
    redis.call('SREM', key('sources'), job)
    forget_job(job)
    dropped = dropped + 1
  end
end
return dropped
