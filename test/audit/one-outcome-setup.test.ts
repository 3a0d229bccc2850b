// Every confirmation of what is set up, every code before a first enrolment, every code that regains a locked factor, leaves
// exactly one outcome in the audit log.
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { code, wrongCode } from '../support/agent.js';
import { addresses, wrongFor } from '../support/addresses.js';
import { origin } from '../support/passkeys.js';
import { Person, pendingWith, type AnswerApp, type AnswerAppOptions } from './answer-cases.js';
import { expectOne, type Attempt } from './count-outcomes.js';

type Begun = { person: Person; right: object; wrong: object };

const begin: { [kind: string]: (app: AnswerApp) => Promise<Begun> } = {
  async totp(app) {
    const person = await new Person(app).enterAs();
    const { secret } = (await person.jsonGet('/mfa/setup/totp')).body as { secret: string };
    return { person, right: { code: code(secret, app.clock) }, wrong: { code: wrongCode(secret, app.clock) } };
  },
  async email(app) {
    const person = await new Person(app).enterAs();
    await person.json('/mfa/setup/email/begin', { address: addresses.email });
    const sent = app.lastCode('email');
    return { person, right: { code: sent }, wrong: { code: wrongFor(sent) } };
  },
  async sms(app) {
    const person = await new Person(app).enterAs();
    await person.json('/mfa/setup/sms/begin', { address: addresses.sms });
    const sent = app.lastCode('sms');
    return { person, right: { code: sent }, wrong: { code: wrongFor(sent) } };
  },
  async webauthn(app) {
    const person = await new Person(app).enterAs();
    const { options } = (await person.json('/mfa/setup/webauthn/begin')).body as { options: never };
    const made = async (at: string) => ({ response: await softAuthenticator().create(options, { origin: at }) });
    return { person, right: await made(origin), wrong: await made('https://evil.example') };
  },
};

function setUp(kind: string, start: (app: AnswerApp) => Promise<Begun>): Attempt[] {
  const path = `/mfa/setup/${kind}`;
  const attempt = (
    name: string,
    outcome: Attempt['outcome'],
    body: (app: AnswerApp, begun: Begun) => object | Promise<object>,
  ): Attempt => ({
    name,
    outcome,
    async send(app) {
      const begun = await start(app);
      await begun.person.csrf();
      const answer = await body(app, begun);
      return () => begun.person.json(path, answer);
    },
  });
  return [
    attempt('right', 'success', (_app, { right }) => right),
    attempt('wrong', 'failure', (_app, { wrong }) => wrong),
    attempt('malformed', 'failure', () => ({ code: { $ne: '' }, response: 1 })),
    attempt('empty', 'failure', () => ({})),
    attempt('confirmed before', 'failure', async (_app, { person, right }) => {
      await person.json(path, right);
      return right;
    }),
    attempt('lapsed', 'failure', (app, { right }) => {
      app.clock.advance(3600);
      return right;
    }),
    ...(kind === 'webauthn'
      ? []
      : [
          attempt('locked', 'failure', async (_app, { person, right, wrong }) => {
            for (let tries = 0; tries < 6; tries += 1) await person.json(path, wrong);
            return right;
          }),
        ]),
  ];
}

describe('what is set up', () => {
  for (const [kind, start] of Object.entries(begin))
    it(`has one outcome, by ${kind}`, () => expectOne(setUp(kind, start)));

  const codesAttempt = (
    name: string,
    outcome: Attempt['outcome'],
    body: (token: string, person: Person, app: AnswerApp) => object | Promise<object>,
  ): Attempt => ({
    name,
    outcome,
    async send(app) {
      const { person, right } = await begin['totp']!(app);
      await person.json('/mfa/setup/totp', right);
      const { pending } = (await person.jsonGet('/mfa/backup-codes')).body as {
        pending: { revealToken: string };
      };
      const answer = await body(pending.revealToken, person, app);
      return () => person.json('/mfa/backup-codes/confirm', answer);
    },
  });
  it('has one outcome, by backup codes', () =>
    expectOne([
      codesAttempt('saved', 'success', (revealToken) => ({ revealToken, saved: 'yes' })),
      codesAttempt('not said to be saved', 'failure', (revealToken) => ({ revealToken })),
      codesAttempt('with another token', 'failure', () => ({ revealToken: 'x'.repeat(43), saved: 'yes' })),
      codesAttempt('malformed', 'failure', () => ({ revealToken: [], saved: {} })),
      codesAttempt('lapsed', 'failure', (revealToken, _person, app) => {
        app.clock.advance(700);
        return { revealToken, saved: 'yes' };
      }),
      codesAttempt('confirmed before', 'failure', async (revealToken, person) => {
        await person.json('/mfa/backup-codes/confirm', { revealToken, saved: 'yes' });
        return { revealToken, saved: 'yes' };
      }),
    ]));
}).timeout(120_000);

describe('a granted code before a first enrolment', () => {
  const attempt = (
    name: string,
    outcome: Attempt['outcome'],
    typed: (code: string, app: AnswerApp, person: Person) => unknown,
  ): Attempt => ({
    name,
    outcome,
    async send(app) {
      const person = await new Person(app).enterAs();
      const granted = await app.mfa.grantEnrollment('1', 'root');
      await person.csrf();
      const answer = await typed(granted, app, person);
      return () => person.json('/mfa/setup/confirm', { code: answer });
    },
  });
  it('has one outcome', () =>
    expectOne(
      [
        attempt('right', 'success', (granted) => granted),
        attempt('wrong', 'failure', (granted) => [...granted].reverse().join('')),
        attempt('malformed', 'failure', () => ({})),
        attempt('empty', 'failure', () => ''),
        attempt('lapsed', 'failure', (granted, app) => {
          app.clock.advance(86_401);
          return granted;
        }),
        attempt('used before', 'failure', async (granted, _app, person) => {
          await person.json('/mfa/setup/confirm', { code: granted });
          return granted;
        }),
      ],
      { confirmFirstEnrollment: 'required' },
    ));
}).timeout(120_000);

describe('a code that was sent before a first enrolment', () => {
  const known: NonNullable<AnswerAppOptions['user']> = (req) => {
    const row = req.user as unknown as { id: number } | undefined;
    return row ? { id: row.id, label: 'ada', email: addresses.email, emailVerified: true } : null;
  };
  const attempt = (
    name: string,
    outcome: Attempt['outcome'],
    typed: (sent: string, app: AnswerApp, person: Person) => unknown,
  ): Attempt => ({
    name,
    outcome,
    async send(app) {
      const person = await new Person(app).enterAs();
      await person.json('/mfa/setup/confirm/begin');
      const answer = await typed(app.lastCode('email'), app, person);
      await person.csrf();
      return () => person.json('/mfa/setup/confirm', { code: answer });
    },
  });
  it('has one outcome', () =>
    expectOne(
      [
        attempt('right', 'success', (sent) => sent),
        attempt('wrong', 'failure', (sent) => wrongFor(sent)),
        attempt('malformed', 'failure', () => ({})),
        attempt('empty', 'failure', () => ''),
        attempt('lapsed', 'failure', (sent, app) => {
          app.clock.advance(3600);
          return sent;
        }),
        attempt('used before', 'failure', async (sent, _app, person) => {
          await person.json('/mfa/setup/confirm', { code: sent });
          return sent;
        }),
        attempt('locked', 'failure', async (sent, _app, person) => {
          for (let tries = 0; tries < 10; tries += 1) await person.json('/mfa/setup/confirm', { code: wrongFor(sent) });
          return sent;
        }),
      ],
      { confirmFirstEnrollment: 'required', user: known },
    ));
}).timeout(120_000);

describe('a code that regains a locked factor', () => {
  const attempt = (name: string, outcome: Attempt['outcome'], kind: 'totp' | 'email', locked: boolean): Attempt => ({
    name,
    outcome,
    async send(app) {
      const { person, right, wrong, malformed } = await pendingWith(app, 'totp');
      await person.csrf();
      if (locked) for (let tries = 0; tries < 6; tries += 1) await person.answer('totp', '000000');
      const answer = name === 'malformed' ? malformed : name === 'wrong' ? await wrong() : await right();
      if (name === 'lapsed') app.clock.advance(901);
      return () => person.json(`/mfa/verify/${kind}/unlock`, answer);
    },
  });
  it('has one outcome', () =>
    expectOne([
      attempt('right', 'failure', 'totp', true),
      attempt('wrong', 'failure', 'totp', true),
      attempt('malformed', 'failure', 'totp', true),
      attempt('lapsed', 'failure', 'totp', true),
      attempt('of a factor that is not locked', 'failure', 'totp', false),
      attempt('of a factor that they do not have', 'failure', 'email', true),
    ]));

  it('has one outcome where it is the third in a row, and the factor is regained', () =>
    expectOne([
      {
        name: 'third',
        outcome: 'success',
        async send(app) {
          const { person, shown } = await pendingWith(app, 'totp');
          // Long waits only: the lock must not lapse by itself meanwhile.
          for (let tries = 0; tries < 11; tries += 1) {
            if (tries >= 5) app.clock.advance(3600);
            const guesser = await new Person(app).enterAs();
            await guesser.answer('totp', '000000');
          }
          await person.enterAs();
          await person.csrf();
          for (let right = 0; right < 2; right += 1) {
            await person.json('/mfa/verify/totp/unlock', shown?.());
            app.clock.advance(121);
          }
          return () => person.json('/mfa/verify/totp/unlock', shown?.());
        },
      },
    ]));
}).timeout(120_000);
