// The contract suites find what is wrong with a store, a factor, a sender; and run under any test runner that has the words.
import { expect } from 'chai';
import { memoryStore, MfaError, outboxSender, totp, type MfaStore, type Sender } from 'express-mfa';
import {
  factorContract,
  senderContract,
  storeContract,
  type FactorFixture,
  type TestRunner,
} from 'express-mfa/testing';
import { appCode, enrol, wrongCode } from '../factors/totp/fixture.js';
import { contextAt, noon } from '../support/factor-context.js';

type Declare = (runner: TestRunner) => void;

/** Runs what was declared, and tells the sentences that did not hold; with those of `only`, nothing else. */
async function broken(declare: Declare, only: RegExp): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = [];
  declare({ describe: (_name, body) => body(), it: (name, body) => tests.push([name, body]) });
  const chosen = tests.filter(([name]) => only.test(name));
  expect(chosen.length, String(only)).to.be.greaterThan(0);
  const failed: string[] = [];
  for (const [name, body] of chosen) await body().catch(() => failed.push(name));
  return failed;
}

describe('storeContract', () => {
  const storeWith = (flaw: (store: MfaStore) => Partial<MfaStore>): Declare => {
    const opened = async () => {
      const store = memoryStore();
      return { store: { ...store, ...flaw(store) }, close: async () => undefined, advance: () => undefined };
    };
    return (runner) => storeContract('a store', opened, runner);
  };
  const flaws: [string, (store: MfaStore) => Partial<MfaStore>, RegExp][] = [
    [
      'saves whatever is expected',
      (store) => ({
        save: async (userId, record) => store.save(userId, record, (await store.load(userId)).revision),
      }),
      /older or an invented|before a removal fit after/,
    ],
    [
      'forgets that there was a record',
      (store) => ({
        load: async (userId) => {
          const loaded = await store.load(userId);
          return loaded.record ? loaded : {};
        },
      }),
      /leaves a tombstone|revision of its own/,
    ],
    [
      'gives a claim to the last',
      (store) => ({
        claim: async (key, userId) => userId ?? store.claim(key),
      }),
      /keeps the first owner|50 rivals the same/,
    ],
    [
      'forgets which claims were abandoned',
      () => ({ abandon: async () => undefined }),
      /their owner abandons taken|walks over every claim/,
    ],
    [
      'removes whatever stands there',
      (store) => ({ remove: (userId) => store.remove(userId) }),
      /removes only what stands/,
    ],
    [
      'begins every walk anew, and hides what was removed',
      (store) => ({ scan: () => store.scan() }),
      /scans tombstones too|meets nothing after the last/,
    ],
    [
      'gives to every taker',
      (store) => ({ take: (userId, key) => store.get(userId, key) }),
      /exactly one of 50 takers/,
    ],
    [
      'counts below zero',
      () => {
        let count = 0;
        return { increment: async (_user, _key, _ttl, by = 1) => ({ count: (count += by), expiresInSeconds: 60 }) };
      },
      /never below zero|by giving back/,
    ],
    [
      'takes ids for the same that differ in case',
      (store) => ({
        load: (userId) => store.load(userId.toLowerCase()),
        save: (userId, record, expected) => store.save(userId.toLowerCase(), record, expected),
      }),
      /records of odd ids/,
    ],
  ];
  for (const [name, flaw, sentences] of flaws) {
    it(`fails a store that ${name}`, async () => {
      const failed = await broken(storeWith(flaw), sentences);
      expect(failed).to.have.length(sentences.source.split('|').length);
    });
  }
});

describe('factorContract', () => {
  const factorWith = (flaw: (fixture: FactorFixture) => Partial<FactorFixture['factor']>): Declare => {
    const make = async (): Promise<FactorFixture> => {
      const factor = totp();
      const { secret, own } = await enrol(factor, contextAt(noon - 300));
      const answer = async (how: 'right' | 'wrong') => ({
        body: { code: how === 'right' ? appCode(secret, noon) : wrongCode(secret, noon) },
      });
      const fixture: FactorFixture = { factor, context: contextAt(noon), own, answer, secrets: [secret] };
      return { ...fixture, factor: { ...factor, ...flaw(fixture) } };
    };
    return (runner) => factorContract('a factor', make, runner);
  };
  const flaws: [string, (fixture: FactorFixture) => Partial<FactorFixture['factor']>, RegExp][] = [
    [
      'chokes on a body',
      ({ factor }) => ({
        parse: (body) => factor.parse({ code: (body as { code: string }).code.trim() }),
      }),
      /parses any JSON/,
    ],
    [
      'writes nothing down',
      ({ factor, own }) => ({
        judge: (...given) => {
          const verdict = factor.judge(...given);
          return verdict.is === 'right' ? { ...verdict, data: own[0]!.data } : verdict;
        },
      }),
      /accepts no answer a second time/,
    ],
    [
      'says yes to everything',
      ({ own }) => ({
        judge: () => ({ is: 'right', authenticatorId: own[0]!.id, data: {} }),
      }),
      /refuses a wrong answer|another person's|has not enrolled it/,
    ],
    [
      'changes what it judges',
      ({ factor }) => ({
        judge: (context, own, evidence) => {
          Object.assign(evidence as object, { judged: Math.random() });
          return factor.judge(context, own, evidence);
        },
      }),
      /judges twice alike/,
    ],
    ['shows its secret', ({ secrets }) => ({ describe: () => ({ secret: secrets[0]! }) }), /in clear/],
  ];
  for (const [name, flaw, sentences] of flaws) {
    it(`fails a factor that ${name}`, async () => {
      const failed = await broken(factorWith(flaw), sentences);
      expect(failed).to.have.length(sentences.source.split('|').length);
    });
  }
});

describe('senderContract', () => {
  const senderWith = (
    flaw: (sender: Sender) => Sender['send'],
    onFailure = 'connector.send_failed' as const,
  ): Declare => {
    const make = async () => {
      const outbox = outboxSender('email');
      const flawed = flaw(outbox);
      let fails = false;
      const send: Sender['send'] = async (message) => {
        if (fails) throw new MfaError(onFailure, `No ${message.code}`, { details: { definite: true } });
        await flawed(message);
      };
      return {
        sender: { ...outbox, send },
        delivered: () => outbox.messages,
        provider: () => void (fails = true),
        close: async () => undefined,
      };
    };
    return (runner) => senderContract('a sender', make, runner);
  };
  const flaws: [string, (sender: Sender) => Sender['send'], RegExp][] = [
    [
      'cuts the text',
      ({ send }) =>
        (message) =>
          send({ ...message, text: message.text.slice(0, 40) }),
      /text, whole/,
    ],
    [
      'loses what is sent at once',
      ({ send }) => {
        let busy = false;
        return async (message) => {
          if (busy) return;
          busy = true;
          await send(message);
        };
      },
      /many at once/,
    ],
    [
      'sends to whatever it is given',
      ({ send }) =>
        (message) =>
          send(message).catch(() => undefined),
      /not exactly one address/,
    ],
    [
      'repeats the code in its error, never hangs, knows no throttle',
      ({ send }) => send,
      /refuses$|throttles$|not answer$/,
    ],
  ];
  for (const [name, flaw, sentences] of flaws) {
    it(`fails a sender that ${name}`, async () => {
      const failed = await broken(senderWith(flaw), sentences);
      expect(failed).to.have.length(sentences.source.split('|').length);
    });
  }
});

describe('the contract suites', () => {
  it('ask for the words of the test runner where there are none', () => {
    const { describe: kept } = globalThis;
    try {
      Object.assign(globalThis, { describe: undefined });
      const opened = () => Promise.reject(new Error('never opened'));
      expect(() => storeContract('a store', opened)).to.throw(TypeError, "`import { describe, it } from 'node:test'`");
    } finally {
      Object.assign(globalThis, { describe: kept });
    }
  });
});
