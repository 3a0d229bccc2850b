// The trips to the store that docs/cost.md tells of, counted over HTTP.
import { expect } from 'chai';
import { auditLog, memoryAuditStore, type AuditStore } from '../../src/audit.js';
import { memoryStore, totp } from '../../src/index.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { fewBackupCodes, testApp, testClock, type TestApp } from '../support/app.js';
import { countingStore, type CountingStore } from '../support/counting-store.js';
import { rowsOf, sectionOf } from './markdown.js';

/** The number in the row that begins so. */
function told(what: string): number {
  const row = rowsOf(sectionOf('docs/cost.md', 'Trips to the store')).find(([first]) => first?.startsWith(what));
  return Number(/^\d+/.exec(row?.[1] ?? '')?.[0]);
}

describe('the cost that the documentation tells', () => {
  let app: TestApp;
  let counted: CountingStore;
  let ann: Browser;
  let secret: string;
  let codes: string[];
  let token: { 'X-CSRF-Token': string };

  beforeEach(async () => {
    const clock = testClock();
    counted = countingStore(memoryStore({ clock }));
    app = await testApp({ store: counted.store, clock, factors: [totp(), fewBackupCodes()] });
    ({ secret, codes } = await (await new Browser(app).signIn('ann')).enrollTotp());
    ann = await new Browser(app).signIn('ann');
    token = { 'X-CSRF-Token': await ann.csrf() };
    clock.advance(60);
    counted.reset();
  });
  afterEach(() => app.close());

  async function trips(request: PromiseLike<{ status: number }>, status: number): Promise<number> {
    counted.reset();
    expect((await request).status).to.equal(status);
    return counted.trips;
  }
  const answer = (kind: string, typed: string) => ann.postJson(`/mfa/verify/${kind}`, { code: typed }, token);

  it('is that of the guard', async () => {
    expect(await trips(new Browser(app).jsonGet('/account'), 200)).to.equal(told('guard, visitor'));
    expect(await trips(ann.jsonGet('/account'), 403)).to.equal(told('guard, anybody else'));
    await ann.proveTotp(secret);
    expect(await trips(ann.jsonGet('/account'), 200)).to.equal(told('guard, elevated'));
    app.clock.advance(31);
    expect(await trips(ann.jsonGet('/account'), 200)).to.equal(1);
    expect(await trips(ann.jsonGet('/account'), 200)).to.equal(told('guard, elevated'));
  });

  it('is that of answers, right or wrong', async () => {
    const answers = told('authenticator app, backup code');
    expect(answers).to.equal(2);
    expect(await trips(answer('totp', wrongCode(secret, app.clock)), 422)).to.equal(answers);
    expect(await trips(answer('backup-codes', 'ZZZZ-ZZZZ'), 422)).to.equal(answers);
    expect(await trips(answer('totp', code(secret, app.clock)), 200)).to.equal(answers);
    ann = await new Browser(app).signIn('ann');
    token = { 'X-CSRF-Token': await ann.csrf() };
    await trips(answer('backup-codes', codes[0]!), 200);
    await app.mfa.settled();
    // The limit of notices, and the link for objecting, in the notice that a code was used.
    expect(counted.log.map(([first]) => first)).to.deep.equal(['load', 'save', 'increment', 'take', 'put']);
  });

  it('is the same with an audit log, even one whose store never answers; the guard of an elevated session tells it nothing', async () => {
    let asked = 0;
    const hangs: AuditStore = {
      ...memoryAuditStore(),
      append() {
        asked += 1;
        return new Promise(() => undefined);
      },
    };
    const audit = auditLog({ store: hangs });
    const logged = countingStore(memoryStore({ clock: app.clock }));
    const other = await testApp({ store: logged.store, clock: app.clock, factors: [totp(), fewBackupCodes()], audit });
    const { secret: own } = await (await new Browser(other).signIn('ann')).enrollTotp();
    const person = await new Browser(other).signIn('ann');
    const csrf = { 'X-CSRF-Token': await person.csrf() };
    app.clock.advance(60);
    logged.reset();
    await person.postJson('/mfa/verify/totp', { code: code(own, app.clock) }, csrf).expect(200);
    expect(logged.trips).to.equal(told('authenticator app, backup code'));
    while (asked === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const waiting = async () => (await audit.health()).waiting;
    const before = await waiting();
    expect(before).to.be.greaterThan(0);
    await person.jsonGet('/account').expect(200);
    expect(await waiting()).to.equal(before);
    await other.close();
  });

  it('is two trips to the audit log more where nothing may be told without it', async () => {
    const ledger = memoryAuditStore();
    let asked = 0;
    const append: AuditStore['append'] = (batch) => {
      asked += 1;
      return ledger.append(batch);
    };
    const audit = auditLog({ store: { ...ledger, append }, whenUnavailable: 'refuse' });
    const logged = countingStore(memoryStore({ clock: app.clock }));
    const other = await testApp({ store: logged.store, clock: app.clock, factors: [totp(), fewBackupCodes()], audit });
    const { secret: own } = await (await new Browser(other).signIn('ann')).enrollTotp();
    const person = await new Browser(other).signIn('ann');
    const csrf = { 'X-CSRF-Token': await person.csrf() };
    app.clock.advance(60);
    await other.mfa.settled();
    logged.reset();
    asked = 0;
    await person.postJson('/mfa/verify/totp', { code: code(own, app.clock) }, csrf).expect(200);
    expect({ trips: logged.trips, asked }).to.deep.equal({ trips: told('authenticator app, backup code'), asked: 2 });
    await other.close();
  });

  it('is that of an answer while locked', async () => {
    const wrong = wrongCode(secret, app.clock);
    for (let tries = 0; tries < 5; tries += 1) await answer('totp', wrong);
    expect(await trips(answer('totp', wrong), 429)).to.equal(told('an answer while locked'));
  });
});
