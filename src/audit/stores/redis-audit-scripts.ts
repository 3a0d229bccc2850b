// The Lua scripts of the audit log in Redis 5 and later: each is one atomic step. All keys begin with KEYS[1], which
// carries the hash tag, so that they stand on one node of a cluster. Entries stand in hashes of 256 places each: a step of
// trimming deletes one key. A value is `subject key, tab, flow key, tab, JSON`.
import { preamble } from './redis-audit-keys.js';

/**
 * ARGV: writer, head before (seq, hash), hash after, now, closes, key id, line expected, line hash, line text, number of
 * entries, of days, oldest and newest time, which entries are watched; then entries as they are kept; days as day, counts (a list of name and number),
 * people (a list); then ids that two may append.
 */
export const appendScript = `${preamble}
local writer, afterSeq, afterHash, endHash, now = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
local n, days = tonumber(ARGV[11]), tonumber(ARGV[12])
local at = 16
local watched = {}
for _, i in ipairs(cjson.decode(ARGV[15])) do watched[i] = true end
local endSeq = afterSeq + n
local head = redis.call('HGET', base .. ':heads', writer)
local seq, hash, closed = 0, '', '0'
if head then
  local s, h, c = string.match(head, '^(%d+) (%S*) %d+ (%d)$')
  if not s then return {'unreadable'} end
  seq, hash, closed = tonumber(s), h, c
  if hash == '-' then hash = '' end
end
local lineHash = redis.call('HGET', meta, 'line') or ''
local stored = false
if n > 0 then stored = seq > endSeq or (seq == endSeq and hash == endHash)
else stored = ARGV[9] ~= '' and lineHash == ARGV[9] end
if stored then return {'stored', number('bytes'), number('last')} end
if closed == '1' then return {'sealed'} end
if seq ~= afterSeq or hash ~= afterHash then return {'gap', seq, hash} end
if ARGV[9] ~= '' and lineHash ~= ARGV[8] then return {'ledger'} end
local known = {'known'}
for i = at + n + days * 3, #ARGV do
  if redis.call('EXISTS', base .. ':once:' .. ARGV[i]) == 1 then known[#known + 1] = ARGV[i] end
end
if #known > 1 then return known end
for i = at + n + days * 3, #ARGV do redis.call('SET', base .. ':once:' .. ARGV[i], 1, 'EX', 3600) end
local last, bytes = number('last'), number('bytes')
local spans = {}
for i = 0, n - 1 do
  local value = ARGV[at + i]
  local s, f = string.match(value, '^([^\\t]*)\\t([^\\t]*)\\t')
  last = last + 1
  redis.call('HSET', bucket(last), last, value)
  bytes = bytes + string.len(value)
  if s ~= '' then redis.call('RPUSH', base .. ':s:' .. s, last) end
  if f ~= '' then redis.call('RPUSH', base .. ':f:' .. f, last) end
  if watched[i] then
    redis.call('RPUSH', base .. ':w', last)
    redis.call('LTRIM', base .. ':w', -200, -1)
  end
  spans[math.floor(last / 256)] = true
end
for b in pairs(spans) do
  local span = redis.call('HGET', base .. ':spans', b)
  local from, to = tonumber(ARGV[13]), tonumber(ARGV[14])
  if span then
    local f, t = string.match(span, '^(%d+) (%d+)$')
    from, to = math.min(from, tonumber(f)), math.max(to, tonumber(t))
  end
  redis.call('HSET', base .. ':spans', b, string.format('%.0f %.0f', from, to))
end
if n > 0 then
  redis.call('HSET', meta, 'last', last)
  redis.call('HSET', meta, 'bytes', bytes)
  redis.call('HSET', base .. ':keys', ARGV[7], last)
end
if ARGV[9] ~= '' then
  redis.call('RPUSH', ledger, ARGV[10])
  redis.call('HSET', meta, 'line', ARGV[9])
end
local shown = endHash
if shown == '' then shown = '-' end
redis.call('HSET', base .. ':heads', writer, string.format('%.0f', endSeq) .. ' ' .. shown .. ' ' .. now .. ' ' .. ARGV[6])
local d = at + n
for i = 1, days do
  local day = ARGV[d]
  local counts, people = cjson.decode(ARGV[d + 1]), cjson.decode(ARGV[d + 2])
  d = d + 3
  redis.call('SADD', base .. ':days', day)
  for j = 1, #counts, 2 do redis.call('HINCRBY', base .. ':d:' .. day, counts[j], counts[j + 1]) end
  for j = 1, #people do redis.call('PFADD', base .. ':p:' .. day, people[j]) end
end
return {'stored', bytes, last}`;

/**
 * ARGV: index (`s:<key>`, `f:<key>`, `w` or nothing), direction (1 up, -1 down), place, limit, oldest and newest time wanted.
 * Answers the last place looked at, then place and JSON of each.
 */
export const pageScript = `${preamble}
local index, step, place, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local first, last = number('first'), number('last')
if first == 0 then first = 1 end
local found = {}
local function read(at)
  local value = redis.call('HGET', bucket(at), at)
  if not value then return end
  local json = string.match(value, '^[^\\t]*\\t[^\\t]*\\t(.*)$')
  found[#found + 1] = at
  found[#found + 1] = json or value
end
if index ~= '' then
  local key = base .. ':' .. index
  local count = redis.call('LLEN', key)
  local low, high = 0, count
  while low < high do
    local middle = math.floor((low + high) / 2)
    local at = tonumber(redis.call('LINDEX', key, middle))
    if at < place or (step == 1 and at == place) then low = middle + 1 else high = middle end
  end
  local i = low
  if step == -1 then i = low - 1 end
  local to = i + step * (limit - 1)
  if i < 0 or i >= count then return {step == 1 and last or first, found} end
  local places = redis.call('LRANGE', key, math.max(0, math.min(i, to)), math.max(i, to))
  local a, b = 1, #places
  if step == -1 then a, b = b, 1 end
  for j = a, b, step do
    place = tonumber(places[j])
    if place >= first then read(place) end
  end
  if #places < limit then place = step == 1 and last or first end
  return {place, found}
end
if step == -1 then place = math.min(place, last + 1) else place = math.max(place, first - 1) end
local fromMs, toMs = tonumber(ARGV[5]), tonumber(ARGV[6])
local looked = {}
while #found < limit * 2 do
  local nextPlace = place + step
  if nextPlace < first or nextPlace > last then break end
  local b = math.floor(nextPlace / 256)
  if looked[b] == nil then
    looked[b] = true
    local span = fromMs and redis.call('HGET', base .. ':spans', b)
    if span then
      local f, t = string.match(span, '^(%d+) (%d+)$')
      looked[b] = tonumber(t) >= fromMs and tonumber(f) <= toMs
    end
  end
  if looked[b] then
    place = nextPlace
    read(place)
  elseif step == 1 then place = math.min(last, b * 256 + 255)
  else place = math.max(first, b * 256) end
end
return {place, found}`;

/** ARGV: place, expected JSON, new JSON. */
export const rewriteScript = `${preamble}
local value = redis.call('HGET', bucket(ARGV[1]), ARGV[1])
if not value then return 0 end
local keys, json = string.match(value, '^([^\\t]*\\t[^\\t]*\\t)(.*)$')
if json ~= ARGV[2] then return 0 end
redis.call('HSET', bucket(ARGV[1]), ARGV[1], keys .. ARGV[3])
redis.call('HINCRBY', meta, 'bytes', string.len(ARGV[3]) - string.len(ARGV[2]))
return 1`;

/** ARGV: oldest time that must stay, or nothing. Answers the first bucket's places where all of it may go. */
export const oldestScript = `${preamble}
local first, last = math.max(1, number('first')), number('last')
if last < first then return {} end
local b = math.floor(first / 256)
local to = math.min(last, b * 256 + 255)
if ARGV[1] ~= '' then
  local span = redis.call('HGET', base .. ':spans', b)
  local newest = span and string.match(span, ' (%d+)$')
  if newest and tonumber(newest) >= tonumber(ARGV[1]) then return {} end
end
return {first, to}`;

/** ARGV: first, last, line expected, line hash, line text, oldest day that stays, writers to forget. */
export const dropScript = `${preamble}
local first, to = tonumber(ARGV[1]), tonumber(ARGV[2])
if math.max(1, number('first')) ~= first then return 'gone' end
if (redis.call('HGET', meta, 'line') or '') ~= ARGV[3] then return 'ledger' end
local freed = 0
for place = first, to do
  local value = redis.call('HGET', bucket(place), place)
  if value then
    freed = freed + string.len(value)
    local s, f = string.match(value, '^([^\\t]*)\\t([^\\t]*)\\t')
    for kind, name in pairs({s = s, f = f}) do
      local key = base .. ':' .. kind .. ':' .. name
      while name ~= '' do
        local oldest = redis.call('LINDEX', key, 0)
        if not oldest or tonumber(oldest) > to then break end
        redis.call('LPOP', key)
      end
    end
    redis.call('HDEL', bucket(place), place)
  end
end
if to % 256 == 255 then redis.call('HDEL', base .. ':spans', math.floor(to / 256)) end
redis.call('HSET', meta, 'first', to + 1)
redis.call('HINCRBY', meta, 'bytes', -freed)
redis.call('RPUSH', ledger, ARGV[5])
redis.call('HSET', meta, 'line', ARGV[4])
for i = 7, #ARGV do redis.call('HDEL', base .. ':heads', ARGV[i]) end
local keys = redis.call('HGETALL', base .. ':keys')
for i = 1, #keys, 2 do if tonumber(keys[i + 1]) <= to then redis.call('HDEL', base .. ':keys', keys[i]) end end
for _, day in ipairs(redis.call('SMEMBERS', base .. ':days')) do
  if day < ARGV[6] then
    redis.call('DEL', base .. ':d:' .. day, base .. ':p:' .. day)
    redis.call('SREM', base .. ':days', day)
  end
end
return 'dropped'`;
