// What tells that somebody signed in within one request, from what the session holds before and after.
import { expect } from 'chai';
import type { Request, Response } from 'express';
import type { MfaCore } from '../../../src/mfa.js';
import { putSignIn, type HostSession } from '../../../middleware/sign-in/host-session.js';
import { newSignIn } from '../../../middleware/sign-in/new-sign-in.js';
import {
  hasSession,
  holds,
  markSession,
  pendingOwnerOf,
  signedInSince,
} from '../../../middleware/sign-in/session-mark.js';
import { testKernel } from '../../support/core-kernel.js';

type Proofs = 'session' | 'cookie';
const coreOf = (proofs: Proofs) => ({ kernel: testKernel(), config: { web: { proofs } } }) as unknown as MfaCore;
const ada = { id: '7', label: 'ada', email: 'ada@example.com' };

/** What happens to a request between the mark and the answer. */
type Between = { before?: object; after?: object; same?: object; cookieBefore?: boolean; cookieAfter?: boolean };

function isSignIn(
  { before, after, same, cookieBefore = false, cookieAfter = false }: Between,
  proofs: Proofs,
): boolean {
  const core = coreOf(proofs);
  let cookie = cookieBefore;
  const res = { hasHeader: (name: string) => name === 'set-cookie' && cookie } as unknown as Response;
  const held: { session?: object } = before ? { session: { cookie: {}, ...before } } : {};
  const req = Object.assign(held, { res }) as unknown as Request;
  const mark = markSession(core, req);
  if (same) Object.assign(held.session!, same);
  else if (after) held.session = { cookie: {}, ...after };
  cookie = cookieAfter;
  return signedInSince(mark, core, req, res, ada);
}

describe('a sign-in within one request', () => {
  for (const proofs of ['session', 'cookie'] as const)
    it(`is what names this person anew, or another session with something in it (proofs: '${proofs}')`, () => {
      const rows: [Between, boolean][] = [
        [{}, false],
        [{ before: {}, same: { passport: { user: 7 } } }, true],
        [{ before: {}, same: { user: { roles: ['staff'], login: 'ada' } } }, true],
        [{ before: { uid: 'bob' }, same: { uid: 'ada@example.com' } }, true],
        [{ before: { uid: 'ada' }, same: {} }, false],
        [{ before: { uid: 'ada', views: 1 }, same: { views: 2 } }, false],
        [{ before: { uid: 'bob' }, same: { uid: 'eve', off: false, none: null, gone: undefined } }, false],
        [{ before: {}, same: { mark: Symbol('7') } }, false],
        [{ before: {}, same: { mfa: { default: { userId: '7' } } } }, false],
        [{ after: { cart: [1] } }, true],
        [{ before: { cart: [1] }, after: { cart: [1] } }, false],
        [{ before: { cart: [1] }, after: {} }, false],
        [{ before: { cart: [1] }, after: { cart: [2] } }, true],
      ];
      for (const [between, expected] of rows)
        expect(isSignIn(between, proofs), JSON.stringify(between)).to.equal(expected);
    });

  it('is a cookie that is set, only where no server session says it, and only if none was set before', () => {
    expect(isSignIn({ cookieAfter: true }, 'cookie')).to.equal(true);
    expect(isSignIn({ cookieBefore: true, cookieAfter: true }, 'cookie')).to.equal(false);
    expect(isSignIn({ cookieAfter: true }, 'session')).to.equal(false);
    expect(isSignIn({}, 'cookie')).to.equal(false);
  });

  it('marks a request that has no answer yet, and tells whether there is a session at all', () => {
    const req: unknown = {};
    expect(markSession(coreOf('cookie'), req as Request)).to.deep.equal({
      session: undefined,
      held: {},
      setsCookie: false,
    });
    expect(hasSession(req as Request)).to.equal(false);
    expect(hasSession({ session: { cookie: {} } } as unknown as Request)).to.equal(true);
  });

  it('finds a name wherever it stands, whole', () => {
    expect(holds([{ a: { b: ['7'] } }], ['7'])).to.equal(true);
    expect(holds(7, ['7'])).to.equal(true);
    for (const value of [null, true, undefined, '77', 77, { 7: 'x' }, [], ['x', { y: 'z' }]])
      expect(holds(value, ['7', undefined]), JSON.stringify(value)).to.equal(false);
  });
});

describe('a session that still names whom the host does not find', () => {
  const proof = { kind: 'totp', authenticatorId: 'a', at: 1, userVerified: false };
  const ownerOf = (data: object, more: object = {}, proofs: Proofs = 'session') => {
    const core = coreOf(proofs);
    const session = { cookie: {}, ...data } as HostSession;
    putSignIn(core, session, { ...newSignIn(core.kernel, ada, 'sign-in'), ...more });
    return pendingOwnerOf(core, { session } as unknown as Request);
  };

  it('is theirs while they are pending in it, and named', () => {
    expect(ownerOf({ cart: [], uid: 7, views: 1 })).to.equal('7');
    expect(ownerOf({ uid: 'bob' })).to.equal(undefined);
    expect(ownerOf({})).to.equal(undefined);
    expect(ownerOf({ uid: 7 }, { proofs: [proof] })).to.equal(undefined);
    expect(ownerOf({ uid: 7 }, { trusted: 'browser' })).to.equal(undefined);
    expect(ownerOf({ uid: 7 }, {}, 'cookie')).to.equal(undefined);
    expect(pendingOwnerOf(coreOf('session'), { session: { uid: 7 } } as unknown as Request)).to.equal(undefined);
  });
});
