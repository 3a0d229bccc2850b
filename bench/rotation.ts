// How many records a rotation of secrets seals anew in a second: the command itself, in this process, over a Redis on this machine.
import { Redis } from 'ioredis';
import { rotateKeysCommand } from '../src/cli/rotate-keys.js';
import type { Terminal } from '../src/cli/terminal.js';
import { backupCodes } from '../src/factors/backup-codes/backup-codes.js';
import { totp } from '../src/factors/totp/totp.js';
import { createMfaCore, type MfaCore } from '../src/mfa.js';
import { redisStore } from '../src/stores/redis-store.js';
import { usualPerson, usualSecret } from '../test/support/usual-person.js';

/** `microseconds`: of this process' CPU, per record. */
export type RotationSpeed = { people: number; perSecond: number; microseconds: number };

const newest = 'the newest secret of the benchmark, thirty-two bytes or more';

/** Puts usual people into Redis, each with what is sealed to them alone, and rotates. */
export async function measureRotation(redisUrl: string, namespace: string, people: number): Promise<RotationSpeed> {
  const redis = new Redis(redisUrl);
  try {
    const store = redisStore(redis, { namespace, timeoutMs: 30_000, warn: () => undefined });
    const core = (secrets: string[]): MfaCore =>
      createMfaCore({ appName: 'Bench', secrets, store, factors: [totp(), backupCodes()], user: () => null });
    const before = core([usualSecret]);
    await usualPerson(store, 'someone');
    const { record } = await before.kernel.store.load('someone');
    if (!record) throw new Error('Nobody is there.');
    const { sealer } = before.kernel;
    const place = (userId: string, authenticatorId: string, purpose: string) => ({ userId, authenticatorId, purpose });
    for (let at = 0; at < people; at += 500) {
      await Promise.all(
        Array.from({ length: Math.min(500, people - at) }, async (_, index) => {
          const id = `person-${at + index}`;
          const moved = (sealed: string, ...where: [string, string]) =>
            sealer.seal(sealer.open(sealed, place('someone', ...where)), place(id, ...where));
          const authenticators = record.authenticators.map((own) => {
            if (own.kind !== 'totp') return own;
            const data = own.data as { secret: string };
            return { ...own, data: { ...data, secret: moved(data.secret, own.id, 'totp') } };
          });
          const { activity } = record;
          const sealed = moved(activity?.sealed ?? '', 'activity', 'record');
          const theirs = { ...record, authenticators, activity: { rows: activity?.rows ?? [], sealed } };
          await before.kernel.store.save(id, theirs, undefined);
        }),
      );
    }
    const cpu = process.cpuUsage();
    const start = performance.now();
    const code = await rotateKeysCommand.run({
      mfa: core([newest, usualSecret]),
      values: {},
      positionals: [],
      terminal: silent,
    });
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    if (code !== 0) throw new Error('Not everybody was rotated.');
    return { people, perSecond: people / seconds, microseconds: (user + system) / people };
  } finally {
    redis.disconnect();
  }
}

const silent: Terminal = {
  json: true,
  say: () => undefined,
  tell: () => undefined,
  drained: () => Promise.resolve(),
  confirm: () => Promise.resolve(true),
  progress: () => ({ show: () => undefined, end: () => undefined }),
};
