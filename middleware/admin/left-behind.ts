// What one request leaves for the next page of the same administrator: what was done, said once; and what was typed into a form
// that a fresh proof is owed for. It lies in the store, not in an address, which anybody could make up.
import type { Json } from '../../src/core/words/json.js';
import type { Visit } from '../visit/visit.js';

/** Long enough for a proof. */
const keptSeconds = 900;

const key = (visit: Pick<Visit, 'asker'>, what: string) => `admin-${what}:${visit.asker.signIn.flowId}`;

/** Something was done: a word of the catalogue below `admin.said`. `about`: the page that says so. */
export type SaidHere = { what: string; about: string };

/** What was typed. `about`: the address that it was sent to. */
export type Draft = { about: string; fields: { [name: string]: string } };

async function put(visit: Visit, what: string, value: Json): Promise<void> {
  await visit.mfa.kernel.store.put(visit.asker.user.id, key(visit, what), value, keptSeconds);
}

export async function leaveSaid(visit: Visit, said: SaidHere): Promise<void> {
  await put(visit, 'said', said);
}

export async function leaveDraft(visit: Visit, draft: Draft): Promise<void> {
  await put(visit, 'draft', draft);
}

/** Says it on the page that it is about, and nowhere again. */
export async function takeSaid(visit: Visit, about: string): Promise<string | undefined> {
  const said = (await take(visit, 'said')) as SaidHere | undefined;
  return said?.about === about ? said.what : undefined;
}

export async function takeDraft(visit: Visit): Promise<Draft | undefined> {
  return (await take(visit, 'draft')) as Draft | undefined;
}

async function take(visit: Visit, what: string): Promise<Json | undefined> {
  return visit.mfa.kernel.store.take(visit.asker.user.id, key(visit, what));
}
