-- STILL_OPEN: how far the jobs are that somebody waits for. ARGV: horizon in ms, ms at which it began, then
-- jobs. Returns {how many are claimed or can be within the horizon, those that are not done}.
local until_ms, cut_off = now + tonumber(ARGV[1]), is_cut_off(tonumber(ARGV[2]))
local busy, left = 0, {}
for i = 3, #ARGV do
  if redis.call('SISMEMBER', key('pass', 'open'), ARGV[i]) == 1 then
    if keeps_busy(ARGV[i], until_ms, cut_off) then busy = busy + 1 end
    left[#left + 1] = ARGV[i]
  end
end
return {busy, left}
