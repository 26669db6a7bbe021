-- JOIN_PASS: join the pass that lives, or begin one (which takes over what an earlier one left open).
-- ARGV: id of a new pass, ms it lives without a heartbeat. Returns {pass id, 1 when it is new}.
local id = redis.call('HGET', key('pass'), 'id')
if id and redis.call('EXISTS', key('pass', 'alive')) == 1 then
  redis.call('PEXPIRE', key('pass', 'alive'), ARGV[2])
  return {id, 0}
end
redis.call('DEL', key('pass'), key('pass', 'sources'), key('pass', 'tally'))
redis.call('HSET', key('pass'), 'id', ARGV[1], 'started_ms', whole(now))
redis.call('SET', key('pass', 'alive'), ARGV[1], 'PX', ARGV[2])
return {ARGV[1], 1}
