// Who else a request may sign in that carries a machine's token.
import { expect } from 'chai';
import type { Request } from 'express';
import type { MfaCore } from '../../../src/mfa.js';
import { besideToken, namesAnother } from '../../../middleware/guard/credentials-beside-token.js';

const robot = { id: 'robot', label: 'robot', via: 'token' as const };
type Given = { headers?: object; url?: string; session?: object; user?: unknown };

function beside({ headers = {}, url = '/', session, user }: Given, proofs = 'session'): string {
  const core = { config: { web: { proofs, proofsCookie: 'mfa' } } } as unknown as MfaCore;
  const req = { headers: { authorization: 'Bearer x', ...headers }, originalUrl: url, session, user };
  return besideToken(core, req as unknown as Request, robot);
}

describe("a request with a machine's token", () => {
  it('signs nobody else in where nothing else comes with it', () => {
    expect(beside({})).to.equal('nobody');
    expect(beside({ session: { cookie: {}, uid: 'ada' } })).to.equal('nobody');
    expect(beside({ headers: { cookie: 'a=b' } })).to.equal('nobody');
    expect(beside({ headers: { cookie: 'a=b' }, session: { cookie: {} } })).to.equal('nobody');
    for (const name of [
      'x-csrf-token',
      'x-xsrf-token',
      'x-mfa-token',
      'x-request-token',
      'idempotency-key',
      'tokens',
      'x-author',
    ])
      expect(beside({ headers: { [name]: 'x' } }), name).to.equal('nobody');
    for (const url of ['/?page=2', '/token', '/key?q=token', '/?', '/?q=a?b'])
      expect(beside({ url }), url).to.equal('nobody');
  });

  it('may sign in whose session comes with it, or any cookie where the host keeps no session', () => {
    expect(beside({ headers: { cookie: 'a=b' }, session: { cookie: {}, uid: 'ada' } })).to.equal('unknown');
    expect(beside({ headers: { cookie: 'a=b' } }, 'token')).to.equal('unknown');
    expect(beside({}, 'token')).to.equal('nobody');
    expect(beside({ headers: { 'x-mfa-token': 'x' } }, 'token')).to.equal('same');
  });

  it('may sign in by a second credential', () => {
    for (const name of [
      'x-api-key',
      'api-key',
      'apikey',
      'x-access-token',
      'x-auth',
      'token',
      'jwt',
      'acme-access-key',
    ])
      expect(beside({ headers: { [name]: 'x' } }), name).to.equal('unknown');
    for (const authorization of ['Basic YTpi', 'Digest username="a"', 'Bearer x, basic YTpi'])
      expect(beside({ headers: { authorization } }), authorization).to.equal('unknown');
    for (const url of ['/?api_key=1', '/?a=1&access_token=2', '/?Token', '/?jwt=', '/?x=1?&key=2'])
      expect(beside({ url }), url).to.equal('unknown');
    // A machine that is known by a key of its own, as by a client certificate, brings no second one.
    expect(beside({ headers: { authorization: undefined, 'x-api-key': 'x' } })).to.equal('nobody');
  });

  it('may sign in whom Passport found, unless that is the machine itself', () => {
    const named = (user: unknown) => namesAnother({ user } as unknown as Request, robot);
    expect([{ id: 'robot' }, { _id: 'robot' }, {}, null, undefined].map(named)).to.deep.equal(Array(5).fill(false));
    expect([{ id: 'ada' }, { _id: 'ada' }, { id: 7 }, { id: { a: 1 } }].map(named)).to.deep.equal(Array(4).fill(true));
    expect(beside({ user: { id: 'ada' } })).to.equal('unknown');
    expect(beside({ user: { id: 'robot' } })).to.equal('nobody');
  });
});
