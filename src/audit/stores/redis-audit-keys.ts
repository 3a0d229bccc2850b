// How the keys of the audit log begin in every script of it: a preamble in Lua.

export const preamble = `
local base = KEYS[1]
local meta = base .. ':meta'
local ledger = base .. ':ledger'
local function bucket(place) return base .. ':e:' .. math.floor(place / 256) end
local function number(field) return tonumber(redis.call('HGET', meta, field) or '0') end
`;
