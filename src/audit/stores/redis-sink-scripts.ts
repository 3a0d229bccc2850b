// The Lua scripts of the audit log that remember how far each sink came, and those that only read. One atomic step each.
import { preamble } from './redis-audit-keys.js';

/** ARGV: sink, holder, milliseconds. Answers fence, place, line. */
export const leaseScript = `${preamble}
local key, sinks = base .. ':lease:' .. ARGV[1], base .. ':sinks'
local held = redis.call('GET', key)
if held and held ~= ARGV[2] then return {} end
redis.call('SET', key, ARGV[2], 'PX', ARGV[3])
local fence = tonumber(redis.call('HGET', sinks, ARGV[1] .. '\\tfence') or '0')
if not held then fence = redis.call('HINCRBY', sinks, ARGV[1] .. '\\tfence', 1) end
local at = redis.call('HGET', sinks, ARGV[1])
if not at then
  at = '0 0'
  redis.call('HSET', sinks, ARGV[1], at)
end
local place, line = string.match(at, '^(%d+) (%d+)$')
return {fence, tonumber(place), tonumber(line)}`;

/** ARGV: sink, fence, from, to; each of the last two as `place line`. */
export const advanceScript = `${preamble}
local sinks = base .. ':sinks'
if redis.call('HGET', sinks, ARGV[1] .. '\\tfence') ~= ARGV[2] then return 0 end
if redis.call('HGET', sinks, ARGV[1]) ~= ARGV[3] then return 0 end
redis.call('HSET', sinks, ARGV[1], ARGV[4])
return 1`;

/** ARGV: sink, holder. */
export const releaseScript = `${preamble}
if redis.call('GET', base .. ':lease:' .. ARGV[1]) == ARGV[2] then redis.call('DEL', base .. ':lease:' .. ARGV[1]) end
return 1`;

/** ARGV: what is read; then what it needs. */
export const readScript = `${preamble}
local what = ARGV[1]
if what == 'heads' then return redis.call('HGETALL', base .. ':heads') end
if what == 'lines' then return redis.call('LRANGE', ledger, ARGV[2], ARGV[3]) end
if what == 'sinks' then return redis.call('HGETALL', base .. ':sinks') end
if what == 'letters' then
  return {redis.call('LLEN', base .. ':dead:' .. ARGV[2]), redis.call('LRANGE', base .. ':dead:' .. ARGV[2], ARGV[3], -1)}
end
if what == 'days' then
  local found = {}
  for _, day in ipairs(redis.call('SMEMBERS', base .. ':days')) do
    if day >= ARGV[2] and day <= ARGV[3] then
      found[#found + 1] = {day, redis.call('HGETALL', base .. ':d:' .. day), redis.call('PFCOUNT', base .. ':p:' .. day)}
    end
  end
  return found
end
return {number('first'), number('last'), number('bytes'), redis.call('LLEN', ledger), redis.call('HKEYS', base .. ':keys')}`;

/** ARGV: sink, letters. Ten thousand are kept, the newest. */
export const putAsideScript = `${preamble}
local key = base .. ':dead:' .. ARGV[1]
for i = 2, #ARGV do redis.call('RPUSH', key, ARGV[i]) end
redis.call('LTRIM', key, -10000, -1)
return 1`;

/** ARGV: sink. */
export const dropLettersScript = `${preamble}
local key = base .. ':dead:' .. ARGV[1]
local count = redis.call('LLEN', key)
redis.call('DEL', key)
return count`;
