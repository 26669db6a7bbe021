-- UNSEEN: which of these URLs are new, without remembering them. ARGV: bucket, fingerprint pairs.
local generation = redis.call('GET', key('generation')) or '0'
local former = generation ~= '0' and whole(tonumber(generation) - 1)
local answer = {}
for i = 1, #ARGV, 2 do
  local known = redis.call('SISMEMBER', key('seen', generation, ARGV[i]), ARGV[i + 1]) == 1
  if not known and former and redis.call('SISMEMBER', key('seen', former, ARGV[i]), ARGV[i + 1]) == 1 then
    -- copied forward, as a source still lists it
    redis.call('SADD', key('seen', generation, ARGV[i]), ARGV[i + 1])
    known = true
  end
  answer[#answer + 1] = known and 0 or 1
end
return answer
