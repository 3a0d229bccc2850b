// Holds an answer back until something is decided that only its handler could bring about: nothing leaves meanwhile.
// Where it is decided at once, which is the rule, nothing is held. Knows not what is decided.
import type { Response } from 'express';

/**
 * `go`: the answer leaves as it is. Else it is dropped, and this one is given in its stead: by `end` alone where `end` is
 * handed in, else in any way.
 */
export type Verdict = 'go' | ((end?: (text: string) => void) => Promise<void> | void);

type Method = 'writeHead' | 'flushHeaders' | 'write' | 'end';
type Call = (...given: unknown[]) => unknown;
type Held = { method: Method; given: unknown[] };

/** Calls `decide` once, as the head of `res` is about to leave; undefined: go, and at once. */
export function holdAnswer(res: Response, decide: () => undefined | Promise<Verdict>): void {
  const target = res as unknown as { [method in Method]: Call };
  const real: { [method in Method]: Call } = {
    writeHead: target.writeHead,
    flushHeaders: target.flushHeaders,
    write: target.write,
    end: target.end,
  };
  const held: Held[] = [];
  let state: 'untouched' | 'held' | 'open' | 'dropped' = 'untouched';
  const settle = (verdict: Verdict): Promise<void> | void => {
    state = 'open';
    if (verdict === 'go') {
      for (const { method, given } of held) real[method].apply(res, given);
      // Whoever pipes into the answer waits since its first piece.
      if (held.at(-1)?.method === 'write') res.emit('drain');
      return;
    }
    if (held.at(-1)?.method === 'end' && target.end === wrapped.end) return verdict();
    // The handler has more to write, or somebody around us believes that it has ended: theirs and ours would mix.
    state = 'dropped';
    return verdict((text) => {
      state = 'open';
      real.end.call(res, text);
      state = 'dropped';
    });
  };
  const pass = (method: Method, given: unknown[]): unknown => {
    if (state === 'untouched') {
      state = 'open';
      const verdict = decide();
      if (verdict) {
        state = 'held';
        void verdict.then(settle).catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined));
      }
    }
    if (state === 'open') return real[method].apply(res, given);
    if (state === 'held' && held.at(-1)?.method !== 'end') held.push({ method, given });
    return method === 'write' ? false : res;
  };
  const wrapped: { [method in Method]: Call } = {
    writeHead: (...given) => pass('writeHead', given),
    flushHeaders: (...given) => pass('flushHeaders', given),
    write: (...given) => pass('write', given),
    end: (...given) => pass('end', given),
  };
  Object.assign(target, wrapped);
}
