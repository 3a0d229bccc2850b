// The secrets of an app, their ids, and the keys made of them.
import { expect } from 'chai';
import { readSecrets } from '../../src/crypto/keys.js';
import { thrownBy } from '../support/thrown.js';

const secret = 'one secret of this app, 32 bytes and more';
const other = 'another secret of this app, 32 bytes and more';

const refusal = (secrets: (string | undefined)[]) => thrownBy(() => readSecrets(secrets));

describe('readSecrets', () => {
  it('takes the first secret as the newest and finds every one by its id', () => {
    const both = readSecrets([secret, other]);
    const alone = readSecrets([other]);
    expect(both.newest.id).not.to.equal(alone.newest.id);
    expect(both.find(alone.newest.id)?.derive('a')).to.deep.equal(alone.newest.derive('a'));
    expect(both.ids).to.deep.equal([both.newest.id, alone.newest.id]);
    expect(alone.find(both.newest.id)).to.equal(undefined);
  });

  it('derives another key for every purpose, however its parts are cut', () => {
    const { newest } = readSecrets([secret]);
    const keys = [
      newest.derive('a', 'b'),
      newest.derive('ab'),
      newest.derive('a'),
      newest.derive('a', 'b', ''),
      newest.derive('key id'),
    ];
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).to.equal(keys.length);
    expect(keys.every((key) => key.length === 32)).to.equal(true);
  });

  it('keeps what it derived, for 64 purposes: whatever stands in one, memory does not grow', () => {
    const { newest } = readSecrets([secret]);
    const first = newest.derive('0');
    for (let purpose = 1; purpose < 64; purpose += 1) newest.derive(String(purpose));
    expect(newest.derive('0')).to.equal(first);
    newest.derive('64');
    expect(newest.derive('0')).to.not.equal(first);
    expect(newest.derive('0')).to.deep.equal(first);
  });

  it('gives an id that is no part of any key', () => {
    const { newest } = readSecrets([secret]);
    expect(newest.id).to.match(/^[A-Za-z0-9_-]{8}$/);
    expect(Buffer.from(newest.derive('seal', 'totp')).toString('base64url')).not.to.contain(newest.id);
  });

  it('refuses a short secret without repeating it, and says how to make one', () => {
    const error = refusal([secret, 'hunter2']);
    expect(error.code).to.equal('config.secret_too_short');
    expect(error.message).to.contain('`secrets`[1] has 7 bytes').and.contain("randomBytes(32).toString('base64url')");
    expect(error.message).not.to.contain('hunter2');
  });

  it('says of an absent secret that the variable behind it is not set, and how to make one', () => {
    for (const [absent, is] of [
      [undefined, 'undefined'],
      ['', 'empty'],
    ]) {
      const { code, message } = refusal([absent]);
      expect(code).to.equal('config.secret_too_short');
      expect(message).to.contain(`\`secrets\`[0] is ${is}, so the environment variable behind it`);
      expect(message).to.contain('MFA_SECRET, is not set').and.contain('randomBytes(32)');
    }
  });

  it('refuses what is no string, and an empty list', () => {
    expect(refusal([42 as never]).message).to.contain('[0] is not a string');
    expect(refusal([]).message).to.contain('`secrets` is an empty list');
  });

  it('counts bytes, not characters, and takes exactly 32', () => {
    expect(readSecrets(['é'.repeat(16)]).newest.id).to.be.a('string');
    expect(refusal(['x'.repeat(31)]).message).to.contain('31 bytes');
  });
});
