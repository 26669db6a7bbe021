-- COMMIT_FEED: the end of a poll, only after the source's offers: its validators and health, and when
-- it is polled next. Refused (0) with an old token. ARGV: job, token, host pause in ms, tally JSON or '',
-- state key, ms until the next poll (-1: the job is done, as a sub-sitemap is), seconds the state is kept
-- (0: for good), payload, host and origin when its address changes for good ('' when it does not), the
-- address that was learned, where it is not the catalogue's (or ''), index of which it is a sub-sitemap
-- (or ''), how much it brought, how much of its own sub-sitemaps is in its state now, then field, value pairs.
local job, token = ARGV[1], ARGV[2]
if not is_ours(job, token) then return 0 end
local host = redis.call('HGET', key('job', job), 'h')
tally(job, ARGV[4])
local state = key('source', ARGV[5])
for i = 15, #ARGV, 2 do redis.call('HSET', state, ARGV[i], ARGV[i + 1]) end
if tonumber(ARGV[7]) > 0 then redis.call('EXPIRE', state, ARGV[7]) else redis.call('PERSIST', state) end
if ARGV[12] ~= '' and redis.call('EXISTS', key('source', ARGV[12])) == 1 then
  redis.call('HINCRBY', key('source', ARGV[12]), 'brought', ARGV[13])
end
if ARGV[14] ~= '0' then redis.call('HINCRBY', state, 'brought', -tonumber(ARGV[14])) end
end_lease(job)
free_host(host, token, tonumber(ARGV[3]))
if tonumber(ARGV[6]) < 0 then
  forget_job(job)
  redis.call('SREM', key('sources'), job)
else
  go_home(job)
  if ARGV[8] ~= '' then
    redis.call('HSET', key('job', job), 'p', ARGV[8], 'h', ARGV[9], 'o', ARGV[10])
    if ARGV[11] == '' then redis.call('HDEL', key('moved'), job) else redis.call('HSET', key('moved'), job, ARGV[11]) end
  end
  redis.call('HDEL', key('job', job), 'n', 'x', 'd', 'log')
  redis.call('HDEL', state, 'stuck')
  redis.call('ZADD', key('later'), whole(now + tonumber(ARGV[6])), job)
  redis.call('SREM', key('pass', 'open'), job)
end
return 1
