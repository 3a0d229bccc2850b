// The link to an account at an identity provider is forgotten for one issuer, frees what was claimed for it, and ends every sign-in.
import { expect } from 'chai';
import { forgetUpstream } from '../../../src/core/operators/upstream.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { claimAccount, digestOf } from '../../../src/core/kernel/upstream-links.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';
import { codeOf } from '../../support/thrown.js';

const browser = { id: 'b', hash: 'h', previous: [], createdAt: 1, expiresAt: 9_000_000_000 };

/** Ann, for whom two providers vouch. */
async function linked(more: Partial<MfaRecord> = {}) {
  const kernel = testKernel();
  const digests = ['one', 'two'].map((issuer) => digestOf(kernel, issuer, 'a-subject'));
  const [one = '', two = ''] = await Promise.all(digests.map((digest) => claimAccount(kernel, 'ann', digest)));
  const upstream = [
    { issuer: 'one', claim: one },
    { issuer: 'two', claim: two },
  ];
  await kernel.store.save('ann', { ...emptyRecord('e'), trusted: [browser], upstream, ...more }, undefined);
  const ownerOf = (claim: string) => kernel.store.claim(claim);
  return { kernel, upstream, one, two, ownerOf };
}

const silent = (kernel: TestKernel) => expect([...kernel.events, ...kernel.notices]).to.deep.equal([]);

describe('the link to an identity provider', () => {
  it('is forgotten, and the others kept: told with who and why, and to the person', async () => {
    const { kernel, upstream, one, two, ownerOf } = await linked();
    await forgetUpstream(kernel, 'ann', { by: 'ops', reason: 'new account', issuer: 'one' });
    const { epoch, ...record } = await kernel.recordOf('ann');
    const { epoch: _before, ...nobody } = emptyRecord('');
    expect(record).to.deep.equal({ ...nobody, upstream: [upstream[1]] });
    expect(epoch).to.not.be.oneOf(['e', '']);
    expect([await ownerOf(one), await ownerOf(two)]).to.deep.equal([null, 'ann']);
    const detail = { reason: 'new account', issuer: 'one' };
    const told = { name: 'upstream-forgotten', actor: 'admin', by: 'ops', detail, userId: 'ann' };
    expect(kernel.events).to.deep.equal([told]);
    expect(kernel.notices.map(({ what, at }) => [what, at])).to.deep.equal([['upstream-forgotten', kernel.now()]]);
    await forgetUpstream(kernel, 'ann', { by: 'ops', issuer: 'two' });
    expect(await kernel.recordOf('ann')).to.not.have.property('upstream');
    expect(kernel.events[1]?.detail).to.deep.equal({ issuer: 'two' });
  });

  it('that there is not is not forgotten, and nobody is asked again for it', async () => {
    const { kernel, one } = await linked();
    const before = await kernel.store.load('ann');
    await forgetUpstream(kernel, 'ann', { by: 'ops', issuer: 'three' });
    await forgetUpstream(kernel, 'nobody', { by: 'ops', issuer: 'one' });
    expect(await kernel.store.load('ann')).to.deep.equal(before);
    expect(await kernel.store.load('nobody')).to.deep.equal({});
    expect(await kernel.store.claim(one)).to.equal('ann');
    silent(kernel);
  });

  it('needs its issuer and who forgets it; of a long one the beginning is told', async () => {
    const { kernel } = await linked();
    for (const wrong of [{}, { by: 'ops' }, { by: 'ops', issuer: '' }, { by: 'ops', issuer: 7 }, { issuer: 'one' }])
      expect(await codeOf(forgetUpstream(kernel, 'ann', wrong as never))).to.equal('config.invalid_option');
    silent(kernel);
    const issuer = 'i'.repeat(300);
    const long = await linked({ upstream: [{ issuer, claim: 'upstream:x.0' }] });
    await forgetUpstream(long.kernel, 'ann', { by: 'ops', issuer });
    expect(long.kernel.events[0]?.detail).to.deep.equal({ issuer: issuer.slice(0, 255) });
  });

  it('frees what was claimed before the record goes, so that whoever was interrupted does it again', async () => {
    const { kernel, one, ownerOf } = await linked();
    const { save } = kernel.store;
    kernel.store.save = () => Promise.reject(new Error('killed'));
    expect(await codeOf(forgetUpstream(kernel, 'ann', { by: 'ops', issuer: 'one' }))).to.equal('Error: killed');
    expect(await ownerOf(one)).to.equal(null);
    kernel.store.save = save;
    await forgetUpstream(kernel, 'ann', { by: 'ops', issuer: 'one' });
    expect((await kernel.recordOf('ann')).upstream).to.have.length(1);
  });

  it('is freed as it stood last where the person signed in between', async () => {
    const { kernel, upstream, ownerOf } = await linked();
    const { save } = kernel.store;
    const digest = digestOf(kernel, 'one', 'a-subject');
    let again = '';
    kernel.store.save = async (userId, record) => {
      kernel.store.save = save;
      again = (await claimAccount(kernel, 'ann', digest)) ?? '';
      const { record: current, revision } = await kernel.store.load(userId);
      const links = [{ issuer: 'one', claim: again }, upstream[1]!];
      await save(userId, { ...current!, upstream: links }, revision);
      return save(userId, record, revision);
    };
    await forgetUpstream(kernel, 'ann', { by: 'ops', issuer: 'one' });
    expect(again).to.match(/\.1$/);
    expect(await ownerOf(again)).to.equal(null);
    expect((await kernel.recordOf('ann')).upstream).to.deep.equal([upstream[1]]);
  });
});
