// A sign-in as it is kept for a host without sessions, by each call: the host's session, where it has one, is not touched.
import { expect } from 'chai';
import type { Request } from 'express';
import type { SignIn } from '../../../src/core/kernel/sign-in.js';
import { sessionDataOf } from '../../../middleware/sign-in/host-session.js';
import { newSignIn } from '../../../middleware/sign-in/new-sign-in.js';
import { proofsHeader } from '../../../middleware/sign-in/proof-store.js';
import {
  checkSession,
  dropProofs,
  emptySession,
  endSignIn,
  keepSignIn,
  openSession,
  ownSignIn,
  renewSignIn,
  returnToOf,
  saveSession,
  signInOf,
} from '../../../middleware/sign-in/session.js';
import { codeOf, rejectionOf } from '../../support/thrown.js';
import { coreOf, requestAt, sessionAt, Sessions } from '../../support/host-session.js';

const ada = { id: 'ada', label: 'Ada', signInId: 'one' };
const proof = { kind: 'riddle', authenticatorId: 'a', at: 5, userVerified: false };

describe('what a request must bring for sign-ins to be kept', () => {
  for (const [proofs, environment, secure, expected] of [
    ['session', 'production', true, 'config.no_session_middleware'],
    ['cookie', 'production', false, 'config.secure_cookie_without_trust_proxy'],
    ['cookie', 'production', true, 'nothing thrown'],
    ['cookie', 'development', false, 'nothing thrown'],
    ['token', 'production', false, 'nothing thrown'],
  ] as const)
    it(`proofs: '${proofs}', in ${environment}, over ${secure ? 'https' : 'http'}: ${expected}`, async () => {
      const core = coreOf('shop', proofs);
      Object.assign(core.config, { environment });
      const req = { secure, headers: {} } as unknown as Request;
      expect(await codeOf(() => checkSession(core, req))).to.equal(expected);
      expect(await codeOf(openSession(core, req, ada))).to.equal(expected);
    });
});

describe('a sign-in in a store of ours', () => {
  const core = coreOf('shop', 'token');
  let sessions: Sessions;
  let req: Request;
  beforeEach(async () => {
    sessions = new Sessions();
    req = requestAt(sessions);
    sessionAt(req)['uid'] = 'ada';
    await openSession(core, req, ada);
  });
  /** The host's session is as it was. */
  afterEach(() => {
    expect(sessionDataOf(req)).to.deep.equal([['uid', 'ada']]);
    expect(sessionAt(req)).to.not.have.property('mfa');
    expect(sessions.sinceThen()).to.deep.equal([]);
  });
  const begun = (more: Partial<SignIn> = {}): SignIn => ({ ...newSignIn(core.kernel, ada, 'sign-in'), ...more });
  const kept = () => ownSignIn(core, req, ada);
  /** What a next request finds that brings this token. */
  const foundBy = async (token: string) => {
    const next = requestAt(sessions);
    next.headers[proofsHeader.toLowerCase()] = token;
    await openSession(core, next, ada);
    return ownSignIn(core, next, ada);
  };
  /** Proves, as an answer does that tells its token. */
  const proved = async () => {
    let token = '';
    const res = {
      end: () => undefined,
      hasHeader: () => false,
      removeHeader: () => undefined,
      setHeader: (name: string, value: string) => (token = name === proofsHeader ? value : token),
    };
    Object.assign(req, { res });
    await renewSignIn(core, req, begun({ proofs: [proof] }));
    await saveSession(core, req);
    return token;
  };

  it('is read and written only once it was loaded', async () => {
    const unopened = requestAt(sessions);
    expect(await codeOf(() => ownSignIn(core, unopened, ada))).to.equal('store.unavailable');
    expect(returnToOf(core, unopened, 'ada')).to.equal(undefined);
  });

  it('begins at random where a person is met, not by the session of the host', () => {
    expect(signInOf(core, req, ada).flowId).to.not.equal(signInOf(core, req, ada).flowId);
    expect(kept()).to.equal(undefined);
  });

  it('is kept as it is, with other rights only by `renewSignIn`, and says where its person was going', async () => {
    keepSignIn(core, req, begun({ returnTo: '/account' }));
    expect(returnToOf(core, req, 'ada')).to.equal('/account');
    expect(returnToOf(core, req, 'bob')).to.equal(undefined);
    expect(() => keepSignIn(core, req, begun({ proofs: [proof] }))).to.throw(/renewSignIn/);
    const next = await renewSignIn(core, req, begun({ proofs: [proof] }));
    expect(kept()).to.deep.equal(next);
    expect(kept()?.proofs).to.deep.equal([proof]);
  });

  it('is found by its token until it ends, is dropped, or gives way to another one', async () => {
    for (const end of [
      () => endSignIn(core, req),
      async () => {
        await dropProofs(core, req, 'sign-in');
        await saveSession(core, req);
      },
      async () => {
        await emptySession(core, req);
        await saveSession(core, req);
      },
    ]) {
      const token = await proved();
      expect((await foundBy(token))?.proofs).to.deep.equal([proof]);
      await end();
      expect(kept()).to.equal(undefined);
      expect(await foundBy(token)).to.equal(undefined);
    }
    await endSignIn(core, req);
  });

  it('ends even where the record cannot be told, which is said', async () => {
    const token = await proved();
    const store = { ...core.kernel.store, load: () => Promise.reject(new Error('down')) };
    const deaf = { ...core, kernel: { ...core.kernel, store } };
    expect((await rejectionOf(endSignIn(deaf, req))).message).to.include('down');
    expect(kept()).to.equal(undefined);
    expect(await foundBy(token)).to.equal(undefined);
  });
});
