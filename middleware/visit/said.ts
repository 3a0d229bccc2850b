// What was done a moment ago, said once: by the account page, to whoever is led there by the form that did it. It lies in
// the session and proves nothing; an address that said it could be made by anybody.
import type { Said } from '../../src/core/kernel/sign-in.js';
import { goOn, type Next } from './answers.js';
import type { Visit } from './visit.js';

/** Goes on, and lets the account page say what was done; elsewhere it would be said too late. */
export async function goOnSaying(visit: Visit, next: Next, said: Said): Promise<void> {
  const isHeard = !visit.json && next.url === visit.base;
  if (isHeard) visit.asker.signIn = { ...visit.asker.signIn, said: withAddresses(visit, said) };
  await goOn(visit, next);
}

/** Changes that the person is told of elsewhere too. */
const noticed = ['added', 'replaced', 'removed', 'turned-off', 'codes-saved', 'sign-in-step-off'];

/** With where a message about it goes. */
export function withAddresses({ asker }: Visit, said: Said): Said {
  const to = noticed.includes(said.what) ? (asker.noticesGo?.() ?? []) : [];
  return to.length > 0 ? { ...said, to } : said;
}

/** What is to be said now, and never again. Whoever is at their account page has left what came before. */
export function takeSaid(visit: Visit): Said | undefined {
  const { said, setUpLeadsTo: _shown, codeUsedLeadsTo: _left, asked: _other, ...rest } = visit.asker.signIn;
  visit.asker.signIn = rest;
  return said;
}
