// What is said of the configuration itself: environment, secrets, origin, senders, and the store with its server.
import { isMfaError } from '../core/words/errors.js';
import type { Factor } from '../core/kernel/factor.js';
import type { Sender } from '../core/kernel/ports.js';
import type { MfaCore } from '../mfa.js';
import type { Findings } from './finding.js';
import { count } from './count.js';

/** A code of an authenticator app counts for 30 s and the step before it: more than this, and right codes are wrong. */
const clockFailMs = 30_000;
const clockWarnMs = 2_000;

export async function examineConfiguration(mfa: MfaCore, findings: Findings): Promise<void> {
  examineEnvironment(mfa, findings);
  examineSecrets(mfa, findings);
  examineOrigin(mfa, findings);
  examineFactors(mfa, findings);
  examineHelp(mfa, findings);
  await examineRisk(mfa, findings);
  await examineStore(mfa, findings);
}

function examineEnvironment({ config }: MfaCore, findings: Findings): void {
  const name = process.env['NODE_ENV'];
  if (config.environment === 'production') findings.ok('environment', `NODE_ENV is ${name}.`);
  else if (config.environment === 'unset') {
    findings.warn('environment', 'NODE_ENV is not set. Set it to production, also for this command.');
  } else findings.warn('environment', `NODE_ENV is ${name}: what only production refuses was not refused.`);
}

function examineSecrets({ config: { secrets } }: MfaCore, findings: Findings): void {
  const check = 'secrets';
  secrets.forEach((secret = '', at) => {
    // 32 bytes of anything pass at start-up; a sentence or one letter over and over is no key.
    if (new Set(secret).size < 12)
      findings.warn(check, `secrets[${at}] has few different characters. Make it at random.`);
  });
  if (new Set(secrets).size < secrets.length) findings.warn(check, 'The same secret is listed twice.');
  const older = secrets.length - 1;
  if (older > 1) {
    findings.warn(check, `${count(older, 'older secret')} listed. See \`rotate-keys\` for which are still needed.`);
  }
  const bytes = secrets.map((secret = '') => Buffer.byteLength(secret));
  findings.ok(check, `${count(secrets.length, 'secret')}, of ${bytes.join(' and ')} bytes.`);
}

function examineOrigin({ config, kernel }: MfaCore, findings: Findings): void {
  const check = 'origin';
  const { origins } = kernel.settings;
  const production = config.environment === 'production';
  for (const origin of origins) {
    if (origin.startsWith('https://')) continue;
    const isLocal = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);
    if (production) findings.fail(check, `${origin} is not https. Sessions and codes would travel in the clear.`);
    else if (!isLocal) findings.warn(check, `${origin} is not https.`);
  }
  if (origins.length === 0) {
    const told = 'No `origin`. Forms are checked against the Host header; notices carry no link.';
    if (production) findings.warn(check, told);
  }
  findings.ok(check, origins.length > 0 ? origins.join(', ') : 'None, as is usual in development.');
}

function examineFactors({ config }: MfaCore, findings: Findings): void {
  const { factors, notify, notices } = config;
  const sending = factors.flatMap((factor) => {
    const sender = senderOf(factor);
    return sender ? [{ kind: factor.kind, name: sender.name ?? 'its own' }] : [];
  });
  for (const { kind, name } of sending) {
    if (name === 'console' || name === 'outbox') {
      findings.warn('senders', `${kind}: the ${name} sender delivers nothing, and is refused in production.`);
    }
  }
  const named = sending.map(({ kind, name }) => `${kind} by ${name}`).join(', ');
  findings.ok('senders', sending.length > 0 ? `${named}. Try them: express-mfa send-test.` : 'None is needed.');
  if (!notify && !notices && sending.length === 0) {
    findings.warn(
      'notices',
      'Nobody is told of changes to their account: there is neither `notify`, `notices: { sender }` nor a factor with a sender.',
    );
  } else {
    const bySender = notices ? `Sent by ${notices.sender.name ?? 'a sender'} of their own.` : 'Sent by the senders.';
    findings.ok('notices', notify ? 'Taken over by `notify`.' : bySender);
  }
  const kinds = factors.map(({ kind }) => kind).join(', ');
  if (!factors.some(({ rank }) => rank === 'backup')) {
    findings.warn('factors', `${kinds}: without backup codes, a lost phone needs \`reset\` by an operator.`);
  } else findings.ok('factors', kinds);
}

function examineHelp({ config }: MfaCore, findings: Findings): void {
  const { help } = config.web.brand;
  if (help === undefined) {
    findings.warn('help', 'No `brand.help`: whoever has lost all their methods is not told whom to ask.');
  } else findings.ok('help', typeof help === 'string' ? help : Object.keys(help).join(', '));
}

async function examineRisk({ config: { risk } }: MfaCore, findings: Findings): Promise<void> {
  if (!risk) return;
  try {
    await risk.ready?.();
    for (const { level, text } of (await risk.examine?.()) ?? []) findings[level]('risk', text);
  } catch (error) {
    if (!isMfaError(error)) throw error;
    findings.fail('risk', `${error.message} (${error.code})`);
  }
  findings.ok('risk', 'Assessed and told; nothing follows from it.');
}

function senderOf(factor: Factor): Partial<Sender> | undefined {
  return (factor as { sender?: Partial<Sender> }).sender;
}

async function examineStore({ config, kernel }: MfaCore, findings: Findings): Promise<void> {
  const { store } = kernel;
  const check = 'store';
  if (store.name === 'memory') {
    return findings.warn(check, 'The memory store forgets everybody at every restart, and is refused in production.');
  }
  try {
    if (!store.examine) {
      await store.ready?.();
      return findings.warn(check, `The store ${store.name ?? 'of the app'} tells nothing of its server.`);
    }
    const from = config.clock.now();
    const { findings: found, serverTimeMs } = await store.examine();
    const until = config.clock.now();
    for (const { level, text } of found) findings[level](check, text);
    if (serverTimeMs !== undefined) examineClock(serverTimeMs, from, until, findings);
  } catch (error) {
    if (!isMfaError(error)) throw error;
    return findings.fail(check, `${error.message} (${error.code})`);
  }
  findings.ok(check, `${store.name}, namespace ${JSON.stringify(store.namespace)}: examined.`);
}

/** Two clocks against one another; which of them is wrong, nothing here can tell. */
function examineClock(serverMs: number, fromMs: number, untilMs: number, findings: Findings): void {
  const apartMs = serverMs < fromMs ? fromMs - serverMs : Math.max(0, serverMs - untilMs);
  const seconds = (apartMs / 1000).toFixed(1);
  const told = `This machine and the store's server are ${seconds} s apart.`;
  if (apartMs > clockFailMs) findings.fail('clock', `${told} Codes of authenticator apps fail. Run NTP on both.`);
  else if (apartMs > clockWarnMs) findings.warn('clock', `${told} Run NTP on both.`);
  else findings.ok('clock', told);
}
