-- COMMIT_FEED: the end of a poll, only after the source's offers: its validators and health, and when
-- it is polled next. Refused (0) with an old token. ARGV: job, token, host pause in ms, tally JSON or '',
-- state key, ms until the next poll (-1: the job is done, as a sub-sitemap is), seconds the state is kept
-- (0: for good), then field, value pairs.
local job, token = ARGV[1], ARGV[2]
if not is_ours(job, token) then return 0 end
local host = redis.call('HGET', key('job', job), 'h')
tally(job, ARGV[4])
local state = key('source', ARGV[5])
for i = 8, #ARGV, 2 do redis.call('HSET', state, ARGV[i], ARGV[i + 1]) end
if tonumber(ARGV[7]) > 0 then redis.call('EXPIRE', state, ARGV[7]) end
end_lease(job)
free_host(host, token, tonumber(ARGV[3]))
if tonumber(ARGV[6]) < 0 then
  forget_job(job)
else
  go_home(job)
  redis.call('HDEL', key('job', job), 'n', 'x', 'd', 'log')
  redis.call('ZADD', key('later'), whole(now + tonumber(ARGV[6])), job)
  redis.call('SREM', key('pass', 'open'), job)
end
return 1
