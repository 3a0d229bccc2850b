// What every factor must hold to, whatever it asks for. A factor of the host's own may run it too: `make` enrols
// afresh each time and answers as its owner would.
import { expect } from 'chai';
import fc from 'fast-check';
import { statusOf } from '../../src/core/errors.js';
import { isMalformed } from '../../src/core/factor.js';
import type { Begun, Factor, FactorContext, Verdict } from '../../src/core/factor.js';
import type { Json } from '../../src/core/ports.js';
import type { Authenticator } from '../../src/core/record.js';

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

/** Declares the suite; `make` is called at least once for each test. */
export function factorContract(name: string, make: () => Promise<FactorFixture>): void {
  describe(`${name}, as every factor`, () => {
    it('has a kebab-case kind and a public reason for a wrong answer', async () => {
      const { factor } = await make();
      expect(factor.kind).to.match(/^[a-z]+(-[a-z]+)*$/);
      expect(statusOf).to.have.property(factor.wrong);
      expect(factor.enrollment.limit).to.be.at.least(1);
      expect(factor.enrollment.ttlSeconds).to.be.within(60, 3600);
    });

    it('parses any JSON without throwing', async () => {
      const { factor } = await make();
      const { enrollment } = factor;
      const parsers = [
        (body: Json) => factor.parse(body),
        (body: Json) => enrollment.parse(body),
        (body: Json) => enrollment.parseBegin?.(body) ?? null,
      ];
      fc.assert(
        fc.property(anyBody, (body) => {
          for (const parse of parsers) {
            const parsed = parse(body);
            expect(parsed).not.to.equal(undefined);
            if (isMalformed(parsed) && parsed.reason !== undefined) expect(statusOf).to.have.property(parsed.reason);
          }
        }),
      );
    });

    it('accepts the right answer, for an authenticator that the person has, with data that JSON carries', async () => {
      const fixture = await make();
      const verdict = await verdictOn(fixture, 'right');
      if (verdict.is !== 'right') return expect.fail(`the verdict is ${JSON.stringify(verdict)}`);
      expect(fixture.own.map(({ id }) => id)).to.include(verdict.authenticatorId);
      expect(JSON.parse(JSON.stringify(verdict.data))).to.deep.equal(verdict.data);
    });

    it('refuses a wrong answer with its one reason', async () => {
      const fixture = await make();
      const verdict = await verdictOn(fixture, 'wrong');
      expect(verdict).to.include({ is: 'wrong', reason: fixture.factor.wrong });
      expect(verdict).not.to.have.property('attempt');
    });

    it('judges twice alike, and changes neither the record nor the evidence', async () => {
      const fixture = await make();
      for (const how of ['right', 'wrong'] as const) {
        const evidence = await weighed(fixture, how);
        const before = structuredClone({ own: fixture.own, evidence });
        deepFreeze(fixture.own);
        const first = fixture.factor.judge(fixture.context, fixture.own, evidence);
        const second = fixture.factor.judge(fixture.context, fixture.own, evidence);
        expect(second).to.deep.equal(first);
        expect({ own: fixture.own, evidence }).to.deep.equal(before);
      }
    });

    it('accepts no answer a second time once its data is written', async () => {
      const fixture = await make();
      // Where a ceremony is begun, taking it is what makes its answer single.
      if (fixture.factor.ceremony !== 'none') return;
      const evidence = await weighed(fixture, 'right');
      const verdict = fixture.factor.judge(fixture.context, fixture.own, evidence);
      const own = applied(fixture.own, verdict);
      expect(fixture.factor.judge(fixture.context, own, evidence).is, 'the rival').not.to.equal('right');
      expect((await verdictOn({ ...fixture, own }, 'right')).is, 'the replay').to.equal('wrong');
    });

    it("takes no evidence that was weighed against another person's authenticators", async () => {
      const [mine, theirs] = [await make(), await make()];
      const evidence = await weighed(theirs, 'right');
      const verdict = mine.factor.judge(mine.context, mine.own, evidence);
      expect(verdict.is).to.equal(
        mine.factor.ceremony === 'none' ? 'stale' : verdict.is === 'stale' ? 'stale' : 'wrong',
      );
    });

    it('accepts nothing from somebody who has not enrolled it', async () => {
      const fixture = await make();
      const nobody = { ...fixture, own: [] };
      const verdict = await verdictOn(nobody, 'right');
      expect(verdict.is).to.equal('wrong');
      if (fixture.factor.ceremony === 'none') expect(verdict).to.include({ reason: fixture.factor.wrong });
    });

    it('tells how an authenticator stands, the same each time', async () => {
      const { factor, own, context } = await make();
      deepFreeze(own);
      for (const authenticator of own) {
        const standing = factor.standing(authenticator, context.now);
        expect(standings).to.include(standing.state);
        expect(factor.standing(authenticator, context.now)).to.deep.equal(standing);
      }
    });

    it('neither stores nor shows a secret in clear', async () => {
      const { factor, own, context, secrets } = await make();
      expect(secrets.length).to.be.at.least(1);
      const seen = JSON.stringify([own, own.map((authenticator) => factor.describe?.(context, authenticator) ?? null)]);
      for (const secret of secrets) expect(seen).not.to.include(secret);
    });
  });
}

const fields = ['code', 'response', 'saved', 'revealToken', 'address', 'name'];
const anyBody = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()),
  fc.dictionary(fc.constantFrom(...fields), fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\d\s-]*$/))),
) as fc.Arbitrary<Json>;

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
