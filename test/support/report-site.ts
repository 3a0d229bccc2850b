// An app with a quarter behind it, the same each time: people, their days in the log, a changed policy, names that attack. Clock and chance
// are the test's; reports go to a folder of the test's own.
import { chanceFrom } from '../../example-app/seed/chance.js';
import { seedHistory } from '../../example-app/seed/seed.js';
import { memoryStatsStore, type FoundPerson } from '../../src/admin.js';
import { auditLog, memoryAuditStore, type AuditEntry } from '../../src/audit.js';
import {
  backupCodes,
  createMfa,
  emailCode,
  memoryStore,
  outboxSender,
  smsCode,
  supportPass,
  totp,
  webauthn,
  type Mfa,
  type MfaOptions,
  type Random,
} from '../../src/index.js';
import { parseEntry } from '../../src/audit/verify.js';
import { testClock } from './app.js';
import { newFolder } from './folder.js';

export const quarter = { from: '2026-07-01T00:00:00.000Z', to: '2026-10-01T00:00:00.000Z' };
export const asked = { ...quarter, by: 'ines@acme.example', sample: 5, seed: '2026-q3-acme' };

/** The morning after the quarter. */
const made = Date.parse('2026-10-01T06:00:00Z');

function seededRandom(): Random {
  const chance = chanceFrom(7);
  return {
    bytes: (length) => Uint8Array.from({ length }, () => chance.below(256)),
    int: (end) => chance.below(end),
    token: (bytes = 16) => `t${chance.token(Math.ceil((bytes * 8) / 6) - 1)}`,
  };
}

export type ReportSite = {
  mfa: Mfa;
  folder: string;
  people: FoundPerson[];
  /** All of the log, oldest first. */
  log(): Promise<AuditEntry[]>;
  close(): Promise<void>;
};

type ReportSiteOptions = {
  people?: number;
  days?: number;
  census?: false;
  directory?: false;
  /** Of another process; default: one of its own. */
  folder?: string;
} & Partial<MfaOptions>;

export async function reportSite(options: ReportSiteOptions = {}): Promise<ReportSite> {
  const { people: number = 14, days = 92, census, directory, folder = newFolder('report'), ...given } = options;
  const clock = testClock(made);
  const store = memoryAuditStore();
  const audit = auditLog({ store });
  const people: FoundPerson[] = [];
  const mfa = createMfa({
    appName: 'Acme',
    secrets: ['the secret of the tests of the report'],
    store: memoryStore({ clock }),
    factors: [
      ...[webauthn(), totp(), smsCode({ sender: outboxSender('sms') }), emailCode({ sender: outboxSender('email') })],
      ...[backupCodes(), supportPass()],
    ],
    user: () => null,
    clock,
    random: seededRandom(),
    audit,
    administration: {
      ...(directory === false
        ? {}
        : { directory: { get: (id) => people.find((one) => one.id === id), all: () => people } }),
      ...(census === false ? {} : { stats: memoryStatsStore() }),
      reportsFolder: folder,
    },
    ...given,
  });
  const lives = await seedHistory(mfa, { people: number, days, seed: 3 });
  lives.forEach(({ person: { id, email } }, at) => {
    people.push({ id, tenant: ['Retail', 'Office', '=1+1'][at % 3] ?? '', isAdmin: email.endsWith('@admin.example') });
  });
  people.push({ id: '<script>alert(1)</script>', tenant: '@SUM(A1)' }, { id: 'mallory@example.com', tenant: 'Retail' });
  const tell = (at: string, event: object) => audit.take({ name: 'policy-changed', actor: 'system', at, ...event });
  tell('2026-06-02T05:00:00.000Z', { flow: 'policy________________', detail: { hash: '41bb00112233aabb' } });
  tell('2026-08-12T06:02:00.000Z', {
    flow: 'policy________________',
    detail: { hash: '9f2c61d07b3ea845', before: '41bb00112233aabb', differs: 'graceUntil policy', version: '2026-08' },
  });
  tell('2026-09-03T09:00:00.000Z', {
    ...{ name: 'exempted', actor: 'admin', by: 'Rhea', userId: 'seed-2' },
    detail: { until: 1_790_000_000, reason: '=HYPERLINK("http://evil.example")', case: 'c1', ticket: '<b>7</b>' },
  });
  tell('2026-09-03T08:59:00.000Z', {
    ...{ name: 'case-approved', actor: 'admin', by: 'Teo', userId: 'seed-2', detail: { case: 'c1', askedBy: 'Rhea' } },
  });
  await audit.settled();
  if (census !== false) await mfa.census();
  await audit.settled();
  return {
    mfa,
    folder,
    people,
    async log() {
      const entries: AuditEntry[] = [];
      for (let after = 0; ;) {
        const { items } = await store.page({ after, limit: 500 });
        if (items.length === 0) return entries;
        entries.push(...items.flatMap(({ text }) => parseEntry(text) ?? []));
        after = items.at(-1)?.place ?? after;
      }
    },
    async close() {
      await audit.close();
    },
  };
}

export async function textOf(parts: AsyncIterable<string | Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(Buffer.from(part));
  return Buffer.concat(all).toString();
}
