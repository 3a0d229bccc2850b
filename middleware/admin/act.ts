// `POST /people/:person/:action`: asks for what the form says, by `mfa.requestAction`. Done at once, made into a case, or refused
// on the person's page with what was typed still there.
import { isMfaError, statusOf, type ErrorCode } from '../../src/core/words/errors.js';
import { refused, type Refused } from '../../src/core/words/outcome.js';
import type { AdminAction } from '../../src/core/rules/admin-rights.js';
import type { MfaCore } from '../../src/mfa.js';
import { goOn, refuseJson } from '../visit/answers.js';
import type { AdminVisit } from './admin-visit.js';
import { leaveSaid } from './left-behind.js';
import { frameOf, sendAdminPage, sendJson } from './page-frame.js';
import { personAt, sealedId, type Person } from './people-of.js';
import { sendPerson } from './person-page.js';
import { invalidField, minutesIn, textIn, untilIn } from './typed-fields.js';

export type Done = NonNullable<Awaited<ReturnType<MfaCore['requestAction']>>['done']>;
type Asked = Parameters<MfaCore['requestAction']>[2];

/** @param word the action as addresses name it */
export function actOn(word: string, action: AdminAction): (visit: AdminVisit) => Promise<void> {
  return async (visit) => {
    const person = await personAt(visit, visit.req.params['person']);
    try {
      const { done, case: waits } = await visit.mfa.requestAction(action, person.id, askedIn(visit, action));
      if (done) return await goOnDone(visit, person, word, done);
      const refusal = refused('admin.approval_required', { case: waits.id });
      if (visit.json) return refuseJson(visit, refusal);
      await sendPerson({ ...visit, body: {} }, person, { refusal, action: word });
    } catch (error) {
      const refusal = refusalIn(error);
      if (visit.json) return refuseJson(visit, refusal);
      await sendPerson(visit, person, { refusal, action: word });
    }
  };
}

function askedIn({ body, admin }: AdminVisit, action: AdminAction): Asked {
  const ticket = textIn(body, 'ticket');
  if (ticket !== undefined && ticket.length > 64) throw invalidField('ticket');
  const asked: Asked = { by: admin, reason: textIn(body, 'reason') ?? '', ...(ticket === undefined ? {} : { ticket }) };
  if (action === 'exempt') {
    const until = untilIn(body);
    if (!until) throw invalidField('until');
    return { ...asked, until };
  }
  const validMinutes = action === 'pass' ? minutesIn(body) : undefined;
  const signInId = action === 'end-sign-ins' ? textIn(body, 'signInId') : undefined;
  return {
    ...asked,
    ...(validMinutes === undefined ? {} : { validMinutes }),
    ...(signInId === undefined ? {} : { signInId }),
  };
}

/** What is told beside the form. @throws what is not for the one who typed */
export function refusalIn(error: unknown): Refused {
  if (!isMfaError(error)) throw error;
  // A date too far ahead is the administrator's mistake, not the app's.
  if (error.code === 'config.invalid_option' && error.message.includes('`until`'))
    return refused('request.invalid', { field: 'until' });
  if (!(error.code in statusOf) || error.status >= 500) throw error;
  return refused(error.code as ErrorCode, error.details);
}

/** A code is shown where it was asked for, once, and kept nowhere. */
export async function goOnDone(visit: AdminVisit, person: Person, word: string, done: Done): Promise<void> {
  const url = `${visit.home}/people/${sealedId(visit.mfa, person.id)}`;
  const next = { step: 'done' as const, url };
  const { code, expiresAt } = done;
  if (code === undefined) {
    if (!visit.json) await leaveSaid(visit, { what: word, about: url });
    return goOn(visit, next);
  }
  if (visit.json) return sendJson(visit, { next, code, ...(expiresAt === undefined ? {} : { expiresAt }) });
  await sendAdminPage(visit, 'admin/code', {
    ...frameOf(visit, 'people'),
    action: word,
    person: { name: person.name, url },
    secret: code,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
}
