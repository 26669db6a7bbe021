-- ADOPT: lines that a slot holds after a crash. ARGV: slot, then id, revision pairs. Returns for each
-- 'counted' (it was settled already), 'ours' (it counts from now on), 'other' (another slot settled
-- the same record, or it is to be forgotten: cut the line) or 'wait' (another worker is at it and may
-- have counted on our line).
local slot = ARGV[1]

local function adopt(id, revision)
  local held = redis.call('HGET', key('held'), id)
  local job, token = '', ''
  if held then
    local by = cjson.decode(held)
    if by.state == 'forgotten' then return 'other' end
    local kept, kept_slot = by.kept, by.kept_slot
    if by.state == 'stored' then kept, kept_slot = by.rev, by.slot end
    if kept and kept >= revision then
      if kept > revision or kept_slot == slot then return 'counted' end
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
end

local verdicts = {}
for i = 2, #ARGV, 2 do verdicts[#verdicts + 1] = adopt(ARGV[i], tonumber(ARGV[i + 1])) end
return verdicts
