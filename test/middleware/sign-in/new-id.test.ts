// What a new id of the host's session takes along, which way it is given, and what is saved of it and when.
import { expect } from 'chai';
import type { Request } from 'express';
import {
  emptyHostSession,
  putSignIn,
  renewId,
  requireSession,
  saveHostSession,
  sessionIdOf,
  signInIn,
} from '../../../middleware/sign-in/host-session.js';
import { newSignIn } from '../../../middleware/sign-in/new-sign-in.js';
import { coreOf, requestAt, sessionAt, Sessions, cookieSettings } from '../../support/host-session.js';
import { rejectionOf } from '../../support/thrown.js';

type Done = (error?: unknown) => void;

describe("a new id of the host's session", () => {
  const core = coreOf('shop');
  let store: Sessions;
  beforeEach(() => {
    store = new Sessions();
  });

  it("takes the host's own data along, and nothing of ours but what another app keeps", async () => {
    const req = requestAt(store);
    const other = coreOf('office');
    const before = sessionAt(req);
    const kept = newSignIn(other.kernel, { id: 'bob', label: 'Bob' }, 'sign-in');
    putSignIn(core, before, newSignIn(core.kernel, { id: 'ada', label: 'Ada' }, 'sign-in'));
    putSignIn(other, before, kept);
    const data = { cart: [1], off: false, none: null, text: '', gone: undefined };
    Object.assign(before, data, { act: () => 'of the old session' });
    const next = await renewId(core, req);
    expect(next).to.equal(sessionAt(req)).and.not.equal(before);
    expect(sessionIdOf(req)).to.equal(next.id).and.not.equal(before.id);
    expect(signInIn(core, next)).to.equal(undefined);
    expect(signInIn(other, next)).to.deep.equal(kept);
    const { cookie: _cookie, mfa: _mfa, ...carried } = { ...next };
    expect(carried).to.deep.equal(data);
    expect(store.sinceThen()).to.deep.equal(['destroy']);
  });

  it('keeps nothing where no app keeps anything', async () => {
    const req = requestAt(store);
    putSignIn(core, sessionAt(req), newSignIn(core.kernel, { id: 'ada', label: 'Ada' }, 'sign-in'));
    expect(await renewId(core, req)).to.not.have.property('mfa');
  });

  it('leaves its own id and request to a session that was put together by hand', async () => {
    const { req } = byHand({ data: { id: 'old', req: 'the old request', uid: 'ada' } });
    const next = await renewId(core, req);
    expect(next).to.include({ id: 'new', uid: 'ada' }).and.not.have.property('req');
  });

  for (const [setting, value] of cookieSettings)
    it(`keeps the \`${setting}\` of its cookie, where that was set`, async () => {
      const req = requestAt(store);
      Object.assign(sessionAt(req).cookie, { [setting]: value });
      expect((await renewId(core, req)).cookie[setting]).to.equal(value);
      Object.assign(sessionAt(req).cookie, { [setting]: undefined });
      const asMade = sessionAt(requestAt(store)).cookie[setting];
      expect((await renewId(core, req)).cookie[setting]).to.equal(asMade);
    });

  it('keeps how long its cookie lives, from now on, where somebody changed that, and else leaves it as it is made', async () => {
    const req = requestAt(store, { maxAge: 60_000 });
    const ends: unknown[] = [];
    const cookie = sessionAt(req).cookie;
    cookie['maxAge'] = 3_600_000;
    cookie.originalMaxAge = 3_600_000;
    const next = await renewId(core, req);
    expect(next.cookie.originalMaxAge).to.be.within(3_599_000, 3_600_000);
    expect(next.cookie['maxAge']).to.be.within(3_000_000, 3_600_000);
    // The next session, whose cookie would live as long by itself.
    const same = requestAt(store, { maxAge: 60_000 });
    sessionAt(same).cookie.originalMaxAge = 60_000;
    const generate = (given: Request) => {
      const made = { cookie: { originalMaxAge: 60_000 }, regenerate: () => undefined, save: () => undefined };
      Object.defineProperty(made.cookie, 'maxAge', { set: (value) => ends.push(value) });
      Object.assign(given, { session: made });
    };
    Object.assign(store, { generate });
    await renewId(core, same);
    expect(ends).to.deep.equal([]);
  });

  it('is there before the old session is deleted, and saved only with that', async () => {
    const req = requestAt(store);
    store.isSlow = true;
    await renewId(core, req);
    expect(store.sinceThen()).to.deep.equal([]);
    let isSaved = false;
    const saved = saveHostSession(req).then(() => (isSaved = true));
    await new Promise(setImmediate);
    expect(store.sinceThen()).to.deep.equal(['set']);
    expect(isSaved).to.equal(false);
    store.endDestroy?.();
    await saved;
  });

  for (const [command, told] of [
    ['destroy', /given a new id/],
    ['set', /saved/],
  ] as const)
    for (const error of [new Error('down'), 'down', 0])
      it(`is a failure of the store as it is saved, where \`${command}\` fails with ${typeof error}`, async () => {
        const req = requestAt(store);
        store.errors[command] = error;
        await renewId(core, req);
        const thrown = await rejectionOf(saveHostSession(req));
        expect(thrown).to.include({ code: 'store.unavailable' });
        expect(thrown.message).to.match(told);
        if (error instanceof Error) expect(thrown.cause).to.equal(error);
        else expect(thrown.cause).to.be.instanceOf(Error);
      });

  it('is none where nothing failed, whatever the store says in place of an error', async () => {
    for (const error of [undefined, null]) {
      store.errors['set'] = error;
      store.errors['destroy'] = error;
      const req = requestAt(store);
      await renewId(core, req);
      await saveHostSession(req);
    }
  });
});

/** A host's own session, of which a test says what it is made of, and how often it was given a new id by itself. */
function byHand({ data = {}, store }: { data?: object; store?: object | undefined }) {
  const calls = { regenerate: 0, saves: 0 };
  const make = (own: object) => {
    class Own {
      cookie = { originalMaxAge: null };
      regenerate(done: Done) {
        calls.regenerate += 1;
        Object.assign(req, { session: make({ id: 'new' }) });
        done();
      }
      save(done: Done) {
        calls.saves += 1;
        done();
      }
    }
    return Object.assign(new Own(), own);
  };
  const req = { session: make({ id: 'old', ...data }), sessionStore: store } as unknown as Request;
  return { req, calls, make };
}

describe('who gives the new id', () => {
  const core = coreOf('shop');
  const asked: string[] = [];
  /** As express-session makes it, beside what a row says. */
  const rowOf = async (given: { data?: object; more?: object; isAbsent?: true }) => {
    asked.length = 0;
    const store = Object.create({ regenerate: () => asked.push('regenerate of the store') }) as object;
    const own = {
      destroy: (id: string, done: Done) => {
        asked.push(`destroy ${id}`);
        done();
      },
      generate: (of: Request) => {
        asked.push('generate');
        Object.assign(of, { session: host.make({ id: 'new' }) });
      },
    };
    const host = byHand({
      data: given.data ?? {},
      store: given.isAbsent ? undefined : Object.assign(store, own, given.more),
    });
    if (given.data && 'regenerate' in given.data)
      Object.assign(host.req.session, {
        regenerate: (done: Done) => {
          asked.push('own');
          Object.assign(host.req, { session: host.make({ id: 'new' }) });
          done();
        },
      });
    const next = await renewId(core, host.req);
    expect(next.id).to.equal('new');
    return [...asked, ...(host.calls.regenerate > 0 ? ['regenerate'] : [])];
  };

  it('is the store, and a host that has another way has it taken', async () => {
    expect(await rowOf({})).to.deep.equal(['destroy old', 'generate']);
    expect(await rowOf({ data: { regenerate: true } })).to.deep.equal(['own']);
    expect(await rowOf({ more: { regenerate: () => undefined } })).to.deep.equal(['regenerate']);
    expect(await rowOf({ data: { id: undefined } })).to.deep.equal(['regenerate']);
    expect(await rowOf({ more: { generate: undefined } })).to.deep.equal(['regenerate']);
    expect(await rowOf({ more: { destroy: undefined } })).to.deep.equal(['regenerate']);
    expect(await rowOf({ isAbsent: true })).to.deep.equal(['regenerate']);
  });

  it('empties the session in the way of the host, which may fail', async () => {
    const { req, calls } = byHand({ data: { uid: 'ada' } });
    await emptyHostSession(req);
    expect(calls.regenerate).to.equal(1);
    expect(requireSession(req)).to.not.have.property('uid');
    const down = byHand({ data: { regenerate: (done: Done) => done(new Error('down')) } });
    const thrown = await rejectionOf(emptyHostSession(down.req));
    expect(thrown).to.include({ code: 'store.unavailable' });
    expect(thrown.message).to.include('given a new id');
  });
});
