// Attack: where an administrator must approve a backup code, somebody is in before that, goes on in another browser or with a cookie
// of somebody else, uses an approval twice, late, or after it was voided or turned down; or learns from the page what gave them away.
// Rule: the record decides: one case, one browser by a cookie of which only a digest stands there, 72 hours, one write.
// Answer: `session.mfa.awaiting_approval` before, one sign-in after, nothing for everybody else.
import { expect } from 'chai';
import { Browser, codeIn } from '../support/agent.js';
import { rawRecord } from '../support/raw-record.js';
import { admin, levels, reason, recoveryApp, type RecoveryApp } from '../support/recovering.js';
import { codeOf } from '../support/thrown.js';

const awaiting = 'session.mfa.awaiting_approval';
const by = { by: admin as never, reason };

describe('a backup code that an administrator must approve', () => {
  let app: RecoveryApp;
  let codes: string[];
  let secret: string;
  beforeEach(async () => {
    app = await recoveryApp({ riskActions: { recovery: { high: 'approve' } }, verifyPassword: () => true });
    ({ codes, secret } = await app.owner());
  });
  afterEach(() => app.close());

  const enter = (uid = 'ada', headers: object = levels.high) =>
    new Browser(app, headers as never).signIn(uid, { signedInBy: 'sso' });
  const cases = () => app.mfa.cases();
  const left = async (uid = 'ada') =>
    (await app.mfa.status(uid))?.authenticators.find(({ kind }) => kind === 'backup-codes')?.left;
  const recoveryOf = (who: Browser) => /(mfa-recovery[^=]*=[^;]*)/.exec(who.cookies)?.[1] ?? '';

  /** A sign-in in which a code was spent, and the case of it. */
  async function waiting(uid = 'ada', typed = codes.shift()!) {
    const who = await enter(uid);
    expect((await who.answer('backup-codes', typed)).body.next?.step).to.equal('wait');
    return { who, id: (await cases()).find(({ userId }) => userId === uid)!.id };
  }

  it('lets nobody in before, by another code, another proof, or as anybody else', async () => {
    const { who, id } = await waiting();
    for (const path of ['/account', '/mfa/setup/totp', '/mfa/backup-codes'])
      expect(codeIn(await who.jsonGet(path)), path).to.equal(awaiting);
    expect(codeIn(await who.json('/mfa/wait'))).to.equal(awaiting);
    expect(codeIn(await who.answer('backup-codes', codes[0]))).to.equal(awaiting);
    for (const body of [
      { factor: 'password', password: 'x' },
      { factor: 'email', code: '123456' },
    ])
      expect(codeIn(await who.json('/mfa/confirm', body))).to.equal('session.mfa.pending_info_not_found');
    const second = await enter();
    expect(codeIn(await second.answer('backup-codes', codes[0])), 'one case at a time').to.equal(awaiting);
    expect([await left(), (await cases()).length]).to.deep.equal([4, 1]);
    // Nobody answers about themselves, or without the right.
    expect(await codeOf(app.mfa.approve(id, { by: { ...admin, id: 'ada' }, reason }))).to.equal('admin.own_account');
    expect(await codeOf(app.mfa.approve(id, { by: { ...admin, may: ['view', 'help'] } as never, reason }))).to.equal(
      'admin.not_allowed',
    );
    expect(codeIn(await who.jsonGet('/account'))).to.equal(awaiting);
  });

  it('lets one browser in, once, and no other that lacks its cookie, makes one up, or has that of another person', async () => {
    const bob = await app.owner('bob');
    const { who, id } = await waiting();
    const hers = await waiting('bob', bob.codes[0]);
    await app.mfa.approve(id, by);
    expect(await codeOf(app.mfa.approve(id, by)), 'once').to.equal('admin.case_lapsed');
    const cookies = [
      undefined,
      recoveryOf(hers.who),
      recoveryOf(hers.who).replace(/\.[\w-]{12}\./, `.${id}.`),
      recoveryOf(who).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    ];
    expect(recoveryOf(who)).to.include(id);
    for (const [index, cookie] of cookies.entries()) {
      const other = await enter();
      const token = { 'X-CSRF-Token': await other.csrf() };
      const sent = cookie === undefined ? {} : { Cookie: `${other.cookies}; ${cookie}` };
      const answer = await other.postJson('/mfa/wait', {}, { ...token, ...sent });
      expect(codeIn(answer), String(index)).to.equal('session.mfa.pending_info_not_found');
    }
    // Bob's browser, with a copy of it: it is Ada's, not his.
    const token = { 'X-CSRF-Token': await hers.who.csrf(), Cookie: `${hers.who.cookies}; ${recoveryOf(who)}` };
    expect((await hers.who.postJson('/mfa/wait', {}, token)).status).to.not.equal(200);
    expect(codeIn(await hers.who.jsonGet('/account'))).to.equal(awaiting);
    // A later sign-in in the same browser goes on, one of many presses does.
    await who.agent.post('/login').set(who.headers).send({ uid: 'ada', signedInBy: 'sso' }).expect(200);
    const own = { 'X-CSRF-Token': await who.csrf() };
    const before = who.cookies;
    const presses = await Promise.all(
      Array.from({ length: 8 }, () =>
        new Browser(app, who.headers).postJson('/mfa/wait', {}, { ...own, Cookie: before }),
      ),
    );
    expect(presses.filter(({ status }) => status === 200)).to.have.length(1);
    expect([await left(), (await cases()).length]).to.deep.equal([4, 1]);
    const late = await new Browser(app, who.headers).postJson('/mfa/wait', {}, { ...own, Cookie: before });
    expect(late.status).to.not.equal(200);
  });

  it('is worth nothing after 72 hours, turned down, objected to, reset, or after an older method of the owner', async () => {
    const expectNothing = async (who: Browser, id: string, what: string) => {
      expect(await codeOf(app.mfa.approve(id, by)), what).to.equal('admin.case_lapsed');
      await who.agent.post('/login').set(who.headers).send({ uid: 'ada', signedInBy: 'sso' }).expect(200);
      expect((await who.json('/mfa/wait')).status, what).to.not.equal(200);
      expect((await who.jsonGet('/account').expect(403)).body.code, what).to.not.equal(awaiting);
    };
    const late = await waiting();
    app.clock.advance(72 * 3600);
    await expectNothing(late.who, late.id, 'late');
    const approvedLate = await waiting();
    await app.mfa.approve(approvedLate.id, by);
    app.clock.advance(72 * 3600);
    await expectNothing(approvedLate.who, approvedLate.id, 'approved and late');
    const denied = await waiting();
    await app.mfa.deny(denied.id, by);
    await expectNothing(denied.who, denied.id, 'denied');
    const beside = await waiting();
    await app.mfa.approve(beside.id, by);
    const owner = await enter('ada', levels.low);
    await owner.proveTotp(secret);
    await expectNothing(beside.who, beside.id, 'an older method');
    const objected = await waiting();
    await app.mfa.approve(objected.id, by);
    await app.mfa.settled();
    const { objectToken } = app.notices.findLast(({ what }) => what === 'backup-code-used')!;
    const stranger = new Browser(app);
    await stranger.htmlGet(`/mfa/object/${objectToken!}`).expect(200);
    await stranger.post(`/mfa/object/${objectToken!}`).expect(200);
    await expectNothing(objected.who, objected.id, 'objected');
  });

  it('is voided by a reset', async () => {
    const { who, id } = await waiting();
    await app.mfa.approve(id, by);
    await app.mfa.reset('ada', { by: 'helpdesk-3', reason });
    expect((await who.json('/mfa/wait')).status).to.not.equal(200);
  });

  it('tells on its pages no signal, and keeps nothing that is readable', async () => {
    const bob = await app.owner('bob');
    const medium = await enter('bob', levels.medium);
    expect((await medium.answer('backup-codes', bob.codes[0])).body.next?.step).to.equal('confirm-recovery');
    await medium.json('/mfa/confirm/begin', { factor: 'email' });
    const { who, id } = await waiting();
    const staged = await rawRecord(app.mfa, 'ada');
    const [, secretOfBrowser = ''] = new RegExp(`${id}\\.([\\w-]{43})`).exec(who.cookies) ?? [];
    expect(secretOfBrowser).to.have.length(43);
    const kept = JSON.stringify([staged, await rawRecord(app.mfa, 'bob')]);
    for (const text of [id, secretOfBrowser, 'approval', 'wait', '"owes"', '"proof"'])
      expect(kept.includes(text), text).to.equal(false);
    expect((await cases())[0]).to.deep.include({ id, action: 'recovery', userId: 'ada', reason: '', options: {} });
    expect(JSON.stringify(await cases())).to.not.include(secretOfBrowser);
    const told = [
      (await who.htmlGet('/mfa/wait').expect(200)).text,
      JSON.stringify((await who.jsonGet('/mfa/wait')).body),
      JSON.stringify((await who.json('/mfa/wait')).body),
      JSON.stringify((await who.jsonGet('/account')).body),
      (await medium.htmlGet('/mfa/confirm').expect(200)).text,
      JSON.stringify((await medium.jsonGet('/mfa/confirm').expect(200)).body),
      JSON.stringify((await medium.json('/mfa/confirm', { factor: 'email', code: '000000' })).body),
    ];
    for (const text of told) expect(text).to.not.include('bob@example.com');
    for (const text of told)
      for (const word of [
        /country|travel|no_match|unseen|\bdeny\b/i,
        /\bhigh\b|\bmedium\b/i,
        /"score"|"signals"|Brazil/,
      ])
        expect(text).to.not.match(word);
  });
});
