// An account that is barred: what asks, what outlives it, and who lifts it. Over HTTP: test/security/suspended.test.ts.
import { expect } from 'chai';
import { bindVouched } from '../../../src/core/flows/bind.js';
import { issueChallenge } from '../../../src/core/flows/challenge.js';
import { beginEnrollment } from '../../../src/core/flows/enroll.js';
import { beginConfirmation, confirmFirstEnrollment } from '../../../src/core/flows/first-enrollment.js';
import { setPreferences, skipSuggestion } from '../../../src/core/flows/manage.js';
import { removeAuthenticator } from '../../../src/core/flows/removal.js';
import { selfUnlock } from '../../../src/core/flows/self-unlock.js';
import { useTrust } from '../../../src/core/flows/trust.js';
import { verify } from '../../../src/core/flows/verify.js';
import { lockoutDefaults } from '../../../src/core/rules/attempts.js';
import { barredBy } from '../../../src/core/rules/barred.js';
import { passwordChanged, resetUser, statusOf } from '../../../src/core/operators/administer.js';
import { deprovisionUser } from '../../../src/core/operators/deprovision.js';
import { resumeUser, suspendUser } from '../../../src/core/operators/suspend.js';
import type { MfaStore } from '../../../src/core/kernel/ports.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import { loadRecord } from '../../../src/core/kernel/transact.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { riddle } from '../../support/core-factors.js';
import { letters } from '../../support/core-address-factor.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, protectedPerson, saidOf } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';

const by = { by: 'admin-7', reason: 'stolen laptop' };
const suspended = 'session.mfa.suspended';
const barsOf = async (kernel: TestKernel) => (await kernel.recordOf('ann')).suspended;

describe('a suspension', () => {
  it('is kept per source, each lifts its own, and any one bars', async () => {
    const { kernel, person } = await protectedPerson();
    await suspendUser(kernel, 'ann', by);
    kernel.clock.now += 5;
    await suspendUser(kernel, 'ann', { by: 'directory', source: 'scim' });
    const now = kernel.now();
    expect(await barsOf(kernel)).to.deep.equal({ admin: now - 5, scim: now });
    expect(statusOf(kernel, 'ann', await kernel.recordOf('ann')).suspended).to.deep.equal({
      admin: now - 5,
      scim: now,
    });
    await resumeUser(kernel, 'ann', { by: 'admin-8' });
    expect(await barsOf(kernel)).to.deep.equal({ scim: now });
    expect(await person.step()).to.equal('barred');
    await resumeUser(kernel, 'ann', { by: 'admin-8' });
    expect(await person.step()).to.equal('barred');
    await resumeUser(kernel, 'ann', { by: 'directory', source: 'scim' });
    expect(await barsOf(kernel)).to.equal(undefined);
    expect(await person.step()).to.equal('verify');
  });

  it('is told with who did it and why, once, and the person hears of both ends', async () => {
    const { kernel } = await protectedPerson();
    await suspendUser(kernel, 'ann', by);
    await suspendUser(kernel, 'ann', by);
    await suspendUser(kernel, 'ann', { by: 'directory', source: 'scim' });
    await resumeUser(kernel, 'ann', by);
    await resumeUser(kernel, 'ann', by);
    await resumeUser(kernel, 'ann', { by: 'directory', source: 'scim' });
    expect(kernel.events.map(({ name, by: who, detail }) => [name, who, detail])).to.deep.equal([
      ['suspended', 'admin-7', { source: 'admin', reason: 'stolen laptop' }],
      ['suspended', 'directory', { source: 'scim' }],
      ['resumed', 'admin-7', { source: 'admin', reason: 'stolen laptop', stillBarredBy: 'scim' }],
      ['resumed', 'directory', { source: 'scim' }],
    ]);
    expect(kernel.events.every(({ actor }) => actor === 'admin')).to.equal(true);
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['suspended', 'suspended', 'resumed']);
  });

  it('takes no source that there is not, and nobody without a name', async () => {
    const kernel = testKernel();
    for (const wrong of [{ by: 'x', source: 'me' }, { by: '' }, {}, { by: 'x', until: 5 }]) {
      expect(await codeOf(suspendUser(kernel, 'ann', wrong as never))).to.match(/^config\./);
      expect(await codeOf(resumeUser(kernel, 'ann', wrong as never))).to.match(/^config\./);
    }
    expect(await barsOf(kernel)).to.equal(undefined);
  });

  it('ends what was proved: once it is lifted, everybody is asked again', async () => {
    const { kernel, person, word } = await protectedPerson({ recordMaxAgeSeconds: 30 });
    expect(await person.step()).to.equal('nothing');
    const { epoch } = await kernel.recordOf('ann');
    await suspendUser(kernel, 'ann', by);
    expect(barredBy(kernel.remembered.recall('ann', kernel.now())!), 'here at once').to.equal('admin');
    await resumeUser(kernel, 'ann', by);
    expect((await kernel.recordOf('ann')).epoch).not.to.equal(epoch);
    expect(await person.step()).to.equal('verify');
    expect(saidOf(await person.verify('riddle', { word, use: 2 }))).to.equal('accepted');
  });

  it('bars answers, challenges, set-ups, changes, trust and skips, right or wrong', async () => {
    const settings = { trustDays: 30, lockout: { ...lockoutDefaults, selfUnlock: true } };
    const { kernel, person, word, words } = await protectedPerson({ settings });
    const trusting = await verify(kernel, person.asker, 'riddle', { word, use: 2 }, true);
    const cookie = trusting.accepted ? trusting.trustedBrowser!.cookie : '';
    const [own] = (await kernel.recordOf('ann')).authenticators;
    await person.begin('riddle');
    await suspendUser(kernel, 'ann', by);
    const before = await kernel.recordOf('ann');
    forget(kernel);
    const { asker } = person;
    const refusals = {
      right: await verify(kernel, asker, 'riddle', { word, use: 3 }),
      wrong: await verify(kernel, asker, 'riddle', { word: 'wrong', use: 3 }),
      backup: await verify(kernel, asker, 'spare-words', { word: words[0]! }),
      setUp: await beginEnrollment(kernel, asker, 'riddle', {}, 'anew'),
      confirmation: await person.confirm('riddle', { word, use: 4 }),
      removal: await removeAuthenticator(kernel, asker, own!.id, true),
      preferences: await setPreferences(kernel, asker, { openLane: true }),
      skip: await skipSuggestion(kernel, asker),
      unlock: await selfUnlock(kernel, asker, 'riddle', { word, use: 5 }),
    };
    for (const [what, outcome] of Object.entries(refusals)) expect(saidOf(outcome), what).to.equal(suspended);
    expect(await useTrust(kernel, { ...asker, trustedBrowser: cookie })).to.equal(undefined);
    expect(await kernel.recordOf('ann'), 'nothing was counted, spent or written').to.deep.equal(before);
    expect(kernel.outcomes().map(({ reason }) => reason)).to.include(suspended);
  });

  it('bars challenges', async () => {
    const { kernel, person } = await protectedPerson({ factors: [riddle({ ceremony: 'once' })] });
    await suspendUser(kernel, 'ann', by);
    expect(saidOf(await issueChallenge(kernel, person.asker, 'riddle'))).to.equal(suspended);
  });

  it('bars whoever is not protected, record or not: set-up, its confirmation, an address that the host knows', async () => {
    const { factor, sent } = letters();
    const kernel = testKernel({
      factors: [factor],
      settings: { confirmFirstEnrollment: 'when-possible', autoBind: true },
    });
    const user = { email: 'ann@example.com', emailVerified: true };
    await suspendUser(kernel, 'ann', by);
    const person = personOf(kernel, 'ann', user);
    expect(await person.step()).to.equal('barred');
    const { kind } = factor;
    expect(saidOf(await beginEnrollment(kernel, person.asker, kind, { address: 'a@b.ch' }, 'anew'))).to.equal(
      suspended,
    );
    expect(saidOf(await bindVouched(kernel, person.asker, kind, true))).to.equal(suspended);
    expect(saidOf(await beginConfirmation(kernel, person.asker))).to.equal(suspended);
    expect(saidOf(await confirmFirstEnrollment(kernel, person.asker, { code: '1' }))).to.equal(suspended);
    expect((await kernel.recordOf('ann')).authenticators).to.deep.equal([]);
    expect(sent).to.deep.equal([]);
  });

  it('of a moment ago refuses an answer that is being weighed', async () => {
    let meanwhile = async () => {};
    const slow = riddle({ whileWeighing: () => meanwhile() });
    const { kernel, person, word } = await protectedPerson({ factors: [slow] });
    meanwhile = () => suspendUser(kernel, 'ann', by);
    expect(saidOf(await person.verify('riddle', { word, use: 2 }))).to.equal(suspended);
  });

  it('outlives a reset, a new password and the end of the account', async () => {
    const { kernel } = await protectedPerson();
    await suspendUser(kernel, 'ann', by);
    const bars = await barsOf(kernel);
    await passwordChanged(kernel, 'ann');
    await resetUser(kernel, 'ann', by);
    expect(await barsOf(kernel)).to.deep.equal(bars);
    await deprovisionUser(kernel, 'ann');
    expect(await barsOf(kernel)).to.deep.equal(bars);
    expect((await kernel.recordOf('ann')).authenticators).to.deep.equal([]);
    expect(await personOf(kernel).step()).to.equal('barred');
    await resumeUser(kernel, 'ann', by);
    expect(await personOf(kernel).step()).not.to.equal('barred');
  });

  it('outlives the reset, and the end, of a record that somebody altered', async () => {
    for (const end of [resetUser, deprovisionUser]) {
      let store: MfaStore | undefined;
      const { kernel } = await protectedPerson({ store: (memory) => (store = memory) });
      await suspendUser(kernel, 'ann', by);
      const bars = await barsOf(kernel);
      const raw = await store!.load('ann');
      const forged = { ...raw.record!, suspended: { ...bars, me: 7, scim: 'x' } } as unknown as MfaRecord;
      await store!.save('ann', forged, raw.revision);
      await end(kernel, 'ann', by);
      expect(await barsOf(kernel)).to.deep.equal(bars);
    }
  });

  it('stands whatever write of the end of the account is the last', async () => {
    for (let most = 0; ; most += 1) {
      let left = Infinity;
      const mayWrite = () => {
        if ((left -= 1) < 0) throw new MfaError('store.unavailable', 'gone');
      };
      const { kernel } = await protectedPerson({
        store: (memory) => ({
          ...memory,
          save: async (...args) => (mayWrite(), memory.save(...args)),
          remove: async (...args) => (mayWrite(), memory.remove(...args)),
          abandon: async (...args) => (mayWrite(), memory.abandon(...args)),
        }),
      });
      await suspendUser(kernel, 'ann', by);
      left = most;
      const code = await codeOf(deprovisionUser(kernel, 'ann'));
      left = Infinity;
      expect(await personOf(kernel).step(), `${most} writes`).to.equal('barred');
      if (code !== 'store.unavailable') return expect(most).to.be.above(0);
      await deprovisionUser(kernel, 'ann');
      expect((await kernel.recordOf('ann')).authenticators).to.deep.equal([]);
      expect(await personOf(kernel).step(), 'done again').to.equal('barred');
    }
  });

  it('of a moment ago outlives the end of an account that is under way', async () => {
    for (const known of [true, false]) {
      let meanwhile = async () => {};
      const kernel = testKernel({
        store: (memory) => ({
          ...memory,
          async remove(...args) {
            await meanwhile();
            return memory.remove(...args);
          },
        }),
      });
      if (known) await enrollRiddle(personOf(kernel));
      meanwhile = () => suspendUser(kernel, 'ann', by);
      await deprovisionUser(kernel, 'ann');
      expect(await barsOf(kernel)).to.have.keys('admin');
      expect((await kernel.recordOf('ann')).authenticators).to.deep.equal([]);
    }
  });

  it('is not lost to a store that fails once', async () => {
    let loads = 0;
    const { kernel } = await protectedPerson({
      store: (memory) => ({
        ...memory,
        async load(userId) {
          if ((loads -= 1) === 0) throw new MfaError('store.unavailable', 'gone');
          return memory.load(userId);
        },
      }),
    });
    await suspendUser(kernel, 'ann', by);
    for (const failing of [1, 2]) {
      loads = failing;
      await codeOf(deprovisionUser(kernel, 'ann'));
      loads = 0;
      expect(await personOf(kernel).step(), `load ${failing}`).to.equal('barred');
    }
  });

  it('leaves nothing behind of whoever was not barred', async () => {
    const { kernel } = await protectedPerson();
    await deprovisionUser(kernel, 'ann');
    expect((await loadRecord(kernel, { id: 'ann' })).record).to.equal(undefined);
  });
});
