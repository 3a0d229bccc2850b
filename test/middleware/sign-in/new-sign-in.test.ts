// What names a sign-in and carries its CSRF token: the same for tabs of one sign-in, and for nobody else.
import { expect } from 'chai';
import { createSealer } from '../../../src/crypto/seal.js';
import { newSignIn, tookPlaceAt } from '../../../middleware/sign-in/new-sign-in.js';
import { testKernel } from '../../support/core-kernel.js';

describe('a new sign-in', () => {
  const kernel = testKernel();
  const ada = { id: 'ada', label: 'ada' };
  const secretsOf = (...[of, user, sessionId]: [typeof kernel, typeof ada & { signInId?: string }, string?]) => {
    const { flowId, csrf } = newSignIn(of, user, 'sign-in', sessionId);
    return [flowId, csrf];
  };

  it('met in a session is the same for all who meet it there', () => {
    expect(secretsOf(kernel, ada, 'sid')).to.deep.equal(secretsOf(kernel, ada, 'sid'));
  });

  it('is another one in another session, of another person or sign-in, and where ids run together', () => {
    const others = [
      secretsOf(kernel, ada, 'sid'),
      secretsOf(kernel, ada, 'sid2'),
      secretsOf(kernel, { ...ada, id: 'bob' }, 'sid'),
      secretsOf(kernel, { ...ada, signInId: '1' }, 'sid'),
      secretsOf(kernel, { ...ada, id: 'ada","1' }, 'sid'),
      secretsOf(kernel, { ...ada, id: 'da' }, 'sida'),
    ].flat();
    expect(new Set(others).size).to.equal(others.length);
  });

  it('cannot be told from session and person by whoever does not have the secret', () => {
    const sealer = createSealer({
      secrets: ['another secret, as good as the first, of 32 bytes'],
      namespace: 'default',
    });
    const [flowId, csrf] = secretsOf(kernel, ada, 'sid');
    expect(secretsOf({ ...kernel, sealer }, ada, 'sid')).not.to.include.oneOf([flowId, csrf]);
    expect(Buffer.from(csrf!, 'base64url')).to.have.length(32);
  });

  it('that was announced, or has no session, is random', () => {
    const many = Array.from({ length: 50 }, () => secretsOf(kernel, ada)).flat();
    expect(new Set(many).size).to.equal(100);
    const empty = [secretsOf(kernel, ada, ''), secretsOf(kernel, ada, '')].flat();
    expect(new Set(empty).size).to.equal(4);
  });

  it('began when the host says, in a session that it was met in; a moment to come is not believed', () => {
    const now = kernel.now();
    const startOf = (signedInAt: number, sessionId?: string) =>
      newSignIn(kernel, { ...ada, signedInAt }, 'sign-in', sessionId).startedAt - now;
    expect(startOf(now - 500, 'sid')).to.equal(-500);
    expect(startOf(now - 500)).to.equal(0);
    expect(startOf(now + 60, 'sid')).to.equal(0);
    expect(startOf(now + 61, 'sid')).to.equal(0);
    expect(tookPlaceAt(kernel, { ...ada, signedInAt: now + 60 })).to.equal(now);
    expect(tookPlaceAt(kernel, { ...ada, signedInAt: now + 61 })).to.equal(undefined);
    expect(tookPlaceAt(kernel, ada)).to.equal(undefined);
  });
});
