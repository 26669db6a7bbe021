-- SCHEDULE: a job for later, unless it is there already in the same or a later revision (see prelude).
-- ARGV: job, revision, kind, host, origin, payload, priority, ms from now. Returns 1 when it was put.
return schedule(ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], tonumber(ARGV[8]))
