// A body that cannot be read is an attempt like any other: at every route and strategy that takes answers it leaves exactly
// one outcome in the audit log.
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { Person, pendingWith, type AnswerApp } from './answer-cases.js';
import { expectOne, type Attempt } from './count-outcomes.js';

const bodies: { [name: string]: { type: string; body: string } } = {
  'broken JSON': { type: 'application/json', body: '{"code":"1234' },
  'no object': { type: 'application/json', body: '[1]' },
  'of another kind': { type: 'text/plain', body: 'code=123456' },
  'too large': { type: 'application/json', body: JSON.stringify({ code: 'x'.repeat(70_000) }) },
  'of too many fields': { type: 'application/x-www-form-urlencoded', body: 'a=1&'.repeat(100) },
};

type Standing = (app: AnswerApp) => Promise<{ person: Person; token: string }>;

const pending: Standing = async (app) => {
  const { person } = await pendingWith(app, 'totp');
  return { person, token: await person.csrf() };
};
const newcomer: Standing = async (app) => {
  const person = await new Person(app).enterAs();
  await person.jsonGet('/mfa/setup/totp');
  return { person, token: await person.csrf() };
};
const stranger: Standing = async (app) => {
  await (await new Person(app).enterAs()).enrollFirst(softAuthenticator());
  const person = new Person(app);
  const { body } = await person.jsonGet('/mfa/passkey-sign-in').expect(200);
  return { person, token: (body as { csrfToken: string }).csrfToken };
};

const places: { path: string; standing: Standing }[] = [
  ...['/mfa/verify/totp', '/mfa/verify/totp/unlock', '/told/totp', '/own'].map((path) => ({ path, standing: pending })),
  ...['/mfa/setup/totp', '/mfa/setup/confirm'].map((path) => ({ path, standing: newcomer })),
  ...['/mfa/passkey-sign-in', '/told/passkey'].map((path) => ({ path, standing: stranger })),
];

describe('a body that cannot be read', () => {
  for (const { path, standing } of places)
    it(`has one outcome at ${path}`, () =>
      expectOne(
        Object.entries(bodies).map(([name, { type, body }]): Attempt => ({
          name,
          outcome: 'failure',
          async send(app) {
            const { person, token } = await standing(app);
            const headers = { 'Content-Type': type, 'X-CSRF-Token': token, Accept: 'application/json' };
            return () => person.agent.post(path).set(headers).send(body);
          },
        })),
      ));
}).timeout(120_000);
