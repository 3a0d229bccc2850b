// "This wasn't me", from a notice: GET asks, POST acts, once; after that, both tell. The token in the path is all that counts; nobody has to be
// signed in, and whoever follows the link with a scanner changes nothing.
import { Router, type Router as ExpressRouter } from 'express';
import type { ObjectedAnswer, ObjectionAnswer } from '../../src/api/answers.js';
import { object, readObjection, type Objection } from '../../src/core/flows/objection.js';
import { bars } from '../../src/core/rules/take-back.js';
import { refused } from '../../src/core/words/outcome.js';
import type { MfaCore } from '../../src/mfa.js';
import { readerModel, refuse, sendPage } from '../visit/answers.js';
import { openRoute } from '../visit/route.js';
import type { Reader } from '../visit/visit.js';
import { sendJson } from '../http/send-json.js';

export function objectRouter(mfa: MfaCore): ExpressRouter {
  const router = Router();
  router.get('/object/:token', openRoute(mfa, ask));
  router.post('/object/:token', openRoute(mfa, act));
  return router;
}

function tokenOf({ req }: Reader): string {
  const { token } = req.params;
  return typeof token === 'string' ? token : '';
}

async function ask(reader: Reader): Promise<void> {
  const objection = await readObjection(reader.mfa.kernel, tokenOf(reader));
  if (objection?.is !== 'open') return tellAfterwards(reader, objection);
  const { is: _, ...told } = objection;
  if (reader.json) return answerJson(reader, told);
  const action = `${reader.base}/object/${encodeURIComponent(tokenOf(reader))}`;
  const hours = bars(told.what) ? { hours: reader.mfa.config.settings.holdHours } : {};
  await sendPage(reader, 'object', { ...readerModel(reader), step: 'ask', action, ...told, ...hours });
}

function answerJson({ res }: Reader, answer: ObjectionAnswer | ObjectedAnswer): void {
  sendJson(res, answer);
}

async function act(reader: Reader): Promise<void> {
  const objection = await object(reader.mfa.kernel, tokenOf(reader), reader.hints);
  if (objection?.is !== 'done') return tellAfterwards(reader, objection);
  const { is: step, ...done } = objection;
  const continueUrl = reader.mfa.config.web.signInUrl;
  if (reader.json) {
    const { did, barredUntil } = done;
    const barred = barredUntil === undefined ? {} : { barredUntil };
    return answerJson(reader, { next: { step: 'done', url: continueUrl }, did, ...barred });
  }
  await sendPage(reader, 'object', { ...readerModel(reader), step, continueUrl, ...done });
}

/** A used link says when and what was done, one past its time says so; both lead on. Any other is unknown. */
async function tellAfterwards(reader: Reader, objection: Objection | { is: 'done' } | undefined) {
  const unknown = refused('session.verification_session_not_found');
  const continueUrl = reader.mfa.config.web.signInUrl;
  if (objection?.is === 'used') {
    const { is: step, ...used } = objection;
    if (reader.json) return answerJson(reader, { ...used, next: { step: 'done', url: continueUrl } });
    return sendPage(reader, 'object', { ...readerModel(reader), step, continueUrl, ...used });
  }
  if (objection?.is !== 'lapsed' || reader.json) return refuse(reader, unknown);
  const { is: step, lapsedAt } = objection;
  await sendPage(reader, 'object', { ...readerModel(reader), step, continueUrl, lapsedAt }, 404);
}
