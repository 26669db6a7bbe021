-- RELEASE_HOST: its response has ended; parsing does not hold the host. ARGV: host, token, pause in ms,
-- why it rests ('' when it does not). Returns 1 when the visit was ours.
local ours = free_host(ARGV[1], ARGV[2], tonumber(ARGV[3]))
if ours == 1 then
  if ARGV[4] == '' then redis.call('HDEL', key('rests'), ARGV[1])
  else rest(ARGV[1], ARGV[4]) end
end
return ours
