// Attack: none; a host's own typing error, which must not leave its doors open. What its functions return is checked
// where it is used.
import { expect } from 'chai';
import type { MfaOptions } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { hostData, testApp } from '../support/app.js';

describe('a host whose function returns nonsense', () => {
  for (const policy of ['Mandatory', 'required', '', undefined, null, ['mandatory', 'none'], 1]) {
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

  it('a user that throws is no answer to repeat, and the log says what was thrown', async () => {
    const heard: string[] = [];
    const listen = (warning: Error) => heard.push(warning.message);
    process.on('warning', listen);
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
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    expect(heard.join()).to.include('TokenExpiredError: jwt expired');
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
