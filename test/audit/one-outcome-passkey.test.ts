// Every answer of a passkey, of somebody whom it alone could sign in, leaves exactly one outcome in the audit log: unknown
// and malformed ones too, without a name.
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { passkeyAnswer, Person, type AnswerApp } from './answer-cases.js';
import { expectOne, type Attempt } from './count-outcomes.js';

const wrongKey = (body: { response: object; challenge: string }) => ({ ...body, challenge: 'another' });
const enrolledKey = async (app: AnswerApp) => {
  const key = softAuthenticator();
  await (await new Person(app).enterAs()).enrollFirst(key);
  return key;
};
function passkeyAttempts(question: string, path: string): Attempt[] {
  return [
    {
      name: 'right',
      outcome: 'success',
      async send(app) {
        const answer = await passkeyAnswer(new Person(app), question, await enrolledKey(app));
        return () => answer(path);
      },
    },
    {
      name: 'made for another site',
      outcome: 'failure',
      async send(app) {
        const answer = await passkeyAnswer(new Person(app), question, await enrolledKey(app), 'https://evil.example');
        return () => answer(path);
      },
    },
    {
      name: 'of a passkey that nobody knows',
      outcome: 'failure',
      async send(app) {
        const key = await enrolledKey(app);
        await app.mfa.deprovision('1');
        const answer = await passkeyAnswer(new Person(app), question, key);
        return () => answer(path);
      },
    },
    {
      name: 'to a challenge that was not asked',
      outcome: 'failure',
      async send(app) {
        const answer = await passkeyAnswer(new Person(app), question, await enrolledKey(app));
        return () => answer(path, wrongKey);
      },
    },
    {
      name: 'malformed',
      outcome: 'failure',
      async send(app) {
        const answer = await passkeyAnswer(new Person(app), question, await enrolledKey(app));
        return () => answer(path, () => ({ response: 1, challenge: [] }));
      },
    },
    {
      name: 'answered before',
      outcome: 'failure',
      async send(app) {
        const answer = await passkeyAnswer(new Person(app), question, await enrolledKey(app));
        await answer(path);
        return () => answer(path);
      },
    },
    {
      name: 'lapsed',
      outcome: 'failure',
      async send(app) {
        const answer = await passkeyAnswer(new Person(app), question, await enrolledKey(app));
        app.clock.advance(3600);
        return () => answer(path);
      },
    },
  ];
}

describe('a passkey of somebody who is not signed in', () => {
  it('has one outcome at our route', () => expectOne(passkeyAttempts('/mfa/passkey-sign-in', '/mfa/passkey-sign-in')));
  it('has one outcome at its strategy', () => expectOne(passkeyAttempts('/question', '/told/passkey')));
  it('has one outcome where the app lets nobody in', async () => {
    for (const [question, path] of [
      ['/mfa/passkey-sign-in', '/mfa/passkey-sign-in'],
      ['/question', '/told/passkey'],
    ] as const) {
      const [right] = passkeyAttempts(question, path);
      if (right) await expectOne([{ ...right, outcome: 'failure' }], { letsIn: false });
    }
  });
}).timeout(120_000);
