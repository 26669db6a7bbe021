-- FORGET: a record that a person had removed: it is not stored again, and nothing of its text stays.
-- ARGV: id, then jobs that may carry words of it. One in hand is refused when it is settled.
redis.call('HSET', key('held'), ARGV[1], cjson.encode({rev = 0, state = 'forgotten'}))
redis.call('DEL', key('text', ARGV[1]))
for i = 2, #ARGV do
  local job = ARGV[i]
  redis.call('HDEL', key('dead'), job)
  local fields = redis.call('HMGET', key('job', job), 'h', 'r', 't')
  if fields[1] and not fields[3] then
    if redis.call('ZREM', key('later'), job) == 0 then dequeue(job, fields[1], fields[2]) end
    forget_job(job)
  end
end
return 1
