-- OFFER: seen? forget it : new -> waiting. Idempotent. ARGV: parent job or '', count of values per
-- entry, then per entry: bucket, fingerprint, job, kind, host, origin, priority, payload.
-- A kind of '' only marks the URL as seen (not worth fetching); what follows it may be left out.
-- Returns per entry 1 (new) or 0 (known).
local parent, width = ARGV[1], tonumber(ARGV[2])
local joins = parent ~= '' and redis.call('SISMEMBER', key('pass', 'open'), parent) == 1
local generation = redis.call('GET', key('generation')) or '0'
local former = whole(tonumber(generation) - 1)
local answer = {}
for i = 3, #ARGV, width do
  local bucket, print, job, kind = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local known = redis.call('SADD', key('seen', generation, bucket), print) == 0
  if not known and redis.call('SISMEMBER', key('seen', former, bucket), print) == 1 then known = true end
  if not known and kind ~= '' and redis.call('EXISTS', key('job', job)) == 0
      and redis.call('HEXISTS', key('dead'), job) == 0 then
    redis.call('HSET', key('job', job), 'p', ARGV[i + 7], 'h', ARGV[i + 4], 'o', ARGV[i + 5], 'k', kind, 'r', ARGV[i + 6])
    redis.call('INCR', key('jobs'))
    if joins then redis.call('SADD', key('pass', 'open'), job) end
    enqueue(job, ARGV[i + 4], tonumber(ARGV[i + 6]))
  end
  answer[#answer + 1] = known and 0 or 1
end
return answer
