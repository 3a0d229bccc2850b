// Attack: imports of a stolen secret sent to two processes at once, also while its owner is reset or given another secret.
// Rule: whether somebody was protected, and what stood here before, is decided in the record, saved by compare-and-set.
// Answer: of rivals one wins, each secret is taken over at most once in the life of a record, and a stolen one never again.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import type { MfaRecord } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import { operate } from '../support/operator-rivals.js';
import { sharedStore } from '../support/shared-store.js';
import { newRedis } from '../support/redis.js';
import type { Operation } from '../support/rival-operator.js';
import { expectTogether, startRivals, type Rivals } from '../support/rivals.js';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const newSecret = () => [...randomBytes(32)].map((byte) => alphabet[byte % 32]).join('');
const of = (uid: string, secret: string, replace = false): Operation => ({ uid, imports: { secret, replace } });
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

describe('imports in two processes of the app on one Redis', () => {
  let rivals: Rivals;
  let people = 0;
  let uid: string;

  before(async () => {
    rivals = await startRivals(2);
  });
  after(() => rivals.close());
  after(expectTogether);
  beforeEach(() => {
    people += 1;
    uid = `person-${people}`;
  });

  async function recordOf(): Promise<MfaRecord> {
    const redis = newRedis();
    const { record } = await sharedStore(redis, { namespace: rivals.namespace }).load(uid);
    redis.disconnect();
    return record!;
  }

  async function expectKeptOut(secret: string): Promise<void> {
    await rivals.advance(30);
    const thief = await new Browser(rivals.all[0]!).signIn(uid);
    expect((await thief.answer('totp', code(secret, rivals.clock))).status).to.be.within(400, 499);
  }

  it('of forty secrets for one newcomer take one over', async () => {
    const { said } = await operate(
      rivals,
      times(40, () => of(uid, newSecret())),
    );
    expect(said.filter(({ imported }) => imported)).to.have.length(1);
    expect(said.filter(({ refused }) => refused === 'protected')).to.have.length(39);
    expect((await recordOf()).authenticators).to.have.length(1);
  });

  it('of one secret forty times take it over once', async () => {
    const secret = newSecret();
    const { said } = await operate(
      rivals,
      times(40, () => of(uid, secret, true)),
    );
    expect(said.filter(({ imported }) => imported)).to.have.length(1);
    expect(said.filter(({ refused }) => refused !== undefined)).to.deep.equal([]);
    expect((await recordOf()).authenticators).to.have.length(1);
  });

  it('of eight secrets five times each, told to replace, take each over at most once', async () => {
    const secrets = times(8, newSecret);
    const { events } = await operate(
      rivals,
      times(40, (index) => of(uid, secrets[index % 8]!, true)),
    );
    const enrolled = events.filter(({ name }) => name === 'authenticator-enrolled');
    expect(enrolled.length).to.be.within(1, 8);
    expect((await recordOf()).authenticators).to.have.length(1);
    const again = await operate(
      rivals,
      times(40, (index) => of(uid, secrets[index % 8]!, true)),
    );
    expect(again.said.filter(({ imported }) => imported).length + enrolled.length).to.be.at.most(8);
  });

  it('never bring back a stolen secret while its owner is reset', async () => {
    const stolen = newSecret();
    await operate(
      rivals,
      times(8, () => of(uid, stolen)),
    );
    const reset: Operation = { uid, reset: true };
    // The process that resets is not the one that imports at that moment, and the other way round.
    const mixed = times(40, (index) => (index === 12 || index === 27 ? reset : of(uid, stolen, index % 4 < 2)));
    const { said, events } = await operate(rivals, mixed);
    expect(events.filter(({ name }) => name === 'reset')).to.have.length(2);
    expect(said.filter(({ imported }) => imported)).to.deep.equal([]);
    expect((await recordOf()).authenticators).to.deep.equal([]);
  });

  it('never bring back a stolen secret while its owner gets another one', async () => {
    const [stolen, newest] = [newSecret(), newSecret()];
    await operate(
      rivals,
      times(8, () => of(uid, stolen)),
    );
    const { said } = await operate(
      rivals,
      times(40, (index) => of(uid, index === 11 || index === 12 ? newest : stolen, true)),
    );
    expect(said.filter(({ imported }) => imported)).to.have.length(1);
    expect(said.filter(({ refused }) => refused === 'spent').length).to.be.above(0);
    await expectKeptOut(stolen);
    await rivals.advance(30);
    const owner = await new Browser(rivals.all[1]!).signIn(uid);
    expect((await owner.answer('totp', code(newest, rivals.clock))).status).to.equal(200);
  });
});
