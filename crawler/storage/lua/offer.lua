-- OFFER: seen? forget it : new -> waiting. Idempotent. ARGV: parent job or '', count of values per
-- entry, then per entry: bucket, fingerprint, job, kind, host, origin, priority, payload.
-- A kind of '' only marks the URL as seen (not worth fetching); what follows it may be left out.
-- Returns per entry 1 (new) or 0 (known).
local parent, width = ARGV[1], tonumber(ARGV[2])
local joins = parent ~= '' and redis.call('SISMEMBER', key('pass', 'open'), parent) == 1
local generation = redis.call('GET', key('generation')) or '0'
local former = generation ~= '0' and whole(tonumber(generation) - 1)
local has_dead = redis.call('HLEN', key('dead')) > 0
local answer, added = {}, 0
for i = 3, #ARGV, width do
  local bucket, print, job, kind = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local known = redis.call('SADD', key('seen', generation, bucket), print) == 0
  if not known and former then known = redis.call('SISMEMBER', key('seen', former, bucket), print) == 1 end
  if not known and kind ~= '' and redis.call('EXISTS', key('job', job)) == 0
      and not (has_dead and redis.call('HEXISTS', key('dead'), job) == 1) then
    local host, priority = ARGV[i + 4], ARGV[i + 6]
    redis.call('HSET', key('job', job), 'p', ARGV[i + 7], 'h', host, 'o', ARGV[i + 5], 'k', kind, 'r', priority)
    if joins then redis.call('SADD', key('pass', 'open'), job) end
    push(job, host, priority, joins)
    added = added + 1
  end
  answer[#answer + 1] = known and 0 or 1
end
if added > 0 then redis.call('INCRBY', key('jobs'), added) end
return answer
