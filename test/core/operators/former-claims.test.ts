// What was ever claimed for a person stays taken when they end, and names nobody: of what is in their record, and of what
// was removed from it, in whatever way.
import { expect } from 'chai';
import { object, createObjection } from '../../../src/core/flows/objection.js';
import { removeAuthenticator } from '../../../src/core/flows/removal.js';
import { isAltered } from '../../../src/core/kernel/bound-store.js';
import type { MfaStore } from '../../../src/core/kernel/ports.js';
import { aboutUser } from '../../../src/core/kernel/kernel.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import { transact } from '../../../src/core/kernel/transact.js';
import { resetUser } from '../../../src/core/operators/administer.js';
import { deprovisionUser } from '../../../src/core/operators/deprovision.js';
import { takeAllIn, type Transferred } from '../../../src/core/operators/transfer.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel, watchedStore, type TestKernel, type WatchedStore } from '../../support/core-kernel.js';
import { enrollRiddle, personOf, protectedPerson, saidOf, type Person } from '../../support/core-person.js';

const factors = () => [riddle({ claims: true, limit: 99 }), spareWords()];

/** Somebody with two riddles, each of which claimed its word. */
async function withTwo() {
  const made = await protectedPerson({ factors: factors() });
  return { ...made, second: await enrollRiddle(made.person) };
}

async function remove(kernel: TestKernel, person: Person, word: string): Promise<void> {
  const { authenticators } = await kernel.recordOf('ann');
  const own = authenticators.find(({ data }) => (data as { word?: string }).word === word);
  expect(saidOf(await removeAuthenticator(kernel, person.asker, own!.id, true))).to.equal('accepted');
}

const save = (kernel: TestKernel, change: (record: MfaRecord) => MfaRecord) =>
  transact(kernel, aboutUser('ann'), (record) => ({ result: undefined, save: change(record) }));

/** Ends ann: the words are taken, and no claim at all is hers. */
async function expectNobody(kernel: TestKernel, words: readonly string[]): Promise<void> {
  for (const word of words) expect(await kernel.store.claim(`riddle:${word}`), word).to.equal('ann');
  await kernel.store.claim('riddle:of-bob', 'bob');
  await deprovisionUser(kernel, 'ann');
  for (const word of words) expect(await kernel.store.claim(`riddle:${word}`, 'bob'), word).to.equal(null);
  for await (const { userId, key } of kernel.store.claims()) expect(userId, key).not.to.equal('ann');
  expect(await kernel.store.claim('riddle:of-bob')).to.equal('bob');
}

/** How often all claims were walked over, which takes long where there are many people. */
function countingWalks(kernel: TestKernel): { walks: number } {
  const counted = { walks: 0 };
  const { claims } = kernel.store;
  kernel.store.claims = (...options) => {
    counted.walks += 1;
    return claims(...options);
  };
  return counted;
}

describe('what a user who ended had claimed', () => {
  it('names nobody, of what they have and of what they removed', async () => {
    const { kernel, person, word, second } = await withTwo();
    await remove(kernel, person, word);
    const counted = countingWalks(kernel);
    const { formerClaims } = await kernel.recordOf('ann');
    expect(JSON.stringify(formerClaims)).not.to.contain(word);
    const sealed = formerClaims?.sealed;
    await save(kernel, (record) => ({ ...record, skipped: { x: 1 } }));
    expect((await kernel.recordOf('ann')).formerClaims?.sealed, 'as it was').to.equal(sealed);
    await expectNobody(kernel, [word, second]);
    expect(counted.walks - 1, 'besides that of the test').to.equal(0);
  });

  it('names nobody after a reset, and after what was enrolled since', async () => {
    const { kernel, person, word, second } = await withTwo();
    await remove(kernel, person, word);
    await resetUser(kernel, 'ann', { by: 'ops' });
    const third = await enrollRiddle(personOf(kernel));
    await expectNobody(kernel, [word, second, third]);
  });

  it('names nobody after an objection took it away', async () => {
    const { kernel, word, second } = await withTwo();
    const own = (await kernel.recordOf('ann')).authenticators.find(
      ({ data }) => (data as { word?: string }).word === second,
    );
    const notice = { what: 'factor-added', kind: 'riddle', at: kernel.now(), authenticatorId: own!.id } as const;
    await object(kernel, await createObjection(kernel, 'ann', notice));
    expect((await kernel.recordOf('ann')).authenticators.map(({ id }) => id)).not.to.include(own!.id);
    await expectNobody(kernel, [word, second]);
  });

  it('names nobody after a record that was altered was begun anew', async () => {
    const { kernel, word, second } = await withTwo();
    const { record, revision } = await kernel.store.load('ann');
    let spoilt = true;
    const { load } = kernel.store;
    kernel.store.load = (id) =>
      spoilt ? Promise.reject(new MfaError('store.record_altered', 'spoilt')) : load.call(kernel.store, id);
    expect(isAltered(await kernel.store.load('ann').catch((error: unknown) => error))).to.equal(true);
    await resetUser(kernel, 'ann', { by: 'ops' });
    spoilt = false;
    expect(await kernel.store.save('ann', record!, revision)).to.equal(undefined);
    const third = await enrollRiddle(personOf(kernel));
    await expectNobody(kernel, [word, second, third]);
  });

  it('names nobody where the record cannot be read', async () => {
    const load = () => Promise.reject(new MfaError('store.unavailable', 'spoilt'));
    const kernel = testKernel({ factors: factors(), store: (memory) => ({ ...memory, load }) });
    await kernel.store.claim('riddle:sesame', 'ann');
    await expectNobody(kernel, ['sesame']);
  });

  it('names nobody where more was given up than a record keeps, which is no more than it can hold', async () => {
    const { kernel, word } = await protectedPerson({ factors: factors() });
    const words = [word];
    for (let n = 0; n < 40; n += 1) {
      const next = `${n} of as many characters as the id of a credential may well have, or more than that`.repeat(3);
      await kernel.store.claim(`riddle:${next}`, 'ann');
      const own = { id: `riddle-${n}`, kind: 'riddle', createdAt: 1, data: { word: next, salt: 's', lastUse: 0 } };
      await save(kernel, (record) => ({ ...record, authenticators: [own] }));
      words.push(next);
    }
    expect((await kernel.recordOf('ann')).formerClaims!.sealed.length).to.be.below(6000);
    await expectNobody(kernel, words);
  });

  it('names nobody where its factor is no longer in use, or the secret of the list is gone', async () => {
    const { kernel, person, word, second } = await withTwo();
    await remove(kernel, person, word);
    const without: TestKernel = { ...kernel, factors: [spareWords()] };
    await expectNobody(without, [word, second]);

    const other = await withTwo();
    await remove(other.kernel, other.person, other.word);
    await save(other.kernel, (record) => ({ ...record, formerClaims: { sealed: 'v1.gone.x.y' } }));
    await expectNobody(other.kernel, [other.word, other.second]);
  });

  it('names nobody where nothing came of an enrolment, for a rival was faster', async () => {
    let watched!: WatchedStore;
    const store = { store: (memory: Parameters<typeof watchedStore>[0]) => (watched = watchedStore(memory)) };
    const { kernel, person, word } = await protectedPerson({ factors: factors(), ...store });
    const { word: lost } = (await person.begin('riddle')) as { word: string };
    watched.beforeSave = async () => {
      watched.beforeSave = () => undefined;
      // A new epoch voids what was begun.
      await save(kernel, (record) => ({ ...record, epoch: 'another' }));
    };
    expect(saidOf(await person.confirm('riddle', { word: lost, use: 1 }))).not.to.equal('accepted');
    await expectNobody(kernel, [word, lost]);
  });

  it('is nothing that a record keeps where nothing was claimed, nor where it is back', async () => {
    const { kernel, word, second } = await withTwo();
    const whole = await kernel.recordOf('ann');
    expect(whole).not.to.have.property('formerClaims');
    const without = (word: string) => (record: MfaRecord) => ({
      ...record,
      authenticators: whole.authenticators.filter(({ data }) => (data as { word?: string }).word !== word),
    });
    await save(kernel, without(word));
    await save(kernel, without('none'));
    await save(kernel, without(second));
    const counted = countingWalks(kernel);
    await expectNobody(kernel, [word, second]);
    expect(counted.walks - 1).to.equal(0);
  });

  it('goes with the record to another store, and is taken there', async () => {
    const { kernel, person, word, second } = await withTwo();
    await remove(kernel, person, word);
    const { record } = await kernel.store.load('ann');
    let raw!: MfaStore;
    const other = testKernel({ factors: factors(), store: (memory) => (raw = memory) });
    const moved: Transferred[] = [{ userId: 'ann', record: record! }];
    for await (const { key, userId } of kernel.store.claims()) moved.push({ claim: key, ...(userId && { userId }) });
    const took = await takeAllIn(raw, other.sealer, moved);
    expect(new Set(took)).to.deep.equal(new Set(['taken']));
    expect((await other.store.load('ann')).record).to.deep.equal(record);
    await expectNobody(other, [word, second]);
  });
});
