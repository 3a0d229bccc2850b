// What the pages of administration ask of this app: who its people are, and where cases wait. Whoever has an address at
// @admin.example is an administrator, and may do all there is.
import { memoryCaseStore, redisCaseStore, type AdministrationOptions } from 'express-mfa/admin';
import { sqlCaseStore } from 'express-mfa/sql';
import type { Redis } from 'ioredis';
import type { Knex } from 'knex';
import type { AppUser, Users } from './users.js';

export function isAdmin({ email = '' }: { email?: string }): boolean {
  return email.endsWith('@admin.example');
}

const told = (user: AppUser) => ({ id: user.id, name: user.name ?? user.email, isAdmin: isAdmin(user) });

export function administrationOf(users: Users, redis: Redis | undefined, database?: Knex): AdministrationOptions {
  const inRedis = redis && redisCaseStore(redis, { namespace: 'example' });
  return {
    directory: {
      async get(id) {
        const user = await users.find(id);
        return user && told(user);
      },
      find: async (text, { limit }) => (await users.search(text, limit)).map(told),
      async *all() {
        yield* (await users.all()).map(told);
      },
    },
    cases: database ? sqlCaseStore(database, { namespace: 'example' }) : (inRedis ?? memoryCaseStore()),
  };
}
