// Sequential trips to the store per operation, counted over the real flows; commands issued in parallel are one trip.
// Tidying that nobody waits for is left out of the trips and told apart.
import type { Knex } from 'knex';
import { generate } from 'otplib';
import { memoryStore } from '../src/index.js';
import { sqlStore } from '../src/sql.js';
import { verify } from '../src/core/flows/verify.js';
import { issueChallenge } from '../src/core/flows/challenge.js';
import { beginEnrollment } from '../src/core/flows/enroll.js';
import { confirmEnrollment } from '../src/core/flows/confirm-enrollment.js';
import type { Asker } from '../src/core/kernel/kernel.js';
import type { MfaStore } from '../src/core/kernel/ports.js';
import type { Json } from '../src/core/words/json.js';
import { createMfaCore } from '../src/mfa.js';
import { backupCodes } from '../src/factors/backup-codes/backup-codes.js';
import { derivations } from '../src/factors/backup-codes/derivation.js';
import { emailCode } from '../src/factors/email/email-code.js';
import { totp } from '../src/factors/totp/totp.js';
import { webauthn } from '../src/factors/webauthn/webauthn.js';
import { outboxSender } from '../src/senders/outbox-sender.js';
import { softAuthenticator } from '../src/testing/soft-authenticator.js';
import { countStatements } from '../test/support/counting-statements.js';
import { countingStore } from '../test/support/counting-store.js';
import { openSqlite } from '../test/support/sqlite.js';

/** `statements`: what a store in SQL sent for each command, those that nobody waits for among them; undefined for others. */
export type Trips = {
  operation: string;
  trips: number;
  commands: number;
  derivations: number;
  log: string;
  statements?: number;
};

/**
 * Walks one person through every operation. `store`: what is counted; the memory store counts the same as Redis.
 * @param knex whose statements are counted too
 */
export async function countTrips(store: MfaStore = memoryStore(), knex?: Knex): Promise<Trips[]> {
  const statements = knex && countStatements(knex);
  const counting = countingStore(store);
  const outbox = outboxSender('email');
  let ms = Date.now();
  const core = createMfaCore({
    appName: 'Bench',
    secrets: ['a secret of the benchmark, thirty-two bytes or more'],
    origin: 'http://localhost:3000',
    store: counting.store,
    factors: [webauthn(), totp(), emailCode({ sender: outbox }), backupCodes()],
    confirmFirstEnrollment: 'open',
    user: () => null,
    clock: { now: () => ms },
  });
  const { kernel } = core;
  const asker: Asker = {
    user: { id: 'someone', label: 'someone@example.com', email: 'someone@example.com' },
    signIn: {
      userId: 'someone',
      flowId: 'flow',
      startedAt: kernel.now(),
      moment: 'sign-in',
      proofs: [],
      csrf: 'none',
    },
    locale: 'en',
    hints: {},
  };
  let derived = 0;
  const { run } = derivations;
  derivations.run = (userId, work) => {
    derived += 1;
    return run(userId, work);
  };
  const table: Trips[] = [];
  /** What nobody waits for has been sent. */
  const quiet = async () => {
    await core.settled();
    for (let tries = 0; statements && statements.count < counting.commands && tries < 500; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const count = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await quiet();
    counting.reset();
    statements?.reset();
    derived = 0;
    const result = await work();
    const { trips, commands, log } = counting;
    const derivations = derived;
    await quiet();
    table.push({
      operation,
      trips,
      commands,
      derivations,
      ...(statements && { statements: statements.count / counting.commands }),
      log: log.map((names) => names.join('+')).join(' → '),
    });
    return result;
  };
  const shownOf = (outcome: unknown) =>
    (outcome as { begun?: { shown: Json }; shown?: Json }).begun?.shown ?? (outcome as { shown?: Json }).shown;
  const enroll = async (
    kind: string,
    begin: Json,
    answer: (shown: { [key: string]: Json }) => Promise<Json> | Json,
  ) => {
    const begun = await beginEnrollment(kernel, asker, kind, begin, 'anew');
    const outcome = await confirmEnrollment(
      kernel,
      asker,
      kind,
      await answer(shownOf(begun) as { [key: string]: Json }),
    );
    if (!outcome.accepted) throw new Error(`${kind} was not enrolled: ${outcome.reason}`);
    const { epoch, proof, knownBrowser } = outcome;
    asker.signIn = { ...asker.signIn, epoch, proofs: [...asker.signIn.proofs, ...(proof ? [proof] : [])] };
    if (knownBrowser !== undefined) asker.knownBrowser = knownBrowser;
  };

  let secret = '';
  const code = () => generate({ secret, epoch: Math.floor(ms / 1000) });
  await enroll('totp', {}, async (shown) => {
    secret = shown['secret'] as string;
    return { code: await code() };
  });
  let codes: string[] = [];
  await enroll('backup-codes', {}, (shown) => {
    codes = shown['codes'] as string[];
    return { revealToken: shown['revealToken'] ?? '', saved: 'yes' };
  });
  const origin = 'http://localhost:3000';
  const key = softAuthenticator({ counter: 'growing' });
  await enroll('webauthn', {}, async (shown) => ({
    response: (await key.create(shown as never, { origin })) as unknown as Json,
  }));
  await enroll('email', { address: 'other@example.com' }, () => ({ code: outbox.messages.at(-1)?.code ?? '' }));

  ms += 60_000;
  await count('TOTP, right', async () => verify(kernel, asker, 'totp', { code: await code() }));
  await count('TOTP, wrong', () => verify(kernel, asker, 'totp', { code: '000000' }));
  await count('backup code, right', () => verify(kernel, asker, 'backup-codes', { code: codes[0] ?? '' }));
  await count('backup code, wrong', () => verify(kernel, asker, 'backup-codes', { code: 'AAAA-AAAA' }));
  const options = await count('passkey, begin', () => issueChallenge(kernel, asker, 'webauthn'));
  const response = (await key.get(shownOf(options) as never, { origin })) as unknown as Json;
  await count('passkey, verify', () => verify(kernel, asker, 'webauthn', { response }));
  await count('e-mail code, send', () => issueChallenge(kernel, asker, 'email'));
  const sent = outbox.messages.filter((message) => message.code !== undefined).at(-1)?.code ?? '';
  await count('e-mail code, verify', () => verify(kernel, asker, 'email', { code: sent }));
  for (let wrong = 0; wrong < 4; wrong += 1) await verify(kernel, asker, 'totp', { code: '000000' });
  const guess = () => verify(kernel, asker, 'totp', { code: '000000' });
  await count('locked', guess);
  await count('locked, 100 at once', () => Promise.all(Array.from({ length: 100 }, guess)));
  derivations.run = run;
  return table;
}

/** As in Redis, and with each operation how many statements a command is in SQL: on SQLite here, in the tests on servers as well. */
export async function countInSql(): Promise<Trips[]> {
  const { knex, close } = await openSqlite();
  try {
    const store = sqlStore(knex, { namespace: 'bench' });
    await store.migrations?.migrate();
    const inSql = await countTrips(store, knex);
    return (await countTrips()).map((each, at) => ({ ...each, statements: inSql[at]?.statements ?? NaN }));
  } finally {
    await close();
  }
}
