// The form that a step-up stopped, offered again after the step: one press sends it, as it was, to where it was going. What it
// held comes from the server; of any number of presses one counts.
import { refused } from '../../src/core/words/outcome.js';
import { formFieldsOf, sameFields } from '../http/form-fields.js';
import { keepSignIn, saveSession } from '../sign-in/session.js';
import { commonModel, redirect, refuseJson, sendPage, startOf } from '../visit/answers.js';
import { withPrefix } from '../visit/return-to.js';
import { currentSituation, sendState } from '../visit/current-situation.js';
import { purposeOf } from '../visit/purpose.js';
import { keptForm, keptSeconds, takeForm } from '../visit/stopped-form.js';
import type { Visit } from '../visit/visit.js';

/** What is left to offer: by one press, by going back to the form, or, where its time is over, to be entered anew. */
export async function showRepeat(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (visit.json) return sendState(visit, situation);
  const { stopped } = visit.asker.signIn;
  if (!stopped) return redirect(visit, visit.base);
  if (purposeOf(visit, situation) !== undefined) return redirect(visit, `${visit.base}/verify`);
  const { id } = stopped;
  const fields = id === undefined ? undefined : await keptForm(visit, id);
  if (!fields || id === undefined) return showForm(visit, id === undefined ? 'by-hand' : 'gone');
  await sendPage(visit, 'repeat', {
    ...about(visit),
    step: 'offer',
    fields,
    action: `${visit.base}/repeat?id=${encodeURIComponent(id)}`,
    keptMinutes: keptSeconds / 60,
  });
}

/**
 * The press: the browser is sent on with the very body it brings (307), to the route that was stopped. That body is
 * compared with what was kept, so that nothing else is sent by this button than what it says; the id in the address, which
 * only the page of this sign-in was told, stands for the token.
 */
export async function repeatForm(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const { stopped } = visit.asker.signIn;
  // A program that is stopped sends its request again by itself.
  if (visit.json) return refuseJson(visit, refused('session.verification_session_not_found'));
  if (!stopped) return showForm(visit, 'gone', 404);
  if (purposeOf(visit, situation) !== undefined) return redirect(visit, `${visit.base}/verify`);
  if (!(await isPressed(visit, stopped.id))) return showForm(visit, 'gone', 404);
  const { stopped: _sent, ...rest } = visit.asker.signIn;
  visit.asker.signIn = rest;
  keepSignIn(visit.mfa, visit.req, rest);
  await saveSession(visit.mfa, visit.req);
  visit.res.redirect(307, withPrefix(visit, stopped.path));
}

/** Whether this brings the id and the fields of what was kept; which is then taken. */
async function isPressed(visit: Visit, id: string | undefined): Promise<boolean> {
  const given = visit.req.query['id'];
  if (id === undefined || typeof given !== 'string' || !visit.mfa.kernel.sealer.equal(given, id)) return false;
  const [kept, sent] = await Promise.all([takeForm(visit, id), formFieldsOf(visit.req, visit.res)]);
  return kept !== undefined && sent !== undefined && sameFields(kept, sent);
}

/** `path` is absent where nothing waits any more: the second of two presses. */
function about(visit: Visit) {
  const { path, label, page } = visit.asker.signIn.stopped ?? {};
  return {
    ...commonModel(visit),
    ...(path === undefined ? {} : { path: path.split('?', 1)[0] ?? path }),
    ...(label === undefined ? {} : { label }),
    formUrl: page ?? startOf(visit),
  };
}

/** The way to the form itself. */
async function showForm(visit: Visit, step: 'by-hand' | 'gone', status = 200): Promise<void> {
  await sendPage(visit, 'repeat', { ...about(visit), step }, status);
}
