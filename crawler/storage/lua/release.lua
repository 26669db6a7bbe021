-- RELEASE_HOST: its response has ended; parsing does not hold the host. ARGV: host, token, pause in ms,
-- mood (ok | throttled | heard: it answered, what that means is learned elsewhere | unreachable | none:
-- nothing is learned of it), ms that it asked for, why it rests ('' when it does not), ms that it was
-- waited for. Returns {1 when the visit was ours, whose fault it is that it could not be reached ('' when
-- it could), 1 when a time without network begins, how many hosts are tried again as it ended}.
local host, token, mood = ARGV[1], ARGV[2], ARGV[4]
if redis.call('HGET', key('visits'), host) ~= token then return {0, '', 0, 0} end
local slow, pause_ms = tonumber(redis.call('HGET', key('slow'), host)) or 0, tonumber(ARGV[3])
if mood == 'throttled' then
  redis.call('HSET', key('slow'), host, whole(math.min(60, (math.floor(slow / 10) + 1) * 10)))
elseif mood == 'ok' then
  if slow > 1 then redis.call('HSET', key('slow'), host, whole(slow - 1)) else redis.call('HDEL', key('slow'), host) end
  redis.call('HDEL', key('silence'), host)
end
local fault, begins, freed = '', false, 0
if mood == 'unreachable' then
  fault, begins = fault_of(host, tonumber(ARGV[7]), now + slowed(host, pause_ms))
  pause_ms = math.max(pause_ms, silence_ms(host, fault, 3600000))
elseif mood ~= 'none' then
  freed = somebody_answers()
end
free_host(host, token, pause_ms)
redis.call('ZADD', key('hosts'), 'GT', whole(now + tonumber(ARGV[5])), host)
if fault == 'host' or (mood == 'throttled' and ARGV[6] ~= '') then
  rest(host, ARGV[6])
elseif mood == 'ok' then
  redis.call('HDEL', key('rests'), host)
end
return {1, fault, begins and 1 or 0, freed}
