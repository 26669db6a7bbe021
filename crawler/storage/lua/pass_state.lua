-- PASS_STATE: the heartbeat of a pass and whether it has come to its end: nothing of it is claimed,
-- waiting at a host that may be visited within the horizon, or due within it; or there is no network.
-- ARGV: pass id, ms it lives without a heartbeat, horizon in ms, ms at which this process began.
-- Returns {1 when it is over, open jobs}.
-- The job that kept it busy last time is looked at first; else a bounded number of jobs, going on
-- from where the last call stopped, as a host may rest with fifty thousand of them.
local LOOKED_AT_MOST = 2000
if redis.call('HGET', key('pass'), 'id') ~= ARGV[1] or redis.call('HEXISTS', key('pass'), 'ended_ms') == 1 then
  return {1, redis.call('SCARD', key('pass', 'open'))}
end
redis.call('SET', key('pass', 'alive'), ARGV[1], 'PX', ARGV[2])
local until_ms, cut_off = now + tonumber(ARGV[3]), is_cut_off(tonumber(ARGV[4]))

local stands = redis.call('HMGET', key('pass'), 'busy', 'cursor')
local busy = stands[1] and redis.call('SISMEMBER', key('pass', 'open'), stands[1]) == 1 and keeps_busy(stands[1], until_ms, cut_off)
local cursor, looked = stands[2] or '0', 0
if not busy then
  repeat
    local page = redis.call('SSCAN', key('pass', 'open'), cursor, 'COUNT', 200)
    cursor = page[1]
    for _, job in ipairs(page[2]) do
      looked, busy = looked + 1, keeps_busy(job, until_ms, cut_off)
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
