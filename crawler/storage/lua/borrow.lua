-- BORROW: a lease for who writes a record without fetching anything. It visits no host, and when it runs
-- out the job is forgotten. ARGV: job, payload, lease in ms. Returns the token, '' when another has it.
local job = ARGV[1]
if redis.call('EXISTS', key('job', job)) == 1 then return '' end
local token = new_token()
redis.call('HSET', key('job', job), 'h', '', 'o', '', 'k', 'reading', 'r', 0, 'p', ARGV[2], 't', token)
redis.call('INCR', key('jobs'))
redis.call('ZADD', key('leases'), whole(now + tonumber(ARGV[3])), job)
return token
