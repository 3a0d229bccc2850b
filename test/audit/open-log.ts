// An audit log of its own for tests, on a store that is handed in: events by name, a clock that the test moves.
import { auditLog } from '../../src/audit/create-audit-log.js';
import type { AuditLog, AuditLogOptions } from '../../src/audit/audit-log.js';
import type { AuditStore } from '../../src/audit/audit-store.js';
import type { AuditWorld } from '../../src/audit/world.js';
import type { MfaEvent } from '../../src/core/words/events.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import { createSealer } from '../../src/crypto/seal.js';

export const secret = 'the secret of the audit tests, 32 bytes';
export const sealer = createSealer({ secrets: [secret], namespace: 'test' });
/** When its clock begins. */
export const startMs = Date.parse('2026-03-01T10:00:00.000Z');

/** What parts of a log are given that stand by themselves; what they tell of themselves is heard by nobody. */
export const worldOf = (now: () => number, random = cryptoRandom): AuditWorld => {
  return { sealer, random, now, tell: () => undefined };
};

export type TestLog = {
  log: AuditLog;
  /** What the log said it did itself. */
  own: MfaEvent[];
  tell(name: MfaEvent['name'], more?: Partial<MfaEvent>): void;
  /** Tells `count` accepted verifications of different people and waits until they are stored. */
  fill(count: number, from?: number): Promise<void>;
  advance(ms: number): void;
  nowMs(): number;
};

export function openLog(
  store: AuditStore,
  options: Partial<AuditLogOptions> & { secrets?: string[]; startMs?: number } = {},
): TestLog {
  const { secrets = [secret], startMs: begunMs = startMs, ...rest } = options;
  let nowMs = begunMs;
  const log = auditLog({ store, ...rest });
  const own: MfaEvent[] = [];
  log.attach({
    sealer: createSealer({ secrets, namespace: 'test' }),
    random: cryptoRandom,
    now: () => nowMs,
    tell(happened) {
      const event: MfaEvent = { actor: 'system', ...happened, at: new Date(nowMs).toISOString() };
      own.push(event);
      log.take(event);
    },
  });
  const tell: TestLog['tell'] = (name, more = {}) =>
    log.take({ name, at: new Date(nowMs).toISOString(), userId: 'u1', actor: 'user', ...more });
  return {
    log,
    own,
    tell,
    async fill(count, from = 1) {
      for (let i = from; i < from + count; i += 1) {
        const proof = { kind: 'totp', outcome: 'accepted' as const, ip: '192.0.2.7', userAgent: 'Firefox' };
        tell('verification-accepted', { userId: `u${i}`, ...proof });
      }
      await log.settled();
    },
    advance: (ms) => void (nowMs += ms),
    nowMs: () => nowMs,
  };
}
