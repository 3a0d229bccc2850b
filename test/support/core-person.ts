// A person in one session: asks the flows, and keeps of their answers what a session would keep.
import { issueChallenge } from '../../src/core/flows/challenge.js';
import { confirmEnrollment } from '../../src/core/flows/confirm-enrollment.js';
import { beginEnrollment } from '../../src/core/flows/enroll.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { Asker } from '../../src/core/kernel/kernel.js';
import type { Outcome } from '../../src/core/words/outcome.js';
import type { Json } from '../../src/core/words/json.js';
import type { MfaRecord } from '../../src/core/kernel/record.js';
import type { Proof } from '../../src/core/kernel/sign-in.js';
import { situationOf } from '../../src/core/rules/situation.js';
import { verify } from '../../src/core/flows/verify.js';
import type { SpareData } from './core-factors.js';
import { testKernel, type TestKernel, type TestKernelOptions } from './core-kernel.js';

type Kept = { epoch: string; proof?: Proof | undefined; knownBrowser?: string | undefined };

export type Person = {
  readonly asker: Asker;
  verify(kind: string, body: Json): ReturnType<typeof verify>;
  issue(kind: string): Promise<{ nonce: string }>;
  /** The shown half of what was begun. */
  begin(kind: string, mode?: 'page' | 'anew'): Promise<Json>;
  confirm(kind: string, body: Json): ReturnType<typeof confirmEnrollment>;
  /** As the session does it, for flows that are called directly. */
  keep<T extends Kept>(outcome: Outcome<T>): Outcome<T>;
  /** The same person signs in again in this browser (`known`) or another one. */
  signInAgain(browser?: 'known' | 'unknown'): Person;
  step(): Promise<string>;
};

export function personOf(kernel: TestKernel, id = 'ann', user: Partial<MfaUser> = {}, knownBrowser?: string): Person {
  const asker: Asker = {
    user: { id, label: `${id}@example.com`, ...user },
    signIn: {
      userId: id,
      flowId: kernel.random.token(),
      startedAt: kernel.now(),
      moment: 'sign-in',
      proofs: [],
      csrf: 'x',
    },
    locale: 'en',
    hints: { ip: '203.0.113.7', userAgent: 'test', requestId: 'r1' },
    ...(knownBrowser === undefined ? {} : { knownBrowser }),
  };
  const person: Person = {
    asker,
    verify: async (kind, body) => person.keep(await verify(kernel, asker, kind, body)),
    async issue(kind) {
      const outcome = await issueChallenge(kernel, asker, kind);
      if (!outcome.accepted) throw new Error(`not issued: ${outcome.reason}`);
      return outcome.shown as { nonce: string };
    },
    async begin(kind, mode = 'anew') {
      const outcome = await beginEnrollment(kernel, asker, kind, {}, mode);
      if (!outcome.accepted || !outcome.begun) throw new Error(`not begun: ${JSON.stringify(outcome)}`);
      return outcome.begun.shown;
    },
    confirm: async (kind, body) => person.keep(await confirmEnrollment(kernel, asker, kind, body)),
    keep(outcome) {
      if (!outcome.accepted) return outcome;
      asker.signIn.epoch = outcome.epoch;
      if (outcome.proof) asker.signIn.proofs = [...asker.signIn.proofs, outcome.proof];
      if (outcome.knownBrowser !== undefined) asker.knownBrowser = outcome.knownBrowser;
      return outcome;
    },
    signInAgain: (browser = 'known') =>
      personOf(kernel, id, user, browser === 'known' ? asker.knownBrowser : undefined),
    async step() {
      return situationOf(kernel, asker.user, asker.signIn, await kernel.recordOf(id)).next.step;
    },
  };
  return person;
}

/** Enrols the riddle; returns its word. Its next answer must have a `use` above 1. */
export async function enrollRiddle(person: Person, kind = 'riddle'): Promise<string> {
  const { word } = (await person.begin(kind)) as { word: string };
  const outcome = await person.confirm(kind, { word, use: 1 });
  if (!outcome.accepted) throw new Error(`not enrolled: ${outcome.reason}`);
  return word;
}

export async function enrollSpareWords(person: Person): Promise<string[]> {
  const { words } = (await person.begin('spare-words')) as { words: string[] };
  const outcome = await person.confirm('spare-words', { saved: true });
  if (!outcome.accepted) throw new Error(`not enrolled: ${outcome.reason}`);
  return words;
}

export type Protected = { kernel: TestKernel; person: Person; word: string; words: string[] };

/** Somebody with a riddle and spare words, elevated; events and notices so far forgotten. */
export async function protectedPerson(options: TestKernelOptions = {}): Promise<Protected> {
  const kernel = testKernel(options);
  const person = personOf(kernel);
  const word = await enrollRiddle(person);
  const words = kernel.factors.some(({ kind }) => kind === 'spare-words') ? await enrollSpareWords(person) : [];
  forget(kernel);
  return { kernel, person, word, words };
}

export function forget(kernel: TestKernel): void {
  kernel.events.length = 0;
  kernel.notices.length = 0;
}

export function wordsIn(record: MfaRecord): string[] {
  return record.authenticators
    .filter(({ kind }) => kind === 'spare-words')
    .flatMap(({ data }) => (data as SpareData).words);
}

/** What an outcome says, in one word. */
export function saidOf(outcome: Outcome): string {
  return outcome.accepted ? 'accepted' : outcome.reason;
}
