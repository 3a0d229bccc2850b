// The example app with people and a history: records that read as any other, a log in order that verifies, the same figures each
// time, and an administrator who can be signed in as.
import { expect } from 'chai';
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
} from '../../src/index.js';
import { testClock } from '../../src/testing.js';
import { seedHistory } from '../../example-app/seed/seed.js';
import { Browser } from '../support/agent.js';
import { addressOf, endServer, startServer } from './server-process.js';

/** Sunday, 29 November 2026, 15:00 UTC. */
const now = Date.parse('2026-11-29T15:00:00Z');

function openMfa() {
  const clock = testClock(now);
  const senders = { email: outboxSender('email'), sms: outboxSender('sms') };
  return createMfa({
    appName: 'Acme',
    secrets: ['the secret of the tests of the seed'],
    store: memoryStore({ clock }),
    factors: [
      ...[webauthn(), totp(), smsCode({ sender: senders.sms }), emailCode({ sender: senders.email })],
      ...[backupCodes(), supportPass()],
    ],
    user: () => null,
    clock,
    audit: auditLog({ store: memoryAuditStore() }),
  });
}

describe('the seeded history of the example app', () => {
  it('is of records that read as any other, and of a log in order that verifies', async () => {
    const mfa = openMfa();
    const lives = await seedHistory(mfa, { people: 120, days: 40 });
    const stands = [];
    for await (const status of mfa.list()) stands.push(status);
    expect(stands.filter(({ unread }) => unread !== undefined)).to.deep.equal([]);
    expect(stands.filter((one) => one.protected)).to.have.length(
      lives.filter(({ methods }) => methods.length > 0).length,
    );
    for (const found of [
      stands.find(({ hold }) => hold),
      stands.find(({ suspended }) => suspended),
      stands.find(({ exemptUntil }) => exemptUntil),
      stands.find(({ locked }) => locked.length > 0),
      stands.find(({ authenticators }) => authenticators.some(({ state }) => state === 'disabled')),
      stands.find(({ authenticators }) => authenticators.some(({ state }) => state === 'low')),
    ])
      expect(found).not.to.equal(undefined);
    const entries: AuditEntry[] = [];
    let cursor: string | undefined;
    do {
      const page = await mfa.audit?.read({ limit: 500, ...(cursor === undefined ? {} : { cursor }) });
      entries.push(...(page?.entries ?? []));
      cursor = page?.cursor;
    } while (cursor !== undefined);
    const times = entries.map(({ time }) => time);
    expect(times).to.deep.equal([...times].sort().reverse());
    expect(times[0]! <= '2026-11-29T15:00:00.000Z').to.equal(true);
    expect(times.at(-1)!.slice(0, 10)).to.equal('2026-10-21');
    expect(await mfa.audit?.verify()).to.include({ sound: true, entries: entries.length });
    await mfa.audit?.close();
  });

  it('has the same figures each time', async () => {
    const figures = [];
    for (let time = 0; time < 2; time += 1) {
      const mfa = openMfa();
      await seedHistory(mfa, { people: 40, days: 20 });
      figures.push(await mfa.audit?.days('2026-10-01', '2026-11-29'));
      await mfa.audit?.close();
    }
    expect(figures[0]).to.have.length(20);
    expect(figures[1]).to.deep.equal(figures[0]);
  });

  it('is what npm run start:seeded starts with, for an administrator who is named', async () => {
    const server = startServer('example-app/seeded.ts');
    const url = await addressOf(server);
    const password = await server.saysOf(/password (\S+),/);
    const ada = new Browser({ url, base: '/mfa', clock: testClock(Date.now()) }, { Origin: url });
    await ada.post('/login', { email: 'ada@admin.example', password }).expect(303);
    expect((await ada.json('/mfa/verify/email/begin')).status).to.equal(200);
    const { body } = await ada.jsonGet('/dev/outbox').expect(200);
    const [message] = body.messages as [{ code: string }];
    expect((await ada.answer('email', message.code)).status).to.equal(200);
    const found = await ada.json('/admin/mfa/people', { text: 'Lindqvist' });
    expect(found.body.people, found.text).to.have.length.greaterThan(3);
    const { body: person } = await ada.jsonGet((found.body.people as [{ url: string }])[0].url).expect(200);
    expect(person).to.have.property('story');
    const approvals = await ada.jsonGet('/admin/mfa/approvals').expect(200);
    expect(approvals.body.waiting).to.have.length(2);
    expect(await endServer(server)).to.equal(0);
  });
}).timeout(60_000);
