// The doctor's question whether sessions are written back unchanged, on real express-session; no session of the store is its.
import { expect } from 'chai';
import session, { MemoryStore, type SessionOptions } from 'express-session';
import { probeResave } from '../../src/cli/resave-probe.js';
import type { Handler } from '../../src/cli/trial-request.js';

/** Counts what reaches it. */
class CountingStore extends MemoryStore {
  readonly calls: string[] = [];
  override get(...given: Parameters<MemoryStore['get']>): void {
    this.calls.push('get');
    super.get(...given);
  }
  override set(...given: Parameters<MemoryStore['set']>): void {
    this.calls.push('set');
    super.set(...given);
  }
  override destroy(...given: Parameters<MemoryStore['destroy']>): void {
    this.calls.push('destroy');
    super.destroy(...given);
  }
}

const app = { get: () => undefined };
const sessions = (options: Partial<SessionOptions>) =>
  session({ secret: 'host', resave: false, saveUninitialized: false, ...options }) as Handler;

describe('probeResave', () => {
  for (const cookie of [{}, { secure: true }, { maxAge: 60_000 }]) {
    for (const more of [{}, { saveUninitialized: true }, { rolling: true }]) {
      it(`tells both kinds, with ${JSON.stringify({ cookie, ...more })}`, async () => {
        for (const resave of [true, false])
          expect(await probeResave(sessions({ resave, cookie, ...more }), app)).to.equal(resave);
      });
    }
  }

  it('reads and writes nothing in the store, and leaves it as it was', async () => {
    const store = new CountingStore();
    const handler = sessions({ store, resave: true });
    const before = Object.keys(store);
    expect(await probeResave(handler, app)).to.equal(true);
    expect(store.calls).to.deep.equal([]);
    expect(Object.keys(store)).to.deep.equal(before);
    store.get('somebody', () => undefined);
    expect(store.calls).to.deep.equal(['get']);
  });

  it('leaves it alone where nobody may stand before it, or no session is made', async () => {
    const store = new CountingStore();
    const handler = sessions({ store });
    Object.preventExtensions(store);
    expect(await probeResave(handler, app)).to.equal(undefined);
    expect(store.calls).to.deep.equal([]);
    const next: Handler = (_req, _res, go) => (go as () => void)();
    expect(await probeResave(next, app)).to.equal(undefined);
  });
});
