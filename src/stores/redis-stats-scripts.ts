// The Lua scripts of figures in Redis 5 and later: each is one atomic step. All keys begin with KEYS[1], which carries the hash
// tag. A census stands in `<n>:…`, n its fence at the beginning: `c:<scope>` its counts, `l:<scope>:<name>` a list of ids, `k` the
// names of both. `meta` says which is the latest, and which is under way.

const preamble = `
local base = KEYS[1]
local meta = base .. ':meta'
local lease = base .. ':lease'
local function get(field) return redis.call('HGET', meta, field) end
local function gone(run)
  local names = run .. ':k'
  local keys = redis.call('SMEMBERS', names)
  for i = 1, #keys, 500 do redis.call('UNLINK', unpack(keys, i, math.min(i + 499, #keys))) end
  redis.call('UNLINK', names)
end
`;

/** ARGV: started, by, resume after, ttl in ms. */
export const beginScript = `${preamble}
if redis.call('EXISTS', lease) == 1 then return {} end
local fence = redis.call('HINCRBY', meta, 'fence', 1)
local run, started = get('run'), get('started')
if not run or tonumber(started) < tonumber(ARGV[3]) then
  if run then gone(base .. ':' .. run) end
  run, started = string.format('%.0f', fence), ARGV[1]
  redis.call('HSET', meta, 'run', run)
  redis.call('HSET', meta, 'started', started)
  redis.call('HSET', meta, 'by', ARGV[2])
  redis.call('HSET', meta, 'step', 0)
  redis.call('HSET', meta, 'cursor', '')
  redis.call('HSET', meta, 'about', 0)
end
redis.call('HSET', meta, 'ttl', ARGV[4])
redis.call('SET', lease, fence, 'PX', ARGV[4])
return {fence, started, get('step'), get('cursor')}`;

/** ARGV: fence, step, cursor, about, number of counts; of each scope, name and number; then of each list scope, name and ids, a line each. */
export const addScript = `${preamble}
if get('fence') ~= ARGV[1] or not get('run') then return 0 end
local step, kept = tonumber(ARGV[2]), tonumber(get('step'))
if step > kept + 1 then return 0 end
redis.call('SET', lease, ARGV[1], 'PX', get('ttl'))
if step <= kept then return 1 end
redis.call('HSET', meta, 'step', step)
redis.call('HSET', meta, 'cursor', ARGV[3])
redis.call('HSET', meta, 'about', ARGV[4])
local run = base .. ':' .. get('run')
local at = 6
for i = 1, tonumber(ARGV[5]) do
  local key = run .. ':c:' .. ARGV[at]
  redis.call('HINCRBY', key, ARGV[at + 1], ARGV[at + 2])
  redis.call('SADD', run .. ':k', key)
  at = at + 3
end
for at = at, #ARGV, 3 do
  local key, ids, n = run .. ':l:' .. ARGV[at] .. ':' .. ARGV[at + 1], {}, 0
  redis.call('SADD', run .. ':k', key)
  for id in string.gmatch(ARGV[at + 2], '[^\\n]+') do
    n = n + 1
    ids[n] = id
  end
  for i = 1, n, 500 do redis.call('RPUSH', key, unpack(ids, i, math.min(i + 499, n))) end
end
return 1`;

/** ARGV: fence, ended, day. Answers the days that are kept; sent again after a lost connection it finds itself done. */
export const finishScript = `${preamble}
local run = get('run')
if get('fence') ~= ARGV[1] then return {0} end
if get('ended') == ARGV[1] then return {1, redis.call('HKEYS', base .. ':days')} end
if not run then return {0} end
local before = get('latest')
redis.call('HSET', meta, 'latest', run)
redis.call('HSET', meta, 'latestStarted', get('started'))
redis.call('HSET', meta, 'latestEnded', ARGV[2])
redis.call('HSET', meta, 'latestBy', get('by'))
redis.call('HSET', meta, 'ended', ARGV[1])
redis.call('HDEL', meta, 'run')
redis.call('DEL', lease)
if before then gone(base .. ':' .. before) end
redis.call('HSET', base .. ':days', ARGV[3], cjson.encode(redis.call('HGETALL', base .. ':' .. run .. ':c:')))
return {1, redis.call('HKEYS', base .. ':days')}`;

/** ARGV: days. */
export const dropDaysScript = `${preamble}
for i = 1, #ARGV do redis.call('HDEL', base .. ':days', ARGV[i]) end
return 1`;

/** ARGV: fence. */
export const releaseScript = `${preamble}
if get('fence') == ARGV[1] then redis.call('DEL', lease) end
return 1`;

export const runningScript = `${preamble}
local run = get('run')
if not run then return {} end
local people = redis.call('LLEN', base .. ':' .. run .. ':l::all')
return {get('started'), get('by'), people, get('about'), redis.call('EXISTS', lease)}`;

/** ARGV: scope. */
export const latestScript = `${preamble}
local run = get('latest')
if not run then return {} end
return {get('latestStarted'), get('latestEnded'), get('latestBy'), redis.call('HGETALL', base .. ':' .. run .. ':c:' .. ARGV[1])}`;

/** ARGV: scope, name, whether of the running one, after, limit. */
export const listScript = `${preamble}
local run = get(ARGV[3] == '1' and 'run' or 'latest')
if not run then return {} end
return redis.call('LRANGE', base .. ':' .. run .. ':l:' .. ARGV[1] .. ':' .. ARGV[2], ARGV[4], ARGV[4] + ARGV[5] - 1)`;

export const daysScript = `${preamble}
return redis.call('HKEYS', base .. ':days')`;

/** ARGV: day. */
export const countsScript = `${preamble}
return redis.call('HGET', base .. ':days', ARGV[1])`;
