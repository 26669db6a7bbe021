-- ROTATE: the seen URLs live in two generations; the next begins when the current one is old enough.
-- ARGV: seconds a generation lasts. Returns the number of the generation to be deleted, or -1.
local began = redis.call('GET', key('generation_began'))
if not began then
  redis.call('SET', key('generation_began'), whole(now))
  return -1
end
if now - tonumber(began) < tonumber(ARGV[1]) * 1000 then return -1 end
redis.call('SET', key('generation_began'), whole(now))
return redis.call('INCR', key('generation')) - 2
