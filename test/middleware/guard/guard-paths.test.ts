// What the guard goes by in the path of a request: letter by letter, with a prefix that a proxy strips and without.
import { expect } from 'chai';
import type { Request } from 'express';
import type { MfaCore } from '../../../src/mfa.js';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import { isAmong } from '../../../middleware/guard/allowed-routes.js';
import {
  checkMountOrder,
  isAllowed,
  isLeaving,
  isOpenToVisitors,
  takesSignIn,
} from '../../../middleware/guard/guard-paths.js';

const coreOf = (web: object = {}) => {
  const signOut = { method: 'POST', path: '/log-out' };
  return { config: { web: { allow: [], signOut, signInUrl: '/login', origins: [], ...web } } } as unknown as MfaCore;
};
const request = (method: string, originalUrl: string) => ({ method, originalUrl }) as unknown as Request;

describe('the paths that the guard knows', () => {
  it('are compared letter by letter with what `allow` lists, a parameter with one segment', () => {
    const allow = ['/health', '/files/:name/raw', { method: 'put', path: '/drafts/:id' }];
    const isOpen = (method: string, url: string) => isAmong(allow, request(method, url));
    for (const [method, url] of [
      ['GET', '/health'],
      ['DELETE', '/health?x=/'],
      ['GET', '/files/a.txt/raw'],
      ['GET', '/files/%20/raw'],
      ['GET', '/files/.../raw'],
      ['PUT', '/drafts/7'],
    ] as const)
      expect(isOpen(method, url), `${method} ${url}`).to.equal(true);
    for (const [method, url] of [
      ['GET', '/health/'],
      ['GET', '/Health'],
      ['GET', '/health/x'],
      ['GET', '/files//raw'],
      ['GET', '/files/./raw'],
      ['GET', '/files/../raw'],
      ['GET', '/files/%2e%2e/raw'],
      ['GET', '/files/..%2fa/raw'],
      ['GET', '/files/a%5cb/raw'],
      ['GET', '/files/a%00/raw'],
      ['GET', '/files/%zz/raw'],
      ['GET', '/files/a/b/raw'],
      ['GET', '/files/a'],
      ['GET', '/other/a/raw'],
      ['GET', '/drafts/7'],
      ['PUT', '/draft/7'],
    ] as const)
      expect(isOpen(method, url), `${method} ${url}`).to.equal(false);
  });

  it('have the sign-out among them, by its method', () => {
    expect(isAllowed(coreOf(), request('POST', '/log-out'))).to.equal(true);
    expect(isAllowed(coreOf(), request('GET', '/log-out'))).to.equal(false);
    expect(isAllowed(coreOf(), request('POST', '/log-out/x'))).to.equal(false);
  });

  it('may have lost a prefix on their way, the public one and no other', () => {
    const behind = coreOf({ signOut: { method: 'POST', path: '/app/log-out' }, publicBasePath: '/app/mfa' });
    expect(isAllowed(behind, request('POST', '/log-out'))).to.equal(true);
    expect(isAllowed(behind, request('POST', '/app/log-out'))).to.equal(true);
    expect(isAllowed(behind, request('POST', '/out'))).to.equal(false);
    for (const publicBasePath of ['/other/mfa', '/application/mfa', undefined])
      expect(isAllowed(coreOf({ ...behind.config.web, publicBasePath }), request('POST', '/log-out'))).to.equal(false);
  });

  it('lead back from somebody who is shown, where the host says how', () => {
    const shown = (leavePath?: string) => ({ id: 'ada', shown: { leavePath } }) as unknown as MfaUser;
    expect(isLeaving(coreOf(), request('POST', '/leave'), shown('/leave'))).to.equal(true);
    expect(isLeaving(coreOf(), request('POST', '/stay'), shown('/leave'))).to.equal(false);
    expect(isLeaving(coreOf(), request('POST', '/leave'), shown())).to.equal(false);
    expect(isLeaving(coreOf(), request('POST', '/leave'), { id: 'ada', label: 'ada' })).to.equal(false);
  });

  it('are open to visitors where they sign in: page and form, with a slash at the end or without', () => {
    const isOpen = (method: string, url: string, web: object = {}) =>
      isOpenToVisitors(coreOf(web), request(method, url));
    for (const method of ['GET', 'HEAD', 'POST']) {
      expect(isOpen(method, '/login?next=/x')).to.equal(true);
      expect(isOpen(method, '/login/')).to.equal(true);
      expect(isOpen(method, '/login/', { signInUrl: '/login/' })).to.equal(true);
      expect(isOpen(method, '/login', { signInUrl: '/login/?from=mfa' })).to.equal(true);
    }
    expect(isOpen('GET', '/sign/in/', { signInUrl: '/sign/in' })).to.equal(true);
    expect(isOpen('DELETE', '/login')).to.equal(false);
    expect(isOpen('GET', '/login//')).to.equal(false);
    expect(isOpen('GET', '/logins')).to.equal(false);
    expect(isOpen('GET', '/', { signInUrl: '/' })).to.equal(true);
    expect(isOpen('POST', '/log-out')).to.equal(true);
  });

  it('of another site are none of this app, but those of its own origins', () => {
    const at = (origins: string[]) => ({ signInUrl: 'https://acme.example/login', origins });
    expect(isOpenToVisitors(coreOf(at([])), request('GET', '/login'))).to.equal(false);
    expect(isOpenToVisitors(coreOf(at(['https://acme.example'])), request('GET', '/login'))).to.equal(true);
    expect(isOpenToVisitors(coreOf({ signInUrl: 'http://' }), request('GET', '/'))).to.equal(false);
  });

  it('may sign in by the form alone', () => {
    expect(takesSignIn(coreOf(), request('POST', '/login'))).to.equal(true);
    expect(takesSignIn(coreOf(), request('GET', '/login'))).to.equal(false);
    expect(takesSignIn(coreOf(), request('POST', '/else'))).to.equal(false);
    expect(takesSignIn(coreOf({ allow: ['/callback'] }), request('GET', '/callback'))).to.equal(true);
  });

  it('say that our own pages do not stand where the guard leads to', () => {
    for (const page of ['/mfa/verify', '/mfa/setup', '/mfa/confirm', '/mfa/wait?x'])
      expect(() => checkMountOrder(coreOf(), request('GET', page)), page)
        .to.throw(/app\.use\('\/mfa', mfaRouter\(mfa\)\)/)
        .with.property('code', 'config.invalid_option');
    const fine: [string, string, object?][] = [
      ['POST', '/mfa/verify'],
      ['GET', '/mfa'],
      ['GET', '/mfa/verify/totp'],
      ['GET', '/abc/verify'],
      ['GET', '/mfa/verify', { publicBasePath: '/two' }],
    ];
    for (const [method, url, web] of fine)
      expect(() => checkMountOrder(coreOf(web), request(method, url)), url).not.to.throw();
  });
});
