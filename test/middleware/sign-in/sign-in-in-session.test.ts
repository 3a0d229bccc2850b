// A sign-in as a host with sessions keeps it, by each call: what is kept, dropped and told, what goes wrong with which store.
import { expect } from 'chai';
import type { Request } from 'express';
import type { SignIn } from '../../../src/core/kernel/sign-in.js';
import { putSignIn, renewId, signInIn } from '../../../middleware/sign-in/host-session.js';
import { newSignIn } from '../../../middleware/sign-in/new-sign-in.js';
import {
  dropProofs,
  dropSignIn,
  emptySession,
  endSignIn,
  keepSignIn,
  ownSignIn,
  renewSignIn,
  returnToOf,
  saveSession,
  signInOf,
  startSignIn,
} from '../../../middleware/sign-in/session.js';
import { codeOf, rejectionOf } from '../../support/thrown.js';
import { coreOf, requestAt, sessionAt, Sessions } from '../../support/host-session.js';

const ada = { id: 'ada', label: 'Ada' };
const bob = { id: 'bob', label: 'Bob' };
/** A request to a host that has no session at all. */
const without = JSON.parse('{}') as Request;
const proof = { kind: 'riddle', authenticatorId: 'a', at: 5, userVerified: false };

describe('a sign-in in the session of a host', () => {
  let core: ReturnType<typeof coreOf>;
  let office: ReturnType<typeof coreOf>;
  let store: Sessions;
  let req: Request;
  beforeEach(() => {
    core = coreOf('shop');
    office = coreOf('office');
    store = new Sessions();
    req = requestAt(store);
  });
  const begun = (more: Partial<SignIn> = {}): SignIn => ({ ...newSignIn(core.kernel, ada, 'sign-in'), ...more });
  const kept = () => signInIn(core, sessionAt(req));
  const put = (signIn: SignIn) => putSignIn(core, sessionAt(req), signIn);
  /** Of another app in the same session, which nothing here may touch. */
  const putOther = () => {
    const other = newSignIn(office.kernel, ada, 'sign-in');
    putSignIn(office, sessionAt(req), other);
    return () => expect(signInIn(office, sessionAt(req)), 'of the other app').to.deep.equal(other);
  };

  it('begins as it is met, by the id of the session, with nothing kept and nothing left of somebody else', () => {
    const isUntouched = putOther();
    put({ ...begun({ proofs: [proof] }), userId: 'bob' });
    const met = signInOf(core, req, ada);
    expect(met).to.include({ userId: 'ada', moment: 'sign-in' });
    expect(met.flowId).to.equal(signInOf(core, req, ada).flowId);
    expect(kept()).to.equal(undefined);
    expect(signInOf(core, requestAt(store), ada).flowId).to.not.equal(met.flowId);
    isUntouched();
  });

  it('is the one that was kept, for its person and the sign-in that the host names', async () => {
    const signIn = begun({ proofs: [proof] });
    put(signIn);
    expect(signInOf(core, req, ada)).to.deep.equal(signIn);
    expect(ownSignIn(core, req, bob)).to.equal(undefined);
    expect(ownSignIn(core, req, { ...ada, signInId: 'one' })).to.equal(undefined);
    expect(kept()).to.deep.equal(signIn);
    await startSignIn(core, req, { ...bob, signInId: 'one' }, 'sign-up').catch(() => undefined);
    put(begun());
    await startSignIn(core, req, { ...ada, signInId: 'one' }, 'sign-up');
    expect(ownSignIn(core, req, { ...ada, signInId: 'one' })).to.include({ moment: 'sign-up', startKept: true });
    expect(ownSignIn(core, req, { ...ada, signInId: 'two' })).to.equal(undefined);
    expect(ownSignIn(core, req, ada)).to.equal(undefined);
  });

  it('says where its own person was going', () => {
    expect(returnToOf(core, req, 'ada')).to.equal(undefined);
    put(begun({ returnTo: '/account' }));
    expect(returnToOf(core, req, 'ada')).to.equal('/account');
    expect(returnToOf(core, req, 'bob')).to.equal(undefined);
  });

  it('is kept as it is, but with other rights only under a new id', async () => {
    keepSignIn(core, req, begun({ returnTo: '/account' }));
    expect(kept()).to.include({ returnTo: '/account' });
    expect(() => keepSignIn(core, req, begun({ proofs: [proof] }))).to.throw(/renewSignIn/);
    expect(kept()?.proofs).to.deep.equal([]);
    const { id } = sessionAt(req);
    const before = begun({ proofs: [proof] });
    const next = await renewSignIn(core, req, before);
    expect(sessionAt(req).id).to.not.equal(id);
    expect(kept()).to.deep.equal(next);
    expect({ ...next, csrf: '' }).to.deep.equal({ ...before, csrf: '' });
    expect(Buffer.from(next.csrf, 'base64url')).to.have.length(32);
    expect(next.csrf).to.not.equal(before.csrf);
    keepSignIn(core, req, { ...next, returnTo: '/' });
    expect(() => keepSignIn(core, req, begun())).to.throw(/renewSignIn/);
  });

  it('is dropped alone, and where there is no session at all too', () => {
    const isUntouched = putOther();
    put(begun());
    dropSignIn(core, req);
    expect(kept()).to.equal(undefined);
    const left = sessionAt(req).mfa;
    dropSignIn(core, req);
    expect(sessionAt(req).mfa, 'written for nothing').to.equal(left);
    isUntouched();
    dropSignIn(core, without);
  });

  it('of a new id that cannot be saved proves nothing, and of an old one is as before', async () => {
    put(begun({ proofs: [proof] }));
    store.errors['set'] = new Error('full');
    expect(await codeOf(saveSession(core, req))).to.equal('store.unavailable');
    expect(kept()?.proofs).to.have.length(1);
    await renewSignIn(core, req, begun({ proofs: [proof] }));
    expect(await codeOf(saveSession(core, req))).to.equal('store.unavailable');
    expect(kept()).to.equal(undefined);
    delete store.errors['set'];
    await renewSignIn(core, req, begun({ proofs: [proof] }));
    await saveSession(core, req);
    expect(kept()?.proofs).to.have.length(1);
  });

  for (const as of ['sign-in', 'flow'] as const)
    it(`leaves its proofs with its id, before ${as === 'flow' ? 'another sign-in in it' : 'the next or none'}`, async () => {
      const isUntouched = putOther();
      sessionAt(req)['uid'] = 'ada';
      const { id } = sessionAt(req);
      put(begun({ proofs: [proof] }));
      await dropProofs(core, req, as);
      expect(kept()).to.equal(undefined);
      expect(sessionAt(req)).to.include({ uid: 'ada' }).and.not.include({ id });
      expect(store.sinceThen()).to.have.members(['destroy', 'set']);
      isUntouched();
      // Where nothing was proved the id stays.
      const next = sessionAt(req).id;
      put(begun());
      await dropProofs(core, req, as);
      expect(kept()).to.equal(undefined);
      expect(sessionAt(req).id).to.equal(next);
      await dropProofs(core, req, as);
      isUntouched();
    });

  it('owes nothing any more from its end on, and still what it owed where another begins in it', async () => {
    for (const [as, left] of [
      ['flow', 5],
      ['sign-in', undefined],
    ] as const) {
      const user = { ...ada, signInId: as };
      await startSignIn(core, req, user, 'sign-in');
      const key = `pending:${ownSignIn(core, req, user)!.signInId!.slice(0, 22)}`;
      await core.kernel.store.put('ada', key, 5, 60);
      await dropProofs(core, req, as);
      await new Promise(setImmediate);
      expect(await core.kernel.store.get('ada', key), as).to.equal(left);
    }
  });

  it('drops what a session without new ids holds, such as one that is on its way out', async () => {
    const given = { session: { cookie: {} } } as unknown as Request;
    putSignIn(core, sessionAt(given), begun({ proofs: [proof] }));
    await dropProofs(core, given, 'sign-in');
    expect(sessionAt(given)).to.deep.equal({ cookie: {} });
    await dropProofs(core, without, 'sign-in');
  });

  it('ends under its id, with what the host keeps carried over; or everything with it', async () => {
    sessionAt(req)['uid'] = 'ada';
    put(begun({ proofs: [proof] }));
    const { id } = sessionAt(req);
    await endSignIn(core, req);
    expect(kept()).to.equal(undefined);
    expect(sessionAt(req)).to.include({ uid: 'ada' }).and.not.include({ id });
    store.sinceThen();
    await emptySession(core, req);
    expect(store.sinceThen()).to.deep.equal(['regenerate', 'destroy']);
    expect(sessionAt(req)).to.not.have.property('uid');
  });

  it('ends even where the record cannot be told, which is said', async () => {
    put(begun({ proofs: [proof] }));
    const down = new Error('down');
    const deaf = {
      ...core,
      kernel: { ...core.kernel, store: { ...core.kernel.store, load: () => Promise.reject(down) } },
    };
    const { id } = sessionAt(req);
    expect((await rejectionOf(endSignIn(deaf, req))).message).to.include('down');
    expect(kept()).to.equal(undefined);
    expect(sessionAt(req).id).to.not.equal(id);
    expect(store.sinceThen()).to.have.members(['destroy', 'set']);
  });

  it('is told not to have ended where the host gives new ids in a way of its own, which fails', async () => {
    for (const end of [endSignIn, (...given: Parameters<typeof endSignIn>) => dropProofs(...given, 'sign-in')]) {
      put(begun({ proofs: [proof] }));
      sessionAt(req).regenerate = (done) => done(new Error('down'));
      expect(await codeOf(end(core, req))).to.equal('store.unavailable');
      expect(kept()).to.equal(undefined);
    }
    expect(await codeOf(renewId(core, req))).to.equal('store.unavailable');
  });
});
