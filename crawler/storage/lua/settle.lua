-- SETTLE: what became of a leased job. Refused (0) with a token that is not the current one.
-- ARGV: job, token, verdict, pause of the host in ms, tally JSON or '', then by verdict:
--   ack     stored id or '', revision, slot, count of values of the next job (0, or 8: what SCHEDULE
--           takes), these values, then bucket, fingerprint pairs to remember as seen
--   retry   ms from now, what failed ('failure' | 'death' | 'none'), reason
--   bury    reason
--   move    payload, host, origin              (a redirect: the same job at another address)
--   back    (given back as it was: nothing is counted)
local job, token, verdict = ARGV[1], ARGV[2], ARGV[3]
local stored = verdict == 'ack' and ARGV[6] ~= '' and ARGV[6]
local by = stored and redis.call('HGET', key('held'), stored)
by = by and cjson.decode(by)
if not is_ours(job, token) then
  -- asked again after the answer was lost on the way: what was acknowledged stays acknowledged
  local again = by and by.state == 'stored' and by.token == token and by.rev == tonumber(ARGV[7]) and by.slot == ARGV[8]
  return again and 1 or 0
end
local fields = redis.call('HMGET', key('job', job), 'h', 'r')
local host, priority = fields[1], fields[2]
end_lease(job)
free_host(host, token, tonumber(ARGV[4]))
if stored and by and by.state == 'forgotten' then
  -- a person had it forgotten meanwhile: its line is cut
  forget_job(job)
  return 0
end
tally(job, ARGV[5])
if verdict == 'ack' then
  if stored then
    redis.call('HSET', key('held'), stored, cjson.encode({rev = tonumber(ARGV[7]), state = 'stored', job = job, slot = ARGV[8], token = token}))
  end
  local width = tonumber(ARGV[9])
  local generation = redis.call('GET', key('generation')) or '0'
  for i = 10 + width, #ARGV, 2 do redis.call('SADD', key('seen', generation, ARGV[i]), ARGV[i + 1]) end
  forget_job(job)
  if width > 0 then
    schedule(ARGV[10], tonumber(ARGV[11]), ARGV[12], ARGV[13], ARGV[14], ARGV[15], ARGV[16], tonumber(ARGV[17]))
  end
elseif verdict == 'retry' then
  if ARGV[7] == 'failure' then redis.call('HINCRBY', key('job', job), 'n', 1) end
  if ARGV[7] == 'death' then redis.call('HINCRBY', key('job', job), 'd', 1) end
  remember(job, ARGV[8])
  go_home(job)
  redis.call('ZADD', key('later'), whole(now + tonumber(ARGV[6])), job)
elseif verdict == 'bury' then
  remember(job, ARGV[6])
  bury(job, ARGV[6])
elseif verdict == 'move' then
  local here = redis.call('HMGET', key('job', job), 'p', 'o')
  redis.call('HSETNX', key('job', job), 'home_p', here[1])
  redis.call('HSETNX', key('job', job), 'home_h', host)
  redis.call('HSETNX', key('job', job), 'home_o', here[2])
  redis.call('HSET', key('job', job), 'p', ARGV[6], 'h', ARGV[7], 'o', ARGV[8])
  enqueue(job, ARGV[7], priority)
else
  enqueue(job, host, priority)
end
return 1
