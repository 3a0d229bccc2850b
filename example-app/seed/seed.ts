// A house that is lived in, for looking at and for tests of figures: people with their methods, and what the audit log tells of
// the days until now, in order, each entry with its own time. The same people and figures for the same number.
import type { Mfa, MfaEvent } from 'express-mfa';
import { chanceFrom } from './chance.js';
import { livedBy, type Life, type Span } from './life.js';
import { peopleOf, type SeededPerson } from './people.js';
import { recordOf } from './records.js';
import { operation, tellStories } from './stories.js';

export type SeedOptions = {
  /** Default 500. */
  people?: number;
  /** Days of history, the running one among them; default 90. */
  days?: number;
  /** Default 1. */
  seed?: number;
};

/** Waiting in the log's buffer at most: what is over a bound is lost there. */
const atOnce = 2_000;

/**
 * Puts people into the store of `mfa` and their days into its audit log, up to the clock's now. For a store without them.
 * @returns the people, and how they stand, in the order in which they were made; administrators first
 */
export async function seedHistory(mfa: Mfa, options: SeedOptions = {}): Promise<Life[]> {
  const { people = 500, days = 90, seed = 1 } = options;
  const span: Span = { endsAt: mfa.kernel.now(), days };
  const chance = chanceFrom(seed + 1);
  const lives = peopleOf({ people, days, seed }).map((person) => livedBy(person, span, chance));
  tellStories(lives, span, chance);
  const events = [...lives.flatMap((life) => life.events), ...operation(lives, span, chance)];
  await keepRecords(mfa, lives, seed);
  await keepEvents(mfa, events);
  return lives;
}

async function keepRecords(mfa: Mfa, lives: readonly Life[], seed: number): Promise<void> {
  const { store } = mfa.kernel;
  const chance = chanceFrom(seed + 2);
  for (const life of lives) {
    const { person, methods, fate, skippedAt } = life;
    if (methods.length === 0 && !fate && skippedAt === undefined) continue;
    const record = recordOf({ mfa, chance, life });
    for (const claim of claimsOf(mfa, record)) await store.claim(claim, person.id);
    await store.save(person.id, record, (await store.load(person.id)).revision);
  }
}

function claimsOf(mfa: Mfa, { authenticators }: ReturnType<typeof recordOf>): string[] {
  return authenticators.flatMap((own) => {
    const factor = mfa.kernel.factors.find(({ kind }) => kind === own.kind);
    return [...(factor?.claimsOf?.(own) ?? [])];
  });
}

async function keepEvents({ audit }: Mfa, events: readonly MfaEvent[]): Promise<void> {
  if (!audit) return;
  const inOrder = events.map((event) => ({ event, ms: Date.parse(event.at) })).sort((a, b) => a.ms - b.ms);
  for (let from = 0; from < inOrder.length; from += atOnce) {
    for (const { event } of inOrder.slice(from, from + atOnce)) audit.take(event);
    await audit.settled();
  }
}

export type { Life, SeededPerson };
