// What operators and the host's own code do to an account: reset, unlock, a new password, an import, the end of a user.
import { expect } from 'chai';
import {
  passwordChanged,
  resetPrompts,
  resetUser,
  statusOf,
  unlockUser,
} from '../../../src/core/operators/administer.js';
import { deprovisionUser } from '../../../src/core/operators/deprovision.js';
import { importSecret } from '../../../src/core/operators/import-secret.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { removeAuthenticator } from '../../../src/core/flows/removal.js';
import { loadRecord } from '../../../src/core/kernel/transact.js';
import { riddle, spareWords, type RiddleData } from '../../support/core-factors.js';
import { testKernel, watchedStore, type WatchedStore, namesOf } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, protectedPerson, saidOf } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';
import { tamper } from '../../support/core-record.js';

const wrong = { word: 'wrong', use: 9 };

describe('a reset', () => {
  it('takes all authenticators away, and is told with who did it and why', async () => {
    const { kernel, person } = await protectedPerson();
    const before = await kernel.recordOf('ann');
    await tamper(kernel, () => ({ skipped: { 'suggest-mfa': 1 }, signInStepOff: true }));
    await resetUser(kernel, 'ann', { by: 'admin-7', reason: 'lost phone' });
    const { epoch, ...rest } = await kernel.recordOf('ann');
    expect(rest).to.deep.equal({
      v: 1,
      authenticators: [],
      attempts: {},
      trusted: [],
      known: [],
      skipped: { 'suggest-mfa': 1 },
      owed: [],
      protected: false,
    });
    expect(epoch).not.to.be.oneOf([before.epoch, '']);
    expect(kernel.events).to.deep.equal([
      { name: 'reset', actor: 'admin', by: 'admin-7', detail: { reason: 'lost phone' }, userId: 'ann' },
    ]);
    expect(kernel.notices[0]).to.include({ what: 'reset' });
    expect(kernel.notices[0]?.before?.authenticators).to.have.length(2);
    expect(await person.step()).not.to.equal('verify');
    expect(person.asker.signIn.epoch).not.to.equal(epoch);
  });

  it('voids what was begun before it', async () => {
    const { kernel, person, word } = await protectedPerson();
    const begun = (await person.begin('riddle')) as { word: string };
    await resetUser(kernel, 'ann', { by: 'admin' });
    expect(saidOf(await person.confirm('riddle', { word: begun.word, use: 1 }))).to.match(/pending_info_not_found/);
    expect(saidOf(await person.verify('riddle', { word, use: 2 }))).to.match(/pending_info_not_found/);
  });
});

describe('an unlock', () => {
  it('opens locks and closed lanes, and leaves a disabled authenticator as it is', async () => {
    const { kernel, word } = await protectedPerson();
    const stranger = personOf(kernel);
    for (let n = 0; n < 5; n += 1) await stranger.verify('riddle', wrong);
    await tamper(kernel, (record) => ({
      ...record,
      authenticators: record.authenticators.map((own) =>
        own.kind === 'spare-words' ? { ...own, failures: 100, disabledAt: 1 } : own,
      ),
    }));
    const before = await kernel.recordOf('ann');
    forget(kernel);
    await unlockUser(kernel, 'ann', { by: 'admin-7' });
    const record = await kernel.recordOf('ann');
    expect(record).to.deep.equal({ ...before, attempts: {} });
    expect(record.authenticators[0]?.failures).to.equal(5);
    expect(kernel.events).to.deep.equal([{ name: 'unlocked', actor: 'admin', by: 'admin-7', userId: 'ann' }]);
    expect(saidOf(await stranger.verify('riddle', { word, use: 2 }))).to.equal('accepted');
  });

  it('writes and tells nothing where nothing is locked', async () => {
    let watched!: WatchedStore;
    const { kernel } = await protectedPerson({ store: (memory) => (watched = watchedStore(memory)) });
    const { saves } = watched;
    await unlockUser(kernel, 'ann');
    await resetPrompts(kernel, 'ann');
    await unlockUser(kernel, 'nobody');
    await passwordChanged(kernel, 'nobody');
    expect(watched.saves).to.equal(saves);
    expect(kernel.events).to.deep.equal([]);
    expect(await kernel.store.load('nobody')).to.deep.equal({});
  });
});

describe('a new password', () => {
  it('ends sessions, trust and waits, opens the closed lane, and keeps factors, known browsers and other counts', async () => {
    const { kernel, word, person } = await protectedPerson();
    await tamper(kernel, (record) => ({
      ...record,
      trusted: [{ id: 't', hash: 'h', previous: [], createdAt: 1, expiresAt: 9_000_000_000 }],
      attempts: {
        'riddle/unknown': { failures: 6, failedAt: kernel.now(), lockedUntil: kernel.now() + 60 },
        'riddle/known:x': { failures: 2, failedAt: 1 },
        'enroll:confirm/unknown': { failures: 9, failedAt: 1, lockedUntil: kernel.now() + 60 },
        '/unknown': { failures: 50, failedAt: 1, closedAt: 1 },
        '/known:x': { failures: 3, failedAt: 1 },
      },
    }));
    const before = await kernel.recordOf('ann');
    await passwordChanged(kernel, 'ann');
    const { epoch, ...record } = await kernel.recordOf('ann');
    const { epoch: old, ...rest } = before;
    expect(record).to.deep.equal({
      ...rest,
      trusted: [],
      attempts: {
        'riddle/unknown': { failures: 6, failedAt: kernel.now() },
        'riddle/known:x': { failures: 2, failedAt: 1 },
        '/known:x': { failures: 3, failedAt: 1 },
      },
    });
    expect(epoch).not.to.equal(old);
    expect(await person.step()).to.equal('verify');
    expect(namesOf(kernel)).to.deep.equal(['unlocked', 'browser-trust-revoked']);
    expect(saidOf(await personOf(kernel).verify('riddle', { word, use: 2 }))).to.equal('accepted');
  });
});

describe('skipped suggestions', () => {
  it('come back by an operator', async () => {
    const { kernel } = await protectedPerson();
    await tamper(kernel, () => ({ skipped: { 'suggest-mfa': 1 } }));
    await resetPrompts(kernel, 'ann');
    expect((await kernel.recordOf('ann')).skipped).to.deep.equal({});
    expect(kernel.events[0]).to.include({ name: 'prompt-reset', actor: 'admin' });
  });
});

describe('an imported secret', () => {
  const user = { id: 'ann', label: 'ann@example.com' };
  /** A riddle whose word another system made. */
  function importing(): Factor {
    return {
      ...(riddle() as Factor),
      async adoptSecret(context, own, input) {
        const word = input as string;
        const same = own.find(({ data }) => (data as RiddleData).word === word);
        const data: RiddleData = { word, salt: context.random.token(), lastUse: 0 };
        const id = same?.id ?? context.random.token();
        const replaces = own.map((one) => one.id);
        return { id, data, weak: word.length < 4, same: same !== undefined, replaces, fingerprint: word };
      },
      fingerprintOf: (_sealer, _userId, { data }) => (data as RiddleData).word,
    };
  }

  it('protects its owner, is no change the second time, and takes the place of what was there', async () => {
    const kernel = testKernel({ factors: [importing(), spareWords()] });
    const first = await importSecret(kernel, 'riddle', user, 'en', 'sesame');
    expect(first).to.include({ imported: true, weak: false });
    const person = personOf(kernel);
    expect(await person.step()).to.equal('verify');
    expect(saidOf(await person.verify('riddle', { word: 'sesame', use: 1 }))).to.equal('accepted');
    const { epoch } = await kernel.recordOf('ann');
    expect(await importSecret(kernel, 'riddle', user, 'en', 'sesame')).to.deep.include({ imported: false });
    expect((await kernel.recordOf('ann')).epoch).to.equal(epoch);
    expect(await importSecret(kernel, 'riddle', user, 'en', 'abc', true)).to.include({ imported: true, weak: true });
    const record = await kernel.recordOf('ann');
    expect(record.authenticators.filter(({ kind }) => kind === 'riddle')).to.have.length(1);
    expect(record.epoch).not.to.equal(epoch);
    expect(await person.step()).to.equal('verify');
    // Who had nothing before is told by whoever migrates; who was protected must hear of another secret.
    expect(kernel.notices.map(({ what, userId }) => [what, userId])).to.deep.equal([['factor-added', 'ann']]);
  });

  it('does not bring back one that was disabled', async () => {
    const kernel = testKernel({ factors: [importing()] });
    await importSecret(kernel, 'riddle', user, 'en', 'sesame');
    await tamper(kernel, (record) => ({
      ...record,
      authenticators: record.authenticators.map((own) => ({ ...own, disabledAt: 1 })),
    }));
    expect(await importSecret(kernel, 'riddle', user, 'en', 'sesame', true)).to.include({ refused: 'spent' });
    expect(await importSecret(kernel, 'riddle', user, 'en', 'tulip', true)).to.include({ imported: true });
    const { authenticators } = await kernel.recordOf('ann');
    expect(authenticators).to.have.length(1);
    expect(authenticators[0]).not.to.have.property('disabledAt');
  });

  it('is refused by a factor that takes none over, or is not in use', async () => {
    const kernel = testKernel();
    for (const kind of ['riddle', 'song']) {
      expect(await codeOf(importSecret(kernel, kind, user, 'en', 'sesame'))).to.equal('config.invalid_option');
    }
    expect((await kernel.recordOf('ann')).protected).to.equal(false);
  });
});

describe('the end of a user', () => {
  it('leaves a tombstone, so that nothing begun before fits', async () => {
    const { kernel, person } = await protectedPerson({ recordMaxAgeSeconds: 30 });
    const before = await loadRecord(kernel, person.asker.user);
    await deprovisionUser(kernel, 'ann');
    expect(kernel.remembered.recall('ann', kernel.now())).to.equal(undefined);
    expect(await kernel.store.save('ann', before.record!, before.revision)).to.equal(undefined);
    expect(await kernel.store.save('ann', before.record!, undefined)).to.equal(undefined);
    expect(namesOf(kernel)).to.deep.equal(['user-deprovisioned']);
    expect(saidOf(await removeAuthenticator(kernel, person.asker, 'x'))).not.to.equal('accepted');
  });

  it('is told with who ended them and why, where that is said, and does not take half of it', async () => {
    const { kernel } = await protectedPerson();
    await deprovisionUser(kernel, 'ann', { by: 'ops', reason: 'left' });
    expect(kernel.events[0])
      .to.include({ name: 'user-deprovisioned', by: 'ops' })
      .and.deep.include({
        detail: { reason: 'left' },
      });
    expect(await codeOf(deprovisionUser(kernel, 'ann', {} as never))).to.equal('config.invalid_option');
  });
});

describe('the status for operators', () => {
  it('says how everything stands, and holds no secret', async () => {
    const { kernel, word, words } = await protectedPerson({ factors: [riddle(), spareWords({ count: 1 })] });
    const stranger = personOf(kernel);
    for (let n = 0; n < 5; n += 1) await stranger.verify('riddle', wrong);
    const status = statusOf(kernel, 'ann', await kernel.recordOf('ann'));
    expect(status.authenticators.map(({ kind, state }) => [kind, state])).to.deep.equal([
      ['riddle', 'usable'],
      ['spare-words', 'low'],
    ]);
    const until = kernel.now() + 30;
    expect(status.locked).to.deep.equal([{ scope: 'riddle/unknown', failures: 5, until }]);
    expect(status).to.deep.include({ userId: 'ann', protected: true, owed: [], trustedBrowsers: 0 });
    for (const secret of [word, ...words]) expect(JSON.stringify(status)).not.to.include(secret);
  });

  it('says what was disabled', async () => {
    const { kernel } = await protectedPerson({ factors: [riddle()] });
    await tamper(kernel, (record) => ({
      ...record,
      authenticators: record.authenticators.map((own) => ({ ...own, disabledAt: 7 })),
    }));
    const { authenticators } = statusOf(kernel, 'ann', await kernel.recordOf('ann'));
    expect(authenticators[0]).to.include({ state: 'disabled', disabledAt: 7 });
    await enrollRiddle(personOf(kernel, 'bob'));
  });
});
