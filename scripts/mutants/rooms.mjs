// The rooms that security stands on, each with the tests that must notice a change in it: those of its mirror, and what else is
// about this room alone. Of the core each floor is one: its own tests first, then those of the floors that stand on it, for a word
// is spoken by a flow. Those that start servers or processes, wait for deadlines or walk at random are left out.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';

const waiting =
  /protected|cluster|replicas|sentinel|down|-late\.|deadline|processes|redis-rights|checks|lost-reply|full-redis|catching-up|redis-walk|redis-trips|record-size|missing-packages/;

/** Titles of tests that stand for no room: the same contract over another client, rivals in processes, whole apps that are counted. */
const another = [
  'ioredis 5',
  'node-redis 5',
  'other replies',
  'with RESP2',
  'splitStore of SQLite and Redis',
  '[(]redis[)]$',
  'audit log in redis',
  'a process that dies',
  'in four processes',
  'of three processes',
  'two processes',
  'sends a statement',
  'takes everybody in',
].join('|');
/** What waits for a lapse in real time: what stands there until when is looked at by tests of its own, and memory has a clock. */
const lapses =
  'after its time|replaces value and time|until that lapsed|lets a counter lapse|transients of the same user lapse';

/** Of the titles that are run; a text, as mocha takes one. */
export const standing = `/^(?!.*(?:${another}))(?!.*(?:redisStore|sqlStore).*(?:${lapses}))/`;

export const rooms = {
  'src/crypto': [...tests('crypto'), 'test/senders/http-senders.test.ts', 'test/audit/sinks/webhook-sink.test.ts'],
  'middleware/sign-in': [...tests('middleware/sign-in'), ...files('hosts', 'cookie-proofs', 'token-proofs')],
  'middleware/guard': [
    ...tests('middleware/guard'),
    ...files('security', 'named-later', 'token-requests', 'pending-and-nobody', 'no-sign-in-id', 'remembered'),
    ...files('security', 'guard-under-prefix'),
    ...files('hosts', 'htmx'),
  ],
  'src/risk': tests('risk'),
  // How many outcomes an answer leaves is a matter of flows and routers.
  'src/audit': [
    ...tests('audit').filter((file) => !/one-(?:outcome|entry)/.test(file)),
    ...files('stores', 'sqlite-beside'),
  ],
  'src/stores': tests('stores'),
  'src/core/words': core('words', 'kernel', 'rules', 'flows', 'operators'),
  'src/core/rules': [...core('rules', 'flows'), ...files('risk', 'risk-actions'), ...files('upstream', 'rule')],
  'src/core/kernel': core('kernel', 'rules', 'flows', 'operators'),
  'src/core/operators': [...core('operators'), 'test/admin-requests.test.ts'],
  'src/core/flows': core('flows', 'operators'),
};

/** Rooms so small that what runs as a file is loaded is changed as well: each such change takes a process and all tests. */
export const wholeRooms = ['src/crypto'];

function tests(folder) {
  return readdirSync(join(root, 'test', folder), { recursive: true })
    .filter((file) => file.endsWith('.test.ts') && !waiting.test(file))
    .map((file) => join('test', folder, file))
    .sort();
}

function core(...floors) {
  return floors.flatMap((floor) => tests(`core/${floor}`));
}

function files(folder, ...names) {
  return names.map((name) => join('test', folder, `${name}.test.ts`));
}

/** The room that a file or folder stands in. */
export function roomOf(place) {
  return Object.keys(rooms).find((room) => place === room || place.startsWith(`${room}/`));
}

/** What no test of a room can notice, for it needs a server that is started for it: test/servers/sql has those. */
export const elsewhere = ['src/stores/sql/postgres.ts', 'src/stores/sql/mariadb.ts'];

/** A room goes folder by folder: what was found by then is there where a long run is ended. Each as globs of files. */
export function partsOf(place) {
  if (place.endsWith('.ts')) return [{ name: place, files: [place] }];
  const inside = readdirSync(join(root, place), { withFileTypes: true });
  const folders = inside.filter((entry) => entry.isDirectory()).map(({ name }) => `${place}/${name}`);
  const own = inside.some(({ name }) => name.endsWith('.ts')) ? [{ name: place, files: [`${place}/*.ts`] }] : [];
  return [...own, ...folders.map((folder) => ({ name: folder, files: [`${folder}/**/*.ts`] }))];
}

/** A place in a room, or the rooms in it; none where it is neither. */
export function placesIn(place) {
  if (!existsSync(join(root, place))) return [];
  return roomOf(place) === undefined ? Object.keys(rooms).filter((room) => room.startsWith(`${place}/`)) : [place];
}
