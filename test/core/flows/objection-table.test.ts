// An objection link by link: what is kept of a notice, what is done and told of it, whose mailbox keeps its way in, and what a link
// says when it is past, broken, or the store does not answer.
import { expect } from 'chai';
import { createObjection, object, readObjection } from '../../../src/core/flows/objection.js';
import type { Factor, FactorContext } from '../../../src/core/kernel/factor.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import type { Json } from '../../../src/core/words/json.js';
import type { Notice } from '../../../src/core/words/notices.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { watchedStore, type WatchedStore } from '../../support/core-kernel.js';
import { protectedPerson } from '../../support/core-person.js';
import { idOf, tamper } from '../../support/core-record.js';
import { codeOf } from '../../support/thrown.js';

const sealedFor = { userId: 'objection', authenticatorId: '', purpose: 'objection' };

/** Ann, whose riddle proves a mailbox, and what the store was given to keep for a while. */
async function house() {
  let watched!: WatchedStore;
  const puts: { key: string; ttlSeconds: number }[] = [];
  const asks: FactorContext[] = [];
  const mailed: Factor = {
    ...(riddle() as Factor),
    addressOf: (context) => (asks.push(context), 'ann@x.example'),
  };
  const made = await protectedPerson({
    factors: [mailed, riddle({ kind: 'song' }), spareWords()],
    store: (memory) =>
      (watched = watchedStore({
        ...memory,
        put: (userId, key, value, ttlSeconds) => {
          puts.push({ key, ttlSeconds });
          return memory.put(userId, key, value, ttlSeconds);
        },
      })),
  });
  const { kernel } = made;
  puts.length = 0;
  const linkOf = (notice: Partial<Notice>, about?: { first?: boolean; to?: string }) =>
    createObjection(kernel, 'ann', { what: 'failures', at: kernel.now(), ...notice }, about);
  const idIn = (token: string) => (JSON.parse(kernel.sealer.open(token, sealedFor)) as { id: string }).id;
  const told = () => kernel.events.map(({ name, detail }) => [name, detail]);
  return { ...made, watched, puts, asks, linkOf, idIn, told };
}

const without = (kind: string) => (record: MfaRecord) => ({
  authenticators: record.authenticators.filter((own) => own.kind !== kind),
});

describe('the link of a notice', () => {
  it('keeps what is known of the change, for seven days', async () => {
    const { kernel, puts, linkOf } = await house();
    const at = kernel.now();
    await linkOf({ authenticatorId: 'b' });
    await linkOf(
      { kind: 'riddle', name: 'Mine', left: 0, userAgent: 'Firefox', authenticatorId: 'a' },
      { first: true },
    );
    const kept = await Promise.all(puts.map(({ key }) => kernel.store.get('ann', key)));
    expect(kept).to.deep.equal([
      { what: 'failures', at, authenticatorId: 'b' },
      {
        what: 'failures',
        at,
        kind: 'riddle',
        name: 'Mine',
        left: 0,
        browser: 'Firefox',
        authenticatorId: 'a',
        first: true,
      },
    ]);
    expect(puts.map(({ ttlSeconds }) => ttlSeconds)).to.deep.equal([7 * 86_400, 7 * 86_400]);
  });

  it('says of each change what became of that one', async () => {
    const { kernel, linkOf } = await house();
    const [one, other] = [await linkOf({ left: 20 }), await linkOf({ what: 'lane-closed' })];
    const open = await linkOf({ left: 30 });
    const at = kernel.now();
    const used = { objectedAt: at, did: 'sessions-ended', at };
    expect(await object(kernel, one)).to.deep.equal({ is: 'done', what: 'failures', left: 20, ...used });
    expect(await object(kernel, other)).to.deep.equal({ is: 'done', what: 'lane-closed', ...used });
    expect(await readObjection(kernel, one)).to.deep.equal({ is: 'used', what: 'failures', left: 20, ...used });
    expect(await object(kernel, other)).to.deep.equal({ is: 'used', what: 'lane-closed', ...used });
    expect(await readObjection(kernel, open)).to.deep.include({ is: 'open', left: 30 });
  });

  it('that is longer than 2048 characters is none of ours', async () => {
    const { kernel } = await house();
    const ofLength = (n: number) =>
      kernel.sealer.seal(JSON.stringify({ userId: 'u'.repeat(n), id: 'x', until: kernel.now() + 1 }), sealedFor);
    const all = Array.from({ length: 100 }, (_none, n) => ofLength(1400 + n));
    const read = async (token: string) => (await readObjection(kernel, token))?.is;
    const fits = all.filter(({ length }) => length <= 2048).at(-1)!;
    const tooLong = all.find(({ length }) => length > 2048)!;
    expect([await read(fits), await read(tooLong)]).to.deep.equal(['used', undefined]);
  });

  it('that cannot be opened for another reason than what it says is a fault', async () => {
    const { kernel, linkOf } = await house();
    const token = await linkOf({});
    const open = () => {
      throw new RangeError('out of memory');
    };
    const broken = { ...kernel, sealer: { ...kernel.sealer, open } };
    expect(await readObjection(broken, token).catch(String)).to.equal('RangeError: out of memory');
  });

  for (const kept of [null, 'failures', [], {}, { what: 7 }, ['failures']] as Json[])
    it(`of which the store keeps ${JSON.stringify(kept)} was used, and changes nothing`, async () => {
      const { kernel, linkOf, idIn, told } = await house();
      const token = await linkOf({});
      await kernel.store.put('ann', `objection:${idIn(token)}`, kept, 60);
      expect(await readObjection(kernel, token)).to.deep.equal({ is: 'used' });
      expect(await object(kernel, token)).to.deep.equal({ is: 'used' });
      expect(told()).to.deep.equal([]);
    });
});

describe('pressing the link of a notice', () => {
  it('that cannot be saved leaves it to be pressed again', async () => {
    const { kernel, watched, linkOf, told, puts } = await house();
    const token = await linkOf({});
    const before = await kernel.recordOf('ann');
    const kept = puts[0];
    watched.beforeSave = () => {
      throw new Error('ECONNREFUSED');
    };
    expect(await codeOf(object(kernel, token))).not.to.equal('nothing thrown');
    expect(puts.at(-1)).to.deep.equal(kept);
    watched.beforeSave = () => undefined;
    expect(await kernel.recordOf('ann')).to.deep.equal(before);
    expect(told()).to.deep.equal([]);
    expect(await object(kernel, token)).to.include({ is: 'done' });
  });

  it('is done, though nobody can keep the word for it', async () => {
    const { kernel, linkOf } = await house();
    const token = await linkOf({});
    const down = { ...kernel, store: { ...kernel.store, put: () => Promise.reject(new Error('down')) } };
    expect(await object(down, token)).to.include({ is: 'done', did: 'sessions-ended' });
    expect(await readObjection(kernel, token)).to.deep.equal({ is: 'used' });
  });

  it('can be looked up for thirty days, and is past its time after that', async () => {
    const { kernel, linkOf } = await house();
    const token = await linkOf({});
    const lapsedAt = kernel.now() + 7 * 86_400;
    await object(kernel, token);
    kernel.clock.now += 30 * 86_400 - 1;
    expect(await readObjection(kernel, token)).to.include({ is: 'used', what: 'failures' });
    kernel.clock.now += 1;
    expect(await readObjection(kernel, token)).to.deep.equal({ is: 'lapsed', lapsedAt });
  });

  it('adds to the event whether anything was taken away', async () => {
    const { kernel, linkOf, told } = await house();
    const authenticatorId = await idOf(kernel, 'riddle');
    await object(kernel, await linkOf({}));
    await object(kernel, await linkOf({ what: 'factor-added', kind: 'riddle', authenticatorId }));
    expect(told()).to.deep.equal([
      ['notice-objected', { what: 'failures', did: 'sessions-ended', removed: false }],
      ['notice-objected', { what: 'factor-added', did: 'taken-away', removed: true }],
    ]);
  });

  it('to the use of a code says until when none works, and the used link says it too', async () => {
    const { kernel, linkOf } = await house();
    const token = await linkOf({ what: 'backup-code-used', authenticatorId: await idOf(kernel, 'spare-words') });
    const barredUntil = kernel.now() + 86_400;
    expect(await object(kernel, token)).to.include({ is: 'done', barredUntil });
    expect(await readObjection(kernel, token)).to.include({ is: 'used', barredUntil });
    const other = await object(kernel, await linkOf({ what: 'sign-in-step-off' }));
    expect(other).to.include({ is: 'done', barredUntil });
    kernel.clock.now += 86_400;
    expect(await object(kernel, await linkOf({}))).not.to.have.property('barredUntil');
  });

  it('of somebody who has nothing changes and writes nothing, and is told as that', async () => {
    const { kernel, watched, linkOf, told } = await house();
    await tamper(kernel, () => ({ protected: false, authenticators: [] }));
    const token = await linkOf({ what: 'factor-removed' });
    const { saves } = watched;
    const at = kernel.now();
    expect(await object(kernel, token, { requestId: 'r9' })).to.deep.equal({
      is: 'done',
      what: 'factor-removed',
      at,
      objectedAt: at,
      did: 'is-off',
    });
    expect(watched.saves).to.equal(saves);
    expect(told()).to.deep.equal([['notice-objected', { what: 'factor-removed', did: 'is-off', removed: false }]]);
    expect(kernel.events[0]).to.include({ userId: 'ann', requestId: 'r9' });
  });

  it('of somebody unprotected who has a method all the same takes it away', async () => {
    const { kernel, linkOf } = await house();
    await tamper(kernel, () => ({ protected: false }));
    const authenticatorId = await idOf(kernel, 'riddle');
    expect(await object(kernel, await linkOf({ what: 'factor-added', authenticatorId }))).to.include({
      did: 'taken-away',
    });
  });

  const mailboxes: [what: string, to: string | undefined, kept: boolean][] = [
    ['the last thing that proves the mailbox it was pressed in stays', 'ann@x.example', true],
    ['what proves another mailbox goes', 'thief@x.example', false],
    ['where it is not known which mailbox it was, all goes', undefined, false],
  ];
  for (const [what, to, kept] of mailboxes)
    it(what, async () => {
      const { kernel, asks, linkOf } = await house();
      await tamper(kernel, without('spare-words'));
      const authenticatorId = await idOf(kernel, 'riddle');
      const about = to === undefined ? {} : { to };
      const token = await linkOf({ what: 'factor-added', authenticatorId }, about);
      expect(await object(kernel, token)).to.include({ did: kept ? 'address-kept' : 'taken-away' });
      const { authenticators } = await kernel.recordOf('ann');
      expect(authenticators.map(({ kind }) => kind)).to.deep.equal(kept ? ['riddle'] : []);
      expect(asks.length).to.be.greaterThan(0);
      for (const { user, locale, flowId } of asks)
        expect({ user, locale, flowId }).to.deep.equal({
          user: { id: 'ann', label: 'ann' },
          locale: 'en',
          flowId: 'objection',
        });
    });

  it('takes away what proves no mailbox, by a factor that has no addresses or is the app’s no more', async () => {
    for (const kind of ['song', 'pigeon']) {
      const { kernel, linkOf } = await house();
      await tamper(kernel, () => ({ authenticators: [{ id: 's', kind, createdAt: 1, data: {} }] }));
      const token = await linkOf({ what: 'factor-added', authenticatorId: 's' }, { to: 'ann@x.example' });
      expect(await object(kernel, token), kind).to.include({ did: 'taken-away' });
    }
  });

  it('to a first set-up asks for a granted code where no mailbox is known', async () => {
    const { kernel, linkOf } = await house();
    const authenticatorId = await idOf(kernel, 'riddle');
    await tamper(kernel, without('spare-words'));
    const token = await linkOf({ what: 'factor-added', authenticatorId }, { first: true });
    expect(await object(kernel, token)).to.include({ did: 'start-again-granted' });
    expect((await kernel.recordOf('ann')).reclaim).to.deep.equal({ since: kernel.now() });
  });
});
