// Starts the same app in several processes, and says whether they were at it at the same time.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { MfaEvent, MfaOptions } from '../../src/index.js';
import { testClock, type TestApp, type TestClock } from './app.js';
import { program } from './programs.js';
import { freshNamespace, newRedis, removeNamespace } from './redis.js';

export type RivalSettings = {
  namespace: string;
  ms: number;
  /** Each process has a store of its own: for tests of what must not be so. */
  memory?: boolean;
  /** Has a form, `POST /payouts`, that asks for a young proof and is offered again after it. */
  form?: boolean;
  /** Offers support passes too. */
  passes?: boolean;
  /** Offers passkeys too, as a second step and for sign-in. */
  passkeys?: boolean;
  options?: Partial<Pick<MfaOptions, 'policy' | 'lockout' | 'recordMaxAgeSeconds'>>;
};
/** `hold`: no request goes on until so many have come, and `go` was said; `gathered` is answered when they have. */
export type Order = { ms?: number; report?: true; hold?: number; gathered?: true; go?: true };
/** One request, in milliseconds of one clock for all processes of this machine. */
export type Handled = { from: number; until: number; status: number };
export type Report = { handled: Handled[]; events: MfaEvent[]; notices: TestApp['notices'] };

export type Rival = Pick<TestApp, 'url' | 'base' | 'clock'> & {
  readonly pid: number;
  report(): Promise<Report>;
  hold(count: number): Promise<unknown>;
  gathered(): Promise<unknown>;
  go(): Promise<unknown>;
};

export type Rivals = {
  readonly all: Rival[];
  readonly namespace: string;
  readonly clock: TestClock;
  /** Moves the clock of every process. */
  advance(seconds: number): Promise<void>;
  close(): Promise<void>;
};

/** @param file what one process runs, beside this file */
export async function startRivals(
  count: number,
  settings: Partial<RivalSettings> = {},
  file = 'rival.ts',
): Promise<Rivals> {
  const namespace = settings.namespace ?? freshNamespace();
  const clock = testClock(settings.ms);
  const script = program(fileURLToPath(new URL(file, import.meta.url)));
  const argument = JSON.stringify({ ...settings, namespace, ms: clock.now() } satisfies RivalSettings);
  const children = Array.from({ length: count }, () => fork(script, [argument], { execArgv: [] }));
  const all = await Promise.all(children.map((child) => rivalOf(child, clock)));
  return {
    all,
    namespace,
    clock,
    async advance(seconds) {
      clock.advance(seconds);
      await Promise.all(children.map((child) => order(child, { ms: clock.now() })));
    },
    async close() {
      const ended = children.map((child) => once(child, 'exit'));
      children.forEach((child) => child.disconnect());
      await Promise.all(ended);
      const redis = newRedis();
      await removeNamespace(redis, namespace);
      redis.disconnect();
    },
  };
}

async function rivalOf(child: ChildProcess, clock: TestClock): Promise<Rival> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('The process ended before it was ready.');
  });
  const [started] = (await Promise.race([once(child, 'message'), ended])) as [{ url: string; pid: number }];
  return {
    ...{ ...started, base: '/mfa', clock },
    report: () => order(child, { report: true }) as Promise<Report>,
    hold: (count) => order(child, { hold: count }),
    gathered: () => order(child, { gathered: true }),
    go: () => order(child, { go: true }),
  };
}

async function order(child: ChildProcess, what: Order): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(what);
  const [message] = (await answer) as [unknown];
  return message;
}

/**
 * Sends that many requests, every second one to the other process (`send` says how). None goes on before all have come: on a busy
 * machine one process would be done with its own before the other begins.
 */
export async function atOnce<T>({ all }: Rivals, count: number, send: (index: number) => PromiseLike<T>): Promise<T[]> {
  await Promise.all(all.map((rival, process) => rival.hold(Math.ceil((count - process) / all.length))));
  const answers = Promise.all(Array.from({ length: count }, (_, index) => send(index)));
  await Promise.race([answers, Promise.all(all.map((rival) => rival.gathered()))]);
  await Promise.all(all.map((rival) => rival.go()));
  return answers;
}

let [rounds, met] = [0, 0];

/** How many requests of one process were under way while one of the other was; kept for `expectTogether`. */
export function countTogether([a, b]: readonly Report[]): number {
  const together = (one: Handled, other: Handled) => one.from < other.until && other.from < one.until;
  const count = a!.handled.filter((one) => b!.handled.some((other) => together(one, other))).length;
  rounds += 1;
  met += count;
  return count;
}

/** For the end of a file: a round in which a busy machine let one process be done before the other began proves little, all of them nothing. */
export function expectTogether(): void {
  const none = rounds > 0 && met === 0;
  [rounds, met] = [0, 0];
  expect(none, 'no request of one process during one of the other').to.equal(false);
}
