-- REMEMBER_LINES: the lines of a page, as fingerprints, among the last pages of its outlet.
-- ARGV: outlet, JSON of the page, pages kept, seconds they are kept.
local lines = key('lines', ARGV[1])
redis.call('LPUSH', lines, ARGV[2])
redis.call('LTRIM', lines, 0, tonumber(ARGV[3]) - 1)
redis.call('EXPIRE', lines, ARGV[4])
return 1
