// `fetch` for the app's own routes behind the guard: where one is stopped, the step that is owed is done, and the request repeated.
// A person is asked once per reason, however many requests wait for it, and each of them comes to an end.
import type { NextAnswer, ProblemAnswer } from '../api/answers.js';
import { unlessAborted } from './aborted.js';
import { readProblem, type Transport } from './transport.js';

/** What the guard asks for. */
export type OwedStep = {
  step: Exclude<NextAnswer['step'], 'done' | 'suggest-mfa' | 'suggest-another'>;
  /** Our page for it. */
  url: string;
  /** Of a step-up: why, and what counts. */
  stepUp?: ProblemAnswer['stepUp'];
  /** Kinds that may be answered with. */
  availableFactors: string[];
};

/** How a request that the guard stops goes on. */
export type GuardedOptions = {
  /** Does the step: shows a dialog, or goes to `url`. True: it is done. */
  onStep: (owed: OwedStep) => boolean | Promise<boolean>;
  /** Whether a request other than GET and HEAD may be sent again. The guard stopped it before the app saw it. Default: never. */
  repeat?: (request: { url: string; method: string }) => boolean;
};

const steps: { [code in ProblemAnswer['code']]?: OwedStep['step'] } = {
  'session.mfa.require_mfa_verification': 'verify',
  'session.mfa.step_up_required': 'step-up',
  'session.mfa.recovery_required': 'recover',
  'session.mfa.backup_code_required': 'save-backup-codes',
  'user.missing_mfa': 'enroll',
};

export function guardedFetch(transport: Transport, send: typeof fetch, options: GuardedOptions): typeof fetch {
  const { onStep, repeat = () => false } = options;
  const asked = new Map<string, Promise<boolean>>();

  return async (input, init = {}) => {
    const isRequest = typeof Request === 'function' && input instanceof Request;
    const from = isRequest ? input.url : input instanceof URL ? input.href : (input as string);
    const url = new URL(from, typeof location === 'undefined' ? transport.base() : location.href);
    const method = (init.method ?? (isRequest ? input.method : 'GET')).toUpperCase();
    const signal = init.signal ?? (isRequest ? input.signal : undefined);
    const once = async () => {
      const response = await send(isRequest ? input.clone() : input, transport.withToken(url, init));
      if (url.origin === transport.base().origin) transport.note(response);
      return response;
    };
    const response = await once();
    const owed = url.origin === transport.base().origin ? await owedIn(transport, response) : undefined;
    if (!owed) return response;
    const key = JSON.stringify([owed.step, owed.stepUp]);
    const done = asked.get(key) ?? ask(owed).finally(() => asked.delete(key));
    asked.set(key, done);
    const isDone = await unlessAborted(done, signal);
    const isSafe = method === 'GET' || method === 'HEAD';
    return isDone && (isSafe || repeat({ url: url.href, method })) ? once() : response;
  };

  async function ask(owed: OwedStep): Promise<boolean> {
    return await onStep(owed);
  }
}

/** Only what our guard says, and only to a page of ours: whatever else an answer names leads nobody anywhere. */
async function owedIn(transport: Transport, response: Response): Promise<OwedStep | undefined> {
  if (response.status !== 401 && response.status !== 403) return undefined;
  const base = transport.base();
  if (response.url !== '' && new URL(response.url).origin !== base.origin) return undefined;
  const problem = await readProblem(response.clone()).catch(() => undefined);
  const step = problem && steps[problem.code];
  if (!step || problem.url === undefined) return undefined;
  const page = new URL(problem.url, base);
  const isOurs = page.origin === base.origin && `${page.pathname}/`.startsWith(`${base.pathname.replace(/\/+$/, '')}/`);
  if (!isOurs) return undefined;
  return {
    step,
    url: page.href,
    ...(problem.stepUp ? { stepUp: problem.stepUp } : {}),
    availableFactors: problem.availableFactors ?? [],
  };
}
