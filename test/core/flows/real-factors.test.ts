// The flows with the real authenticator-app and backup-code factors: what the parts promise holds when put together.
import { expect } from 'chai';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { backupCodes } from '../../../src/factors/backup-codes/backup-codes.js';
import type { PendingCodes } from '../../../src/factors/backup-codes/enrollment.js';
import { totp } from '../../../src/factors/totp/totp.js';
import type { ShownSecret } from '../../../src/factors/totp/enrollment.js';
import { appCode, wrongCode } from '../../factors/totp/fixture.js';
import { testKernel, watchedStore, type TestKernel, type WatchedStore } from '../../support/core-kernel.js';
import { forget, personOf, saidOf, type Person } from '../../support/core-person.js';
import { tally } from '../../support/tally.js';

const wrong = 'session.mfa.invalid_totp_code';
const locked = 'session.verification_blocked_too_many_attempts';
async function setUpApp(kernel: TestKernel, person: Person): Promise<string> {
  const { secret } = (await person.begin('totp', 'page')) as ShownSecret;
  const said = saidOf(await person.confirm('totp', { code: appCode(secret, kernel.now()) }));
  expect(said).to.equal('accepted');
  kernel.clock.now += 30;
  return secret;
}

async function saveCodes(person: Person): Promise<string[]> {
  const { codes, revealToken } = (await person.begin('backup-codes')) as PendingCodes;
  expect(saidOf(await person.confirm('backup-codes', { revealToken, saved: 'yes' }))).to.equal('accepted');
  return codes;
}

async function owner() {
  let watched!: WatchedStore;
  const factors = [totp(), backupCodes()] as Factor[];
  const kernel = testKernel({ factors, store: (memory) => (watched = watchedStore(memory)) });
  const other = testKernel({ factors, beside: kernel });
  const person = personOf(kernel);
  const secret = await setUpApp(kernel, person);
  const codes = await saveCodes(person);
  forget(kernel);
  const servers = [kernel, other];
  const session = (n: number) => personOf(servers[n % 2]!, 'ann', {}, person.asker.knownBrowser);
  const code = () => appCode(secret, kernel.now());
  return { kernel, other, person, secret, codes, session, code, watched };
}

describe('an authenticator app, in the flows', () => {
  it('is set up, owes the codes, and lets its owner in at the next sign-in', async () => {
    const { person, code } = await owner();
    expect(await person.step()).to.equal('nothing');
    const again = person.signInAgain();
    expect(await again.step()).to.equal('verify');
    expect(saidOf(await again.verify('totp', { code: code() }))).to.equal('accepted');
    expect(await again.step()).to.equal('nothing');
  });

  it('refuses a code that was accepted, and the one of the step before it', async () => {
    const { kernel, session, secret, code } = await owner();
    kernel.clock.now += 60;
    expect(saidOf(await session(0).verify('totp', { code: code() }))).to.equal('accepted');
    expect(saidOf(await session(1).verify('totp', { code: code() }))).to.equal(wrong);
    expect(saidOf(await session(1).verify('totp', { code: appCode(secret, kernel.now() - 30) }))).to.equal(wrong);
  });

  it('accepts one of 50 right answers that arrive at once on two servers', async () => {
    const { kernel, other, session, code } = await owner();
    const body = { code: code() };
    const all = Array.from({ length: 50 }, async (_each, n) => saidOf(await session(n).verify('totp', body)));
    expect(tally(await Promise.all(all))['accepted']).to.equal(1);
    expect(kernel.outcomes().length + other.outcomes().length).to.equal(50);
  });

  it('evaluates 5 of 200 wrong answers that arrive at once on two servers', async () => {
    const { kernel, session, secret, watched } = await owner();
    const { saves } = watched;
    const body = { code: wrongCode(secret, kernel.now()) };
    const all = Array.from({ length: 200 }, async (_each, n) => saidOf(await session(n).verify('totp', body)));
    const said = await Promise.all(all);
    expect(tally(said)).to.deep.equal({ [wrong]: 5, [locked]: 195 });
    expect(watched.saves - saves).to.be.within(5, 10);
  });

  it('is replaced by another app only once that is confirmed, and no code of the old one works after', async () => {
    const { kernel, person, secret } = await owner();
    const { secret: next } = (await person.begin('totp')) as ShownSecret;
    kernel.clock.now += 30;
    const pending = personOf(kernel);
    expect(saidOf(await pending.verify('totp', { code: appCode(secret, kernel.now()) }))).to.equal('accepted');
    kernel.clock.now += 30;
    expect(saidOf(await person.confirm('totp', { code: appCode(next, kernel.now()) }))).to.equal('accepted');
    kernel.clock.now += 30;
    const again = personOf(kernel);
    expect(saidOf(await again.verify('totp', { code: appCode(secret, kernel.now()) }))).to.equal(wrong);
    expect(saidOf(await again.verify('totp', { code: appCode(next, kernel.now()) }))).to.equal('accepted');
    expect((await kernel.recordOf('ann')).authenticators.filter(({ kind }) => kind === 'totp')).to.have.length(1);
  });

  it('says that another app was confirmed while this one was being set up', async () => {
    const { kernel, person, code } = await owner();
    const second = personOf(kernel);
    expect(saidOf(await second.verify('totp', { code: code() }))).to.equal('accepted');
    const { secret: late } = (await second.begin('totp')) as ShownSecret;
    await setUpApp(kernel, person);
    const body = { code: appCode(late, kernel.now()) };
    expect(saidOf(await second.confirm('totp', body))).to.equal('user.totp_already_in_use');
    expect((await kernel.recordOf('ann')).authenticators.filter(({ kind }) => kind === 'totp')).to.have.length(1);
  });

  it('is confirmed once, however often the confirmation arrives at once', async () => {
    const kernel = testKernel({ factors: [totp(), backupCodes()] as Factor[] });
    const person = personOf(kernel);
    const { secret } = (await person.begin('totp')) as ShownSecret;
    const body = { code: appCode(secret, kernel.now()) };
    const said = await Promise.all(Array.from({ length: 20 }, async () => saidOf(await person.confirm('totp', body))));
    expect(tally(said)['accepted']).to.equal(1);
    expect((await kernel.recordOf('ann')).authenticators).to.have.length(1);
  });
});

describe('backup codes, in the flows', () => {
  it('let one of 20 answers with the same code in, and the other nine codes stay', async () => {
    const { kernel, other, session, codes } = await owner();
    const body = { code: codes[3]! };
    const all = Array.from({ length: 20 }, async (_each, n) => saidOf(await session(n).verify('backup-codes', body)));
    const said = await Promise.all(all);
    expect(tally(said)['accepted']).to.equal(1);
    const told = [...kernel.notices, ...other.notices].filter(({ what }) => what === 'backup-code-used');
    expect(told).to.have.length(1);
    for (const [n, code] of codes.entries()) {
      if (n === 3) continue;
      kernel.clock.now += 3600;
      expect(saidOf(await session(0).verify('backup-codes', { code })), code).to.equal('accepted');
    }
  });

  it('are demanded anew after the last one, and the new set keeps its owner in', async () => {
    const { kernel, person, codes } = await owner();
    const again = person.signInAgain();
    for (const code of codes) expect(saidOf(await again.verify('backup-codes', { code }))).to.equal('accepted');
    const late = person.signInAgain();
    late.asker.signIn.proofs = again.asker.signIn.proofs.slice(-1);
    late.asker.signIn.epoch = again.asker.signIn.epoch!;
    expect(await late.step()).to.equal('save-backup-codes');
    const renewed = await saveCodes(late);
    expect(await late.step()).to.equal('nothing');
    expect(saidOf(await personOf(kernel).verify('backup-codes', { code: codes[0]! }))).to.match(/invalid_backup_code/);
    expect(saidOf(await personOf(kernel).verify('backup-codes', { code: renewed[0]! }))).to.equal('accepted');
  });

  it('stay in force while a new set is begun and not confirmed', async () => {
    const { kernel, person, codes } = await owner();
    await person.begin('backup-codes');
    expect(saidOf(await personOf(kernel).verify('backup-codes', { code: codes[0]! }))).to.equal('accepted');
  });

  it('stay usable while the app is locked, and replace a lost one', async () => {
    const { kernel, person, codes, secret } = await owner();
    const again = person.signInAgain();
    for (let n = 0; n < 6; n += 1) await again.verify('totp', { code: wrongCode(secret, kernel.now()) });
    expect(saidOf(await again.verify('backup-codes', { code: codes[0]! }))).to.equal('accepted');
    const next = await setUpApp(kernel, again);
    const third = again.signInAgain();
    expect(saidOf(await third.verify('totp', { code: appCode(next, kernel.now()) }))).to.equal('accepted');
  });

  it('cannot come before a primary factor', async () => {
    const kernel = testKernel({ factors: [totp(), backupCodes()] as Factor[] });
    const said = personOf(kernel).begin('backup-codes');
    expect(await said.catch((error: unknown) => String(error))).to.include('backup_code_can_not_be_alone');
  });
});
