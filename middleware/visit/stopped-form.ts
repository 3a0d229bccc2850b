// A form that a step-up stopped: what it was is remembered in the sign-in, and, where the host wants that, what it held is kept
// on the server, sealed, for five minutes, to be sent once more by one press. Only a form of this very origin is kept: a form of
// another site must not become one that our page offers.
import type { Json } from '../../src/core/words/json.js';
import type { StoppedForm } from '../../src/core/kernel/sign-in.js';
import { comesFromHere } from '../http/csrf.js';
import { formFieldsOf, type FormField } from '../http/form-fields.js';
import { isSafePath } from '../http/safe-path.js';
import { pageBehind } from './return-to.js';
import type { Visit } from './visit.js';

export const keptSeconds = 300;

/** @param repeat whether it may be kept; `label` names it */
export async function rememberForm(
  visit: Visit,
  { repeat, label }: { repeat: boolean; label: string | undefined },
): Promise<StoppedForm | undefined> {
  const { mfa, req, res, asker } = visit;
  const path = req.originalUrl;
  if (!isSafePath(path) || !comesFromHere(mfa, req)) return undefined;
  const fields = repeat ? await formFieldsOf(req, res) : undefined;
  const page = pageBehind(visit);
  const stopped: StoppedForm = {
    path,
    at: mfa.kernel.now(),
    ...(label === undefined ? {} : { label }),
    ...(page === undefined ? {} : { page }),
    ...(fields ? { id: await keep(visit, fields) } : {}),
  };
  // Nobody has a use for the one before.
  forgetForm(visit);
  asker.signIn = { ...asker.signIn, stopped, returnTo: `${visit.base}/repeat` };
  return stopped;
}

const keyOf = (id: string) => `repeat:${id}`;
const boundTo = ({ asker }: Visit, id: string) => ({
  userId: asker.user.id,
  authenticatorId: `${asker.signIn.flowId} ${id}`,
  purpose: 'repeat',
});

async function keep(visit: Visit, fields: FormField[]): Promise<string> {
  const { store, sealer, random } = visit.mfa.kernel;
  const id = random.token();
  await store.put(visit.asker.user.id, keyOf(id), sealer.seal(JSON.stringify(fields), boundTo(visit, id)), keptSeconds);
  return id;
}

/** What was kept, for the page that offers it; undefined where nothing is. */
export async function keptForm(visit: Visit, id: string): Promise<FormField[] | undefined> {
  return opened(visit, id, await visit.mfa.kernel.store.get(visit.asker.user.id, keyOf(id)));
}

/** The same, for one of any number of presses: after it, it is gone. */
export async function takeForm(visit: Visit, id: string): Promise<FormField[] | undefined> {
  return opened(visit, id, await visit.mfa.kernel.store.take(visit.asker.user.id, keyOf(id)));
}

/** Nobody waits for it: it lapses by itself. */
function forgetForm({ mfa, asker }: Visit): void {
  const { id } = asker.signIn.stopped ?? {};
  if (id !== undefined) mfa.kernel.store.take(asker.user.id, keyOf(id)).catch(() => undefined);
}

/** @throws MfaError `store.unavailable` for what was altered, or sealed for another person or sign-in */
function opened(visit: Visit, id: string, kept: Json | undefined): FormField[] | undefined {
  if (typeof kept !== 'string') return undefined;
  return JSON.parse(visit.mfa.kernel.sealer.open(kept, boundTo(visit, id))) as FormField[];
}
