-- EXTEND: the heartbeat. ARGV: lease in ms, then job, token pairs. Returns the jobs that are not ours any more.
local lost = {}
for i = 2, #ARGV, 2 do
  if is_ours(ARGV[i], ARGV[i + 1]) then
    redis.call('ZADD', key('leases'), 'XX', whole(now + tonumber(ARGV[1])), ARGV[i])
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
