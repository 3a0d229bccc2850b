// "This wasn't me": a link in a notice takes back what the change added, ends every session, and opens nothing.
import { expect } from 'chai';
import { resetUser } from '../../../src/core/operators/administer.js';
import { createObjection, object, readObjection } from '../../../src/core/flows/objection.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import type { Notice } from '../../../src/core/words/notices.js';
import { enrollRiddle, forget, personOf, protectedPerson } from '../../support/core-person.js';
import { testKernel } from '../../support/core-kernel.js';
import { tamper } from '../../support/core-record.js';

async function noticed() {
  const factors = [riddle(), riddle({ kind: 'paper' }), spareWords()];
  const made = await protectedPerson({ factors });
  const { kernel } = made;
  const own = (await kernel.recordOf('ann')).authenticators.find(({ kind }) => kind === 'riddle');
  const notice: Notice = { what: 'factor-added', kind: 'riddle', at: kernel.now(), authenticatorId: own!.id };
  const token = await createObjection(kernel, 'ann', notice);
  return { ...made, token, notice };
}

describe('an objection', () => {
  it('can be read without changing anything', async () => {
    const { kernel, token, notice } = await noticed();
    const before = await kernel.store.load('ann');
    expect(await readObjection(kernel, token)).to.deep.equal({
      is: 'open',
      what: 'factor-added',
      kind: 'riddle',
      at: notice.at,
    });
    expect(await readObjection(kernel, token)).not.to.equal(undefined);
    expect(await kernel.store.load('ann')).to.deep.equal(before);
  });

  it('takes away what the change added and the codes made with it, ends every session and both kinds of browsers, and leaves the rest', async () => {
    const { kernel, person, token } = await noticed();
    const browser = { id: 't', hash: 'h', previous: [], createdAt: 1, expiresAt: 9_000_000_000 };
    const other = { id: 'other', kind: 'paper', createdAt: 1, data: { word: 'x', salt: 's', lastUse: 0 } };
    await tamper(kernel, ({ authenticators }) => ({ authenticators: [...authenticators, other], trusted: [browser] }));
    await object(kernel, token);
    const record = await kernel.recordOf('ann');
    expect(record).to.deep.include({ protected: true, trusted: [], known: [] });
    expect(record.authenticators.map(({ kind }) => kind)).to.deep.equal(['paper']);
    expect(record.owed).to.deep.equal(['backup-codes']);
    expect(await person.step()).to.equal('verify');
    expect(kernel.events[0]).to.deep.include({
      name: 'notice-objected',
      detail: { what: 'factor-added', did: 'taken-away', removed: true },
    });
  });

  it('leaves whoever has nothing else protected: a mailbox does not switch the second factor off', async () => {
    const { kernel, token } = await noticed();
    await tamper(kernel, ({ authenticators }) => ({
      authenticators: authenticators.filter(({ kind }) => kind === 'riddle'),
    }));
    await object(kernel, token);
    expect(await kernel.recordOf('ann')).to.deep.include({ protected: true, authenticators: [] });
    expect(await personOf(kernel).step()).to.equal('recover');
  });

  it('counts once, in one of 20 clicks at once, and for seven days', async () => {
    const { kernel, token } = await noticed();
    forget(kernel);
    const all = await Promise.all(Array.from({ length: 20 }, () => object(kernel, token)));
    expect(all.filter((each) => each?.is === 'done')).to.have.length(1);
    expect(all.filter((each) => each?.is === 'used')).to.have.length(19);
    expect(kernel.events).to.have.length(1);
    const late = await noticed();
    late.kernel.clock.now += 7 * 86_400;
    const lapsed = { is: 'lapsed', lapsedAt: late.kernel.now() };
    expect(await readObjection(late.kernel, late.token)).to.deep.equal(lapsed);
    expect(await object(late.kernel, late.token)).to.deep.equal(lapsed);
  });

  it('is unknown with a token that is not ours', async () => {
    const { kernel, token } = await noticed();
    const sealed = kernel.sealer.seal('{}', { userId: 'ann', authenticatorId: 'x', purpose: 'totp' });
    const before = await kernel.store.load('ann');
    for (const bad of ['', 'x', `${token}x`, token.slice(0, -2), sealed, 'v1.a.b.c', '.'.repeat(10_000)]) {
      expect(await readObjection(kernel, bad), bad.slice(0, 20)).to.equal(undefined);
      expect(await object(kernel, bad)).to.equal(undefined);
    }
    expect(await kernel.store.load('ann')).to.deep.equal(before);
  });

  it('says which method, how many codes and which browser, and repeats no address that somebody put into a name', async () => {
    const kernel = testKernel();
    const name = 'call https://evil.example/now please';
    const notice: Notice = {
      what: 'factor-added',
      kind: 'totp',
      name,
      left: 3,
      at: 7,
      userAgent: 'x Firefox/140.0 Linux',
    };
    const token = await createObjection(
      kernel,
      'bob',
      { ...notice, authenticatorId: 'a' },
      { first: true, to: 'b@x.example' },
    );
    const told = { what: 'factor-added', kind: 'totp', name: 'call https evil example now please', left: 3, at: 7 };
    expect(await readObjection(kernel, token)).to.deep.equal({
      is: 'open',
      ...told,
      browser: kernel.nameBrowser(notice.userAgent),
    });
    await object(kernel, token);
    const used = await readObjection(kernel, token);
    expect(used)
      .to.deep.include({ is: 'used', ...told })
      .and.not.have.any.keys('authenticatorId', 'first', 'to');
  });

  it('to a reset takes away all that was set up since, and lets nobody go on unprotected', async () => {
    const { kernel, person } = await protectedPerson({ factors: [riddle(), riddle({ kind: 'paper' }), spareWords()] });
    await resetUser(kernel, 'ann', { by: 'support', reason: 'a caller' });
    kernel.clock.now += 60;
    const token = await createObjection(
      kernel,
      'ann',
      { what: 'reset', at: kernel.now() - 60 },
      { to: 'ann@x.example' },
    );
    await enrollRiddle(personOf(kernel));
    const thief = await kernel.recordOf('ann');
    expect(thief.authenticators.map(({ kind }) => kind)).to.include('riddle');
    expect(await object(kernel, token)).to.deep.include({ is: 'done', did: 'start-again' });
    const record = await kernel.recordOf('ann');
    expect(record).to.deep.include({ protected: true, authenticators: [], owed: ['primary'] });
    expect(record.epoch).not.to.equal(thief.epoch);
    expect(await person.step()).to.equal('enroll');
  });

  it('to a first enrolment leads on from each address that it is pressed at, also where nothing is left to take away', async () => {
    const { kernel, notice } = await noticed();
    const tokenTo = (to: string) => createObjection(kernel, 'ann', notice, { first: true, to });
    const [one, other] = [await tokenTo('ann@x.example'), await tokenTo('ann@y.example')];
    expect(await object(kernel, one)).to.deep.include({ is: 'done', did: 'start-again' });
    expect(await object(kernel, other)).to.deep.include({ is: 'done', did: 'start-again' });
    expect(await kernel.recordOf('ann')).to.deep.include({ protected: true, authenticators: [], owed: ['primary'] });
  });

  it('makes no record for somebody who has none, and protects nobody', async () => {
    const kernel = testKernel();
    const token = await createObjection(kernel, 'bob', { what: 'reset', at: kernel.now() });
    expect(await object(kernel, token)).to.deep.include({ what: 'reset' });
    expect(await kernel.store.load('bob')).to.deep.equal({});
    await enrollRiddle(personOf(kernel, 'bob'));
  });
});
