-- PASS_STATE: the heartbeat of a pass and whether it has come to its end: nothing of it is claimed,
-- waiting at a host that may be visited within the horizon, or due within it.
-- ARGV: pass id, ms it lives without a heartbeat, horizon in ms.
-- Returns {1 when it is over, open jobs}.
-- The job that kept it busy last time is looked at first; else a bounded number of jobs, going on
-- from where the last call stopped, as a host may rest with fifty thousand of them.
local LOOKED_AT_MOST = 2000
if redis.call('HGET', key('pass'), 'id') ~= ARGV[1] or redis.call('HEXISTS', key('pass'), 'ended_ms') == 1 then
  return {1, redis.call('SCARD', key('pass', 'open'))}
end
redis.call('SET', key('pass', 'alive'), ARGV[1], 'PX', ARGV[2])
local horizon = now + tonumber(ARGV[3])

local function keeps_busy(job)
  local due = redis.call('ZSCORE', key('later'), job)
  if due then return tonumber(due) <= horizon end
  if redis.call('ZSCORE', key('leases'), job) then return true end
  local host = redis.call('HGET', key('job', job), 'h')
  if not host then
    redis.call('SREM', key('pass', 'open'), job)
    return false
  end
  local free = redis.call('ZSCORE', key('hosts'), host)
  return not free or tonumber(free) <= horizon
end

local stands = redis.call('HMGET', key('pass'), 'busy', 'cursor')
local busy = stands[1] and redis.call('SISMEMBER', key('pass', 'open'), stands[1]) == 1 and keeps_busy(stands[1])
local cursor, looked = stands[2] or '0', 0
if not busy then
  repeat
    local page = redis.call('SSCAN', key('pass', 'open'), cursor, 'COUNT', 200)
    cursor = page[1]
    for _, job in ipairs(page[2]) do
      looked, busy = looked + 1, keeps_busy(job)
      if busy then
        redis.call('HSET', key('pass'), 'busy', job)
        break
      end
    end
  until busy or cursor == '0' or looked >= LOOKED_AT_MOST
  redis.call('HSET', key('pass'), 'cursor', busy and '0' or cursor)
end
local over = not busy and cursor == '0'
if over then
  redis.call('HSET', key('pass'), 'ended_ms', whole(now))
  redis.call('DEL', key('pass', 'alive'))
end
return {over and 1 or 0, redis.call('SCARD', key('pass', 'open'))}
