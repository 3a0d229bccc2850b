// Attack: none; a host's own typing error, which must not leave its doors open. What its functions return is checked
// where it is used.
import { expect } from 'chai';
import type { MfaOptions } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { hostData, testApp } from '../support/app.js';
import { warningsOf } from '../support/warnings.js';

describe('a host whose function returns nonsense', () => {
  for (const policy of ['Mandatory', 'required', '', undefined, null, ['mandatory', 'none'], [], 1]) {
    it(`policy ${JSON.stringify(policy)} lets nobody in, and says what is known`, async () => {
      const app = await testApp({ policy: (() => policy) as unknown as NonNullable<MfaOptions['policy']> });
      const person = await new Browser(app).signIn('ada');
      const answer = await person.jsonGet('/account').expect(500);
      expect(answer.body.code).to.equal('config.invalid_option');
      expect(String(app.thrown[0])).to.include('one of no-prompt').and.include('mandatory');
    });
  }

  for (const [what, until] of Object.entries({ text: '2027-01-01', nonsense: new Date('nonsense') })) {
    it(`a date that is ${what} does not put off what is mandatory for ever`, async () => {
      const app = await testApp({ policy: 'mandatory', graceUntil: () => until as Date });
      const person = await new Browser(app).signIn('ada');
      expect((await person.jsonGet('/account').expect(500)).body.code).to.equal('config.invalid_option');
    });
  }

  for (const field of ['mfaExpected', 'emailVerified', 'phoneVerified'])
    for (const given of [1, 0, '1', 'true'])
      it(`${field} ${JSON.stringify(given)} is no boolean, and is refused rather than taken for false`, async () => {
        const app = await testApp({ user: (() => ({ id: 'ada', [field]: given })) as unknown as MfaOptions['user'] });
        expect((await new Browser(app).jsonGet('/account').expect(500)).body.code).to.equal('config.invalid_option');
        expect(String(app.thrown[0])).to.include(`Boolean(row.${field})`);
      });

  it('a row whose fields are getters keeps them all; null is none', async () => {
    const columns = { id: 1, email: 'ada@example.com', mfaExpected: true, phone: null };
    const getters = Object.entries(columns).map(([name, value]) => [name, { get: () => value }] as const);
    const row = Object.create(Object.create(null, Object.fromEntries(getters)) as object) as object;
    const app = await testApp({ user: () => row as never });
    expect((await new Browser(app).jsonGet('/account').expect(503)).body.code).to.equal('store.record_missing');
    const { email, phone } = (await app.mfa.config.web.user({} as never)) ?? {};
    expect([email, phone]).to.deep.equal(['ada@example.com', undefined]);
  });

  it('a policy is told every field that the host gave, and the request', async () => {
    const app = await testApp({
      user: (req) => ({ id: 7, role: String(req.headers['x-role']) }),
      policy: (user, req) => (user['role'] === 'admin' && req.path === '/account' ? 'mandatory' : 'no-prompt'),
    });
    await new Browser(app, { 'X-Role': 'admin' }).jsonGet('/account').expect(403);
    await new Browser(app, { 'X-Role': 'admin' }).jsonGet('/').expect(200);
    await new Browser(app, { 'X-Role': 'guest' }).jsonGet('/account').expect(200);
  });

  it('a time of sign-in is taken as a Date, milliseconds, seconds or text; one that is always now, and nonsense, are refused', async () => {
    let given: unknown = null;
    const app = await testApp({ user: () => ({ id: 'ada', signedInAt: given }) as never });
    const read = async () => (await app.mfa.config.web.user({} as never))?.signedInAt;
    for (given of [new Date(1_700_000_000_000), 1_700_000_000_000, 1_700_000_000, '2023-11-14T22:13:20Z'])
      expect(await read(), String(given)).to.equal(1_700_000_000);
    given = null;
    expect(await read()).to.equal(undefined);
    given = 'yesterday';
    await new Browser(app).jsonGet('/account').expect(500);
    const always = await testApp({ user: () => ({ id: 'ada', signedInAt: new Date() }) });
    const person = new Browser(always);
    for (let time = 1; time <= 3; time += 1) await person.jsonGet('/account');
    expect((await person.jsonGet('/account').expect(500)).body.code).to.equal('config.invalid_option');
    expect(String(always.thrown[0])).to.include('this very request');
  });

  it('a user that throws is no answer to repeat, and the log says what was thrown', async () => {
    const warned = await warningsOf(async () => {
      const app = await testApp({
        user: () => {
          throw Object.assign(new Error('jwt expired'), { name: 'TokenExpiredError' });
        },
      });
      const answer = await new Browser(app).jsonGet('/account').expect(500);
      expect(answer.body.code).to.equal('host.user_failed');
      expect(answer.headers).not.to.have.property('retry-after');
      expect(answer.text).not.to.include('jwt');
      expect((await new Browser(app).htmlGet('/mfa').expect(500)).text).not.to.include('jwt');
    });
    expect(warned.map(({ message }) => message).join()).to.include('TokenExpiredError: jwt expired');
  });

  it('a promise of any make is waited for', async () => {
    const user = ((req: never) => {
      const { uid } = hostData(req);
      const value = uid === undefined ? null : { id: uid };
      return { then: (fulfilled: (value: unknown) => unknown) => thenable(fulfilled(value)) };
    }) as unknown as MfaOptions['user'];
    const thenable = (value: unknown) => ({ then: (fulfilled: (value: unknown) => unknown) => fulfilled(value) });
    const app = await testApp({ policy: 'mandatory', user });
    await new Browser(app).jsonGet('/account').expect(200);
    await (await new Browser(app).signIn('ada')).jsonGet('/account').expect(403);
    const broken = await testApp({
      user: (() => ({ then: (_: unknown, rejected: (e: Error) => void) => rejected(new Error('away')) })) as never,
    });
    expect((await new Browser(broken).jsonGet('/account').expect(500)).body.code).to.equal('host.user_failed');
  });
});
