-- PASS_STATE: the heartbeat of a pass and whether it has come to its end: nothing of it is claimed,
-- waiting at a host that may be visited within the horizon, or due within it.
-- ARGV: pass id, ms it lives without a heartbeat, horizon in ms.
-- Returns {1 when it is over, open jobs}.
if redis.call('HGET', key('pass'), 'id') ~= ARGV[1] or redis.call('HEXISTS', key('pass'), 'ended_ms') == 1 then
  return {1, redis.call('SCARD', key('pass', 'open'))}
end
redis.call('SET', key('pass', 'alive'), ARGV[1], 'PX', ARGV[2])
local horizon, busy, cursor = now + tonumber(ARGV[3]), false, '0'
repeat
  local page = redis.call('SSCAN', key('pass', 'open'), cursor, 'COUNT', 200)
  cursor = page[1]
  for _, job in ipairs(page[2]) do
    local due = redis.call('ZSCORE', key('later'), job)
    if due then
      busy = tonumber(due) <= horizon
    elseif redis.call('ZSCORE', key('leases'), job) then
      busy = true
    else
      local host = redis.call('HGET', key('job', job), 'h')
      if host then
        local free = redis.call('ZSCORE', key('hosts'), host)
        busy = not free or tonumber(free) <= horizon
      else
        redis.call('SREM', key('pass', 'open'), job)
      end
    end
    if busy then break end
  end
until busy or cursor == '0'
if not busy then
  redis.call('HSET', key('pass'), 'ended_ms', whole(now))
  redis.call('DEL', key('pass', 'alive'))
end
return {busy and 0 or 1, redis.call('SCARD', key('pass', 'open'))}
