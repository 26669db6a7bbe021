-- OLDEST: for how long (ms) the job whose turn came first has been waiting for a worker; 0 when none is.
-- The pause of a host and its rest do not count: a host has its turn when they are over.
local oldest = now
for _, name in ipairs({'later', 'leases'}) do
  local head = redis.call('ZRANGE', key(name), 0, 0, 'WITHSCORES')
  if head[2] then oldest = math.min(oldest, tonumber(head[2])) end
end
local hosts = redis.call('ZRANGEBYSCORE', key('hosts'), '-inf', whole(oldest), 'WITHSCORES')
for i = 1, #hosts, 2 do
  if has_waiting(hosts[i]) then
    oldest = math.min(oldest, tonumber(hosts[i + 1]))
    break
  end
end
return math.floor(now - oldest)
