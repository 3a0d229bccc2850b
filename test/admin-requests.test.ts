// What administrators ask for by `mfa.requestAction`: what is done, what waits for a second one, what is refused; and that each
// is told with who and why.
import { expect } from 'chai';
import { memoryCaseStore, type AdminAction, type Directory } from 'express-mfa/admin';
import { createMfa, totp } from 'express-mfa';
import { ana, ben, hal, openDesk, reason, type Desk } from './support/admin-desk.js';
import { codeOf } from './support/thrown.js';
import { inEnvironment } from './support/environment.js';

const day = 86_400;

describe('mfa.requestAction', () => {
  it('does at once what needs no second administrator, and tells who, why and for which ticket', async () => {
    const desk = openDesk();
    await desk.put('pat');
    expect(await desk.mfa.requestAction('reset', 'pat', { by: ana, reason, ticket: 'OPS-7' })).to.deep.equal({
      done: {},
    });
    await desk.mfa.settled();
    expect((await desk.mfa.status('pat'))?.protected).to.equal(false);
    const [reset] = desk.eventsOf('reset');
    expect(reset).to.deep.include({ actor: 'admin', by: 'ana@example.com', detail: { reason, ticket: 'OPS-7' } });
    expect(desk.notices.map(({ what, userId }) => [what, userId])).to.deep.equal([['reset', 'pat']]);
    expect(JSON.stringify(desk.notices)).to.not.match(/ana|lost phone|OPS/);
  });

  it('carries out every action', async () => {
    const desk = openDesk({ fourEyes: [] });
    const { mfa } = desk;
    await desk.putUnprotected('new');
    const granted = await mfa.requestAction('grant-enrollment', 'new', { by: ana, reason });
    expect(granted.done?.code).to.match(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(granted.done?.expiresAt).to.equal(mfa.kernel.now() + day);
    const until = new Date(desk.clock.now() + 7 * day * 1000);
    expect(await mfa.requestAction('exempt', 'new', { by: ana, reason, until })).to.deep.equal({ done: {} });
    expect(await mfa.requestAction('end-exemption', 'new', { by: ana, reason })).to.deep.equal({ done: {} });
    await desk.put('pat');
    await mfa.requestAction('end-sign-ins', 'pat', { by: ana, reason });
    expect(desk.ended).to.deep.equal(['pat']);
    const pass = await mfa.requestAction('pass', 'pat', { by: ana, reason, validMinutes: 10 });
    expect(pass.done?.code).to.match(/^([A-Z]{4}-){2}[A-Z]{4}$/);
    expect(pass.done?.expiresAt).to.equal(mfa.kernel.now() + 600);
    for (const action of ['owe-codes', 'release', 'suspend', 'resume', 'unlock', 'end-trust'] as const)
      expect(await mfa.requestAction(action, 'pat', { by: ana, reason })).to.deep.equal({ done: {} });
    await mfa.settled();
    expect(desk.events.map(({ name }) => name)).to.include.members([
      'enrollment-granted',
      'exempted',
      'exemption-ended',
      'sign-ins-ended',
      'pass-issued',
      'backup-codes-owed',
      'suspended',
      'resumed',
    ]);
    expect(desk.notices.map(({ what }) => what)).to.deep.equal([
      'enrollment-granted',
      'exempted',
      'exemption-ended',
      'sign-ins-ended',
      'pass-issued',
      'backup-codes-owed',
      'suspended',
      'resumed',
    ]);
    expect(desk.eventsOf('enrollment-granted')[0]).to.deep.include({ by: ana.name, detail: { reason } });
    expect(await codeOf(mfa.requestAction('erase', 'pat', { by: ana, reason }))).to.equal('admin.not_applicable');
  });

  it('wants a reason of three letters, and a ticket that is a text', async () => {
    const { mfa, put } = openDesk();
    await put('pat');
    for (const bad of ['', '  ', 'ok', '12345', '...', 'x'.repeat(501), undefined, 7]) {
      const asked = mfa.requestAction('unlock', 'pat', { by: ana, reason: bad as string });
      expect(await codeOf(asked), String(bad)).to.equal('admin.reason_missing');
    }
    for (const ticket of ['', 7, 'x'.repeat(65)]) {
      const asked = mfa.requestAction('unlock', 'pat', { by: ana, reason, ticket: ticket as string });
      expect(await codeOf(asked)).to.equal('config.invalid_option');
    }
    expect(await codeOf(mfa.requestAction('unlock', 'pat', { by: ana, reason: 'ключ' }))).to.equal('nothing thrown');
  });

  it('refuses misuse in sentences', async () => {
    const { mfa, put, clock } = openDesk();
    const asked = (action: unknown, request: object) =>
      mfa.requestAction(action as AdminAction, 'pat', request as never).catch((error: unknown) => String(error));
    expect(await asked('resett', { by: ana, reason })).to.contain('Did you mean "reset"?');
    expect(await asked('constructor', { by: ana, reason })).to.contain('there is no action');
    expect(await asked('reset', { by: ana, reson: reason })).to.contain('Did you mean `reason`?');
    expect(await asked('reset', { by: ana, reason, signInId: 'x' })).to.contain('no option `signInId`');
    await put('pat');
    for (const validMinutes of [9, 1441, 60.5, '60'])
      expect(await asked('pass', { by: ana, reason, validMinutes })).to.contain('`validMinutes` takes');
    for (const until of [undefined, '2027-01-01', new Date(0), new Date(clock.now() + 31 * day * 1000)])
      expect(await asked('exempt', { by: ana, reason, until })).to.contain('`until` takes');
    expect(await asked('reset', { by: 'ana', reason })).to.contain('`by`');
    expect(await asked('reset', { by: { ...ana, may: ['all'] }, reason })).to.contain('`by.may`');
    expect(await asked('reset', { by: { ...ana, may: undefined }, reason })).to.contain('`by.may`');
    expect(await asked('reset', { by: { ...ana, id: '' }, reason })).to.contain('id');
    expect(await asked('reset', { by: { ...ana, tenant: 'x' }, reason })).to.contain('`administration.directory`');
  });

  it('makes no record of a mistyped id, and grants nothing to the protected, and no pass to others', async () => {
    const { mfa, put, putUnprotected } = openDesk();
    await put('pat');
    for (const action of ['reset', 'unlock', 'end-trust'] as const) {
      expect(await codeOf(mfa.requestAction(action, 'amn', { by: ana, reason }))).to.equal('admin.not_applicable');
    }
    expect(await mfa.status('amn')).to.equal(undefined);
    const granted = mfa.requestAction('grant-enrollment', 'pat', { by: ana, reason });
    expect(await codeOf(granted)).to.equal('admin.not_applicable');
    await putUnprotected('new');
    expect(await codeOf(mfa.requestAction('pass', 'new', { by: ana, reason }))).to.equal('admin.not_applicable');
  });

  it('tells of a refusal, with the person, who it was and what they wanted', async () => {
    const desk = openDesk();
    await desk.put('pat');
    expect(await codeOf(desk.mfa.requestAction('reset', 'pat', { by: hal, reason }))).to.equal('admin.not_allowed');
    await desk.mfa.settled();
    expect(desk.events.filter(({ actor }) => actor === 'admin')).to.have.length(1);
    expect(desk.eventsOf('admin-refused')[0]).to.deep.include({
      userId: 'pat',
      by: 'hal@example.com',
      outcome: 'refused',
      reason: 'admin.not_allowed',
      detail: { action: 'reset' },
    });
  });

  it('refuses to work without a store of cases in production, and a store in memory', async () => {
    const make = () =>
      createMfa({
        appName: 'Acme',
        secrets: ['the secret of the tests of administrators'],
        store: { load: () => ({}), save: () => '', take: () => undefined, name: 'mine' } as never,
        factors: [totp()],
        user: () => null,
        notify: () => undefined,
        administration: { cases: memoryCaseStore() },
      });
    await inEnvironment('production', () =>
      expect(make).to.throw('redisCaseStore').with.property('code', 'config.memory_store_in_production'),
    );
  });
});

describe('a directory', () => {
  const tenants: Directory = {
    get: (id) =>
      ({
        pat: { tenant: 'red' },
        sue: { tenant: 'blue' },
        boss: { tenant: 'red', isAdmin: true },
        ana: { tenant: 'red', isAdmin: true },
        ben: { tenant: 'red', isAdmin: true },
        hal: { tenant: 'red', isAdmin: true, may: ['view' as const, 'help' as const] },
      })[id],
  };
  let desk: Desk;
  beforeEach(async () => {
    desk = openDesk({ directory: tenants, fourEyes: [] });
    for (const id of ['pat', 'sue', 'boss', 'nobody']) await desk.put(id);
  });

  it('lets nobody of another tenant exist', async () => {
    const red = { ...ana, tenant: 'red' };
    const asked = (id: string) => codeOf(desk.mfa.requestAction('unlock', id, { by: red, reason }));
    expect(await asked('pat')).to.equal('nothing thrown');
    for (const id of ['sue', 'nobody']) expect(await asked(id)).to.equal('session.verification_session_not_found');
  });

  it('asks for `decide` and a second administrator on the account of one', async () => {
    const { mfa } = desk;
    expect(await codeOf(mfa.requestAction('unlock', 'boss', { by: hal, reason }))).to.equal('admin.not_allowed');
    const { case: opened } = await mfa.requestAction('unlock', 'boss', { by: ana, reason });
    expect(opened).to.include({ action: 'unlock', userId: 'boss', tenant: 'red' });
    expect(await codeOf(mfa.approve(opened?.id ?? '', { by: ben, reason }))).to.equal('nothing thrown');
  });

  it('voids what somebody asked for who may no longer ask', async () => {
    const people: { [id: string]: object | undefined } = { ana: { isAdmin: true, may: ['decide'] } };
    const mine = openDesk({ directory: { get: (id) => people[id] }, fourEyes: ['reset'] });
    await mine.put('pat');
    for (const now of [{ isAdmin: true, may: ['view'] }, { isAdmin: false }, {}, undefined]) {
      people['ana'] = { isAdmin: true };
      const { case: opened } = await mine.mfa.requestAction('reset', 'pat', { by: ana, reason });
      people['ana'] = now;
      expect(await codeOf(mine.mfa.approve(opened?.id ?? '', { by: ben, reason }))).to.equal('admin.case_lapsed');
      expect(await mine.mfa.cases()).to.deep.equal([]);
    }
    await mine.mfa.settled();
    expect(mine.eventsOf('case-lapsed').map(({ detail }) => detail?.['why'])).to.deep.equal(Array(4).fill('asker'));
    expect((await mine.mfa.status('pat'))?.protected).to.equal(true);
  });

  it('that fails is an answer of its own, and nothing is done', async () => {
    const failing = openDesk({
      directory: {
        get() {
          throw new Error('LDAP is down');
        },
      },
    });
    await failing.put('pat');
    expect(await codeOf(failing.mfa.requestAction('unlock', 'pat', { by: ana, reason }))).to.equal(
      'directory.unavailable',
    );
  });
});

describe('without a directory', () => {
  it('`help` unlocks and ends trust alone: anybody may be an administrator', async () => {
    const { mfa, put, putUnprotected } = openDesk();
    await put('pat');
    await putUnprotected('new');
    expect(await codeOf(mfa.requestAction('unlock', 'pat', { by: hal, reason }))).to.equal('nothing thrown');
    expect(await codeOf(mfa.requestAction('end-trust', 'pat', { by: hal, reason }))).to.equal('nothing thrown');
    expect(await codeOf(mfa.requestAction('grant-enrollment', 'new', { by: hal, reason }))).to.equal(
      'admin.not_allowed',
    );
  });
});
