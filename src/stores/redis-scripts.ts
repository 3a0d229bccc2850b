// The Lua scripts of the Redis store: each is one atomic step over one key, for Redis 5 and later. They know how a
// record stands in its string and nothing of what is in it.

/**
 * A record is one string: revision, line feed, JSON. ARGV: `=` and the expected revision, or nothing where there must be
 * no key; the new revision; the whole new string. Answers 1 saved, 0 lost the race, -1 unreadable.
 * A string that already carries the new revision is our own command, sent again after a lost connection: it is written
 * again, so that a WAIT on the new connection has something to wait for. SET also clears a TTL that somebody set.
 */
export const saveScript = `
local stored = redis.call('GET', KEYS[1])
local found = ''
if stored then
  local cut = string.find(stored, '\\n', 1, true)
  if not cut then return -1 end
  found = '=' .. string.sub(stored, 1, cut - 1)
end
if found ~= ARGV[1] and found ~= '=' .. ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[3])
return 1`;

/** ARGV: the whole string of the tombstone. It fits over anything, an unreadable string as well. */
export const removeScript = `
redis.call('SET', KEYS[1], ARGV[1])
return 1`;

/** ARGV: who claims. Answers whose the key is now. */
export const claimScript = `
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])`;

/** What stands as the owner of a claim whose owner was removed: no user id, which stands in quotation marks. */
export const nobody = 'null';

/** ARGV: the owner that is to go. Answers 1 where the claim was theirs and names nobody now, else 0. */
export const releaseScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], '${nobody}')
return 1`;

/** ARGV: the value, TTL in milliseconds. Answers the value that is there now; SET with NX and GET asks for Redis 7. */
export const putIfAbsentScript = `
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
return redis.call('GET', KEYS[1])`;

/** Reads and deletes; GETDEL would ask for Redis 6.2. */
export const takeScript = `
local value = redis.call('GET', KEYS[1])
if value then redis.call('DEL', KEYS[1]) end
return value`;

/** ARGV: how much, TTL in milliseconds. Answers the count, and the milliseconds left. */
export const incrementScript = `
local left = redis.call('PTTL', KEYS[1])
if left == -2 and tonumber(ARGV[1]) <= 0 then return {0, 0} end
local count = redis.call('INCRBY', KEYS[1], ARGV[1])
if count < 0 then count = redis.call('INCRBY', KEYS[1], -count) end
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  left = tonumber(ARGV[2])
end
return {count, left}`;
