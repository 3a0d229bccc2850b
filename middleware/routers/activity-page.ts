// All that the audit log tells a person of their own account, newest first, a page at a time. What operators did to the
// log, and what others did elsewhere, is not for this page.
import type { ActivityAnswer, ActivityEntryAnswer } from '../../src/api/answers.js';
import { shownToPeople } from '../../src/core/kernel/activity.js';
import type { EventName } from '../../src/core/words/events.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { MfaCore } from '../../src/mfa.js';
import { keepSignIn } from '../sign-in/session.js';
import { commonModel, sendPage } from '../visit/answers.js';
import type { Visit } from '../visit/visit.js';
import { sendJson } from '../http/send-json.js';

type Audit = NonNullable<MfaCore['audit']>;
type Entry = Awaited<ReturnType<Audit['read']>>['entries'][number];

const perPage = 25;

/** What the record notes, and what was refused or is of interest only in a longer list. */
const names: readonly EventName[] = [
  ...shownToPeople,
  'verification-refused',
  'authenticator-flagged',
  'browser-trust-used',
  'sign-in-step-changed',
  'sign-ins-ended',
  'notice-objected',
  'recovery-completed',
];

/** @throws MfaError `request.invalid` for a `before` that no page gave; `store.unavailable` */
export async function showActivity(visit: Visit, audit: Audit): Promise<void> {
  const { req, res, base, asker } = visit;
  const before: unknown = req.query['before'];
  if (before !== undefined && typeof before !== 'string')
    throw new MfaError('request.invalid', '`before` is not one that a page gave.');
  const { entries, cursor } = await audit.read({
    userId: asker.user.id,
    names,
    limit: perPage,
    ...(before === undefined ? {} : { cursor: before }),
  });
  const activity = entries.map((entry) => told(visit, entry));
  if (visit.json) {
    keepSignIn(visit.mfa, req, asker.signIn);
    const answer: ActivityAnswer = { activity, ...(cursor === undefined ? {} : { before: cursor }) };
    sendJson(res, answer);
    return;
  }
  await sendPage(visit, 'manage/activity', {
    ...commonModel(visit),
    activity,
    ...(cursor === undefined ? {} : { olderUrl: `${base}/activity?before=${cursor}` }),
    ...(before === undefined ? {} : { newestUrl: `${base}/activity` }),
    manageUrl: base,
  });
}

/** What was erased, or never known, is left out. */
function told({ mfa }: Visit, { time, name, factor, detail, personal }: Entry): ActivityEntryAnswer {
  const browser = mfa.kernel.nameBrowser(personal.userAgent);
  const count = detail?.['count'];
  return {
    at: Math.floor(Date.parse(time) / 1000),
    what: name,
    ...(factor === undefined ? {} : { kind: factor.kind }),
    ...(browser === undefined ? {} : { browser }),
    ...(personal.ip === undefined ? {} : { ip: personal.ip }),
    ...(typeof count === 'number' && count > 1 ? { count } : {}),
  };
}
