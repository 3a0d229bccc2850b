// Attack: an administrator gets around the second one: approves what they asked for, in another session or under another name;
// waits until the account is another; has two say yes at once; acts on their own account.
// Rule: a case is bound to the id of who asked, to the account as it was, and to a day; rights count when it is carried out.
// Answer: 403 `admin.not_allowed`, `admin.own_account`; 410 `admin.case_lapsed` for all but one answer, in any process.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Case } from 'express-mfa/admin';
import { totpOf } from '../support/cli.js';
import { ana, ben, hal, openDesk, reason, type Desk } from '../support/admin-desk.js';
import { codeOf } from '../support/thrown.js';
import { program } from '../support/programs.js';
import { freshNamespace, newRedis, removeNamespace } from '../support/redis.js';
import { patientCaseStore, patientStore } from '../support/patience.js';

const day = 86_400;

/** What Ana asked for, where two have acted before. */
async function askedByAna(desk: Desk): Promise<Case> {
  const { case: opened } = await desk.mfa.requestAction('reset', 'pat', { by: ana, reason });
  if (!opened) throw new Error('It was done at once.');
  return opened;
}

const isProtected = async ({ mfa }: Desk) => (await mfa.status('pat'))?.protected;

describe('four eyes', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = openDesk();
    await desk.put('pat');
    await desk.put('sue');
    for (const by of [ana, ben]) await desk.mfa.requestAction('unlock', 'sue', { by, reason });
  });

  it('are needed once two have acted, and one alone is told nothing of a second', async () => {
    const alone = openDesk();
    await alone.put('pat');
    expect(await alone.mfa.requestAction('reset', 'pat', { by: ana, reason })).to.deep.equal({ done: {} });
    const opened = await askedByAna(desk);
    expect(opened).to.include({ action: 'reset', userId: 'pat', reason });
    expect(opened.expiresAt - opened.openedAt).to.equal(86_400);
    expect(await isProtected(desk)).to.equal(true);
    expect(await desk.mfa.approve(opened.id, { by: ben, reason: 'seen in person too' })).to.deep.equal({ done: {} });
    expect(await isProtected(desk)).to.equal(false);
    await desk.mfa.settled();
    const story = desk.events.filter(({ userId }) => userId === 'pat').map(({ name, by }) => `${name} ${by}`);
    expect(story).to.deep.equal([
      'case-opened ana@example.com',
      'reset ana@example.com',
      'case-approved ben@example.com',
    ]);
    expect(desk.eventsOf('reset')[0]?.detail).to.deep.equal({ reason, case: opened.id });
    expect(desk.eventsOf('case-approved')[0]?.detail).to.deep.equal({
      case: opened.id,
      action: 'reset',
      askedBy: 'ana@example.com',
      reason: 'seen in person too',
    });
  });

  it('are not those of one person with two sessions, or two names', async () => {
    const opened = await askedByAna(desk);
    for (const by of [ana, { ...ana, name: 'somebody@else.example' }, { ...ana, tenant: undefined } as never]) {
      expect(await codeOf(desk.mfa.approve(opened.id, { by, reason }))).to.match(/admin\.not_allowed|config\./);
    }
    expect(await isProtected(desk)).to.equal(true);
    expect(await desk.mfa.cases()).to.have.length(1);
  });

  it('are not those of the helpdesk, nor of whom it is done to', async () => {
    const opened = await askedByAna(desk);
    expect(await codeOf(desk.mfa.approve(opened.id, { by: hal, reason }))).to.equal('admin.not_allowed');
    expect(await codeOf(desk.mfa.deny(opened.id, { by: hal, reason }))).to.equal('admin.not_allowed');
    const pat = { ...ben, id: 'pat' };
    expect(await codeOf(desk.mfa.approve(opened.id, { by: pat, reason }))).to.equal('admin.own_account');
    expect(await codeOf(desk.mfa.deny(opened.id, { by: pat, reason }))).to.equal('admin.own_account');
    expect(await codeOf(desk.mfa.requestAction('unlock', 'pat', { by: pat, reason }))).to.equal('admin.own_account');
    const asNumber = { ...ben, id: 7 };
    expect(await codeOf(desk.mfa.requestAction('unlock', '7', { by: asNumber, reason }))).to.equal('admin.own_account');
    expect(await codeOf(desk.mfa.approve(opened.id, { by: ben, reason: 'ok' }))).to.equal('admin.reason_missing');
    expect(await isProtected(desk)).to.equal(true);
  });

  it('saw another account than the one that there is now', async () => {
    const opened = await askedByAna(desk);
    await desk.mfa.passwordChanged('pat');
    expect(await codeOf(desk.mfa.approve(opened.id, { by: ben, reason }))).to.equal('admin.case_lapsed');
    expect(await codeOf(desk.mfa.approve(opened.id, { by: ben, reason }))).to.equal('admin.case_lapsed');
    expect(await isProtected(desk)).to.equal(true);
    await desk.mfa.settled();
    expect(desk.eventsOf('case-lapsed').map(({ detail }) => detail?.['why'])).to.deep.equal(['changed']);
  });

  it('lose to a change that comes between the look and the write', async () => {
    const opened = await askedByAna(desk);
    const { store } = desk.mfa.kernel;
    const { load } = store;
    let loads = 0;
    store.load = async (id) => {
      loads += 1;
      // The second look is that of the reset itself.
      if (loads === 2) await desk.put('pat', [totpOf(desk.mfa, 'pat')]);
      return load(id);
    };
    expect(await codeOf(desk.mfa.approve(opened.id, { by: ben, reason }))).to.equal('admin.case_lapsed');
    store.load = load;
    expect(await isProtected(desk)).to.equal(true);
    expect(await desk.mfa.cases()).to.deep.equal([]);
    await desk.mfa.settled();
    expect(desk.eventsOf('case-lapsed')).to.have.length(1);
  });

  it('close after a day, which is told once', async () => {
    const opened = await askedByAna(desk);
    desk.clock.advance(day);
    expect(await codeOf(desk.mfa.approve(opened.id, { by: ben, reason }))).to.equal('admin.case_lapsed');
    expect(await desk.mfa.cases()).to.deep.equal([]);
    await desk.mfa.settled();
    expect(desk.eventsOf('case-lapsed').map(({ detail, actor }) => [detail?.['why'], actor])).to.deep.equal([
      ['time', 'system'],
    ]);
    expect(await isProtected(desk)).to.equal(true);
  });

  it('see one case however often it is asked for, which who asked may take back', async () => {
    const opened = await askedByAna(desk);
    expect((await askedByAna(desk)).id).to.equal(opened.id);
    await desk.mfa.deny(opened.id, { by: ana, reason: 'not needed' });
    expect(await codeOf(desk.mfa.approve(opened.id, { by: ben, reason }))).to.equal('admin.case_lapsed');
    const again = await askedByAna(desk);
    await desk.mfa.deny(again.id, { by: ben, reason: 'who is this?' });
    await desk.mfa.settled();
    expect(desk.eventsOf('case-denied').map(({ by, detail }) => [by, detail?.['withdrawn']])).to.deep.equal([
      ['ana@example.com', true],
      ['ben@example.com', undefined],
    ]);
    expect(await isProtected(desk)).to.equal(true);
  });

  it('are asked for what is to be shown, and then it is shown to who asked, once, and to nobody else', async () => {
    const strict = openDesk({ fourEyes: ['grant-enrollment'] });
    await strict.putUnprotected('new');
    const { case: opened } = await strict.mfa.requestAction('grant-enrollment', 'new', { by: ana, reason });
    const id = opened?.id ?? '';
    expect(await codeOf(strict.mfa.collect(id, { by: ana }))).to.equal('admin.case_lapsed');
    const approved = await strict.mfa.approve(id, { by: ben, reason });
    expect(approved.done).to.equal(undefined);
    expect(JSON.stringify(approved)).to.not.contain('code');
    expect(await codeOf(strict.mfa.approve(id, { by: { ...ben, id: 'cyd' }, reason }))).to.equal('admin.case_lapsed');
    expect(await codeOf(strict.mfa.collect(id, { by: ben }))).to.equal('admin.not_allowed');
    expect(await codeOf(strict.mfa.collect(id, { by: { ...ana, may: ['view'] } }))).to.equal('admin.not_allowed');
    const collected = await Promise.allSettled(Array.from({ length: 8 }, () => strict.mfa.collect(id, { by: ana })));
    const codes = collected.flatMap((each) => (each.status === 'fulfilled' ? [each.value.code] : []));
    expect(codes).to.have.length(1);
    expect(codes[0]).to.match(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await strict.mfa.settled();
    expect(strict.eventsOf('enrollment-granted')).to.have.length(1);
    expect(JSON.stringify(strict.events)).to.not.contain(codes[0]);
  });

  it('are asked for a pass, which the approver never sees', async () => {
    const { mfa } = desk;
    const { case: opened } = await mfa.requestAction('pass', 'pat', { by: ana, reason, validMinutes: 30 });
    const id = opened?.id ?? '';
    const approved = await mfa.approve(id, { by: ben, reason });
    expect(approved.case?.approved?.id).to.equal('ben');
    expect(
      (await mfa.status('pat'))?.authenticators.map(({ kind }) => kind),
      'none was made yet',
    ).to.deep.equal(['totp']);
    desk.clock.advance(3600);
    const { code, expiresAt } = await mfa.collect(id, { by: ana });
    expect(code).to.match(/^([A-Z]{4}-){2}[A-Z]{4}$/);
    expect(expiresAt).to.equal(mfa.kernel.now() + 1800);
    expect(await codeOf(mfa.collect(id, { by: ana }))).to.equal('admin.case_lapsed');
    await mfa.settled();
    expect(JSON.stringify([approved, desk.events, desk.notices])).to.not.contain(code);
  });

  it('say yes once, however many do at once, in one process and in four', async () => {
    const opened = await askedByAna(desk);
    const others = Array.from({ length: 8 }, (_, at) => ({ ...ben, id: `admin-${at}` }));
    const answers = await Promise.all(others.map((by) => codeOf(desk.mfa.approve(opened.id, { by, reason }))));
    expect(answers.sort()).to.deep.equal([...Array<string>(7).fill('admin.case_lapsed'), 'nothing thrown']);
    await desk.mfa.settled();
    expect(desk.eventsOf('reset')).to.have.length(1);

    const redis = newRedis();
    const namespace = freshNamespace();
    const shared = openDesk({
      store: patientStore(redis, { namespace, warn: () => undefined }),
      cases: patientCaseStore(redis, { namespace }),
      fourEyes: ['reset'],
    });
    const script = program(fileURLToPath(new URL('../support/approving-rival.ts', import.meta.url)));
    const rivals = ['a', 'b', 'c', 'd'].map((me) => fork(script, [namespace, me], { execArgv: [] }));
    await Promise.all(rivals.map((rival) => once(rival, 'message')));
    for (let round = 0; round < 5; round += 1) {
      await shared.put('pat');
      const { id } = await askedByAna(shared);
      const reports = rivals.map((rival) => once(rival, 'message'));
      rivals.forEach((rival) => rival.send(id));
      const said = (await Promise.all(reports)).map(([report]) => report as string).sort();
      expect(said).to.deep.equal([...Array<string>(3).fill('admin.case_lapsed'), 'nothing thrown']);
      expect(await isProtected(shared)).to.equal(false);
    }
    rivals.forEach((rival) => rival.disconnect());
    await removeNamespace(redis, namespace);
    redis.disconnect();
  }).timeout(120_000);

  it('are counted by ids that the store keeps, not by names', async () => {
    const alone = openDesk();
    await alone.put('pat');
    for (const name of ['one', 'two']) await alone.mfa.requestAction('unlock', 'pat', { by: { ...ana, name }, reason });
    expect(await alone.mfa.requestAction('reset', 'pat', { by: ana, reason })).to.deep.equal({ done: {} });
  });
});
