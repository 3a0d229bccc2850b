// What an identity provider said: believed, linked to one account here, and told; or not believed, and why.
import { expect } from 'chai';
import { beginTrip, vouch } from '../../../src/core/flows/vouch.js';
import type { Upstream } from '../../../src/core/words/upstream.js';
import { enrollRiddle, forget, personOf } from '../../support/core-person.js';
import { believing, here, now, there } from '../../support/core-provider.js';
import { tamper } from '../../support/core-record.js';
import { codeOf } from '../../support/thrown.js';

const insufficient = (why: string, detail: object = { issuer: here, amr: 'pwd mfa' }) => ({
  name: 'upstream-insufficient',
  outcome: 'refused',
  detail: { why, ...detail },
  userId: 'ann',
});

describe('what an identity provider said', () => {
  it('is kept in the sign-in, linked in the record of somebody without one, and told with its values', async () => {
    const { kernel, believe, told, claimOf } = believing();
    const vouching = await believe({ acr: ['gold', 'silver'] });
    const record = await kernel.recordOf('ann');
    expect(record.epoch).to.match(/^[\w-]{20,}$/);
    expect(vouching).to.deep.equal({
      vouched: { issuer: here, subject: 's1', at: now - 10, amr: ['pwd', 'mfa'], epoch: record.epoch },
    });
    expect(record).to.include({ protected: false });
    expect(record.upstream).to.deep.equal([{ issuer: here, claim: claimOf() }]);
    expect(told()).to.deep.equal([
      {
        name: 'upstream-accepted',
        outcome: 'accepted',
        detail: { issuer: here, amr: 'pwd mfa', acr: 'gold silver' },
        userId: 'ann',
      },
    ]);
  });

  it('says when the session at the provider ends, where it does, and nothing of what it did not say', async () => {
    const { believe, told } = believing();
    const { vouched } = await believe({ amr: [], acr: ['gold'], endsAt: now + 60 });
    expect(vouched)
      .to.include({ endsAt: now + 60 })
      .and.deep.include({ amr: [] });
    expect(told()[0]?.detail).to.deep.equal({ issuer: here, acr: 'gold' });
  });

  it('writes nothing the second time, and leaves epoch, factors and links to other providers as they are', async () => {
    const { kernel, believe, watched, claimOf } = believing({ [here]: {}, [there]: {} });
    await enrollRiddle(personOf(kernel));
    const before = await kernel.recordOf('ann');
    await believe({ issuer: there, subject: 't' });
    const { vouched } = await believe();
    expect(vouched?.epoch).to.equal(before.epoch);
    const { saves } = watched;
    expect(await believe()).to.deep.equal({ vouched });
    expect(watched.saves).to.equal(saves);
    const upstream = [
      { issuer: there, claim: claimOf('t', 0, there) },
      { issuer: here, claim: claimOf() },
    ];
    expect(await kernel.recordOf('ann')).to.deep.equal({ ...before, upstream });
  });

  it('gives an epoch to a linked record that has none', async () => {
    const { kernel, believe } = believing();
    await believe();
    await tamper(kernel, () => ({ epoch: '' }));
    const { vouched } = await believe();
    const { epoch, upstream } = await kernel.recordOf('ann');
    expect(epoch).not.to.equal('');
    expect(vouched?.epoch).to.equal(epoch);
    expect(upstream).to.have.length(1);
  });

  const short: [why: string, what: string, said: Partial<Upstream>, detail?: object][] = [
    ['not-named', 'another issuer', { issuer: there }, { issuer: there, amr: 'pwd mfa' }],
    ['not-named', 'no issuer', { issuer: undefined as never }, { issuer: '', amr: 'pwd mfa' }],
    ['no-issuer', 'as it was read', { issuer: undefined as never, fault: 'no-issuer' }, { issuer: '', amr: 'pwd mfa' }],
    ['several-statements', 'as it was read', { fault: 'several-statements' }],
    ['no-auth-time', 'without a time', { authTime: undefined as never }],
    ['not-said', 'without values', { amr: [] }, { issuer: here }],
    ['too-little', 'a password alone', { amr: ['pwd'] }, { issuer: here, amr: 'pwd' }],
    ['too-old', '601 s ago', { authTime: now - 601 }],
    ['session-over', 'at its last second', { endsAt: now }],
  ];
  for (const [why, what, said, detail] of short)
    it(`is not believed, and told with its reason: ${why}, ${what}`, async () => {
      const { kernel, believe, told, claimOf, watched } = believing();
      expect(await believe(said)).to.deep.equal({});
      expect(told()).to.deep.equal([insufficient(why, detail)]);
      expect(watched.saves).to.equal(0);
      expect(await kernel.store.claim(claimOf())).to.equal(undefined);
    });

  it('of a strange issuer is told in 255 characters each', async () => {
    const { believe, told } = believing();
    const long = 'x'.repeat(300);
    await believe({ issuer: long, amr: [long, 'mfa'], acr: ['a'.repeat(200), long] });
    const amr = 'x'.repeat(255);
    const acr = `${'a'.repeat(200)} ${'x'.repeat(54)}`;
    expect(told()[0]?.detail).to.deep.equal({ why: 'not-named', issuer: amr, amr, acr });
  });

  it('is not looked at where the app believes this provider nothing', async () => {
    const { believe, told, watched } = believing({ [here]: { mfa: 'reject' } });
    expect(await believe()).to.deep.equal({});
    expect(told()).to.deep.equal([]);
    expect(watched).to.include({ loads: 0, saves: 0 });
  });

  it('is not believed from before the account changed', async () => {
    const { kernel, believe, told } = believing();
    await believe();
    await tamper(kernel, () => ({ epochAt: now - 9 }));
    forget(kernel);
    expect(await believe()).to.deep.equal({});
    expect(told()).to.deep.equal([insufficient('before-change')]);
    expect(await believe({ authTime: now - 9 })).to.have.property('vouched');
  });

  it('is owed where the app enforces it, and stale where another look at the provider would help', async () => {
    const { kernel, believe } = believing({ [here]: { mfa: 'enforce' } });
    const enforced = { issuer: here };
    expect(await believe())
      .to.deep.include({ enforced })
      .and.have.property('vouched');
    expect(await believe({ amr: ['pwd'] })).to.deep.equal({ enforced });
    expect(await believe({ authTime: undefined as never })).to.deep.equal({ enforced });
    const stale = { enforced: { issuer: here, isStale: true } };
    expect(await believe({ authTime: now - 601 })).to.deep.equal(stale);
    expect(await believe({ endsAt: now })).to.deep.equal(stale);
    await tamper(kernel, () => ({ epochAt: now }));
    expect(await believe()).to.deep.equal(stale);
  });

  it('of somebody suspended is not looked at: nothing is told, claimed or written', async () => {
    const { kernel, believe, told, watched, claimOf } = believing({ [here]: { mfa: 'enforce' } });
    await enrollRiddle(personOf(kernel));
    await tamper(kernel, () => ({ suspended: { scim: 1 } }));
    forget(kernel);
    const { saves } = watched;
    expect(await believe()).to.deep.equal({ enforced: { issuer: here } });
    expect(told()).to.deep.equal([]);
    expect(watched.saves).to.equal(saves);
    expect(await kernel.store.claim(claimOf())).to.equal(undefined);
  });

  it('is refused where the record that the host expects is not there', async () => {
    const { kernel, about } = believing();
    const asker = about();
    const said: Upstream = { issuer: here, subject: 's1', authTime: now, amr: ['mfa'], acr: [] };
    const lost = vouch(kernel, { ...asker, user: { ...asker.user, mfaExpected: true } }, said);
    expect(await codeOf(lost)).to.equal('store.record_missing');
  });
});

describe('an account at an identity provider', () => {
  it('is one person’s here: of the next one it is not believed', async () => {
    const { kernel, believe, told, abandoned } = believing();
    await believe();
    forget(kernel);
    expect(await believe({}, 'bob')).to.deep.equal({});
    expect(abandoned).to.deep.equal([]);
    expect(told()).to.deep.equal([{ ...insufficient('linked'), userId: 'bob' }]);
    expect(await kernel.recordOf('bob')).not.to.have.property('upstream');
  });

  it('that was freed is claimed by the next one, under the next number', async () => {
    const { kernel, believe, claimOf } = believing();
    await kernel.store.claim(claimOf(), 'ann');
    await kernel.store.abandon('ann', [claimOf()]);
    expect(await believe({}, 'bob')).to.have.property('vouched');
    expect((await kernel.recordOf('bob')).upstream).to.deep.equal([{ issuer: here, claim: claimOf('s1', 1) }]);
  });

  it('is the only one of its provider that this person has: another is not believed, nor claimed', async () => {
    const { kernel, believe, told, claimOf } = believing();
    await believe();
    const before = await kernel.recordOf('ann');
    forget(kernel);
    expect(await believe({ subject: 's2' })).to.deep.equal({});
    expect(told()).to.deep.equal([insufficient('other-subject')]);
    expect(await kernel.recordOf('ann')).to.deep.equal(before);
    expect(await kernel.store.claim(claimOf('s2'))).to.equal(undefined);
  });

  it('is given back where the same person linked another one meanwhile', async () => {
    const { kernel, believe, told, claimOf, watched, abandoned } = believing();
    watched.beforeSave = async () => {
      watched.beforeSave = () => undefined;
      await believe({ subject: 's2' });
    };
    expect(await believe()).to.deep.equal({});
    expect(told().map(({ name, detail }) => [name, detail?.['why']])).to.deep.equal([
      ['upstream-accepted', undefined],
      ['upstream-insufficient', 'other-subject'],
    ]);
    expect((await kernel.recordOf('ann')).upstream).to.deep.equal([{ issuer: here, claim: claimOf('s2') }]);
    expect(abandoned).to.deep.equal([['ann', claimOf()]]);
  });

  it('is given back where the person is suspended meanwhile, and kept where it stands in the record all the same', async () => {
    const { kernel, believe, watched, abandoned, claimOf, told } = believing();
    await enrollRiddle(personOf(kernel));
    const suspends = () => {
      watched.beforeSave = async () => {
        watched.beforeSave = () => undefined;
        await tamper(kernel, () => ({ suspended: { admin: 1 } }));
      };
    };
    forget(kernel);
    suspends();
    expect(await believe()).to.deep.equal({});
    expect(told()).to.deep.equal([]);
    expect(abandoned).to.deep.equal([['ann', claimOf()]]);
    const upstream = [
      { issuer: there, claim: 'c' },
      { issuer: here, claim: claimOf('s1', 1) },
    ];
    await tamper(kernel, () => ({ suspended: {}, upstream, epoch: '' }));
    suspends();
    expect(await believe()).to.deep.equal({});
    expect(abandoned).to.have.length(1);
  });

  it('is given back where its time is over as it was claimed, by somebody without a record', async () => {
    let claimed = () => undefined as unknown;
    const { kernel, believe, told } = believing(undefined, {
      store: (memory) => ({ ...memory, claim: (key, id) => (claimed(), memory.claim(key, id)) }),
    });
    claimed = () => (kernel.clock.now += 601);
    expect(await believe()).to.deep.equal({});
    expect(told()).to.deep.equal([insufficient('too-old')]);
    expect((await kernel.store.load('ann')).record).to.equal(undefined);
  });

  it('that was freed and is claimed anew by the same person takes the place of the link that stands', async () => {
    const { kernel, believe, claimOf } = believing({ [here]: {}, [there]: {} });
    await believe();
    await believe({ issuer: there, subject: 't' });
    await kernel.store.abandon('ann', [claimOf()]);
    expect(await believe()).to.have.property('vouched');
    expect((await kernel.recordOf('ann')).upstream).to.deep.equal([
      { issuer: there, claim: claimOf('t', 0, there) },
      { issuer: here, claim: claimOf('s1', 1) },
    ]);
  });

  it('is linked once by ten sign-ins at once, all of which are believed', async () => {
    const { kernel, believe, abandoned } = believing();
    const all = await Promise.all(Array.from({ length: 10 }, () => believe()));
    expect(new Set(all.map(({ vouched }) => vouched?.epoch)).size).to.equal(1);
    expect((await kernel.recordOf('ann')).upstream).to.have.length(1);
    expect(abandoned).to.deep.equal([]);
  });
});

describe('a way back to an identity provider', () => {
  it('is begun once in ten minutes, for each person and each provider', async () => {
    const { kernel } = believing();
    expect(await beginTrip(kernel, 'ann', here)).to.equal(true);
    kernel.clock.now += 599;
    expect(await beginTrip(kernel, 'ann', here)).to.equal(false);
    expect(await beginTrip(kernel, 'bob', here)).to.equal(true);
    expect(await beginTrip(kernel, 'ann', there)).to.equal(true);
    kernel.clock.now += 1;
    expect(await beginTrip(kernel, 'ann', here)).to.equal(true);
  });

  it('may be begun anew once the provider was believed, and not before', async () => {
    const { kernel, believe } = believing({ [here]: {}, [there]: {} });
    await beginTrip(kernel, 'ann', here);
    await believe({ amr: ['pwd'] });
    await believe({ issuer: there, subject: 't' });
    expect(await beginTrip(kernel, 'ann', here)).to.equal(false);
    await believe();
    expect(await beginTrip(kernel, 'ann', here)).to.equal(true);
  });

  it('that cannot be forgotten makes nobody’s word another', async () => {
    const { believe } = believing(
      { [here]: {} },
      { store: (memory) => ({ ...memory, take: () => Promise.reject(new Error('down')) }) },
    );
    expect(await believe()).to.have.property('vouched');
  });
});
