// Exempt from the policy for a while, and new backup codes asked for: who may, for how long, and what ends it.
import { expect } from 'chai';
import { resetUser, statusOf } from '../../../src/core/operators/administer.js';
import { deprovisionUser } from '../../../src/core/operators/deprovision.js';
import { endExemptionOf, exemptUser, oweBackupCodes } from '../../../src/core/operators/exempt.js';
import { riddle } from '../../support/core-factors.js';
import { testKernel, type TestKernel, namesOf } from '../../support/core-kernel.js';
import { enrollRiddle, enrollSpareWords, personOf, protectedPerson, saidOf } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';

const by = { by: 'admin-7', reason: 'key is in the mail' };
const day = 86_400;
const inDays = (kernel: TestKernel, days: number) => new Date((kernel.now() + days * day) * 1000);
const exempt = (kernel: TestKernel, days: number) => exemptUser(kernel, 'ann', { ...by, until: inDays(kernel, days) });

describe('an exemption', () => {
  it('lifts a mandatory policy until its time, or until an administrator ends it', async () => {
    const kernel = testKernel({ policy: 'mandatory' });
    const person = personOf(kernel);
    expect(await person.step()).to.equal('enroll');
    await exempt(kernel, 3);
    expect(await person.step()).to.equal('nothing');
    expect(statusOf(kernel, 'ann', await kernel.recordOf('ann')).exemptUntil).to.equal(kernel.now() + 3 * day);
    kernel.clock.now += 3 * day;
    expect(await person.step()).to.equal('enroll');
    await exempt(kernel, 3);
    await endExemptionOf(kernel, 'ann', by);
    await endExemptionOf(kernel, 'ann', by);
    expect(await person.step()).to.equal('enroll');
    expect(kernel.events.map(({ name, by: who }) => [name, who])).to.deep.equal([
      ['exempted', 'admin-7'],
      ['exempted', 'admin-7'],
      ['exemption-ended', 'admin-7'],
    ]);
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['exempted', 'exempted', 'exemption-ended']);
    expect(kernel.notices[0]).to.include({ expiresAt: kernel.now() });
  });

  it('is for nobody protected, nor beyond thirty days, nor for the past or no time', async () => {
    const { kernel } = await protectedPerson();
    expect(await codeOf(exempt(kernel, 3))).to.equal('admin.not_applicable');
    const other = testKernel();
    for (const until of [inDays(other, 31), inDays(other, 0), inDays(other, -1), new Date(NaN), 5, undefined])
      expect(await codeOf(exemptUser(other, 'ann', { ...by, until } as never))).to.equal('config.invalid_option');
    expect(await codeOf(exemptUser(other, 'ann', { until: inDays(other, 3) } as never))).to.equal(
      'config.invalid_option',
    );
    expect(other.events).to.deep.equal([]);
  });

  it('is had for ninety days within a year, however it is cut, ended, prolonged or reset', async () => {
    const kernel = testKernel({ policy: 'mandatory' });
    for (let round = 0; round < 3; round += 1) {
      await exempt(kernel, 30);
      kernel.clock.now += 20 * day;
      if (round === 1) await resetUser(kernel, 'ann', by);
    }
    // 20 whole days, 20 until the reset, and the third one's 30.
    await exempt(kernel, 20);
    kernel.clock.now += 20 * day;
    await endExemptionOf(kernel, 'ann', by);
    expect(await codeOf(exempt(kernel, 11))).to.equal('admin.not_applicable');
    await exempt(kernel, 10);
    kernel.clock.now += 10 * day;
    expect(await codeOf(exempt(kernel, 1))).to.equal('admin.not_applicable');
    kernel.clock.now += 276 * day;
    expect(await codeOf(exempt(kernel, 1))).to.equal('nothing thrown');
  });

  it('ends with the first factor, and at a reset, and does not come back', async () => {
    const kernel = testKernel({ policy: 'mandatory', factors: [riddle()] });
    await exempt(kernel, 20);
    const person = personOf(kernel);
    await enrollRiddle(person);
    expect(namesOf(kernel)).to.include('exemption-ended');
    await resetUser(kernel, 'ann', by);
    expect(await personOf(kernel).step()).to.equal('enroll');
    await exempt(kernel, 20);
    await resetUser(kernel, 'ann', by);
    expect(await personOf(kernel).step()).to.equal('enroll');
    await deprovisionUser(kernel, 'ann');
    expect((await kernel.recordOf('ann')).exemptions).to.equal(undefined);
  });
});

describe('new backup codes that are asked for', () => {
  it('are made at the next verification, and the old ones work until then', async () => {
    const { kernel, person, word, words } = await protectedPerson();
    await oweBackupCodes(kernel, 'ann', by);
    await oweBackupCodes(kernel, 'ann', by);
    expect(namesOf(kernel)).to.deep.equal(['backup-codes-owed']);
    const next = person.signInAgain();
    expect(saidOf(await next.verify('riddle', { word, use: 2 }))).to.equal('accepted');
    expect(await next.step()).to.equal('save-backup-codes');
    expect(saidOf(await person.signInAgain().verify('spare-words', { word: words[0]! }))).to.equal('accepted');
    await enrollSpareWords(next);
    expect(await next.step()).to.equal('nothing');
    expect(saidOf(await person.signInAgain().verify('spare-words', { word: words[1]! }))).not.to.equal('accepted');
  });

  it('are asked of nobody who has no other method, and by no app that has none', async () => {
    const kernel = testKernel();
    expect(await codeOf(oweBackupCodes(kernel, 'ann', by))).to.equal('admin.not_applicable');
    const without = await protectedPerson({ factors: [riddle()] });
    expect(await codeOf(oweBackupCodes(without.kernel, 'ann', by))).to.equal('admin.not_applicable');
  });
});
