-- POLL_NOW: sources that somebody wants polled now, due or not, beside whatever pass there is. ARGV: jobs.
for _, job in ipairs(ARGV) do
  local host = redis.call('HGET', key('job', job), 'h')
  if host then poll_now(job, host) end
end
return 1
