// What a report says of each person: their status, their methods and how they came by them, and who is in it at all.
import { expect } from 'chai';
import { reportedPeople, type ReportPerson } from '../../../src/core/operators/report-people.js';
import type { Directory, FoundPerson } from '../../../src/core/operators/desk.js';
import type { MfaStore } from '../../../src/core/kernel/ports.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../../src/core/kernel/record.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';
import { app, codes, having, key, nobody, now, own, pass, sms } from '../../support/rule-person.js';
import { codeOf } from '../../support/thrown.js';

let memory: MfaStore;
const fresh = (more: Partial<MfaStore> = {}): TestKernel =>
  testKernel({ factors: [key, app, sms, codes, pass], now, store: (raw) => ({ ...(memory = raw), ...more }) });

type Wanted = { all?: Directory['all']; tenant?: string; isKnown?: (id: string) => boolean };

async function batchesOf(kernel: TestKernel, { all, tenant, isKnown = () => false }: Wanted = {}) {
  const batches: { id: string; row: ReportPerson }[][] = [];
  for await (const rows of reportedPeople(kernel, all, tenant, isKnown)) batches.push(rows);
  return batches;
}

const put = async (kernel: TestKernel, people: { [id: string]: MfaRecord }) => {
  for (const [id, record] of Object.entries(people)) await kernel.store.save(id, record, undefined);
};

/** What is said of this one person, by a walk and by a directory alike. */
async function rowOf(record: MfaRecord, id = 'ann'): Promise<ReportPerson | undefined> {
  const kernel = fresh();
  await put(kernel, { [id]: record });
  const walked = await batchesOf(kernel);
  expect(await batchesOf(kernel, { all: () => [{ id }] })).to.deep.equal(walked);
  return walked.flat()[0]?.row;
}

const used = (each: Authenticator, lastUsedAt: number): Authenticator => ({ ...each, lastUsedAt });
const browser = (expiresAt: number) => ({ id: 't', hash: 'h', previous: [], createdAt: 1, expiresAt });

describe('the status of somebody in a report', () => {
  const exempt = { exemptions: [{ from: now - 9, until: now + 1 }] };
  for (const [what, record, status] of [
    ['a method that works', having([key]), 'protected'],
    ['one of two methods that works', having([own(key, { disabledAt: 1 }), own(app)]), 'protected'],
    ['a method, and another owed', having([key], { owed: ['backup-codes'] }), 'protected'],
    ['a method that was disabled', having([own(key, { disabledAt: 1 })]), 'owing'],
    ['a method that expired', having([own(key, { data: { state: 'expired' } })]), 'owing'],
    ['codes alone', having([own(codes, { data: { left: 3 } })]), 'owing'],
    ['a pass alone', having([pass]), 'owing'],
    ['no method left', having([]), 'owing'],
    ['nothing', nobody, 'none'],
    ['a set-up that is owed', { ...nobody, owed: ['primary'] }, 'owing'],
    ['an exemption', { ...nobody, ...exempt }, 'exempt'],
    ['an exemption from what is owed', { ...nobody, ...exempt, owed: ['primary'] }, 'exempt'],
    ['an exemption that is over', { ...nobody, exemptions: [{ from: now - 9, until: now }] }, 'none'],
    ['an exemption, and a method since', having([key], exempt), 'protected'],
    ['a bar, protected', having([key], { suspended: { admin: 1 } }), 'barred'],
    ['a bar, and nothing else', { ...nobody, suspended: { scim: 1 } }, 'barred'],
  ] as [string, MfaRecord, ReportPerson['status']][])
    it(`is ${status} with ${what}`, async () => expect((await rowOf(record))?.status).to.equal(status));

  it('is none where nothing is known of them, and tells nothing', async () => {
    const [rows] = await batchesOf(fresh(), { all: () => [{ id: 'ann' }] });
    expect(rows).to.deep.equal([{ id: 'ann', row: { id: 'ann', status: 'none', methods: [], trustedBrowsers: 0 } }]);
  });
});

describe('a person in a report', () => {
  it('has their primary methods, how they came by each, and whether it works', async () => {
    const made = now - 500;
    const row = await rowOf(
      having([
        own(key, { createdAt: made, lastUsedAt: now - 7 }),
        own(app, { createdAt: made, enrolledBy: ['key'], disabledAt: 1 }),
        own(sms, { createdAt: made, adopted: true, enrolledBy: ['key'] }),
        own(key, { id: 'k2', createdAt: made, enrolledBy: [], data: { state: 'expired' } }),
        used(own(codes, { data: { left: 4, expiresAt: now + 60 } }), now - 3),
        used(own(pass), now - 1),
      ]),
    );
    expect(row).to.deep.equal({
      ...{ id: 'ann', status: 'protected', codesLeft: 4, codesUntil: now + 60, trustedBrowsers: 0, lastAt: now - 3 },
      methods: [
        { kind: 'key', way: 'first', enrolledAt: made, lastUsedAt: now - 7, usable: true },
        { kind: 'app', way: 'another method', enrolledAt: made, usable: false },
        { kind: 'sms', way: 'verified address', enrolledAt: made, usable: true },
        { kind: 'key', way: 'first', enrolledAt: made, usable: false },
      ],
    });
  });

  it('says nothing of codes that there are not, of an end that they have not, and of use that was not', async () => {
    expect(await rowOf(having([own(key, { data: { left: 9, expiresAt: 9 } })]))).to.not.have.any.keys(
      ...['codesLeft', 'codesUntil', 'lastAt'],
    );
    const row = await rowOf(having([used(own(key), 9), used(own(app), 5), own(codes, { data: { left: 0 } })]));
    expect(row).to.include({ codesLeft: 0, lastAt: 9 }).and.not.have.property('codesUntil');
  });

  it('has browsers that are trusted still', async () => {
    const trusted = [browser(now + 1), browser(now), browser(now - 1)];
    expect((await rowOf(having([key], { trusted })))?.trustedBrowsers).to.equal(1);
  });

  it('whose id is an address is masked, and known by it all the same', async () => {
    const kernel = fresh();
    const id = 'alexandra@example.com';
    await put(kernel, { [id]: having([key]) });
    await memory.save('beatrice@example.com', emptyRecord('forged'), undefined);
    const said = (await batchesOf(kernel)).flat().map((each) => [each.id, each.row.id, each.row.status]);
    expect(said).to.deep.equal([
      [id, 'ale***@example.com', 'protected'],
      ['beatrice@example.com', 'be***@example.com', 'unread'],
    ]);
  });
});

describe('the people of a report', () => {
  it('are everybody of whom there is a record, some at a time, and nobody who is in it already', async () => {
    const kernel = fresh();
    const ids = Array.from({ length: 131 }, (_none, at) => `u${at}`);
    for (const id of [...ids, 'gone']) await put(kernel, { [id]: nobody });
    await kernel.store.remove('gone');
    const batches = await batchesOf(kernel, { isKnown: (id) => id === 'u5' });
    expect(batches.map(({ length }) => length)).to.deep.equal([64, 64, 2]);
    expect(batches.flat().map(({ id }) => id)).to.deep.equal(ids.filter((id) => id !== 'u5'));
  });

  it('are all that a directory names, some at a time, and nobody else', async () => {
    const kernel = fresh();
    await put(kernel, { other: having([key]), u3: having([key]) });
    const people: FoundPerson[] = Array.from({ length: 131 }, (_none, at) => ({ id: `u${at}` }));
    const batches = await batchesOf(kernel, { all: () => people, isKnown: (id) => id === 'u5' });
    expect(batches.map(({ length }) => length)).to.deep.equal([64, 64, 2]);
    expect(batches.flat().map(({ id }) => id)).to.deep.equal(people.map(({ id }) => id).filter((id) => id !== 'u5'));
    expect(batches[0]?.[3]?.row.status).to.equal('protected');
  });

  it('are those of one tenant where one is named, with what the directory says of them', async () => {
    const kernel = fresh();
    const all = () => [
      { id: 'ann', tenant: 'red', isAdmin: true, name: 'Ann' },
      { id: 'bob', tenant: 'red', isAdmin: false },
      { id: 'cyd', tenant: 'blue' },
      { id: 'dan' },
    ];
    await put(kernel, { ann: having([key]) });
    const rowsOf = async (wanted: Wanted) => (await batchesOf(kernel, wanted)).flat().map(({ row }) => row);
    const none = { status: 'none', methods: [], trustedBrowsers: 0 };
    const [ann, ...others] = await rowsOf({ all, tenant: 'red' });
    expect(ann)
      .to.include({ id: 'ann', tenant: 'red', isAdmin: true, status: 'protected' })
      .and.not.have.property('name');
    expect(others).to.deep.equal([{ id: 'bob', tenant: 'red', ...none }]);
    expect(await rowsOf({ all, tenant: 'red', isKnown: (id) => id === 'ann' })).to.deep.equal(others);
    expect((await rowsOf({ all })).slice(2)).to.deep.equal([
      { id: 'cyd', tenant: 'blue', ...none },
      { id: 'dan', ...none },
    ]);
  });

  it('whose record cannot be believed are in it, unread, and of them nothing is said', async () => {
    const kernel = fresh();
    await memory.save('eve', having([key], { trusted: [browser(now + 9)] }), undefined);
    const unread = { status: 'unread', methods: [], trustedBrowsers: 0 };
    expect(await batchesOf(kernel)).to.deep.equal([[{ id: 'eve', row: { id: 'eve', ...unread } }]]);
    const found = { id: 'eve', tenant: 'red', isAdmin: true };
    const listed = await batchesOf(kernel, { all: () => [found] });
    expect(listed).to.deep.equal([[{ id: 'eve', row: { ...found, ...unread } }]]);
  });

  it('are not told of at all where the store does not answer', async () => {
    const failing = fresh({ load: () => Promise.reject(new MfaError('store.unavailable', 'away')) });
    expect(await codeOf(batchesOf(failing, { all: () => [{ id: 'ann' }] }))).to.equal('store.unavailable');
  });
});
