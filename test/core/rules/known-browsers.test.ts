// A browser that passed a factor has a lane of its own in the failure budget, and nothing else.
import { expect } from 'chai';
import { passwordChanged, resetUser } from '../../../src/core/operators/administer.js';
import {
  admitBrowser,
  claimedLane,
  contextInLane,
  drawnOnce,
  knownBrowserDays,
  laneOf,
  newKnownBrowser,
} from '../../../src/core/rules/known-browsers.js';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { testKernel } from '../../support/core-kernel.js';
import { personOf, protectedPerson } from '../../support/core-person.js';

async function known() {
  const made = await protectedPerson();
  const cookie = made.person.asker.knownBrowser!;
  const lane = async (knownBrowser: string) =>
    laneOf(made.kernel, { ...made.person.asker, knownBrowser }, await made.kernel.recordOf('ann'));
  return { ...made, cookie, lane };
}

describe('a known browser', () => {
  it('has a lane of its own', async () => {
    const { cookie, lane } = await known();
    expect(await lane(cookie)).to.equal(`known:${cookie.split('.')[0]!}`);
  });

  it('is unknown with a cookie that is wrong in any way', async () => {
    const { cookie, lane } = await known();
    const [id, secret] = cookie.split('.') as [string, string];
    const bad = ['', '.', id, `${id}.`, `${id}.x`, `.${secret}`, `x.${secret}`, `${secret}.${id}`, `${id} .${secret}`];
    for (const each of [...bad, `${id}.${secret}x`, '__proto__.x', `known:${id}.${secret}`]) {
      expect(await lane(each), each).to.equal('unknown');
    }
  });

  it('is unknown to another person', async () => {
    const { kernel, cookie } = await known();
    const bob = personOf(kernel, 'bob', {}, cookie);
    expect(laneOf(kernel, bob.asker, emptyRecord('e'))).to.equal('unknown');
  });

  it('is forgotten after 180 days and by a reset, and outlives a new password', async () => {
    const { kernel, cookie, lane } = await known();
    kernel.clock.now += knownBrowserDays * 86_400;
    expect(await lane(cookie)).not.to.equal('unknown');
    kernel.clock.now += 1;
    expect(await lane(cookie)).to.equal('unknown');
    const one = await known();
    await passwordChanged(one.kernel, 'ann');
    expect(await one.lane(one.cookie)).not.to.equal('unknown');
    await resetUser(one.kernel, 'ann', { by: 'admin' });
    expect(await one.lane(one.cookie)).to.equal('unknown');
  });

  it('proves nobody: a new sign-in in it is pending', async () => {
    const { person } = await known();
    expect(await person.signInAgain('known').step()).to.equal('verify');
  });

  it('leaves only the hash of its secret in the record', async () => {
    const { kernel, cookie } = await known();
    const record = await kernel.recordOf('ann');
    expect(record.known).to.have.length(1);
    expect(JSON.stringify(record)).not.to.include(cookie.split('.')[1]);
  });

  it('is one of ten: the oldest gives way to the eleventh, and its failures with it', () => {
    const kernel = testKernel();
    const first = newKnownBrowser(kernel);
    let record = admitBrowser(emptyRecord('e'), first, 1);
    record = { ...record, attempts: { [`riddle/known:${first.id}`]: { failures: 3, failedAt: 1 } } };
    const later = Array.from({ length: 9 }, () => newKnownBrowser(kernel));
    for (const browser of later) record = admitBrowser(record, browser, 2);
    expect(record.known).to.have.length(10);
    expect(Object.keys(record.attempts)).to.have.length(1);
    record = admitBrowser(record, newKnownBrowser(kernel), 3);
    expect(record.known.map(({ id }) => id)).not.to.include(first.id);
    expect(record.known).to.have.length(10);
    expect(record.attempts).to.deep.equal({});
  });

  it('of 180 days ago makes room for the next, and is one of them in its last second', () => {
    const kernel = testKernel();
    const [old, next] = [newKnownBrowser(kernel), newKnownBrowser(kernel)];
    const after = (seconds: number) => admitBrowser(admitBrowser(emptyRecord('e'), old, 1), next, 1 + seconds).known;
    const days = knownBrowserDays * 86_400;
    expect(after(days).map(({ id }) => id)).to.deep.equal([old.id, next.id]);
    expect(after(days + 1)).to.deep.equal([{ id: next.id, hash: next.hash, createdAt: 2 + days }]);
  });

  it('is kept by 128 bits of its secret’s hash, and drawn once, when it is first asked for', () => {
    const kernel = testKernel();
    expect(newKnownBrowser(kernel).hash).to.have.length(22);
    const draw = drawnOnce(kernel);
    const drawn = draw();
    expect(drawn.cookie).to.match(/^[\w-]{12}\.[\w-]{43}$/);
    expect(draw()).to.equal(drawn);
    expect(drawnOnce(kernel)().id).to.not.equal(drawn.id);
  });

  it('is what its cookie claims, before the record is there, as long as that could be an id', () => {
    const id = 'a_B-9'.padEnd(32, 'x');
    expect(claimedLane({ knownBrowser: `${id}.secret` })).to.equal(`known:${id}`);
    expect(claimedLane({ knownBrowser: 'a' })).to.equal('known:a');
    const bad = [undefined, '', '.x', `${id}x.secret`, 'a b.x', ' a.x', 'a!.x', 'a:b.x', 'ä.x'];
    for (const knownBrowser of bad)
      expect(claimedLane(knownBrowser === undefined ? {} : { knownBrowser }), knownBrowser).to.equal('unknown');
  });

  it('is told to a factor by its id, where it is one', () => {
    const { asker } = personOf(testKernel());
    expect(contextInLane(testKernel(), asker, 'known:laptop')).to.include({ knownBrowser: 'laptop', user: asker.user });
    expect(contextInLane(testKernel(), asker, 'unknown'))
      .to.include({ user: asker.user })
      .and.not.have.property('knownBrowser');
  });

  it('does not open the lane of strangers by passing, nor is it held up by them', async () => {
    const { kernel, person, word } = await known();
    const stranger = personOf(kernel, 'ann');
    for (let n = 0; n < 5; n += 1) await stranger.verify('riddle', { word: 'wrong', use: 2 });
    const outcome = await person.signInAgain('known').verify('riddle', { word, use: 2 });
    expect(outcome.accepted).to.equal(true);
    const locked = await stranger.verify('riddle', { word, use: 3 });
    expect(locked).to.deep.include({ reason: 'session.verification_blocked_too_many_attempts' });
  });
});
