-- RESERVE: one line per (id, revision). ARGV: id, revision, job, token, slot.
-- Returns {'lost', ''} | {'won', former slots, comma separated} | {'held', slot that has it} |
-- {'forgotten', ''}: a person had it removed.
-- 'won' with former slots: earlier owners of the same job may have written the line before they died.
local id, revision, job, token, slot = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
if not is_ours(job, token) then return {'lost', ''} end
local former, kept, kept_slot = '', nil, nil
local held = redis.call('HGET', key('held'), id)
if held then
  local by = cjson.decode(held)
  if by.state == 'forgotten' then return {'forgotten', ''} end
  if by.state == 'stored' then
    kept, kept_slot = by.rev, by.slot
  else
    kept, kept_slot = by.kept, by.kept_slot
  end
  if kept and kept >= revision then return {'held', kept_slot} end
  if by.state == 'reserved' then
    if by.job ~= job and redis.call('EXISTS', key('job', by.job)) == 1 then return {'held', by.slot} end
    former = by.former or ''
    if not string.find(',' .. former .. ',', ',' .. by.slot .. ',', 1, true) then
      former = former == '' and by.slot or (former .. ',' .. by.slot)
    end
  end
end
redis.call('HSET', key('held'), id, cjson.encode({rev = revision, state = 'reserved', job = job, slot = slot, token = token,
  former = former, kept = kept, kept_slot = kept_slot}))
return {'won', former}
