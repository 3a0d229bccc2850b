// How a set-up is judged: row by row of what the factor says of the answer, and of which one goes for it.
import { expect } from 'chai';
import { confirmEnrollment } from '../../../src/core/flows/confirm-enrollment.js';
import type { EnrollmentVerdict, Factor, FactorEnrollment, Malformed } from '../../../src/core/kernel/factor.js';
import type { Json } from '../../../src/core/words/json.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel } from '../../support/core-kernel.js';
import { forget, personOf, protectedPerson, saidOf } from '../../support/core-person.js';
import { idOf, tamper } from '../../support/core-record.js';
import { fullLog } from '../../support/core-recovering.js';
import { codeOf } from '../../support/thrown.js';

const right: EnrollmentVerdict = { is: 'right', data: { word: 'any', salt: 's', lastUse: 1 } };
const noneBegun = 'session.mfa.pending_info_not_found';

/** Somebody who has begun a riddle whose set-up is judged as these say, one after the other, the last one for good. */
async function judged(verdicts: EnrollmentVerdict[], more: Partial<Factor> = {}) {
  const plain = riddle() as Factor;
  const counted = { weighed: 0 };
  const enrollment: FactorEnrollment = {
    ...plain.enrollment,
    async weigh(...given) {
      counted.weighed += 1;
      return plain.enrollment.weigh(...given);
    },
    judge: () => (verdicts.length > 1 ? verdicts.shift()! : verdicts[0]!),
  };
  const kernel = testKernel({ factors: [{ ...plain, enrollment, ...more }, spareWords()] });
  const person = personOf(kernel);
  await person.begin('riddle');
  forget(kernel);
  const answer = () => person.confirm('riddle', { word: 'any', use: 1 });
  return { kernel, person, answer, counted };
}

describe('the answer to a set-up', () => {
  const wrong = { is: 'wrong', reason: 'session.mfa.invalid_totp_code' } as const;

  it('is weighed again where it no longer fits, and may be sent again where it still does not', async () => {
    for (const [verdicts, weighed, said] of [
      [[right], 1, 'accepted'],
      [[{ is: 'stale' }, right], 2, 'accepted'],
      [[{ is: 'stale' }], 2, 'store.conflict'],
    ] as [EnrollmentVerdict[], number, string][]) {
      const { kernel, answer, counted } = await judged(verdicts);
      const outcome = await answer();
      expect([saidOf(outcome), counted.weighed]).to.deep.equal([said, weighed]);
      if (outcome.accepted) continue;
      expect(outcome.details).to.deep.equal({ retryAfterSeconds: 1 });
      expect(kernel.events).to.have.length(1);
      expect(kernel.events[0]).to.include({ name: 'enrollment-refused', kind: 'riddle', reason: said });
      expect((await kernel.recordOf('ann')).attempts).to.deep.equal({});
    }
  });

  it('is counted where it was compared and can be guessed, and else told all the same', async () => {
    for (const [verdict, guessable, isCounted] of [
      [wrong, true, true],
      [{ ...wrong, attempt: false }, true, false],
      [wrong, false, false],
    ] as [EnrollmentVerdict, boolean, boolean][]) {
      const { kernel, answer } = await judged([{ ...verdict, details: { hint: 'used' } } as EnrollmentVerdict], {
        guessable,
      });
      const outcome = await answer();
      if (outcome.accepted) return expect.fail('accepted');
      expect(outcome.reason).to.equal(wrong.reason);
      expect(outcome.details).to.deep.equal({ hint: 'used', ...(isCounted ? { remainingAttempts: 4 } : {}) });
      expect(kernel.events).to.have.length(1);
      expect(kernel.events[0]).to.deep.include({ name: 'enrollment-refused', detail: { hint: 'used' } });
      expect(Object.keys((await kernel.recordOf('ann')).attempts).length > 0).to.equal(isCounted);
    }
  });

  it('says the smaller of what its code and the budget leave', async () => {
    for (const [left, told] of [
      [2, 2],
      [9, 4],
    ] as const) {
      const { answer } = await judged([{ ...wrong, details: { remainingAttempts: left } }]);
      expect(await answer()).to.deep.include({ details: { remainingAttempts: told } });
    }
  });

  it('is of nothing where nothing was begun: as a code that was sent, or as what is shown', async () => {
    for (const [ceremony, said] of [
      [{ tries: 3 }, 'verification_code.not_found'],
      ['kept', noneBegun],
      ['once', noneBegun],
    ] as const) {
      const person = personOf(testKernel({ factors: [riddle({ enrollmentCeremony: ceremony })] }));
      expect(saidOf(await person.confirm('riddle', { word: 'any', use: 1 }))).to.equal(said);
    }
  });

  it('says what cannot be read of it, as the factor says it', async () => {
    for (const malformed of [{}, { reason: 'user.totp_already_in_use', details: { field: 'word' } }] as const) {
      const { enrollment } = riddle() as Factor;
      const parse = (): Malformed => ({ malformed: true, ...malformed });
      const { kernel, answer } = await judged([right], { enrollment: { ...enrollment, parse } });
      const { reason = 'request.invalid', details = {} } = malformed as { reason?: string; details?: object };
      expect(await answer()).to.deep.equal({ accepted: false, reason, details });
      expect(kernel.events.map((each) => each.reason)).to.deep.equal([reason]);
    }
  });

  it('leaves nothing of what was begun once it is accepted, and leaves it where it was wrong', async () => {
    const { kernel, person, answer } = await judged([wrong, right]);
    const place = `ceremony:enroll:riddle:${person.asker.signIn.flowId}`;
    const isKept = async () => (await kernel.store.get('ann', place)) !== undefined;
    await answer();
    expect(await isKept()).to.equal(true);
    expect(saidOf(await answer())).to.equal('accepted');
    expect(await isKept()).to.equal(false);
  });

  it('that is somebody else’s in part makes no record of whoever has none', async () => {
    const { kernel, answer } = await judged([{ ...right, claims: ['mine', 'theirs'] }]);
    await kernel.store.claim('theirs', 'bob');
    expect(saidOf(await answer())).to.equal('request.invalid');
    expect(await kernel.store.load('ann')).not.to.have.property('record');
    expect(await kernel.store.claim('mine')).to.equal('ann');
  });

  it('that counts, and whose entry the log takes later, is told by no second outcome', async () => {
    const { kernel, person } = await judged([right]);
    const confirming = confirmEnrollment({ ...kernel, logbook: fullLog }, person.asker, 'riddle', {
      word: 'x',
      use: 1,
    });
    expect(await codeOf(confirming)).to.equal('audit.unavailable');
    expect(kernel.outcomes().map(({ outcome }) => outcome)).to.deep.equal(['accepted']);
  });
});

describe('the one that goes for a new one', () => {
  /** Two riddles of the two that somebody may have, and a third one begun. */
  async function full() {
    const plain = riddle({ limit: 2 }) as Factor;
    const { judge } = plain.enrollment;
    const enrollment: FactorEnrollment = {
      ...plain.enrollment,
      replaceable: true,
      judge: (...given) => ({ ...judge(...given), replaces: ['what the factor says'] }) as EnrollmentVerdict,
    };
    const { kernel, person } = await protectedPerson({ factors: [{ ...plain, enrollment }, spareWords()] });
    const first = await idOf(kernel, 'riddle');
    const other = { id: 'other', kind: 'riddle', createdAt: 1, data: { word: 'x', salt: 'other', lastUse: 0 } };
    await tamper(kernel, ({ authenticators }) => ({ authenticators: [...authenticators, other] }));
    const { word } = (await person.begin('riddle')) as { word: string };
    forget(kernel);
    const ids = async () =>
      (await kernel.recordOf('ann')).authenticators.filter(({ kind }) => kind === 'riddle').map(({ id }) => id);
    return { kernel, person, answer: (more: { [field: string]: Json }) => ({ word, use: 1, ...more }), first, ids };
  }

  it('is the one that the form names', async () => {
    const { person, answer, first, ids } = await full();
    const outcome = await person.confirm('riddle', answer({ replaces: 'other' }));
    if (!outcome.accepted) return expect.fail(outcome.reason);
    expect(await ids()).to.deep.equal([first, outcome.authenticatorId]);
  });

  for (const [what, more, reason] of [
    ['that is none of theirs', { replaces: 'somebody else’s' }, 'request.invalid'],
    ['that nobody named', {}, 'user.too_many_authenticators'],
  ] as const)
    it(`is none ${what}: ${reason}, and both stay`, async () => {
      const { kernel, person, answer, first, ids } = await full();
      const refusal = { accepted: false, reason, details: { field: 'replaces' } };
      expect(await person.confirm('riddle', answer(more))).to.deep.equal(refusal);
      expect(await ids()).to.deep.equal([first, 'other']);
      expect(kernel.events).to.have.length(1);
      expect(kernel.events[0]).to.include({ name: 'enrollment-refused', reason });
    });

  it('is read from fields of the form alone, whatever the body is', async () => {
    for (const body of [null, 7, 'replaces', ['replaces'], Object.create({ replaces: 'other' })] as Json[]) {
      const { enrollment } = riddle() as Factor;
      const reads = { ...enrollment, parse: () => null, judge: () => right, replaceable: true as const };
      const person = personOf(testKernel({ factors: [{ ...(riddle() as Factor), enrollment: reads }] }));
      await person.begin('riddle');
      expect(saidOf(await person.confirm('riddle', body))).to.equal('accepted');
    }
  });

  it('is not told as in use of a kind of which somebody may have more', async () => {
    const factors = [riddle({ inUse: 'user.totp_already_in_use', limit: 3 })];
    const { kernel, person } = await protectedPerson({ factors });
    const { word } = (await person.begin('riddle')) as { word: string };
    await tamper(kernel, () => ({ epoch: 'another' }));
    person.asker.signIn.epoch = 'another';
    expect(saidOf(await person.confirm('riddle', { word, use: 1 }))).to.equal(noneBegun);
  });
});
