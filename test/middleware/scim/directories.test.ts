// What people who run an app hear of its directories: one that fell silent, one that bars an administrator.
import { expect } from 'chai';
import { examineDirectories } from '../../../src/checks/examine-directories.js';
import { createFindings } from '../../../src/checks/finding.js';
import { memoryStore, MfaError, type MfaStore } from '../../../src/index.js';
import { testClock } from '../../support/app.js';
import { eventually } from '../../support/eventually.js';
import { patchOf, scimSite, sha256, tokens } from '../../support/scim-site.js';

const day = 86_400;

describe('a directory', () => {
  it('that was not heard of for seven days is found by the doctor, whichever process heard of it', async () => {
    const clock = testClock();
    const store: MfaStore = memoryStore({ clock });
    const [site, other] = await Promise.all([0, 1].map(() => scimSite({ clock, store })));
    const found = async () => {
      const findings = createFindings();
      await examineDirectories(other!.mfa, findings);
      return findings.all.map(({ check, level, text }) => `${level} ${check}: ${text.split(':')[0]}`);
    };
    const never = 'warn directory globex: It was never heard of';
    expect(await found()).to.deep.equal(['warn directory acme: It was never heard of', never]);
    expect((await site!.ask('GET', '/Users')).status).to.equal(200);
    expect(await found()).to.deep.equal(['ok directory acme: Heard of within 1 day.', never]);
    clock.advance(7 * day - 1);
    expect((await found())[0]).to.equal('ok directory acme: Heard of within 7 days.');
    // A token that is refused is nobody's word.
    await site!.ask('GET', '/Users', { token: 'guess' });
    clock.advance(1);
    expect((await found())[0]).to.equal('warn directory acme: It was last heard of 7 days ago');
    await site!.ask('GET', '/Users', { token: tokens.reader });
    expect((await found())[0]).to.match(/^ok directory acme/);
    await Promise.all([site!.close(), other!.close()]);
  });

  it('of which the store cannot tell keeps no other check from being made', async () => {
    const site = await scimSite({
      scim: { tokens: [{ sha256: sha256('x'), may: 'write' }] },
      store: { ...memoryStore(), get: () => Promise.reject(new MfaError('store.unavailable', 'down')) },
    });
    const findings = createFindings();
    await examineDirectories(site.mfa, findings);
    expect(findings.all).to.deep.equal([]);
    await site.close();
  });

  it('that bars an administrator is told of to the others, and to nobody else, once', async () => {
    const people = new Map([
      ['ada', { name: 'Ada', isAdmin: true }],
      ['bea', { name: 'Bea', isAdmin: true }],
      ['cem', { name: 'Cem', isAdmin: true }],
      ['tom', { name: 'Tom' }],
    ]);
    const ids = [...people.keys()];
    const site = await scimSite({
      nextId: () => ids.shift()!,
      administration: {
        directory: {
          get: (id) => people.get(id),
          all: () => [...people].map(([id, person]) => ({ id, ...person })),
        },
      },
    });
    for (const name of people.keys()) await site.make(name);
    const off = { body: patchOf({ op: 'replace', value: { active: false } }) };
    for (const id of ['tom', 'ada', 'ada']) await site.ask('PATCH', `/Users/${id}`, off);
    const told = () => site.notices.filter(({ what }) => what === 'admin-suspended');
    await eventually(async () => expect(told()).to.have.length(2));
    await site.mfa.settled();
    expect(told().map(({ userId, name }) => [userId, name])).to.have.deep.members([
      ['bea', 'Ada'],
      ['cem', 'Ada'],
    ]);
    await site.close();
  });
});
