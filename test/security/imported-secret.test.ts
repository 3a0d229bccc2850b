// Attack: a stolen copy of the old system's column, and a migration that runs again after its owner replaced, removed or had
// reset what was imported: the thief's app works once more. Or two migrations at once, with a row each.
// Rule: an import enrols only whoever was never protected, else by `replace`; digests of what stood here outlive it.
// Answer: `refused: 'spent'` or `'protected'`, and nothing is written; of rivals one wins (in two processes: imported-secret-rivals).
import { expect } from 'chai';
import { rotateUser } from '../../src/core/operators/rotate.js';
import { memoryStore, totp, type MfaStore } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import { appSecret, fewBackupCodes, testApp, type TestApp, type TestAppOptions } from '../support/app.js';

const stolen = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const another = 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU';

describe('a stolen secret that is imported again', () => {
  let store: MfaStore;
  let app: TestApp;
  let ada: Browser;

  const appWith = (secrets = [appSecret], options: TestAppOptions = {}) =>
    testApp({
      store,
      secrets,
      recordMaxAgeSeconds: 0,
      factors: [totp(), fewBackupCodes()],
      ...options,
    });

  beforeEach(async () => {
    store = memoryStore();
    app = await appWith();
    expect(await app.mfa.importTotp('ada', { secret: stolen })).to.include({ imported: true });
    ada = await new Browser(app).signIn('ada');
    await ada.proveTotp(stolen);
    await ada.saveCodes();
    app.clock.advance(30);
    await (ada = await new Browser(app).signIn('ada')).proveTotp(stolen);
  });
  afterEach(() => app.close());

  async function expectRefused(reason: string, site = app): Promise<void> {
    for (const replace of [false, true]) {
      const said = await site.mfa.importTotp('ada', { secret: stolen.toLowerCase(), digits: 8, replace });
      expect(said).to.include({ imported: false, refused: reason });
    }
    app.clock.advance(30);
    const thief = await new Browser(site).signIn('ada');
    const answer = await thief.postJson(
      '/mfa/verify/totp',
      { code: code(stolen, app.clock) },
      { 'X-CSRF-Token': await thief.csrf() },
    );
    expect(answer.status).to.be.within(400, 499);
  }

  it('is refused after its owner replaced it', async () => {
    await ada.enrollTotp();
    await expectRefused('spent');
  });

  it('is refused after its owner removed it', async () => {
    const { authenticators } = (await app.mfa.status('ada'))!;
    const { id } = authenticators.find(({ kind }) => kind === 'totp')!;
    expect((await ada.json(`/mfa/authenticators/${id}/remove`, { keepBackupCodes: 'no' })).status).to.equal(200);
    await expectRefused('spent');
  });

  it('is refused after a reset, whoever says replace, and after a rotation of secrets', async () => {
    await app.mfa.reset('ada', { by: 'ops' });
    await expectRefused('spent');
    const newest = 'the newest secret of the app in these tests, 32 bytes';
    const both = await appWith([newest, appSecret], { clock: app.clock });
    expect((await rotateUser(both.mfa.kernel, 'ada')).resealed).to.be.greaterThan(0);
    const only = await appWith([newest], { clock: app.clock });
    await expectRefused('spent', only);
    await Promise.all([both.close(), only.close()]);
  });

  it('is refused after an import of another one took its place', async () => {
    expect(await app.mfa.importTotp('ada', { secret: another })).to.include({ imported: false, refused: 'protected' });
    expect(await app.mfa.importTotp('ada', { secret: another, replace: true })).to.include({ imported: true });
    expect(await app.mfa.importTotp('ada', { secret: another })).to.deep.include({ imported: false, weak: false });
    await expectRefused('spent');
  });

  it('makes nobody protected anew who removed everything, unless it is said', async () => {
    await app.mfa.reset('ada', { by: 'ops' });
    expect(await app.mfa.importTotp('ada', { secret: another })).to.include({ imported: false, refused: 'protected' });
    expect((await app.mfa.status('ada'))!.protected).to.equal(false);
    expect(await app.mfa.importTotp('ada', { secret: another, replace: true })).to.include({ imported: true });
  });

  it('has one winner among two migrations with a row each', async () => {
    const beside = await appWith([appSecret], { clock: app.clock });
    const said = await Promise.all([
      app.mfa.importTotp('bob', { secret: stolen }),
      beside.mfa.importTotp('bob', { secret: another }),
      app.mfa.importTotp('bob', { secret: stolen }),
      beside.mfa.importTotp('bob', { secret: another }),
    ]);
    expect(said.filter(({ imported }) => imported)).to.have.length(1);
    expect(said.filter(({ refused }) => refused === 'protected')).to.have.length(2);
    expect((await app.mfa.status('bob'))!.authenticators).to.have.length(1);
    await beside.close();
  });
});
