// The sign-in of a host without sessions, as it is written, found again and ended: which keys, how long, and what is told.
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect } from 'chai';
import type { Request, Response } from 'express';
import { createMfa, memoryStore, totp } from '../../../src/index.js';
import type { MfaStore } from '../../../src/index.js';
import type { SignIn } from '../../../src/core/kernel/sign-in.js';
import { newSignIn } from '../../../middleware/sign-in/new-sign-in.js';
import { bringsProofs, openProofs, proofStoreOf, proofsHeader } from '../../../middleware/sign-in/proof-store.js';
import { codeOf, rejectionOf } from '../../support/thrown.js';

const ada = { id: 'ada', label: 'Ada', signInId: 'one' };

function site() {
  const inner = memoryStore();
  /** What was asked of the store: the command, the kind of key, the seconds. */
  const asked: string[] = [];
  const state = { fails: false };
  const note = (command: string, key: string, ttl?: number) =>
    asked.push([command, key.split(':', 1)[0], ...(ttl === undefined ? [] : [ttl])].join(' '));
  const store: MfaStore = {
    ...inner,
    get: async (userId, key) => {
      note('get', key);
      if (state.fails) throw new Error('down');
      return inner.get(userId, key);
    },
    put: async (userId, key, value, ttl) => {
      note('put', key, ttl);
      if (state.fails) throw new Error('down');
      return inner.put(userId, key, value, ttl);
    },
    take: async (userId, key) => {
      note('take', key);
      return inner.take(userId, key);
    },
  };
  const mfa = createMfa({
    appName: 'Acme',
    secrets: ['a secret of the tests, thirty-two bytes or more'],
    store,
    factors: [totp()],
    user: () => null,
    notify: () => undefined,
    proofs: 'token',
    signInUrl: '/login',
  });
  /** What was asked since the last look. */
  const sinceThen = () => asked.splice(0).sort();
  return { mfa, store, state, sinceThen };
}

/** A request that brings a token, with an answer of its own. */
function requestWith(token?: string | string[]) {
  const incoming = new IncomingMessage(new Socket());
  if (token !== undefined) incoming.headers[proofsHeader.toLowerCase()] = token;
  const res = new ServerResponse(incoming);
  return Object.assign(incoming, { res }) as unknown as Request & { res: Response };
}

describe('the sign-in of a host without sessions', () => {
  const begun = (mfa: ReturnType<typeof site>['mfa'], more: Partial<SignIn> = {}): SignIn => ({
    ...newSignIn(mfa.kernel, ada, 'sign-in'),
    ...more,
  });
  const proof = { kind: 'totp', authenticatorId: 'a', at: 5, userVerified: false };

  /** Keeps a sign-in in a request of its own, and gives the token that its answer told. */
  async function kept({ mfa }: ReturnType<typeof site>, signIn: SignIn, token?: string): Promise<string> {
    const req = requestWith(token);
    await openProofs(mfa, req, ada);
    proofStoreOf(mfa, req)!.keep(signIn);
    await proofStoreOf(mfa, req)!.save();
    return String(req.res.getHeader(proofsHeader) ?? token);
  }
  async function found({ mfa }: ReturnType<typeof site>, token: string, user = ada): Promise<SignIn | undefined> {
    const req = requestWith(token);
    await openProofs(mfa, req, user);
    return proofStoreOf(mfa, req)!.current;
  }

  it('is found by the token that the answer told, as it was, by its person alone', async () => {
    const app = site();
    const signIn = begun(app.mfa, { returnTo: '/account', proofs: [proof] });
    const token = await kept(app, signIn);
    expect(token).to.match(/^[\w-]{43}$/);
    expect(await found(app, token)).to.deep.equal(signIn);
    expect(await found(app, token, { ...ada, id: 'bob' })).to.equal(undefined);
    expect(await found(app, 'A'.repeat(43))).to.equal(undefined);
  });

  it('asks the store for nothing where no token can be one', async () => {
    const app = site();
    for (const token of [undefined, '', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}=`, ['A'.repeat(43)]]) {
      const req = requestWith(token);
      await openProofs(app.mfa, req, ada);
      expect(proofStoreOf(app.mfa, req)!.current).to.equal(undefined);
    }
    expect(app.sinceThen()).to.deep.equal([]);
  });

  it('is brought by any token at all, right or wrong', () => {
    const { mfa } = site();
    for (const [token, expected] of [
      [undefined, false],
      [['A'.repeat(43)], false],
      ['wrong', true],
      ['', true],
    ] as const)
      expect(bringsProofs(mfa, requestWith(token as string)), String(token)).to.equal(expected);
  });

  it('is loaded once for a request and person, in one trip, and anew for somebody else', async () => {
    const app = site();
    const req = requestWith(await kept(app, begun(app.mfa)));
    app.sinceThen();
    await openProofs(app.mfa, req, ada);
    await openProofs(app.mfa, req, ada);
    expect(app.sinceThen()).to.deep.equal(['get proofs', 'get proofs-notes']);
    await openProofs(app.mfa, req, { ...ada, id: 'bob' });
    expect(app.sinceThen()).to.have.length(2);
  });

  it('is not taken for none where the store fails', async () => {
    const app = site();
    const req = requestWith(await kept(app, begun(app.mfa)));
    app.state.fails = true;
    const thrown = await rejectionOf(openProofs(app.mfa, req, ada));
    expect(thrown).to.include({ code: 'store.unavailable' }).and.have.nested.property('cause.message', 'down');
    expect(proofStoreOf(app.mfa, req)).to.equal(undefined);
  });

  it('is written before its answer ends, whether it has another token or not', async () => {
    const app = site();
    const signIn = begun(app.mfa);
    const token = await kept(app, signIn);
    for (const kept of [{ ...signIn, returnTo: '/account' }, begun(app.mfa, { proofs: [proof] })]) {
      const req = requestWith(token);
      const ended = new Promise<void>((resolve) => Object.assign(req.res, { end: resolve }));
      await openProofs(app.mfa, req, ada);
      app.sinceThen();
      proofStoreOf(app.mfa, req)!.keep(kept);
      expect(app.sinceThen()).to.deep.equal([]);
      req.res.end();
      await ended;
      expect(app.sinceThen()).to.not.deep.equal([]);
    }
  });

  it('must have a name', async () => {
    const { mfa } = site();
    expect(await codeOf(openProofs(mfa, requestWith(), { id: 'ada', label: 'Ada' }))).to.equal('config.invalid_option');
  });

  it('lives as long as what was proved counts, and for an hour more than it may be pending', async () => {
    const app = site();
    const { elevationMaxAgeSeconds, pendingMaxAgeSeconds } = app.mfa.kernel.settings;
    const rows: [more: Partial<SignIn>, seconds: number][] = [
      [{}, pendingMaxAgeSeconds + 3600],
      [{ proofs: [proof] }, elevationMaxAgeSeconds],
      [{ trusted: 'a-browser', trustedAt: 5 }, elevationMaxAgeSeconds],
    ];
    for (const [more, seconds] of rows) {
      await kept(app, begun(app.mfa, more));
      expect(app.sinceThen()).to.include(`put proofs ${seconds}`);
    }
  });

  it('keeps its token while only where the person was going changes, and writes nothing else', async () => {
    const app = site();
    const seconds = app.mfa.kernel.settings.elevationMaxAgeSeconds;
    const signIn = begun(app.mfa, { proofs: [proof] });
    const token = await kept(app, signIn);
    app.sinceThen();
    expect(await kept(app, { ...signIn, returnTo: '/account' }, token)).to.equal(token);
    expect(app.sinceThen()).to.have.members(['get proofs', 'get proofs-notes', `put proofs-notes ${seconds}`]);
    expect(await kept(app, { ...signIn, returnTo: '/account' }, token)).to.equal(token);
    expect(app.sinceThen()).to.have.members(['get proofs', 'get proofs-notes']);
    expect(await found(app, token)).to.deep.equal({ ...signIn, returnTo: '/account' });
  });

  it('gets another token with whatever was proved or taken away, and the old one ends', async () => {
    const app = site();
    const signIn = begun(app.mfa, { returnTo: '/account' });
    const first = await kept(app, signIn);
    app.sinceThen();
    const second = await kept(app, { ...signIn, proofs: [proof] }, first);
    expect(second).not.to.equal(first);
    expect(app.sinceThen()).to.include.members(['take proofs', 'take proofs-notes']);
    expect(await found(app, first)).to.equal(undefined);
    const third = await kept(app, signIn, second);
    expect([first, second]).not.to.include(third);
    expect(await found(app, second)).to.equal(undefined);
  });

  it('is written once under the last of several tokens that no answer told', async () => {
    const app = site();
    const req = requestWith();
    await openProofs(app.mfa, req, ada);
    const proofs = proofStoreOf(app.mfa, req)!;
    proofs.keep(begun(app.mfa));
    proofs.keep(begun(app.mfa, { proofs: [proof] }));
    await proofs.save();
    await proofs.save();
    expect(app.sinceThen()).to.deep.equal([`put proofs ${app.mfa.kernel.settings.elevationMaxAgeSeconds}`]);
  });

  it('ends at once, and its answer takes the token back', async () => {
    const app = site();
    const token = await kept(app, begun(app.mfa, { proofs: [proof] }));
    app.sinceThen();
    const req = requestWith(token);
    await openProofs(app.mfa, req, ada);
    req.res.setHeader(proofsHeader, token);
    proofStoreOf(app.mfa, req)!.drop();
    await proofStoreOf(app.mfa, req)!.save();
    expect(req.res.hasHeader(proofsHeader)).to.equal(false);
    expect(app.sinceThen()).to.include.members(['take proofs', 'take proofs-notes']);
    expect(await found(app, token)).to.equal(undefined);
    // Where nothing stands, nothing is to be ended.
    const none = requestWith();
    await openProofs(app.mfa, none, ada);
    app.sinceThen();
    proofStoreOf(app.mfa, none)!.drop();
    await proofStoreOf(app.mfa, none)!.save();
    expect(app.sinceThen()).to.deep.equal([]);
  });

  it('is told as not saved once, with no token, and never written after all', async () => {
    const app = site();
    const req = requestWith();
    await openProofs(app.mfa, req, ada);
    const proofs = proofStoreOf(app.mfa, req)!;
    proofs.keep(begun(app.mfa));
    app.state.fails = true;
    const thrown = await rejectionOf(proofs.save());
    expect(thrown).to.include({ code: 'store.unavailable' }).and.have.nested.property('cause.message', 'down');
    expect(req.res.hasHeader(proofsHeader)).to.equal(false);
    app.state.fails = false;
    app.sinceThen();
    await proofs.save();
    expect(app.sinceThen()).to.deep.equal([]);
  });

  for (const [origin, named, expected] of [
    [undefined, undefined, undefined],
    [undefined, 'ETag', 'ETag'],
    ['https://app.example', undefined, 'X-MFA-Token'],
    ['https://app.example', 'ETag', 'ETag, X-MFA-Token'],
    ['https://app.example', 'ETag , x-mfa-token,Link', 'ETag , x-mfa-token,Link'],
    ['https://app.example', 'X-MFA-Token-Age', 'X-MFA-Token-Age, X-MFA-Token'],
  ] as const) {
    it(`names its header ${origin ? `beside ${named}` : `to no other origin, beside ${named}`}`, async () => {
      const { mfa } = site();
      const req = requestWith();
      if (origin) req.res.setHeader('Access-Control-Allow-Origin', origin);
      if (named) req.res.setHeader('Access-Control-Expose-Headers', named);
      await openProofs(mfa, req, ada);
      proofStoreOf(mfa, req)!.keep(begun(mfa));
      expect(req.res.getHeader('Access-Control-Expose-Headers')).to.equal(expected);
    });
  }
});
