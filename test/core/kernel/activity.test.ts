// What happened lately is for the person's own eyes: from which browser stands sealed in the record.
import { expect } from 'chai';
import { recentActivity } from '../../../src/core/kernel/activity.js';
import { transact } from '../../../src/core/kernel/transact.js';
import { testKernel } from '../../support/core-kernel.js';

describe('what happened lately', () => {
  async function happened(kernel: ReturnType<typeof testKernel>, ...browsers: (string | undefined)[]): Promise<void> {
    for (const userAgent of browsers) {
      kernel.clock.now += 1;
      const about = { user: { id: 'ann' }, hints: userAgent === undefined ? {} : { userAgent } };
      await transact(kernel, about, (record) => ({
        save: { ...record, epoch: 'e' },
        result: undefined,
        happened: [{ name: 'verification-accepted', kind: 'riddle' }],
      }));
    }
  }

  it('is told newest first, and no browser can be read in the store', async () => {
    const kernel = testKernel();
    await happened(kernel, 'Firefox', undefined, 'Chromium', 'Firefox');
    const record = (await kernel.store.load('ann')).record!;
    expect(JSON.stringify(record)).not.to.match(/Firefox|Chromium/);
    const told = recentActivity(kernel, 'ann', record);
    expect(told.map(({ browser }) => browser)).to.deep.equal(['Firefox', 'Chromium', undefined, 'Firefox']);
    expect(told[0]).to.include({ at: kernel.now(), what: 'verification-accepted', kind: 'riddle' });
  });

  it('forgets the browsers that no line names any more, and does not open for anybody else', async () => {
    const kernel = testKernel();
    await happened(kernel, 'Firefox', ...Array.from({ length: 8 }, () => 'Chromium'));
    const record = (await kernel.store.load('ann')).record!;
    expect(recentActivity(kernel, 'ann', record).map(({ browser }) => browser)).to.deep.equal(
      Array.from({ length: 8 }, () => 'Chromium'),
    );
    expect(record.activity?.rows.every((row) => row[3] === 0)).to.equal(true);
    expect(recentActivity(kernel, 'bob', record).every(({ browser }) => browser === undefined)).to.equal(true);
  });

  it('is not sealed anew where the browser is in the list', async () => {
    const kernel = testKernel();
    await happened(kernel, 'Firefox', 'Chromium');
    const before = (await kernel.store.load('ann')).record!.activity?.sealed;
    await happened(kernel, 'Firefox', 'Chromium');
    expect((await kernel.store.load('ann')).record!.activity?.sealed).to.equal(before);
  });

  it('refuses nobody when the secret of the list is gone: it begins anew', async () => {
    const kernel = testKernel();
    await happened(kernel, 'Firefox');
    const { activity } = (await kernel.store.load('ann')).record!;
    const other = testKernel();
    const about = { user: { id: 'ann' }, hints: { userAgent: 'Chromium' } };
    await transact(other, about, (record) => ({
      save: { ...record, epoch: 'e', activity: { ...activity!, sealed: 'v1.gone.AAAAAAAAAAAAAAAA.AAAA' } },
      result: undefined,
      happened: [{ name: 'verification-accepted' }],
    }));
    const told = recentActivity(other, 'ann', (await other.store.load('ann')).record!);
    expect(told.map(({ browser }) => browser)).to.deep.equal(['Chromium', undefined]);
  });
});
