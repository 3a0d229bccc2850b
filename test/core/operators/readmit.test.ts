// Whoever has the id of an account that ended is let in by being readmitted alone, and is not believed to be who had it before.
import { expect } from 'chai';
import { isEnded, readmitUser, resumeUser } from '../../../src/core/operators/suspend.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';
import { codeOf } from '../../support/thrown.js';

const by = { by: 'ops', reason: 'back again' };

async function keeping(more: Partial<MfaRecord>): Promise<TestKernel> {
  const kernel = testKernel();
  await kernel.store.save('ann', { ...emptyRecord('e'), ...more }, undefined);
  return kernel;
}

const ended: Partial<MfaRecord> = { account: 'ended', suspended: { scim: 5 } };
const readmitted = { name: 'readmitted', actor: 'admin', by: 'ops', detail: { reason: 'back again' }, userId: 'ann' };

describe('an account that ended', () => {
  it('is one that the directory bars still, and nobody was let in under', () => {
    for (const [more, is] of [
      [ended, true],
      [{ account: 'ended', suspended: { scim: 0 } }, true],
      [{ account: 'ended', suspended: { admin: 5 } }, false],
      [{ account: 'ended' }, false],
      [{ account: 'anew', suspended: { scim: 5 } }, false],
      [{ suspended: { scim: 5 } }, false],
    ] as const)
      expect(isEnded({ ...emptyRecord('e'), ...more }), JSON.stringify(more)).to.equal(is);
    expect(isEnded(undefined)).to.equal(false);
  });

  it('is not let in by resuming it as the directory; a bar of administrators is lifted all the same', async () => {
    const kernel = await keeping({ account: 'ended', suspended: { scim: 5, admin: 6 } });
    expect(await codeOf(resumeUser(kernel, 'ann', { by: 'scim', source: 'scim' }))).to.equal('admin.not_applicable');
    expect((await kernel.recordOf('ann')).suspended).to.deep.equal({ scim: 5, admin: 6 });
    await resumeUser(kernel, 'ann', { by: 'ops' });
    expect((await kernel.recordOf('ann')).suspended).to.deep.equal({ scim: 5 });
    expect(kernel.events[0]?.detail).to.deep.equal({ source: 'admin', stillBarredBy: 'scim' });
    expect(kernel.notices).to.deep.equal([]);
    const other = await keeping({ account: 'anew', suspended: { scim: 5 } });
    await resumeUser(other, 'ann', { by: 'scim', source: 'scim' });
    expect(await other.recordOf('ann')).to.deep.equal({ ...emptyRecord('e'), account: 'anew' });
  });

  for (const [what, more, anew, left] of [
    ['by an administrator', ended, undefined, {}],
    ['by its directory, made anew', ended, 'free', {}],
    ['by its directory, made anew and barred', ended, 'barred', { suspended: { scim: 5 } }],
    [
      'but for what administrators bar',
      { ...ended, suspended: { scim: 5, admin: 6 } },
      undefined,
      { suspended: { admin: 6 } },
    ],
    ['where only administrators bar it', { ...ended, suspended: { admin: 6 } }, 'free', { suspended: { admin: 6 } }],
  ] as const)
    it(`is let in ${what}, anew, and told`, async () => {
      const kernel = await keeping(more);
      await readmitUser(kernel, 'ann', by, anew);
      expect(await kernel.recordOf('ann')).to.deep.equal({ ...emptyRecord('e'), account: 'anew', ...left });
      expect(kernel.events).to.deep.equal([readmitted]);
      expect(kernel.notices).to.deep.equal([]);
      await readmitUser(kernel, 'ann', by);
      expect(kernel.events).to.have.length(1);
    });

  it('that its directory makes anew is not believed either where a tombstone is all that is left', async () => {
    for (const [anew, account] of [
      ['free', 'anew'],
      ['barred', 'anew'],
      [undefined, undefined],
    ] as const) {
      const kernel = await keeping({});
      await kernel.store.remove('ann');
      await readmitUser(kernel, 'ann', by, anew);
      const record = await kernel.recordOf('ann');
      expect(record.account, String(anew)).to.equal(account);
      expect(record.epoch !== '').to.equal(account !== undefined);
      expect(kernel.events).to.have.length(account ? 1 : 0);
    }
  });
});

describe('any other account', () => {
  it('is left as it is, made anew or not, known or not', async () => {
    for (const more of [
      {},
      { suspended: { scim: 5 } },
      { account: 'anew' },
      { protected: true },
    ] as Partial<MfaRecord>[])
      for (const anew of [undefined, 'free', 'barred'] as const) {
        const kernel = await keeping(more);
        const before = await kernel.store.load('ann');
        await readmitUser(kernel, 'ann', by, anew);
        await readmitUser(kernel, 'nobody', by, anew);
        expect(await kernel.store.load('ann')).to.deep.equal(before);
        expect(await kernel.store.load('nobody')).to.deep.equal({});
        expect(kernel.events).to.deep.equal([]);
      }
  });

  it('nor is anything done by nobody', async () => {
    expect(await codeOf(readmitUser(await keeping(ended), 'ann', {} as never))).to.equal('config.invalid_option');
  });

  it('that nobody bars is not resumed, record or not', async () => {
    const kernel = await keeping({});
    for (const id of ['ann', 'nobody']) await resumeUser(kernel, id, by);
    expect(kernel.events).to.deep.equal([]);
    expect(await kernel.store.load('nobody')).to.deep.equal({});
  });
});
