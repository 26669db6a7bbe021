-- TAKE_UP: jobs that wait already, as a source of a pass lists them: the pass does them too. ARGV: parent,
-- then jobs. Returns how many joined.
if redis.call('SISMEMBER', key('pass', 'open'), ARGV[1]) == 0 then return 0 end
local joined = 0
for i = 2, #ARGV do
  if redis.call('EXISTS', key('job', ARGV[i])) == 1 then joined = joined + open_up(ARGV[i]) end
end
return joined
