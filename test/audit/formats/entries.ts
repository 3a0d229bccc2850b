// Entries and a line of the ledger, as they come out of the log, for tests of what hands them on.
import fc from 'fast-check';
import type { AuditCheckpoint } from '../../../src/audit/checkpoint.js';
import type { AuditEntry } from '../../../src/audit/entry.js';
import type { EventName } from '../../../src/core/words/events.js';
import { anyCharacter } from '../../support/any-character.js';

let made = 0;

/** An entry of somebody who answered, with whatever is to be otherwise. */
export function entryOf(change: Partial<AuditEntry> = {}): AuditEntry {
  made += 1;
  const seq = change.seq ?? made;
  return {
    v: 1,
    id: `01932d4f-7a00-7000-8000-${String(seq).padStart(12, '0')}`,
    time: '2026-03-01T12:00:00.125Z',
    writer: 'Wq3vT8sLk2',
    seq,
    keyId: 'k1',
    name: 'verification-refused',
    outcome: 'failure',
    reason: 'session.mfa.invalid_totp_code',
    severity: 5,
    actor: { type: 'user', id: 'u-1' },
    subject: { id: 'u-1', tenant: 'acme' },
    factor: { kind: 'totp', authenticatorId: 'a-1' },
    flow: 'flow-digest',
    session: 'session-digest',
    detail: { left: 4 },
    personal: {
      salt: 'c2FsdA',
      ip: '192.0.2.7',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
      method: 'POST',
      path: '/mfa/verify/totp',
      risk: 'medium 42',
      place: 'Bern, CH',
    },
    personalHash: 'personal-digest',
    hash: 'entry-digest-0123456789',
    ...change,
  };
}

/** An entry of any event, those too that only newer processes tell. */
export function named(name: string, change: Partial<AuditEntry> = {}): AuditEntry {
  return entryOf({ name: name as EventName, ...change });
}

/** What an administrator did to somebody. */
export const resetByAdmin = entryOf({
  name: 'reset',
  outcome: 'success',
  severity: 7,
  actor: { type: 'admin', id: 'ada@acme.example' },
  subject: { id: 'u-2' },
  personal: { salt: 'c2FsdA', ip: '2001:db8::7', reasonText: 'Lost their phone' },
});

/** Several told as one. */
export const flood = entryOf({
  detail: { count: 99_980, first: '2026-03-01T12:00:00.000Z', last: '2026-03-01T12:00:59.000Z' },
});

export const checkpoint: AuditCheckpoint = {
  v: 1,
  n: 7,
  kind: 'reached',
  time: '2026-03-01T12:05:00.000Z',
  points: [{ writer: 'Wq3vT8sLk2', seq: 1000, hash: 'head-digest' }],
  keyId: 'k1',
  hash: 'ledger-digest-0123456789',
};

/** Everything that some format, frame or reader gives a meaning to, and 8 KB of it. */
export const hostileAgent = `x|y=z \\ \\| \\= "q" ]\n<110>1 2026-03-01T12:00:00Z h a - - - forged\r\nCEF:0|a|b|c|d|e|9|src=6.6.6.6 \u2028 👩‍👩‍👧‍👦 ${'A😀'.repeat(2700)}`;

/** Text as clients may send it: any, and rich in what has a meaning. */
const anyText = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 80 }),
  fc.string({
    unit: fc.constantFrom('|', '=', '\\', '\n', '\r', ' ', ']', '"', 'a', '…', 'src', '😀', '\u0085'),
    maxLength: 60,
  }),
);

/** An entry in which whatever a client can choose is any text. */
export const anyEntry = fc
  .record({
    ip: anyText,
    userAgent: anyText,
    method: anyText,
    path: anyText,
    reasonText: anyText,
    place: anyText,
    id: anyText,
  })
  .map(({ id, ...personal }) =>
    entryOf({ personal: { salt: 's', ...personal }, subject: { id: `u${id}` }, detail: { said: personal.place } }),
  );
