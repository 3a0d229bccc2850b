// A support pass is issued to whoever is protected, for so many minutes, in the place of any other; a release ends what holds somebody.
import { expect } from 'chai';
import { issuePass, passFactorFor, passMinutes, releaseUser } from '../../../src/core/operators/pass.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { supportPass } from '../../../src/factors/support-pass/support-pass.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';
import { personOf, saidOf } from '../../support/core-person.js';
import { codeOf, thrownBy } from '../../support/thrown.js';

const by = { by: 'ops', reason: 'lost phone' };
const method = { id: 'm', kind: 'riddle', createdAt: 1, data: {} };

async function having(
  more: Partial<MfaRecord> = {},
  factors = [riddle(), supportPass(), spareWords()],
): Promise<TestKernel> {
  const kernel = testKernel({ factors });
  const record = { ...emptyRecord('e'), protected: true, authenticators: [method], ...more };
  await kernel.store.save('ann', record, undefined);
  return kernel;
}

describe('a support pass', () => {
  it('stands beside what the person has, in the same epoch, and is told with who, why and how long', async () => {
    const kernel = await having({ owed: ['backup-codes'] });
    const at = kernel.now();
    const { pass, expiresAt } = await issuePass(kernel, 'ann', { ...by, validMinutes: 10 });
    expect(expiresAt).to.equal(at + 600);
    const { epoch, owed, authenticators } = await kernel.recordOf('ann');
    expect({ epoch, owed }).to.deep.equal({ epoch: 'e', owed: ['backup-codes'] });
    expect(authenticators[0]).to.deep.equal(method);
    const own = authenticators[1];
    expect(own).to.include({ kind: 'pass', createdAt: at }).and.have.keys('id', 'kind', 'createdAt', 'data');
    expect(authenticators).to.have.length(2);
    expect(JSON.stringify(own)).to.not.include(pass);
    const about = { kind: 'pass', authenticatorId: own?.id };
    expect(kernel.events).to.deep.equal([
      {
        name: 'pass-issued',
        actor: 'admin',
        by: 'ops',
        detail: { reason: by.reason, validMinutes: 10 },
        ...about,
        userId: 'ann',
      },
    ]);
    const [{ before: _before, ...notice }] = kernel.notices as [(typeof kernel.notices)[0]];
    expect(notice).to.deep.equal({ what: 'pass-issued', authenticatorId: own?.id, at, expiresAt, userId: 'ann' });
  });

  it('is good for an hour where nobody says, and voids any other', async () => {
    const kernel = await having();
    const first = await issuePass(kernel, 'ann', { by: 'ops' });
    expect(first.expiresAt).to.equal(kernel.now() + 3600);
    expect(kernel.events[0]?.detail).to.deep.equal({ validMinutes: 60 });
    const before = (await kernel.recordOf('ann')).authenticators[1]?.id;
    const second = await issuePass(kernel, 'ann', { by: 'ops' });
    const { authenticators } = await kernel.recordOf('ann');
    expect(authenticators.map(({ kind }) => kind)).to.deep.equal(['riddle', 'pass']);
    expect(authenticators[1]?.id).not.to.equal(before);
    expect(second.pass).not.to.equal(first.pass);
  });

  it('is the person’s, who signs in by it', async () => {
    const kernel = await having();
    const { pass } = await issuePass(kernel, 'ann', by);
    const person = personOf(kernel);
    expect(saidOf(await person.verify('pass', { code: pass }))).to.equal('accepted');
    expect(saidOf(await person.verify('pass', { code: pass })), 'once').to.not.equal('accepted');
  });

  it('takes whole minutes from ten to a day', async () => {
    const kernel = await having();
    expect(passMinutes).to.deep.equal({ least: 10, usual: 60, most: 1440 });
    for (const validMinutes of [10, 11, 1440])
      expect((await issuePass(kernel, 'ann', { ...by, validMinutes })).expiresAt).to.equal(
        kernel.now() + validMinutes * 60,
      );
    kernel.events.length = 0;
    for (const bad of [9, 1441, 60.5, '60', null, NaN, true]) {
      const given = { ...by, validMinutes: bad as number };
      expect(await codeOf(issuePass(kernel, 'ann', given)), String(bad)).to.equal('config.invalid_option');
      expect(thrownBy(() => passFactorFor(kernel, 'x', bad)).message).to.contain('from 10 to 1440');
    }
    expect(kernel.events).to.deep.equal([]);
  });

  it('is for whoever is protected alone, and not for whom an objection left with nothing', async () => {
    for (const [what, more] of Object.entries<Partial<MfaRecord>>({
      unprotected: { protected: false, authenticators: [] },
      'beginning again': { authenticators: [], owed: ['primary'] },
    })) {
      const kernel = await having(more);
      const before = await kernel.store.load('ann');
      expect(await codeOf(issuePass(kernel, 'ann', by)), what).to.equal('admin.not_applicable');
      expect(await kernel.store.load('ann'), what).to.deep.equal(before);
      expect(kernel.events).to.deep.equal([]);
    }
    expect(await codeOf(issuePass(await having(), 'nobody', by))).to.equal('admin.not_applicable');
  });

  it('needs its factor, and who issues it', async () => {
    const without = await having({}, [riddle(), spareWords()] as never);
    expect(await codeOf(issuePass(without, 'ann', by))).to.equal('config.invalid_option');
    expect(thrownBy(() => passFactorFor(without, 'x')).message).to.contain('supportPass()');
    const { issuePass: _none, ...broken } = supportPass();
    expect(thrownBy(() => passFactorFor(testKernel({ factors: [broken] }), 'x')).code).to.equal(
      'config.invalid_option',
    );
    const kernel = await having();
    expect(passFactorFor(kernel, 'x').kind).to.equal('pass');
    expect(await codeOf(issuePass(kernel, 'ann', {} as never))).to.equal('config.invalid_option');
    expect(await codeOf(issuePass(kernel, 'ann', { ...by, minutes: 5 } as never))).to.equal('config.unknown_option');
  });
});

describe('a release', () => {
  const at = testKernel().now();
  const free = { epoch: 'e', protected: true, authenticators: [method] };

  for (const [what, more, left] of [
    ['a hold', { hold: { since: at - 9, until: at + 1 } }, {}],
    ['a bar of codes', { codesBarredUntil: at + 1 }, {}],
    ['a bar of codes, and a hold that is over', { codesBarredUntil: at + 1, hold: { since: 1, until: at } }, {}],
    ['a sign-in that looks risky', { raised: { unknown: 'high' } }, { releasedUntil: at + 86_400 }],
    [
      'all of them',
      { raised: { unknown: 'high' }, hold: { since: 1, until: at + 1 }, codesBarredUntil: at + 1 },
      { releasedUntil: at + 86_400 },
    ],
  ] as const)
    it(`ends ${what}, and is told`, async () => {
      const kernel = await having(more);
      await releaseUser(kernel, 'ann', by);
      expect(await kernel.recordOf('ann')).to.deep.equal({ ...emptyRecord('e'), ...free, ...left });
      const detail = { reason: by.reason };
      expect(kernel.events).to.deep.equal([{ name: 'released', actor: 'admin', by: 'ops', detail, userId: 'ann' }]);
      expect(kernel.notices.map(({ what: said, at: when }) => [said, when])).to.deep.equal([['released', at]]);
    });

  it('of somebody whom nothing holds does nothing', async () => {
    for (const more of [{}, { hold: { since: 1, until: at } }, { codesBarredUntil: at }]) {
      const kernel = await having(more);
      const before = await kernel.store.load('ann');
      await releaseUser(kernel, 'ann', by);
      expect(await kernel.store.load('ann')).to.deep.equal(before);
      expect([...kernel.events, ...kernel.notices]).to.deep.equal([]);
    }
    expect(await codeOf(releaseUser(await having(), 'ann', {} as never))).to.equal('config.invalid_option');
  });
});
