// What every factor must hold to, whatever it asks for. A factor of the host's own may run it too: `make` enrols
// afresh each time and answers as its owner would.
import { strict as assert } from 'node:assert';
import { statusOf } from '../core/words/errors.js';
import { isMalformed } from '../core/kernel/factor.js';
import type { Begun, Factor, FactorContext, Verdict } from '../core/kernel/factor.js';
import type { Json } from '../core/words/json.js';
import type { Authenticator } from '../core/kernel/record.js';
import { anyBody } from './any-json.js';
import { runnerOf, type TestRunner } from './runner.js';

/** One freshly enrolled authenticator, and the means to answer for it. */
export type FactorFixture = {
  factor: Factor;
  context: FactorContext;
  own: Authenticator[];
  /** The fields that its owner, or somebody who guesses, would send; with the challenge where the factor begins one. */
  answer(how: 'right' | 'wrong'): Promise<{ body: Json; begun?: Begun }>;
  /** Texts that must be found neither in what is stored nor in what is shown: the secret, the codes, the address. */
  secrets: string[];
};

const standings = ['usable', 'low', 'empty', 'expired'];

/** Bodies that each parser is given. */
const bodies = 300;

const isReason = (code: string) => Object.hasOwn(statusOf, code);

/**
 * Declares the suite; `make` is called at least once for each test.
 * @param runner default: the globals `describe` and `it`
 */
export function factorContract(name: string, make: () => Promise<FactorFixture>, runner?: TestRunner): void {
  const { describe, it } = runnerOf(runner);
  describe(`${name}, as every factor`, () => {
    it('has a kebab-case kind and a public reason for a wrong answer', async () => {
      const { factor } = await make();
      const { limit, ttlSeconds } = factor.enrollment;
      assert.match(factor.kind, /^[a-z]+(-[a-z]+)*$/);
      assert.ok(isReason(factor.wrong), factor.wrong);
      assert.ok(limit >= 1, `limit is ${limit}`);
      assert.ok(ttlSeconds >= 60 && ttlSeconds <= 3600, `ttlSeconds is ${ttlSeconds}`);
    });

    it('parses any JSON without throwing', async () => {
      const { factor } = await make();
      const { enrollment } = factor;
      const parsers: { [name: string]: (body: Json) => unknown } = {
        parse: (body) => factor.parse(body),
        'enrollment.parse': (body) => enrollment.parse(body),
        'enrollment.parseBegin': (body) => enrollment.parseBegin?.(body) ?? null,
      };
      for (let count = 0; count < bodies; count += 1) {
        const body = anyBody();
        for (const [parser, parse] of Object.entries(parsers)) {
          const given = `${parser} was given ${JSON.stringify(body)}`;
          const parsed = parsedBy(parse, body, given);
          assert.notEqual(parsed, undefined, given);
          if (isMalformed(parsed) && parsed.reason !== undefined) assert.ok(isReason(parsed.reason), given);
        }
      }
    });

    it('accepts the right answer, for an authenticator that the person has, with data that JSON carries', async () => {
      const fixture = await make();
      const verdict = await verdictOn(fixture, 'right');
      if (verdict.is !== 'right') assert.fail(`the verdict is ${JSON.stringify(verdict)}`);
      const ids = fixture.own.map(({ id }) => id);
      assert.ok(ids.includes(verdict.authenticatorId), verdict.authenticatorId);
      assert.deepEqual(JSON.parse(JSON.stringify(verdict.data)), verdict.data);
    });

    it('refuses a wrong answer with its one reason', async () => {
      const fixture = await make();
      const verdict = await verdictOn(fixture, 'wrong');
      if (verdict.is !== 'wrong') assert.fail(`the verdict is ${JSON.stringify(verdict)}`);
      assert.equal(verdict.reason, fixture.factor.wrong);
      assert.ok(!('attempt' in verdict));
    });

    it('judges twice alike, and changes neither the record nor the evidence', async () => {
      const fixture = await make();
      for (const how of ['right', 'wrong'] as const) {
        const evidence = await weighed(fixture, how);
        const before = structuredClone({ own: fixture.own, evidence });
        deepFreeze(fixture.own);
        const first = fixture.factor.judge(fixture.context, fixture.own, evidence);
        const second = fixture.factor.judge(fixture.context, fixture.own, evidence);
        assert.deepEqual(second, first);
        // Cloned too: a clone has other prototypes.
        assert.deepEqual(structuredClone({ own: fixture.own, evidence }), before);
      }
    });

    it('accepts no answer a second time once its data is written', async () => {
      const fixture = await make();
      // Where a ceremony is begun, taking it is what makes its answer single.
      if (fixture.factor.ceremony !== 'none') return;
      const evidence = await weighed(fixture, 'right');
      const verdict = fixture.factor.judge(fixture.context, fixture.own, evidence);
      const own = applied(fixture.own, verdict);
      assert.notEqual(fixture.factor.judge(fixture.context, own, evidence).is, 'right', 'the rival');
      assert.equal((await verdictOn({ ...fixture, own }, 'right')).is, 'wrong', 'the replay');
    });

    it("takes no evidence that was weighed against another person's authenticators", async () => {
      const [mine, theirs] = [await make(), await make()];
      const evidence = await weighed(theirs, 'right');
      const { is } = mine.factor.judge(mine.context, mine.own, evidence);
      assert.ok(is === 'stale' || (is === 'wrong' && mine.factor.ceremony !== 'none'), is);
    });

    it('accepts nothing from somebody who has not enrolled it', async () => {
      const fixture = await make();
      const verdict = await verdictOn({ ...fixture, own: [] }, 'right');
      if (verdict.is !== 'wrong') assert.fail(`the verdict is ${JSON.stringify(verdict)}`);
      if (fixture.factor.ceremony === 'none') assert.equal(verdict.reason, fixture.factor.wrong);
    });

    it('tells how an authenticator stands, the same each time', async () => {
      const { factor, own, context } = await make();
      deepFreeze(own);
      for (const authenticator of own) {
        const standing = factor.standing(authenticator, context.now);
        assert.ok(standings.includes(standing.state), standing.state);
        assert.deepEqual(factor.standing(authenticator, context.now), standing);
      }
    });

    it('neither stores nor shows a secret in clear', async () => {
      const { factor, own, context, secrets } = await make();
      assert.ok(secrets.length >= 1, 'the fixture names no secret');
      const seen = JSON.stringify([own, own.map((authenticator) => factor.describe?.(context, authenticator) ?? null)]);
      for (const secret of secrets) assert.ok(!seen.includes(secret), `${secret} is in ${seen}`);
    });
  });
}

function parsedBy(parse: (body: Json) => unknown, body: Json, given: string): unknown {
  try {
    return parse(body);
  } catch (error) {
    throw new Error(`${given} and threw`, { cause: error });
  }
}

/** Parses and weighs an answer as the flow does. */
async function weighed(fixture: FactorFixture, how: 'right' | 'wrong'): Promise<unknown> {
  const { factor, context, own } = fixture;
  const { body, begun } = await fixture.answer(how);
  const parsed = factor.parse(body);
  if (isMalformed(parsed)) throw new Error(`${factor.kind} took an answer for malformed: ${JSON.stringify(parsed)}`);
  return factor.weigh(context, own, parsed, begun);
}

async function verdictOn(fixture: FactorFixture, how: 'right' | 'wrong'): Promise<Verdict> {
  return fixture.factor.judge(fixture.context, fixture.own, await weighed(fixture, how));
}

/** The authenticators as they stand after the flow has written what the verdict says. */
export function applied(own: readonly Authenticator[], verdict: Verdict): Authenticator[] {
  if (verdict.is !== 'right') throw new Error(`the verdict is ${JSON.stringify(verdict)}`);
  return own.map((one) => (one.id === verdict.authenticatorId ? { ...one, data: verdict.data } : one));
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
}
