// An option that is passed over is a rule that somebody believes to be in force: whatever takes options refuses one that
// it does not have, and says which it probably was.
import { expect } from 'chai';
import type { Request } from 'express';
import {
  backupCodes,
  createMfa,
  memoryStore,
  outboxSender,
  passkeyEndpoints,
  passkeySignInRouter,
  readMfa,
  redisStore,
  requireMfa,
  smsCode,
  totp,
  verifyBackupCode,
  webauthn,
  type MfaError,
  type MfaOptions,
} from '../../../src/index.js';
import { passkeyStrategy } from '../../../src/passport.js';
import { Browser } from '../../support/agent.js';
import { appSecret, testApp } from '../../support/app.js';
import { rejectionOf } from '../../support/thrown.js';

const fit: MfaOptions = {
  appName: 'Acme',
  secrets: [appSecret],
  factors: [webauthn(), totp(), backupCodes()],
  user: () => null,
};
const mfa = createMfa(fit);
const none = () => undefined;
const redis = { eval: none, get: none, set: none, scan: none, config: none, pipeline: none, duplicate: none, on: none };
const request = Object.create(null) as Request;

describe('an option that does not exist', () => {
  const calls: [meant: string, call: (options: never) => unknown, options: object][] = [
    ['createMfa `appName`', createMfa, { ...fit, appName: undefined, appname: 'Acme' }],
    ['requireMfa `maxAgeSeconds`', (options) => requireMfa(mfa, options), { maxAge: 1 }],
    ['readMfa `maxAgeSeconds`', (options) => readMfa(mfa, request, options), { maxAgeSecond: 1 }],
    ['verifyBackupCode `onRefused`', (options) => verifyBackupCode(mfa, options), { onRefuse: none }],
    ['passkeyEndpoints `enroll`', (options) => passkeyEndpoints(mfa, options), { enrol: '/passkeys' }],
    ['passkeySignInRouter `signIn`', (options) => passkeySignInRouter(mfa, options), { signin: none }],
    ['passkeyStrategy `user`', (options) => passkeyStrategy(mfa, options), { usr: none }],
    ['memoryStore `clock`', memoryStore, { clok: { now: () => 0 } }],
    ['redisStore `timeoutMs`', (options) => redisStore(redis as never, options), { namespace: 'a', timeout: 5 }],
    ['totp `digits`', totp, { digit: 6 }],
    ['webauthn `rpName`', webauthn, { rpname: 'Acme' }],
    ['backupCodes `count`', backupCodes, { counts: 10 }],
    ['smsCode `allowedCountries`', smsCode, { sender: outboxSender('sms'), allowedCountrys: ['CH'] }],
    ['mfa.reset `reason`', (options) => mfa.reset('ada', options), { by: 'grace', reson: 'lost' }],
    ['mfa.unlock `reason`', (options) => mfa.unlock('ada', options), { by: 'grace', reasons: 'lost' }],
    ['outboxSender `limit`', (options) => outboxSender('sms', options), { limits: 5 }],
  ];
  for (const [meant, call, options] of calls)
    it(`is refused with the nearest one, ${meant}`, async () => {
      const { code, message } = await rejectionOf(() => call(options as never));
      const [caller, name] = meant.split(' ');
      expect(code).to.equal('config.unknown_option');
      expect(message)
        .to.match(new RegExp(`^${caller}(\\(\\))?: there is no option`))
        .and.include(`Did you mean ${name}?`);
    });

  it('is refused with all that exist where none is near', async () => {
    const foo = { signIn: none, foo: 1 } as never;
    expect((await rejectionOf(() => passkeySignInRouter(mfa, foo))).message).to.include('Known are: signIn.');
  });

  it('is told without its value', async () => {
    const { message } = await rejectionOf(() => totp({ secret: 'hunter2' } as never));
    expect(message).not.to.include('hunter2');
  });
});

describe('options that are no object', () => {
  for (const [caller, call] of Object.entries({ memoryStore, totp, webauthn, backupCodes }))
    it(`are refused by ${caller}`, async () => {
      for (const options of [null, 'x', 5]) {
        expect((await rejectionOf(() => call(options as never))).code).to.equal('config.invalid_option');
      }
    });

  it('or a clock that is none, are refused by memoryStore', async () => {
    const { code, message } = await rejectionOf(() => memoryStore({ clock: {} as never }));
    expect([code, message]).to.deep.equal([
      'config.invalid_option',
      'memoryStore: `clock` takes `{ now() }`, in milliseconds.',
    ]);
  });
});

describe('an administrator without a name', () => {
  it('resets nobody and unlocks nobody', async () => {
    const app = await testApp();
    await (await new Browser(app).signIn('ada')).enrollTotp();
    for (const byAdmin of [undefined, null, {}, { by: '' }, { by: 7 }, { by: 'grace', reason: {} }] as never[]) {
      expect((await rejectionOf(() => app.mfa.reset('ada', byAdmin))).code).to.equal('config.invalid_option');
    }
    for (const byAdmin of [{}, { by: '' }, { by: 7 }, 'grace'] as never[]) {
      expect((await rejectionOf(() => app.mfa.unlock('ada', byAdmin))).code).to.equal('config.invalid_option');
    }
    expect(await app.mfa.status('ada')).to.include({ protected: true });
  });
});

describe('readMfa', () => {
  it('answers nobody whose demand it does not understand', async () => {
    const demand = (req: Request) => JSON.parse(req.query['demand'] as string) as object;
    const app = await testApp({
      host: {
        routes: (host, own) =>
          host.get('/upgrade', (req, res) => {
            readMfa(own, req, demand(req)).then(
              ({ passes }) => res.json({ passes }),
              (error: unknown) => res.json({ refused: (error as MfaError).message }),
            );
          }),
      },
    });
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    app.clock.advance(600);
    const ask = async (demand: object) =>
      (await person.jsonGet(`/upgrade?demand=${encodeURIComponent(JSON.stringify(demand))}`).expect(200))
        .body as unknown;
    expect(await ask({})).to.deep.equal({ passes: true });
    expect(await ask({ maxAgeSeconds: 1 })).to.deep.equal({ passes: false });
    expect(await ask({ factors: ['totp'] })).to.deep.equal({ passes: true });
    const refused: [object, string][] = [
      [{ maxAgeSecond: 1 }, 'readMfa: there is no option `maxAgeSecond`. Did you mean `maxAgeSeconds`?'],
      [{ mode: 'report' }, 'readMfa: there is no option `mode`. Known are: maxAgeSeconds, factors, anonymous.'],
      [{ maxAgeSeconds: '1' }, 'readMfa: `maxAgeSeconds` is a text of 1 characters; it takes a number.'],
      [{ factors: ['top'] }, 'readMfa: `factors` names "top". Did you mean "totp"?'],
      [{ factors: [] }, 'readMfa: `factors` is a list of 0; it takes at least 1.'],
    ];
    for (const [options, message] of refused) expect(await ask(options)).to.deep.equal({ refused: message });
  });
});
