-- ADOPT: a line that a slot holds after a crash. ARGV: id, revision, slot.
-- Returns 'ours' (the line counts: settled now, if it was not), 'other' (another slot settled the
-- same record: cut the line) or 'wait' (another worker is at it and may have counted on our line).
local id, revision, slot = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local held = redis.call('HGET', key('held'), id)
local job, token = '', ''
if held then
  local by = cjson.decode(held)
  local kept, kept_slot = by.kept, by.kept_slot
  if by.state == 'stored' then kept, kept_slot = by.rev, by.slot end
  if kept and kept >= revision then
    if kept > revision or kept_slot == slot then return 'ours' end
    return 'other'
  end
  if by.state == 'reserved' and by.slot ~= slot and is_ours(by.job, by.token) then return 'wait' end
  if by.state == 'reserved' and by.rev > revision then
    -- an older revision than the one that is being written: that one stays reserved
    by.kept, by.kept_slot = revision, slot
    redis.call('HSET', key('held'), id, cjson.encode(by))
    return 'ours'
  end
  job, token = by.job, by.token
end
redis.call('HSET', key('held'), id, cjson.encode({rev = revision, state = 'stored', job = job, slot = slot, token = token}))
return 'ours'
