// What counts as the host's own in its session, and what of ours stands there and how.
import { expect } from 'chai';
import type { Request } from 'express';
import type { MfaCore } from '../../../src/mfa.js';
import type { SignIn } from '../../../src/core/kernel/sign-in.js';
import {
  hasSessionData,
  putSignIn,
  requireSession,
  sessionDataOf,
  sessionIdOf,
  signInIn,
  takeSignIn,
  type HostSession,
} from '../../../middleware/sign-in/host-session.js';
import { newSignIn } from '../../../middleware/sign-in/new-sign-in.js';
import { testKernel } from '../../support/core-kernel.js';
import { codeOf } from '../../support/thrown.js';

const requestOf = (session: unknown) => ({ session }) as unknown as Request;
const coreOf = (namespace?: string): MfaCore => {
  const kernel = testKernel();
  return { kernel: { ...kernel, store: { ...kernel.store, namespace } } } as unknown as MfaCore;
};

describe("the host's session", () => {
  it('holds something where a value is more than an empty object, a function, or the settings of its cookie', () => {
    for (const [value, expected] of [
      [undefined, false],
      [null, false],
      [{}, false],
      [[], false],
      [() => 1, false],
      [{ a: 1 }, true],
      [0, true],
      ['', true],
      [false, true],
    ] as const) {
      const req = requestOf({ cookie: { maxAge: 1 }, mfa: { default: { userId: 'ada' } }, value });
      expect(sessionDataOf(req), typeof value).to.deep.equal(expected ? [['value', value]] : []);
      expect(hasSessionData(requestOf({ cookie: { maxAge: 1 }, value }))).to.equal(expected);
    }
    expect(sessionDataOf(requestOf(undefined))).to.equal(undefined);
    expect(hasSessionData(requestOf(undefined))).to.equal(false);
    expect(sessionIdOf(requestOf(undefined))).to.equal(undefined);
    expect(hasSessionData(requestOf({ mfa: { default: { userId: 'ada' } } }))).to.equal(true);
  });

  it('keeps a sign-in by the namespace of the app, and gives it back as it was', () => {
    const [shop, office] = [coreOf('shop'), coreOf()];
    const signal = { id: 'new-browser', code: 'risk.new_browser', points: 10 };
    const risk = { score: 30, level: 'low', seenFrom: 'x', since: 5, signals: [signal, { ...signal, detail: 'CH' }] };
    const signIn = { ...newSignIn(shop.kernel, { id: 'ada', label: 'Ada' }, 'sign-in'), risk } as unknown as SignIn;
    const session = {} as HostSession;
    putSignIn(shop, session, signIn);
    const other = newSignIn(office.kernel, { id: 'bob', label: 'Bob' }, 'sign-up');
    putSignIn(office, session, other);
    expect(Object.keys(session.mfa!)).to.have.members(['shop', 'default']);
    expect(JSON.stringify(session.mfa)).to.not.include('points');
    expect(signInIn(shop, session)).to.deep.equal(signIn);
    expect(signInIn(office, JSON.parse(JSON.stringify(session)))).to.deep.equal(other);
    takeSignIn(shop, session);
    expect(signInIn(shop, session)).to.equal(undefined);
    expect(signInIn(office, session)).to.deep.equal(other);
    takeSignIn(office, session);
    expect(session).to.deep.equal({});
  });

  it('has nothing of ours where the host wrote something of its own, or the name is one of every object', () => {
    for (const mfa of [null, 'x', undefined, {}])
      expect(signInIn(coreOf(), { mfa } as unknown as HostSession)).to.equal(undefined);
    expect(signInIn(coreOf('constructor'), { mfa: {} } as HostSession)).to.equal(undefined);
    expect(signInIn(coreOf(), undefined)).to.equal(undefined);
  });

  it('is fit for use with both of its methods, and over plain HTTP only where its cookie is not secure', async () => {
    const act = () => undefined;
    const saidOf = (session: unknown, protocol = 'http') =>
      codeOf(() =>
        requireSession({ session, secure: protocol === 'https', protocol, headers: {} } as unknown as Request),
      );
    expect(await saidOf(undefined)).to.equal('config.no_session_middleware');
    expect(await saidOf(null)).to.equal('config.no_session_middleware');
    expect(await saidOf({ save: act })).to.equal('config.session_cannot_regenerate');
    expect(await saidOf({ regenerate: act })).to.equal('config.session_cannot_regenerate');
    const whole = (secure: boolean | 'auto') => ({ regenerate: act, save: act, cookie: { secure } });
    expect(await saidOf(whole(true))).to.equal('config.secure_cookie_without_trust_proxy');
    expect(await saidOf(whole('auto'))).to.equal('nothing thrown');
    expect(await saidOf(whole(false))).to.equal('nothing thrown');
    expect(await saidOf(whole(true), 'https')).to.equal('nothing thrown');
  });
});
