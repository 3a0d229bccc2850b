// `/health`: what is wrong with the app as it runs, how its senders and sinks do, and a test message to one's own address. It is about
// the whole app, so whoever may see one tenant alone has no such page.
import { findingsOf } from '../../src/checks/examine.js';
import { senderHealthOf } from '../../src/checks/sender-health.js';
import { sendTestMessage, testWaysOf } from '../../src/checks/test-message.js';
import { isMfaError, MfaError, statusOf } from '../../src/core/words/errors.js';
import { refused, type Refused } from '../../src/core/words/outcome.js';
import type { AdminHealthModel } from '../pages/admin-models.js';
import { goOn, refuseJson } from '../visit/answers.js';
import type { AdminVisit } from './admin-visit.js';
import { roughly } from './durations.js';
import { leaveSaid, takeSaid } from './left-behind.js';
import { frameOf, sendAdminPage, sendJson } from './page-frame.js';
import { textIn } from './typed-fields.js';

type Log = Awaited<ReturnType<NonNullable<AdminVisit['mfa']['audit']>['health']>>;
export type Health = Pick<AdminHealthModel, 'at' | 'findings' | 'senders' | 'store' | 'test'> & { log?: Log };

/** @throws MfaError `session.verification_session_not_found` */
function checkWhole({ admin }: AdminVisit): void {
  if (admin.tenant === undefined) return;
  throw new MfaError('session.verification_session_not_found', 'What is about the whole app is not for one tenant.');
}

/** What cannot be asked for now is left out: the findings say why. */
async function whereThere<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (isMfaError(error) && error.code === 'store.unavailable') return undefined;
    throw error;
  });
}

async function healthOf(visit: AdminVisit): Promise<Health> {
  const { mfa, asker, home } = visit;
  const { at, findings } = await findingsOf(mfa);
  const [senders, log, { ways, left }] = await Promise.all([
    whereThere(senderHealthOf(mfa)),
    mfa.audit && whereThere(mfa.audit.health()),
    testWaysOf(mfa, asker),
  ]);
  return {
    at,
    findings: findings.map((each) => ({ ...each })),
    ...(senders ? { senders } : {}),
    ...(log ? { log } : {}),
    store: mfa.kernel.store.name ?? '',
    test: { action: `${home}/health/test-message`, ways, left },
  };
}

export async function showHealth(visit: AdminVisit): Promise<void> {
  checkWhole(visit);
  if (!visit.json) return sendHealth(visit);
  const { test, ...health } = await healthOf(visit);
  sendJson(visit, { ...health, testMessage: { ways: test.ways, left: test.left } });
}

async function sendHealth(visit: AdminVisit, refusal?: Refused): Promise<void> {
  const url = `${visit.home}/health`;
  const done = refusal ? undefined : await takeSaid(visit, url);
  const frame = frameOf(visit, 'health', refusal);
  const { log, ...health } = await healthOf(visit);
  const model: AdminHealthModel = {
    ...frame,
    ...(done === undefined ? {} : { done }),
    url,
    ...health,
    ...(log ? { log: { ...log, sinks: log.sinks.map((sink) => sinkOf(sink, frame.lang)) } } : {}),
  };
  await sendAdminPage(visit, 'admin/health', model, refusal);
}

function sinkOf({ behindSeconds, ...sink }: Log['sinks'][number], lang: string) {
  return { ...sink, behindFor: roughly(lang, behindSeconds) };
}

export async function testMessage(visit: AdminVisit): Promise<void> {
  checkWhole(visit);
  const { mfa, asker, admin, home } = visit;
  try {
    await sendTestMessage(mfa, asker, textIn(visit.body, 'kind') ?? '', admin.name);
  } catch (error) {
    if (!isMfaError(error) || !(error.code in statusOf) || error.code === 'store.unavailable') throw error;
    const refusal = refused(error.code as Refused['reason'], error.details);
    if (visit.json) return refuseJson(visit, refusal);
    return sendHealth(visit, refusal);
  }
  const url = `${home}/health`;
  if (!visit.json) await leaveSaid(visit, { what: 'test-message', about: url });
  await goOn(visit, { step: 'done', url });
}
