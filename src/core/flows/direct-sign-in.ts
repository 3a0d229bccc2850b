// Sign-in by an authenticator alone: nobody is signed in yet, so the answer itself says whose it is. Record and
// authenticator are judged and saved as at every verification; whether the account may sign in is the host's to say
// after that, and only then anything is told. Knows no factor, no session and no request.
import { acceptedBy, refusedBy, verificationRefused, type Proved } from './record-answer.js';
import { refusedAsBarred } from '../rules/barred.js';
import { isMfaError } from '../words/errors.js';
import type { Happened, RequestHints } from '../words/events.js';
import { isMalformed, type Factor, type FactorContext, type Malformed, type Verdict } from '../kernel/factor.js';
import type { Kernel, Told } from '../kernel/kernel.js';
import { reachLog, tellFirst } from '../kernel/logbook.js';
import { learning } from '../kernel/learning.js';
import type { AssessedRisk } from '../kernel/sign-in.js';
import { keepRaised, riskOf } from './assess.js';
import { levelNow } from '../rules/kept-level.js';
import { actionAt } from '../rules/risk-actions.js';
import { laneOf, drawnOnce } from '../rules/known-browsers.js';
import type { Notice } from '../words/notices.js';
import { accepted, refused, type Accepted, type Outcome, type Reason, type Refused } from '../words/outcome.js';
import type { Loaded, RecordStore, TransientStore } from '../kernel/ports.js';
import type { Json } from '../words/json.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../kernel/record.js';
import { ownOf } from '../rules/situation.js';
import { transact } from '../kernel/transact.js';

/** `flowId`: random, of this browser; a challenge that is answered from another one does not open. */
export type DirectContext = Pick<FactorContext, 'now' | 'origins' | 'flowId' | 'random' | 'sealer'> & {
  store: TransientStore & Pick<RecordStore, 'claim' | 'load'>;
};

/** `challenge`: sealed; the browser sends it back beside its answer, and nothing was stored. */
export type DirectQuestion = { options: Json; challenge: string };

/** Whose answer it is, and their record as it was read for that. */
export type Found = { userId: string; loaded: Loaded };

/** `userId`: whose authenticator it claims to be of; for the audit, never for the answer. */
export type Unrecognised = Refused & { userId?: string };

export interface DirectSignIn<Answer = unknown, Evidence extends Found = Found> {
  issue(context: DirectContext): Promise<DirectQuestion>;
  parse(body: Json): Answer | Malformed;
  /** Verifies the answer and finds the person; once per attempt. Only a right answer writes: it uses the challenge up. */
  weigh(context: DirectContext, answer: Answer): Promise<Accepted<Evidence> | Unrecognised>;
  /** Pure; once per rival, on the person's own authenticators. Right: `data` must be saved before they are signed in. */
  judge(now: number, own: readonly Authenticator[], evidence: Evidence): Verdict;
}

/** A factor that can sign people in without asking who they are. */
export type DirectFactor = Factor & { readonly directSignIn: DirectSignIn };

export function directFactorOf({ factors }: Kernel): DirectFactor | undefined {
  return factors.find((factor): factor is DirectFactor => 'directSignIn' in factor);
}

/** A browser in which nobody is signed in. */
export type Stranger = {
  flowId: string;
  locale: string;
  hints: RequestHints;
  /** The known-browser cookie of a person, `id.secret`, once it is known who it is. */
  knownBrowserOf(userId: string): string | undefined;
};

/** Somebody who answered rightly, and is not signed in before the host says so. */
export type Recognised = Proved & {
  userId: string;
  /** How risky it looked, before anything of it was written. */
  risk?: AssessedRisk;
  happened: readonly Happened[];
  notices: readonly Notice[];
};

/** Asks for any authenticator of this app. Reads and writes nothing, however often it is asked. */
export function askDirectly(kernel: Kernel, factor: DirectFactor, stranger: Stranger): Promise<DirectQuestion> {
  return factor.directSignIn.issue(contextOf(kernel, stranger));
}

/**
 * Checks an answer: parse → find and verify → judge → save. Accepted, it is for the host to sign the person in, and for
 * `tellDirectSignIn` to tell how that went; refused, it is told already, without a name where nobody is known.
 * @param body the fields of the JSON body, untrusted
 * @param admits asks the host, once, before the record is written: a sign-in that it refuses leaves no trace in it
 */
export async function recognise(
  kernel: Kernel,
  factor: DirectFactor,
  stranger: Stranger,
  body: Json,
  admits: (userId: string) => Promise<boolean>,
): Promise<Outcome<Recognised>> {
  const { directSignIn, kind } = factor;
  const answer = directSignIn.parse(body);
  if (isMalformed(answer)) {
    const reason = answer.reason ?? 'request.invalid';
    kernel.tell({ hints: stranger.hints }, [verificationRefused(kind, reason, undefined, answer.details?.hint)]);
    return refused(reason, answer.details);
  }
  const found = await directSignIn.weigh(contextOf(kernel, stranger), answer);
  if (!found.accepted) {
    const { userId, reason, details } = found;
    const about = userId === undefined ? { hints: stranger.hints } : toldOf(userId, stranger);
    kernel.tell(about, [verificationRefused(kind, reason, undefined, details.hint)]);
    return refused(reason, details);
  }
  const { userId, loaded } = found;
  const about = toldOf(userId, stranger);
  const knownBrowser = stranger.knownBrowserOf(userId);
  const newcomers = { knownBrowser: drawnOnce(kernel), trust: undefined };
  const own = ownOf(loaded.record ?? emptyRecord(''), kind);
  const mayEnter = loaded.record?.protected === true && !refusedAsBarred(loaded.record);
  const first = mayEnter ? directSignIn.judge(kernel.now(), own, found) : undefined;
  if (first?.is === 'right' && !(await isAdmitted(kernel, factor, about, first.authenticatorId, admits))) {
    return refused(factor.wrong);
  }
  const asker = { ...about, ...(knownBrowser === undefined ? {} : { knownBrowser }) };
  const risk = first?.is === 'right' && loaded.record ? await riskOf(kernel, asker, loaded.record) : undefined;
  if (risk && loaded.record && isShut(kernel, risk, loaded.record)) {
    await keepRaised(kernel, asker, loaded.record, risk);
    kernel.tell(about, [verificationRefused(kind, 'session.mfa.blocked')]);
    return refused('session.mfa.blocked');
  }
  const asked = { strongest: [kind], since: risk?.since };
  const saving = transact<Outcome<Recognised>>(
    kernel,
    about,
    async (record) => {
      // The signature was right: whoever holds the passkey may know why it opens nothing.
      const barred = refusedAsBarred(record);
      if (barred) return { result: barred, happened: [verificationRefused(kind, barred.reason)] };
      // A rival may have reset the account or removed the authenticator meanwhile.
      if (!record.protected)
        return { result: refused(factor.wrong), happened: [verificationRefused(kind, factor.wrong)] };
      const lane = laneOf(kernel, asker, record);
      const verdict = directSignIn.judge(kernel.now(), ownOf(record, kind), found);
      if (verdict.is !== 'right') {
        const { result, ...decided } = refusedBy(kernel, factor, record, lane, verdict);
        return { ...decided, result: result.accepted ? refused(factor.wrong) : result };
      }
      const right = acceptedBy(kernel, factor, record, lane, verdict, { ...newcomers, asked });
      const { save, result, happened, notices } = right;
      await reachLog(kernel);
      const learnt = await learning(kernel, about, save, happened);
      return {
        save: learnt,
        result: accepted({ ...result, userId, happened, notices, ...(risk ? { risk } : {}) }),
      };
    },
    loaded,
  );
  return saving.catch((error: unknown) => {
    const reason = isMfaError(error) ? (error.code as Reason) : 'store.unavailable';
    kernel.tell(about, [verificationRefused(kind, reason)]);
    throw error;
  });
}

/** A passkey is the strongest there is; only an app that lets nobody in who looks so risky refuses it. */
function isShut(kernel: Kernel, risk: AssessedRisk, record: MfaRecord): boolean {
  return actionAt(kernel.settings.riskActions, 'signIn', levelNow(risk, record)) === 'block';
}

async function isAdmitted(
  kernel: Kernel,
  { kind, wrong }: DirectFactor,
  about: Told & { user: { id: string } },
  authenticatorId: string,
  admits: (userId: string) => Promise<boolean>,
): Promise<boolean> {
  const tell = (reason: Reason) => {
    kernel.tell(about, [verificationRefused(kind, reason, authenticatorId)]);
  };
  try {
    const admitted = await admits(about.user.id);
    if (!admitted) tell(wrong);
    return admitted;
  } catch (error) {
    tell(isMfaError(error) && !error.code.startsWith('config.') ? (error.code as Reason) : wrong);
    throw error;
  }
}

/**
 * Tells how a recognised person's sign-in ended. `refusal`: why they are not signed in after all.
 * @throws MfaError `audit.unavailable` where it may not be told that they are: they must not stay signed in
 */
export async function tellDirectSignIn(
  kernel: Kernel,
  factor: DirectFactor,
  stranger: Stranger,
  { userId, proof, record, happened, notices }: Recognised,
  refusal?: Reason,
): Promise<void> {
  const about = toldOf(userId, stranger);
  if (refusal !== undefined) {
    kernel.tell(about, [verificationRefused(factor.kind, refusal, proof.authenticatorId)]);
    return;
  }
  await tellFirst(kernel, about, happened);
  kernel.notify(about, record, notices);
}

function contextOf({ settings, random, sealer, store, now }: Kernel, { flowId }: Stranger): DirectContext {
  return { now: now(), origins: settings.origins, flowId, random, sealer, store };
}

function toldOf(id: string, { hints, locale }: Stranger): Told {
  return { user: { id }, hints, locale };
}
