// Whoever is stopped comes back as often as they like: listeners hear of it once per person, reason and minute, with how many
// it stands for. The audit log counts by itself, and counts the same.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { auditLog, memoryAuditStore } from '../../../src/audit.js';
import type { MfaEvent } from '../../../src/index.js';
import { createListening } from '../../../src/listening.js';
import { Browser, wrongCode } from '../../support/agent.js';
import { testApp, type TestApp, type TestAppOptions } from '../../support/app.js';

const told = ({ events }: Pick<TestApp, 'events'>) =>
  events.map(({ name, userId, detail }) => [name, userId, detail?.['count'] ?? 1]);

/** Two people who owe their second factor, at the beginning of a minute. */
async function pendingPeople(options: TestAppOptions = {}) {
  const app = await testApp(options);
  const secrets: { [uid: string]: string } = {};
  for (const uid of ['ada', 'bob']) secrets[uid] = (await (await new Browser(app).signIn(uid)).enrollTotp()).secret;
  const [ada, bob] = [await new Browser(app).signIn('ada'), await new Browser(app).signIn('bob')];
  app.clock.advance(60 - (app.clock.seconds % 60));
  await app.mfa.settled();
  app.events.length = 0;
  return { app, ada, bob, secrets };
}

const times = async (many: number, ask: () => PromiseLike<unknown>) => {
  for (let time = 0; time < many; time += 1) await ask();
};

describe('stops by the guard', () => {
  it('are told at once, then once a minute with their number, each in one of them', async () => {
    const { app, ada, bob } = await pendingPeople();
    await times(30, () => ada.jsonGet('/account').expect(403));
    await bob.jsonGet('/account').expect(403);
    expect(told(app)).to.deep.equal([
      ['verification-required', 'ada', 1],
      ['verification-required', 'bob', 1],
    ]);
    app.clock.advance(60);
    app.events.length = 0;
    await times(5, () => ada.jsonGet('/account').expect(403));
    // What the minute before had left, and nothing of this one yet.
    expect(told(app)).to.deep.equal([['verification-required', 'ada', 29]]);
    expect(app.events[0]).to.have.property('path', '/account');
    app.clock.advance(60);
    await bob.jsonGet('/account').expect(403);
    expect(told(app).slice(1)).to.deep.equal([
      ['verification-required', 'ada', 5],
      ['verification-required', 'bob', 1],
    ]);
    app.clock.advance(60);
    app.events.length = 0;
    await times(1, () => ada.jsonGet('/account').expect(403));
    await app.mfa.settled();
    const { detail } = { detail: {}, ...app.events[0] };
    expect(told(app)).to.deep.equal([['verification-required', 'ada', 1]]);
    expect(detail).not.to.have.property('count');
  });

  it('are told by reason, and what is an answer by itself', async () => {
    const host = { guard: { maxAgeSeconds: 60 } };
    const { app, ada, secrets } = await pendingPeople({ host });
    await times(3, () => ada.jsonGet('/account').expect(403));
    await times(3, () => ada.answer('totp', wrongCode(secrets['ada']!, app.clock)));
    await ada.proveTotp(secrets['ada']!);
    const stale = app.events.length;
    app.clock.advance(120);
    await times(3, () => ada.jsonGet('/account').expect(401));
    const names = app.events.slice(0, stale).map(({ name }) => name);
    expect(names.filter((name) => name === 'verification-refused')).to.have.length(3);
    expect(names.filter((name) => name === 'verification-required')).to.have.length(1);
    await app.mfa.settled();
    expect(told({ events: app.events.slice(stale) })).to.deep.equal([
      ['verification-required', 'ada', 2],
      ['step-up-required', 'ada', 1],
      ['step-up-required', 'ada', 2],
    ]);
    expect(app.events.at(-1)?.detail).to.include({ why: 'expired' });
  });

  it('are counted by the audit log once each, as before', async () => {
    const audit = auditLog({ store: memoryAuditStore() });
    const { app, ada } = await pendingPeople({ audit });
    await times(30, () => ada.jsonGet('/account').expect(403));
    await app.mfa.settled();
    const { entries } = await audit.read({ names: ['verification-required'] });
    const counts = entries.map(({ detail }) => Number(detail?.['count'] ?? 1));
    expect(counts.reduce((sum, each) => sum + each, 0)).to.equal(30);
    expect(entries.length).to.equal(21);
    expect(told(app)).to.deep.equal([
      ['verification-required', 'ada', 1],
      ['verification-required', 'ada', 29],
    ]);
    await audit.close();
  });
});

describe('the listening', () => {
  const stop = (userId: string, ms: number): MfaEvent => ({
    name: 'verification-required',
    userId,
    actor: 'user',
    at: new Date(ms).toISOString(),
  });

  it('tells by itself at the end of the minute', async () => {
    const heard: MfaEvent[] = [];
    // The minute ends in a few milliseconds.
    let ms = 59_980;
    const { hear } = createListening((event) => void heard.push(event), { now: () => ms });
    for (let time = 0; time < 4; time += 1) hear(stop('ada', ms));
    expect(heard).to.have.length(1);
    ms = 60_000;
    while (heard.length < 2) await sleep(5);
    expect(heard[1]?.detail).to.deep.equal({ count: 3, first: new Date(59_980).toISOString() });
    expect(heard[1]?.at).to.equal(new Date(59_980).toISOString());
  });

  it('remembers so many people and no more, and tells of the others singly', () => {
    const heard: MfaEvent[] = [];
    const { hear, flush } = createListening((event) => void heard.push(event), { now: () => 0 });
    for (let round = 0; round < 2; round += 1)
      for (let person = 0; person < 10_100; person += 1) hear(stop(`person-${person}`, 1));
    expect(heard).to.have.length(10_100 + 100);
    flush();
    expect(heard).to.have.length(2 * 10_100);
    flush();
    expect(heard).to.have.length(2 * 10_100);
  });

  it('counts none twice, and loses none, however they come', () => {
    let [sent, counted, tellings] = [0, 0, 0];
    const { hear, flush } = createListening(
      ({ detail }) => {
        tellings += 1;
        counted += Number(detail?.['count'] ?? 1);
      },
      { now: () => 0 },
    );
    for (let ms = 0; ms < 600_000; ms += 1_700) {
      for (const person of ['ada', 'bob', ...(ms % 3 === 0 ? ['cleo'] : [])]) {
        hear(stop(person, ms));
        sent += 1;
      }
    }
    flush();
    expect(counted).to.equal(sent);
    // Three people in ten minutes: at once, at the end of each, and what was left.
    expect(tellings).to.be.at.most(3 * 11);
  });
});
