// What tests of the contract suites for stores share: to run one over each client of Redis, and to see that it finds what is
// wrong in a store with one flaw.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { TestRunner } from 'express-mfa/testing';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { freshNamespace, newRedis, removeNamespace } from './redis.js';

/** The key prefix of a client that has one. */
export const keyPrefix = 'test-prefix:';

type Opened<Store> = { store: Store; close(): Promise<void> };
type Contract<Store> = (name: string, open: () => Promise<Opened<Store>>, runner?: TestRunner) => void;

/** Runs the suite on a store over each of these clients, and removes what it wrote. */
export function overEachClient<Store>(
  clients: { [name: string]: () => RedisClient & { disconnect(): void } },
  name: string,
  contract: Contract<Store>,
  make: (client: RedisClient, namespace: string) => Store,
): void {
  for (const [of, connect] of Object.entries(clients)) {
    describe(of, () => {
      contract(name, () => {
        const client = connect();
        const namespace = freshNamespace();
        return Promise.resolve({
          store: make(client, namespace),
          async close() {
            client.disconnect();
            const redis = newRedis();
            await removeNamespace(redis, namespace);
            await removeNamespace(redis, `${keyPrefix}${namespace}`);
            redis.disconnect();
          },
        });
      });
    }).timeout(60_000);
  }
}

/** `sentences`: the tests of the suite that must fail, as many as it has alternatives. */
type Flaw<Store> = [flaw: string, withFlaw: (store: Store) => Partial<Store>, sentences: RegExp];

/** A test for each flaw: the suite finds it, by the tests that it should. */
export function findsFlaws<Store extends object>(
  contract: Contract<Store>,
  make: () => Store,
  flaws: readonly Flaw<Store>[],
): void {
  for (const [flaw, withFlaw, sentences] of flaws) {
    it(`finds a store that ${flaw}`, async () => {
      const tests: [string, () => Promise<void>][] = [];
      const runner: TestRunner = { describe: (_name, body) => body(), it: (name, body) => tests.push([name, body]) };
      const open = () => {
        const store = make();
        return Promise.resolve({ store: { ...store, ...withFlaw(store) }, close: () => Promise.resolve() });
      };
      contract('a store', open, runner);
      const chosen = tests.filter(([name]) => sentences.test(name));
      expect(chosen).to.have.length(sentences.source.split('|').length);
      for (const [name, body] of chosen) {
        const held = await body().then(
          () => true,
          () => false,
        );
        expect(held, name).to.equal(false);
      }
    });
  }
}

type MakeOnRedis<Store> = (client: RedisClient, options: { namespace: string; timeoutMs?: number }) => Store;

/** A test: a store beside the one of records says that Redis is down, and refuses options, in its own name. */
export function speaksForItself<Store>(
  name: string,
  make: MakeOnRedis<Store>,
  ask: (store: Store) => Promise<unknown>,
): void {
  it('says that Redis is down, and refuses options in its own name', async () => {
    const down = new Redis(1, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
    down.on('error', () => undefined);
    const failed: unknown = await ask(make(down, { namespace: 'acme', timeoutMs: 100 })).catch(
      (error: unknown) => error,
    );
    expect(failed).to.have.property('code', 'store.unavailable');
    const refused: [object | undefined, string][] = [
      [undefined, 'config.namespace_missing'],
      [{ namespace: 'a{b' }, 'config.invalid_option'],
      [{ namespace: 'acme', timeoutMs: 0 }, 'config.invalid_option'],
      [{ namespace: 'acme', timeoutMS: 5 }, 'config.unknown_option'],
    ];
    for (const [options, code] of refused) {
      expect(() => make(down, options as { namespace: string }))
        .to.throw(new RegExp(`^${name}: `))
        .with.property('code', code);
    }
    down.disconnect();
    expect(() => make({} as RedisClient, { namespace: 'acme' })).to.throw('no method `eval`');
  });
}
