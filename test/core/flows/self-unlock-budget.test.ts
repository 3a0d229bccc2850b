// What a self-unlock costs and tells: its wrong codes count like all others, its right ones leave no sign.
import { expect } from 'chai';
import { lockoutDefaults } from '../../../src/core/rules/attempts.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { selfUnlock } from '../../../src/core/flows/self-unlock.js';
import { situationOf } from '../../../src/core/rules/situation.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { watchedStore, type WatchedStore, namesOf } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, protectedPerson } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';
import { tamper } from '../../support/core-record.js';

const wrong = { word: 'wrong', use: 1 };

async function lockedOut() {
  let watched!: WatchedStore;
  const made = await protectedPerson({
    factors: [riddle(), riddle({ kind: 'song' }), spareWords()],
    settings: { lockout: { ...lockoutDefaults, selfUnlock: true } },
    store: (memory) => (watched = watchedStore(memory)),
  });
  const { kernel, person } = made;
  await enrollRiddle(person, 'song');
  await person.verify('song', { word: 'wrong', use: 2 });
  const stranger = personOf(kernel);
  for (let n = 0; n < 12; n += 1) {
    await stranger.verify('riddle', wrong);
    kernel.clock.now += n < 11 ? 3600 : 0;
  }
  forget(kernel);
  const unlock = (body: { word: string; use: number }) => selfUnlock(kernel, stranger.asker, 'riddle', body);
  const riddleNow = async () => (await kernel.recordOf('ann')).authenticators.find(({ kind }) => kind === 'riddle');
  return { ...made, stranger, unlock, riddleNow, watched };
}

describe('the budget of a self-unlock', () => {
  it('is part of the hundred in a row that disable an authenticator', async () => {
    const { kernel, unlock, riddleNow } = await lockedOut();
    expect((await riddleNow())?.failures).to.equal(12);
    for (let n = 0; n < 95 && (await riddleNow())?.disabledAt === undefined; n += 1) {
      await tamper(kernel, ({ attempts }) => {
        const scope = { ...attempts['riddle/unknown']!, lockedUntil: kernel.now() + 3600 };
        return { attempts: { ...attempts, 'riddle/unknown': scope } };
      });
      expect((await unlock(wrong)).accepted).to.equal(true);
      kernel.clock.now += 3600;
    }
    expect(await riddleNow()).to.include({ failures: 100 });
    expect(namesOf(kernel)).to.include('authenticator-disabled');
    expect(kernel.notices.map(({ what }) => what)).to.include('authenticator-disabled');
    expect((await kernel.recordOf('ann')).protected).to.equal(true);
  });

  it('tells nobody by the order of factors, the failures or the time of use that a code was right', async () => {
    const { kernel, stranger, unlock, riddleNow, word } = await lockedOut();
    const seen = async () => {
      const record = await kernel.recordOf('ann');
      return situationOf(kernel, stranger.asker.user, stranger.asker.signIn, record).ways;
    };
    const ways = await seen();
    const before = await riddleNow();
    await unlock({ word, use: 50 });
    expect(await seen()).to.deep.equal(ways);
    expect(await riddleNow()).to.deep.include({ failures: before?.failures });
    expect((await riddleNow())?.lastUsedAt).to.equal(before?.lastUsedAt);
    expect((await riddleNow())?.data).to.include({ lastUse: 50 });
  });

  it('is told by one outcome event for each answer, a store that is down included', async () => {
    const { kernel, unlock, watched, word } = await lockedOut();
    await unlock(wrong);
    expect(kernel.outcomes()).to.have.length(1);
    watched.beforeSave = () => {
      throw new MfaError('store.unavailable', 'down');
    };
    kernel.clock.now += 120;
    forget(kernel);
    expect(await codeOf(unlock({ word, use: 60 }))).to.equal('store.unavailable');
    expect(kernel.outcomes()).to.have.length(1);
    expect(kernel.outcomes()[0]).to.include({ reason: 'store.unavailable' });
  });
});
