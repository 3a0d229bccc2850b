// What waits, who is blocked, and who has how many codes: each number of the overview leads to these people. And counting by a press:
// a few are counted before the answer, of many the page says how far it is.
import { expect } from 'chai';
import { memoryStatsStore, type StatsStore } from '../../../src/admin.js';
import { caseOfRecovery } from '../../../src/core/operators/recovery-cases.js';
import { backupCodes, supportPass, totp } from '../../../src/index.js';
import { riskByHistory } from '../../../src/risk.js';
import { adminSite, allRights, home, reason, type AdminSite } from '../../support/admin-site.js';
import { codesOf } from '../../support/cli.js';
import { eventually } from '../../support/eventually.js';
import { tamper } from '../../support/core-record.js';

type Row = { name: string; standing: string[] };

describe('lists behind the overview', () => {
  let site: AdminSite;
  let ana: Awaited<ReturnType<AdminSite['enter']>>;
  let stats: StatsStore;
  let held: Promise<void> | undefined;

  const listed = async (filter: string, more = '') =>
    (await ana.jsonGet(`${home}/people?filter=${filter}${more}`).expect(200)).body as { people: Row[]; total: number };
  const namesIn = async (filter: string, more = '') => (await listed(filter, more)).people.map(({ name }) => name);

  beforeEach(async () => {
    held = undefined;
    const memory = memoryStatsStore();
    stats = { ...memory, add: async (...args) => (await held, memory.add(...args)) };
    site = await adminSite({
      factors: [totp(), backupCodes(), supportPass()],
      risk: riskByHistory(),
      riskActions: { signIn: { high: 'block' } },
      fourEyes: ['reset'],
      stats,
    });
    for (const [id, name] of [
      ['ana', 'Ana Ash'],
      ['ben', 'Ben Birch'],
      ['pat', 'Pat Palm'],
    ] as const)
      site.people.set(id, { name });
    site.people.set('ana', { name: 'Ana Ash', isAdmin: true, rights: allRights, as: 'Ana' });
    ana = await site.enter('ana');
    for (const id of ['ben', 'pat']) await site.enter(id);
  });
  afterEach(() => site.close());

  it('have whom a case waits for, live, before anybody was counted; for whoever may answer', async () => {
    expect((await ana.htmlGet(`${home}/people`)).text)
      .to.include('Lists appear once')
      .and.not.include('Waiting');
    await site.mfa.requestAction('reset', 'pat', { by: { id: 'eve', name: 'Eve', may: allRights }, reason });
    const now = site.mfa.kernel.now();
    const recovery = { id: 'r-1', at: now, until: now + 3600 } as Parameters<typeof caseOfRecovery>[1];
    await site.mfa.config.administration.cases?.open(caseOfRecovery('ben', recovery));
    await site.mfa.config.administration.cases?.open(caseOfRecovery('ana', { ...recovery, id: 'r-2' }));
    expect(await namesIn('waiting')).to.have.members(['Ana Ash', 'Ben Birch', 'Pat Palm']);
    expect(await namesIn('waiting', '&admin=yes')).to.deep.equal(['Ana Ash']);
    const page = await ana.htmlGet(`${home}/people?filter=waiting`).expect(200);
    expect(page.text).to.include('1 to 3 of 3. Live.').and.include('Lists appear once').and.not.include('Counted on');
    const { body } = await ana.jsonGet(`${home}/`);
    expect(body.todo).to.deep.include({
      ...{ what: 'recoveries', url: `${home}/approvals` },
      params: { count: 1, date: now + 3600 },
    });
    expect(body.todo.map(({ what }: { what: string }) => what).slice(0, 2)).to.deep.equal(['recoveries', 'cases']);
    expect((await ana.htmlGet(`${home}/`)).text).to.include('Approve or deny a recovery');
    site.people.set('ana', { name: 'Ana Ash', isAdmin: true, rights: ['view'], as: 'Ana' });
    expect((await ana.jsonGet(`${home}/people?filter=waiting`)).body.code).to.equal('request.invalid');
    expect((await ana.htmlGet(`${home}/people`)).text).not.to.include('Waiting');
  });

  it('have who is blocked until a release, which their row shows at once', async () => {
    await tamper(site.mfa.kernel, () => ({ raised: { unknown: 'high' } }), 'pat');
    await tamper(site.mfa.kernel, () => ({ raised: { unknown: 'medium' } }), 'ben');
    await site.mfa.census();
    expect(await listed('blocked')).to.include({ total: 1 });
    expect((await listed('blocked')).people[0]).to.deep.include({
      name: 'Pat Palm',
      standing: ['protected', 'blocked'],
    });
    const { body } = await ana.jsonGet(`${home}/`);
    const risk = body.figures.find(({ name }: { name: string }) => name === 'people-at-risk');
    expect(risk.rows.map((row: unknown[]) => row.slice(0, 2))).to.deep.include(['Sign-in blocked', 1]);
    await site.mfa.release('pat', { by: 'Ana', reason });
    expect((await listed('blocked')).people[0]?.standing).to.deep.equal(['protected']);
    await site.mfa.census();
    expect(await listed('blocked')).to.include({ total: 0 });
  });

  it('have who stands in each column of codes left', async () => {
    const { keyId } = site.mfa.kernel.sealer;
    for (const [id, left] of [
      ['ben', 3],
      ['pat', 0],
    ] as const)
      await tamper(
        site.mfa.kernel,
        ({ authenticators }) => ({
          authenticators: [...authenticators.filter(({ kind }) => kind === 'totp'), codesOf(keyId, left)],
        }),
        id,
      );
    await site.mfa.census();
    const page = await ana.htmlGet(`${home}/`).expect(200);
    expect(page.text).to.include(`filter=left%2F3`);
    expect(await namesIn('left/3')).to.deep.equal(['Ben Birch']);
    expect(await namesIn('left/0')).to.deep.equal(['Pat Palm']);
    expect((await ana.htmlGet(`${home}/people?filter=left/3`)).text).to.include('Backup codes left: 3');
    for (const bad of ['left/11', 'left/-1', 'left', 'waiting/admins'])
      expect((await ana.jsonGet(`${home}/people?filter=${bad}`)).body.code, bad).to.equal('request.invalid');
  });

  it('are there on the page right after a press, where people are few', async () => {
    expect((await ana.htmlGet(`${home}/`)).text).to.include('have not been counted yet');
    expect((await ana.form(`${home}/census`, {})).status).to.equal(303);
    const page = await ana.htmlGet(`${home}/`).expect(200);
    expect(page.text).not.to.match(/have not been counted yet|Counting/);
    expect((await ana.jsonGet(`${home}/`)).body.numbers[0]).to.include({ what: 'people', value: 3 });
  });

  it('are said to be counted, with a way to see how far it is, where that takes longer', async () => {
    let release: () => void = () => undefined;
    held = new Promise((resolve) => (release = resolve));
    expect((await ana.form(`${home}/census`, {})).status).to.equal(303);
    const page = await ana.htmlGet(`${home}/`).expect(200);
    expect(page.text).to.match(/<div class="mfa-note" role="status"><p><strong>Counting/);
    expect(page.text).to.include('See how far it is').and.not.include('have not been counted yet');
    expect(page.text).not.to.include(`action="${home}/census"`);
    release();
    await eventually(async () => expect((await ana.jsonGet(`${home}/`)).body.numbers[0]?.value).to.equal(3));
  });

  it('are not said to be there where counting fails at once', async () => {
    held = Promise.reject(new Error('the store is away'));
    held.catch(() => undefined);
    const failed = await ana.form(`${home}/census`, {});
    expect(failed.status).to.be.at.least(500);
    held = undefined;
    expect((await ana.form(`${home}/census`, {})).status).to.equal(303);
  });
}).timeout(60_000);
