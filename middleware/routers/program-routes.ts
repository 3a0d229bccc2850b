// What programs read before they know anybody: the sentences in force, so that a front end of the app's own says what our pages
// say, and where the app wants it the OpenAPI document.
import { readFileSync } from 'node:fs';
import { openApiFile } from '#views-dir';
import type { Request, Response, Router } from 'express';
import type { MessagesAnswer } from '../../src/api/answers.js';
import type { MfaCore } from '../../src/mfa.js';
import { webOf } from '../pages/page-resources.js';
import { openRoute } from '../visit/route.js';
import type { Reader } from '../visit/visit.js';

/** Adds `/messages/:locale`, and with `openApi` `/openapi.json`. */
export function addProgramRoutes(router: Router, mfa: MfaCore): void {
  router.get(
    '/messages/:locale',
    openRoute(mfa, (reader) => sendMessages(reader)),
  );
  if (!mfa.config.web.openApi) return;
  router.get(
    '/openapi.json',
    openRoute(mfa, (reader) => sendDocument(reader)),
  );
}

async function sendMessages({ mfa, req, res }: Reader): Promise<void> {
  const { locale } = req.params;
  const answer: MessagesAnswer = webOf(mfa).messages.catalogue(typeof locale === 'string' ? locale : '');
  sendCached(req, res, answer);
}

/** Nothing of it is anybody's: kept by whoever asks, who asks each time whether it changed, by the `ETag` of Express. */
function sendCached(req: Request, res: Response, body: object): void {
  res.setHeader('Cache-Control', 'public, no-cache');
  res.removeHeader('Vary');
  if (req.headers.origin !== undefined) res.vary('Origin');
  res.status(200).json(body);
}

type Document = { paths: { [path: string]: object } };
let read: Document | undefined;

/** The document as it is published, its addresses those of this app. Administration has a mount of its own, which nobody told. */
async function sendDocument({ req, res, base }: Reader): Promise<void> {
  read ??= JSON.parse(readFileSync(openApiFile, 'utf8')) as Document;
  const own = Object.entries(read.paths).map(([path, item]) => [path.replace(/^\/mfa(?=\/|$)/, base), item] as const);
  sendCached(req, res, { ...read, paths: Object.fromEntries(own) });
}
