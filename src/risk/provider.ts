// What looks addresses up, and how long it may take: together half a second, else it is as if nobody had answered.
import type { LookedUp, Place, Reputation, RiskRequest } from '../core/kernel/risk.js';

/** Where an address is. `undefined` where it does not know; what throws, or takes too long, gave no answer. */
export interface GeoProvider {
  /** Where the address of this request is. */
  lookUp(request: RiskRequest): Place | undefined | Promise<Place | undefined>;
  /** Asked once at start-up; rejects with MfaError `config.*` for what is missing. */
  ready?(): Promise<void>;
  /** What `doctor` says of it. */
  examine?(): Promise<{ level: 'ok' | 'warn' | 'fail'; text: string }[]>;
}

/** What is known of an address; as `GeoProvider`. */
export type ReputationProvider = (
  address: string,
  request: RiskRequest,
) => Reputation | undefined | Promise<Reputation | undefined>;

/** All of them together. */
export const lookUpMs = 500;

const late = Symbol('late');

/** Asks all at once. @returns what came in time, and who gave no answer */
export async function askAll(asked: { [name in 'place' | 'reputation' | 'browser']?: () => unknown }): Promise<
  Pick<LookedUp, 'place' | 'reputation' | 'unavailable'> & { browser?: unknown }
> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<typeof late>((resolve) => {
    timer = setTimeout(resolve, lookUpMs, late);
  });
  const answers = await Promise.all(
    Object.entries(asked).map(async ([name, ask]) => {
      const answer = Promise.resolve().then(ask);
      const found = await Promise.race([answer, over]).catch(() => late);
      return [name, found] as const;
    }),
  );
  clearTimeout(timer);
  const unavailable = answers.filter(([, found]) => found === late).map(([name]) => name);
  const known = answers.filter(([, found]) => found !== late && found !== undefined && found !== null);
  return { ...Object.fromEntries(known), ...(unavailable.length > 0 ? { unavailable } : {}) };
}
