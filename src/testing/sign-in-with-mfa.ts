// Turns an agent of a test into one that owes nothing, through the routes that people use: the host's own sign-in, then
// enrolment or verification over JSON. Goes around nothing, so an app that it gets into is one that lets people in.
import type { TestClock } from './test-clock.js';
import type { SoftAuthenticator } from './soft-authenticator.js';
import type { CreationOptionsJSON, RequestOptionsJSON } from './soft-authenticator/wire.js';
import type { TestAgent, TestAnswer } from './test-agent.js';
import { authenticatorApp } from './totp-code.js';

/** What this person answers the second factor with. */
export type SecondFactor = {
  /** The path of `mfaRouter`. Default `/mfa`. */
  base?: string;
  /** The clock that the app was given. It is moved by a step where every code of the present one is used. */
  clock?: TestClock;
  /** Of an authenticator app that was set up elsewhere: Base32 or `otpauth://…`. */
  secret?: string;
  /** A passkey instead of an authenticator app; unlike a code it may be used twice in a second. */
  passkey?: SoftAuthenticator;
  /** The origin of the page that asks for the passkey. Default: that of the relying party, without a port. */
  origin?: string;
  /** Reads the code that was just sent: `() => mail.code()`. */
  code?: () => string | Promise<string>;
};

/** How a test signs somebody in, both steps. */
export type SignInWithMfaOptions<Agent extends TestAgent, User extends object> = SecondFactor & {
  /** The host's own sign-in: whatever it takes until `user(req)` knows this person. */
  signIn: (agent: Agent, user: User) => unknown;
};

/** `secret`: as `totpCode` takes it. `backupCodes`: those that were shown when they were set up, by this kit. */
export type SignedIn = { secret?: string; backupCodes: readonly string[] };

const known = new WeakMap<object, SignedIn>();
/** The last step that a secret was used for, by the clock that it was read from. A step counts once (RFC 6238 §5.2). */
const spent = new WeakMap<object, Map<string, number>>();
const realTime = {};

/**
 * Signs in and pays what is owed: sets an authenticator app (or the passkey) up and saves the backup codes, or answers
 * with what was set up before. Secrets are kept for as long as the object `user` is.
 * @throws Error with the answer of the app that it got stuck at
 */
export async function signInWithMfa<Agent extends TestAgent, User extends object>(
  agent: Agent,
  user: User,
  { signIn, ...options }: SignInWithMfaOptions<Agent, User>,
): Promise<SignedIn> {
  await signIn(agent, user);
  const routes = routesAt(agent, options.base ?? '/mfa');
  const { secret } = options;
  let mine: SignedIn = { backupCodes: [], ...known.get(user), ...(secret === undefined ? {} : { secret }) };
  // Confirm, enrol, save the codes: more steps than there can be.
  for (let turn = 0; turn < 5; turn += 1) {
    const { state, next, availableFactors } = await routes.state();
    const isElevated = state === 'elevated';
    if (next.step === 'recover') throw new Error('signInWithMfa: nothing that this person has works any more.');
    if (next.step === 'save-backup-codes') mine = { ...mine, backupCodes: await saveCodes(routes) };
    else if (isElevated && next.step !== 'enroll') return mine;
    else if (!isElevated && availableFactors.length > 0) await prove(routes, mine, availableFactors, options);
    else mine = { ...mine, ...(await enroll(routes, options)) };
    known.set(user, mine);
  }
  throw new Error('signInWithMfa: the app asks for ever more.');
}

export type State = {
  state: string;
  next: { step: string; url: string };
  csrfToken: string;
  availableFactors: string[];
};
type Routes = ReturnType<typeof routesAt>;

/** Our routes as a program asks them. */
export function routesAt(agent: TestAgent, base: string) {
  /** With `proofs: 'token'`, the newest of our tokens goes along from here on. */
  const keepToken = (answer: TestAnswer) => {
    const token = answer.headers['x-mfa-token'];
    if (typeof token === 'string') agent.set?.('X-MFA-Token', token);
    return answer;
  };
  const state = async () => {
    const answer = keepToken(await agent.get(base).set('Accept', 'application/json'));
    if (answer.status !== 200) throw stuck(`GET ${base}`, answer, 'Does `signIn` sign in, and is `base` right?');
    return answer.body as State;
  };
  /** Whatever the answer is; the token is another one once somebody is elevated. */
  const ask = async (path: string, body: object = {}) => {
    const { csrfToken } = await state();
    const asked = agent.post(base + path).set('Accept', 'application/json');
    return keepToken(await asked.set('X-CSRF-Token', csrfToken).send(body));
  };
  const stuckAt = (path: string, answer: TestAnswer) => stuck(`POST ${base}${path}`, answer);
  const post = async (path: string, body?: object) => {
    const answer = await ask(path, body);
    if (answer.status !== 200) throw stuckAt(path, answer);
    return answer.body as { [field: string]: unknown };
  };
  const get = async (path: string) => (await agent.get(base + path).set('Accept', 'application/json')).body;
  return { state, ask, stuckAt, post, get };
}

export function codeIn({ body }: TestAnswer): string | undefined {
  return (body as { code?: string } | undefined)?.code;
}

function stuck(request: string, answer: TestAnswer, hint = titleIn(answer)): Error {
  return new Error(`signInWithMfa: ${request} answered ${answer.status} ${codeIn(answer) ?? ''}. ${hint}`);
}

const titleIn = ({ body }: TestAnswer) => (body as { title?: string } | undefined)?.title ?? '';

async function saveCodes({ get, post }: Routes): Promise<string[]> {
  const { pending } = (await get('/backup-codes')) as { pending: { codes: string[]; revealToken: string } };
  const { codes, revealToken } = pending;
  await post('/backup-codes/confirm', { revealToken, saved: 'yes', code: codes[0] });
  return codes;
}

async function enroll(routes: Routes, { passkey, origin, clock, code }: SecondFactor): Promise<{ secret?: string }> {
  const path = passkey ? '/setup/webauthn' : '/setup/totp';
  let begun = await routes.ask(`${path}/begin`);
  if (codeIn(begun) === 'session.mfa.first_enrollment_unconfirmed' && code) {
    await routes.post('/setup/confirm/begin');
    await routes.post('/setup/confirm', { code: await code() });
    begun = await routes.ask(`${path}/begin`);
  }
  if (begun.status !== 200) throw routes.stuckAt(`${path}/begin`, begun);
  const { options, uri } = begun.body as { options: CreationOptionsJSON; uri: string };
  if (!passkey) {
    await answerWithApp(routes, path, uri, clock);
    return { secret: uri };
  }
  await routes.post(path, { response: await passkey.create(options, { origin: origin ?? originOf(options.rp.id) }) });
  return {};
}

async function prove(routes: Routes, { secret }: SignedIn, kinds: readonly string[], options: SecondFactor) {
  const { passkey, origin, clock, code } = options;
  const sent = kinds.find((kind) => kind === 'email' || kind === 'sms');
  if (passkey && kinds.includes('webauthn')) {
    const asked = (await routes.post('/verify/webauthn/begin'))['options'] as RequestOptionsJSON;
    const response = await passkey.get(asked, { origin: origin ?? originOf(asked.rpId) });
    await routes.post('/verify/webauthn', { response });
  } else if (secret !== undefined && kinds.includes('totp')) {
    await answerWithApp(routes, '/verify/totp', secret, clock);
  } else if (sent !== undefined && code) {
    await routes.post(`/verify/${sent}/begin`);
    await routes.post(`/verify/${sent}`, { code: await code() });
  } else {
    const has = `This person has ${kinds.join(', ')}`;
    throw new Error(`signInWithMfa: ${has}, set up elsewhere. Hand in \`secret\`, \`passkey\` or \`code\`.`);
  }
}

const originOf = (rpId = 'localhost') => (rpId === 'localhost' ? 'http://localhost' : `https://${rpId}`);

/** Answers with the oldest code that is taken and not used: the step before counts as well, unless it is `strict`. */
async function answerWithApp(routes: Routes, path: string, secret: string, clock?: TestClock): Promise<void> {
  const app = authenticatorApp(secret, clock);
  const steps = spent.get(clock ?? realTime) ?? new Map<string, number>();
  spent.set(clock ?? realTime, steps);
  let refused: TestAnswer | undefined;
  for (let tries = 0; tries < 3; tries += 1) {
    const now = app.step();
    const last = steps.get(secret) ?? 0;
    // A test may have set the clock back.
    const step = last > now ? now - 1 : Math.max(now - 1, last + 1);
    if (step > now) {
      if (!clock) break;
      clock.advance(app.periodSeconds);
    }
    steps.set(secret, step);
    refused = await routes.ask(path, { code: app.codeAt(step) });
    if (refused.status === 200) return;
    if (codeIn(refused) !== 'session.mfa.invalid_totp_code') break;
  }
  if (refused) throw routes.stuckAt(path, refused);
  throw new Error(
    'signInWithMfa: a code counts once, and those of this half minute are used. ' +
      'Give createMfa a `testClock()` and hand it in as `clock`, or hand in a `passkey`.',
  );
}
