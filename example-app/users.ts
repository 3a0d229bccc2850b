// The app's own users: an address and a scrypt hash each, in memory or, so that they survive a restart, in Redis or a database. Any
// app has something like this already; express-mfa neither sees nor changes it.
import { randomBytes, randomUUID, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import type { Redis } from 'ioredis';
import type { Knex } from 'knex';

/** `name`: of whoever gave one; the sign-up form does not ask. */
export type AppUser = { id: string; email: string; passwordHash: string; name?: string };

export type Users = {
  /** The new user; undefined where the address is taken. */
  add(email: string, password: string): Promise<AppUser | undefined>;
  find(id: string): Promise<AppUser | undefined>;
  /** Whose name or address has this text in it, `limit` at most; whoever has exactly this address comes first. */
  search(text: string, limit: number): Promise<AppUser[]>;
  all(): Promise<AppUser[]>;
  /** Takes a user in as they are, hash and all. */
  adopt(user: AppUser): Promise<void>;
  /** The user whose password this is. Takes as long where there is no such user. */
  check(email: string, password: string): Promise<AppUser | undefined>;
};

/** OWASP Password Storage: scrypt with N = 2^14, r = 8, p = 5, and its equals. */
const cost: ScryptOptions = { N: 2 ** 14, r: 8, p: 5, maxmem: 2 ** 26 };
const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password.normalize('NFC'), salt, 32, cost);
  return `${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

async function isPassword(password: string, passwordHash: string): Promise<boolean> {
  const [salt = '', hash = ''] = passwordHash.split('.');
  const expected = Buffer.from(hash, 'base64url');
  return timingSafeEqual(await derive(password.normalize('NFC'), Buffer.from(salt, 'base64url'), 32, cost), expected);
}

export function openUsers(redis?: Redis, database?: Knex): Users {
  const table = database ? tableInSql(database) : redis ? tableInRedis(redis) : tableInMemory();
  const nobody = hashPassword(randomUUID());
  return {
    async add(email, password) {
      const user = { id: randomUUID(), email, passwordHash: await hashPassword(password) };
      return (await table.claim(email, user.id)) ? table.save(user) : undefined;
    },
    find: (id) => table.find(id),
    all: () => table.all(),
    async search(text, limit) {
      const wanted = text.toLowerCase();
      const id = await table.idOf(wanted);
      const found = id === undefined ? [] : [await table.find(id)].filter((user) => user !== undefined);
      for (const user of await table.all()) {
        if (found.length >= limit) break;
        if (user.id === id || !`${user.name ?? ''} ${user.email}`.toLowerCase().includes(wanted)) continue;
        found.push(user);
      }
      return found;
    },
    async adopt(user) {
      await table.claim(user.email, user.id);
      await table.save(user);
    },
    async check(email, password) {
      const id = await table.idOf(email);
      const user = id === undefined ? undefined : await table.find(id);
      const right = await isPassword(password, user?.passwordHash ?? (await nobody));
      return right ? user : undefined;
    },
  };
}

type Table = {
  /** Whether the address was free, and is this id's now. */
  claim(email: string, id: string): Promise<boolean>;
  idOf(email: string): Promise<string | undefined>;
  save(user: AppUser): Promise<AppUser>;
  find(id: string): Promise<AppUser | undefined>;
  /** All of them: fit for an example, where they are few. */
  all(): Promise<AppUser[]>;
};

function tableInMemory(): Table {
  const ids = new Map<string, string>();
  const users = new Map<string, AppUser>();
  return {
    async claim(email, id) {
      if (ids.has(email)) return false;
      ids.set(email, id);
      return true;
    },
    idOf: async (email) => ids.get(email),
    async save(user) {
      users.set(user.id, user);
      return user;
    },
    find: async (id) => users.get(id),
    all: async () => [...users.values()],
  };
}

function tableInSql(database: Knex): Table {
  type Row = { id: string; body: string };
  const rows = () => database<Row & { email: string }>('example_users');
  const idOf = async (email: string) => (await rows().first('id').where({ email }))?.id;
  const read = ({ body }: Pick<Row, 'body'>) => JSON.parse(body) as AppUser;
  return {
    async claim(email, id) {
      await rows().insert({ id, email, body: '' }).onConflict('email').ignore();
      return (await idOf(email)) === id;
    },
    idOf,
    async save(user) {
      await rows()
        .where({ id: user.id })
        .update({ body: JSON.stringify(user) });
      return user;
    },
    async find(id) {
      const row = await rows().first('body').where({ id }).whereNot({ body: '' });
      return row && read(row);
    },
    all: async () => (await rows().select('body').whereNot({ body: '' })).map(read),
  };
}

function tableInRedis(redis: Redis): Table {
  return {
    claim: async (email, id) => (await redis.hsetnx('example:emails', email, id)) === 1,
    idOf: async (email) => (await redis.hget('example:emails', email)) ?? undefined,
    async save(user) {
      await redis.hset('example:users', user.id, JSON.stringify(user));
      return user;
    },
    async find(id) {
      const stored = await redis.hget('example:users', id);
      return stored === null ? undefined : (JSON.parse(stored) as AppUser);
    },
    all: async () => (await redis.hvals('example:users')).map((stored) => JSON.parse(stored) as AppUser),
  };
}
