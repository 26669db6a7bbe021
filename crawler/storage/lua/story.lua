-- STORY: does the same text stand in the window already? Idempotent on the id, so that a retry is no
-- duplicate of itself. ARGV: id, signature (fixed-width hex slots), slot width, least equal slots,
-- seconds the window lasts, then the bands. Returns {story id, duplicate_of or ''}.
local id, signature, width, least, window = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local known = redis.call('HMGET', key('text', id), 'signature', 'story', 'duplicate_of')
if known[1] == signature then return {known[2], known[3]} end
local best, best_equal = nil, least - 1
local tried = {[id] = true}
for i = 6, #ARGV do
  for _, other in ipairs(redis.call('ZREVRANGE', key('band', ARGV[i]), 0, 49)) do
    if not tried[other] then
      tried[other] = true
      local theirs = redis.call('HGET', key('text', other), 'signature')
      if theirs and #theirs == #signature then
        local equal = 0
        for at = 1, #signature, width do
          if string.sub(signature, at, at + width - 1) == string.sub(theirs, at, at + width - 1) then equal = equal + 1 end
        end
        if equal > best_equal then best, best_equal = other, equal end
      end
    end
  end
end
local story, first = id, ''
if best then
  local theirs = redis.call('HMGET', key('text', best), 'story', 'duplicate_of')
  story, first = theirs[1], theirs[2] ~= '' and theirs[2] or best
end
redis.call('HSET', key('text', id), 'signature', signature, 'story', story, 'duplicate_of', first)
redis.call('EXPIRE', key('text', id), window)
for i = 6, #ARGV do
  redis.call('ZADD', key('band', ARGV[i]), whole(now), id)
  redis.call('ZREMRANGEBYRANK', key('band', ARGV[i]), 0, -201)
  redis.call('EXPIRE', key('band', ARGV[i]), window)
end
return {story, first}
