-- RELEASE_HOST: its response has ended; parsing does not hold the host. ARGV: host, token, pause in ms,
-- mood (ok | throttled | unreachable | none: nothing is learned of it), ms that it asked for, why it
-- rests ('' when it does not). Returns 1 when the visit was ours.
local host, token, mood = ARGV[1], ARGV[2], ARGV[4]
if redis.call('HGET', key('visits'), host) ~= token then return 0 end
local slow, pause_ms = tonumber(redis.call('HGET', key('slow'), host)) or 0, tonumber(ARGV[3])
if mood == 'throttled' then
  redis.call('HSET', key('slow'), host, whole(math.min(60, (math.floor(slow / 10) + 1) * 10)))
elseif mood == 'ok' and slow > 0 then
  if slow > 1 then redis.call('HSET', key('slow'), host, whole(slow - 1)) else redis.call('HDEL', key('slow'), host) end
end
if mood == 'unreachable' then
  -- five minutes (news-crawl takes a server for down for ten), doubling up to an hour
  local times = redis.call('HINCRBY', key('silence'), host, 1)
  pause_ms = math.max(pause_ms, math.min(3600000, 300000 * 2 ^ math.min(times - 1, 10)))
elseif mood ~= 'none' then
  redis.call('HDEL', key('silence'), host)
end
free_host(host, token, pause_ms)
redis.call('ZADD', key('hosts'), 'GT', whole(now + tonumber(ARGV[5])), host)
if ARGV[6] == '' then redis.call('HDEL', key('rests'), host) else rest(host, ARGV[6]) end
return 1
