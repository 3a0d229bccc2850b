// Sign-in with a passkey alone, for apps that want it: mounted by the host beside the other routers, before its guard.
// The passkey says who it is; the host says whether they may come in, and signs them in.
import { Router, type Request, type RequestHandler, type Router as ExpressRouter } from 'express';
import {
  askDirectly,
  directFactorOf,
  recognise,
  tellDirectSignIn,
  type DirectFactor,
  type Recognised,
} from '../../src/core/flows/direct-sign-in.js';
import { isMfaError, MfaError } from '../../src/core/words/errors.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import { isLoggedLater } from '../../src/core/kernel/logbook.js';
import type { Reason } from '../../src/core/words/outcome.js';
import type { MfaCore } from '../../src/mfa.js';
import { checkCallOptions } from '../../src/validation.js';
import { nextOf, refuseJson, type Next } from '../visit/answers.js';
import { setKnownBrowserCookie } from '../http/browser-cookies.js';
import { setFlowCookie } from '../http/cookies.js';
import { checkCsrfToken, csrfTokenOf } from '../http/csrf.js';
import { readBody } from '../http/forms.js';
import { warnOnce } from '../http/warn-once.js';
import { sendJson } from '../http/send-json.js';
import { beginFlow, flowOf, strangerOf } from './passkey-stranger.js';
import { addAssets } from '../routers/page-parts.js';
import { openRoute } from '../visit/route.js';
import {
  checkSession,
  dropSignIn,
  emptySession,
  keepSignIn,
  openSession,
  renewSignIn,
  returnToOf,
  saveSession,
} from '../sign-in/session.js';
import { currentSituation } from '../visit/current-situation.js';
import { basePath, userOf, visitOf, type Reader } from '../visit/visit.js';
import { webOf } from '../pages/page-resources.js';

/** The host's half of sign-in with a passkey alone. */
export type PasskeySignInOptions = {
  /**
   * Signs `userId` in as the app's own log-in does (`req.logIn`, `req.session.userId = …`), in a session that is new
   * and empty. Decides whether the account may: only `true` lets in, all else refuses, in the words of a passkey that
   * does not fit. What it throws goes to the app's error handler, and nobody is signed in.
   */
  signIn: (req: Request, userId: string) => boolean | Promise<boolean>;
};

/**
 * `GET /passkey-sign-in` → `{ options, challenge, csrfToken }`, `POST /passkey-sign-in` `{ response, challenge }` →
 * `{ next }`; and `GET /passkey-sign-in.js`, the script for the app's own log-in page.
 * @throws MfaError `config.invalid_option` at once without `webauthn()` among the factors, or without `signIn`;
 * `config.unknown_option`
 */
export function passkeySignInRouter(mfa: MfaCore, options: PasskeySignInOptions): ExpressRouter {
  const factor = requireDirectFactor(mfa, 'passkeySignInRouter');
  checkCallOptions('passkeySignInRouter', options);
  if (typeof (options as Partial<PasskeySignInOptions> | undefined)?.signIn !== 'function') {
    throw new MfaError(
      'config.invalid_option',
      '`passkeySignInRouter` takes `{ signIn: (req, userId) => … }`, which signs that user in as your own log-in does.',
    );
  }
  const { assets } = webOf(mfa);
  const router = Router();
  router.get(
    '/passkey-sign-in',
    openRoute(mfa, (reader) => ask(factor, reader)),
  );
  router.post(
    '/passkey-sign-in',
    openRoute(mfa, (reader) => answer(factor, options, { ...reader, json: true })),
  );
  // One address for the app's own page, which no template of ours writes; what it leads to is served for ever.
  router.get('/passkey-sign-in.js', (req, res) => {
    res.set('Cache-Control', 'public, max-age=300');
    res.redirect(302, assets.url(basePath(mfa, req), 'passkey-sign-in.js'));
  });
  addAssets(router, mfa);
  return router;
}

/** @throws MfaError `config.invalid_option` in the name of `caller` */
export function requireDirectFactor({ kernel }: MfaCore, caller: string): DirectFactor {
  const factor = directFactorOf(kernel);
  if (factor) return factor;
  throw new MfaError('config.invalid_option', `\`${caller}\` needs \`webauthn()\` among the \`factors\`.`);
}

/**
 * `{ options, challenge, csrfToken }` on a GET route of the host's own, for `passkeyStrategy`.
 * @throws MfaError `config.invalid_option` at once without `webauthn()` among the factors
 */
export function passkeyQuestion(mfa: MfaCore): RequestHandler {
  const factor = requireDirectFactor(mfa, 'passkeyQuestion');
  return openRoute(mfa, (reader) => ask(factor, reader));
}

/**
 * Origin was checked; body → CSRF token → verify → the host admits → save the record.
 * @returns the stranger too, in whose name the end is to be told
 */
export async function recogniseFrom(
  reader: Reader,
  factor: DirectFactor,
  admits: (userId: string) => Promise<boolean>,
) {
  const { mfa, req, res } = reader;
  const { kernel } = mfa;
  const body = await readBody(mfa, req, res);
  // Without a cookie there is no token that could be right.
  const flow = flowOf(reader) ?? { flowId: kernel.random.token(), csrf: kernel.random.token(32) };
  await checkCsrfToken(mfa, req, flow, body);
  const stranger = strangerOf(reader, flow);
  return { stranger, outcome: await recognise(kernel, factor, stranger, body, admits) };
}

async function ask(factor: DirectFactor, reader: Reader): Promise<void> {
  const { mfa, req, res } = reader;
  const flow = beginFlow(reader);
  const { options, challenge } = await askDirectly(mfa.kernel, factor, strangerOf(reader, flow));
  sendJson(res, { options, challenge, csrfToken: csrfTokenOf(mfa, req, flow) });
}

/** Origin → body → CSRF token → verify → new session → the host's sign-in → save the record → proof → answer. */
async function answer(factor: DirectFactor, { signIn }: PasskeySignInOptions, reader: Reader): Promise<void> {
  const { mfa, req, res } = reader;
  const { kernel } = mfa;
  checkSession(mfa, req);
  const entering: { isBegun?: true; returnTo?: string | undefined } = {};
  const admits = async (userId: string) => {
    // Where the same person was on their way already, they go on there; nobody else's way is taken over.
    entering.returnTo = returnToOf(mfa, req, userId);
    entering.isBegun = true;
    await emptySession(mfa, req);
    return letsIn(mfa, await signIn(req, userId));
  };
  try {
    const { stranger, outcome } = await recogniseFrom(reader, factor, admits);
    if (!outcome.accepted) {
      if (entering.isBegun) await emptySession(mfa, req);
      return refuseJson(reader, outcome);
    }
    const next = await enter(reader, outcome, entering.returnTo).catch(async (error: unknown) => {
      if (!isLoggedLater(error)) await tellDirectSignIn(kernel, factor, stranger, outcome, reasonOf(error, factor));
      throw error;
    });
    await tellDirectSignIn(kernel, factor, stranger, outcome);
    if (outcome.knownBrowser !== undefined) setKnownBrowserCookie(mfa, req, res, outcome.userId, outcome.knownBrowser);
    setFlowCookie(mfa, req, res, undefined);
    sendJson(res, { next });
  } catch (error) {
    if (entering.isBegun) {
      dropSignIn(mfa, req);
      await emptySession(mfa, req).catch(() => undefined);
    }
    throw error;
  }
}

function reasonOf(error: unknown, factor: DirectFactor): Reason {
  return isMfaError(error) && !error.code.startsWith('config.') ? (error.code as Reason) : factor.wrong;
}

/** A way out of the host's function that returns nothing must not be a way in; whoever forgot it is told. */
function letsIn(mfa: MfaCore, answer: unknown): boolean {
  if (typeof answer !== 'boolean') {
    const received = answer === null ? 'null' : typeof answer;
    warnOnce(
      mfa,
      'signIn of passkeySignInRouter',
      `passkeySignInRouter: \`signIn\` returned ${received}, so nobody was let in. Return true where the account may come in, else false.`,
    );
  }
  return answer === true;
}

/** Writes into the session that the host signed the person in to what the passkey proved. */
async function enter(reader: Reader, recognised: Recognised, returnTo: string | undefined): Promise<Next> {
  const { mfa, req } = reader;
  const { userId, proof, epoch, record, risk } = recognised;
  const user = await signedIn(mfa, req, userId);
  await openSession(mfa, req, user);
  const visit = visitOf(reader, user);
  const { signIn: begun } = visit.asker;
  visit.asker.signIn = await renewSignIn(mfa, req, {
    ...begun,
    epoch,
    proofs: [proof],
    ...(risk ? { risk } : {}),
    ...(returnTo === undefined ? {} : { returnTo }),
  });
  const next = nextOf(visit, await currentSituation(visit, record));
  keepSignIn(mfa, req, visit.asker.signIn);
  await saveSession(mfa, req);
  return next;
}

/**
 * The person as the host describes them now. A host that looked them up when the request began says nobody still.
 * @throws MfaError `config.invalid_option` where it is somebody else: a proof would stand in a stranger's session
 */
export async function signedIn(mfa: MfaCore, req: Request, userId: string): Promise<MfaUser> {
  const user = await userOf(mfa, req);
  if (!user) return { id: userId, label: userId };
  if (user.id === userId) return user;
  throw new MfaError(
    'config.invalid_option',
    'After sign-in with a passkey, `user(req)` tells of another user. Sign in the one that `userId` ' +
      'names, and set whatever `user(req)` reads.',
  );
}
