// "This wasn't me", from a notice: GET asks, POST acts, once. The token in the path is all that counts; nobody has to be
// signed in, and whoever follows the link with a scanner changes nothing.
import { Router, type Router as ExpressRouter } from 'express';
import { object, readObjection } from '../../src/core/flows/objection.js';
import { refused } from '../../src/core/words/outcome.js';
import type { MfaCore } from '../../src/mfa.js';
import { readerModel, refuse, sendPage } from '../visit/answers.js';
import { openRoute } from '../visit/route.js';
import type { Reader } from '../visit/visit.js';

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
  if (!objection) return refuse(reader, refused('session.verification_session_not_found'));
  if (reader.json) return void reader.res.status(200).json(objection);
  const action = `${reader.base}/object/${encodeURIComponent(tokenOf(reader))}`;
  await sendPage(reader, 'object', { ...readerModel(reader), step: 'ask', action, ...objection });
}

async function act(reader: Reader): Promise<void> {
  const objection = await object(reader.mfa.kernel, tokenOf(reader), reader.hints);
  if (!objection) return refuse(reader, refused('session.verification_session_not_found'));
  const { signInUrl } = reader.mfa.config.web;
  if (reader.json) return void reader.res.status(200).json({ next: { step: 'done', url: signInUrl } });
  await sendPage(reader, 'object', { ...readerModel(reader), step: 'done', continueUrl: signInUrl, ...objection });
}
