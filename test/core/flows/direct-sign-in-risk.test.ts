// Sign-in by an authenticator alone, where it looks risky, and each refusal of it: by its code, told once, of whom where that is
// known.
import { expect } from 'chai';
import {
  askDirectly,
  recognise,
  tellDirectSignIn,
  type DirectContext,
  type DirectFactor,
} from '../../../src/core/flows/direct-sign-in.js';
import type { Verdict } from '../../../src/core/kernel/factor.js';
import type { Risk } from '../../../src/core/kernel/kernel.js';
import type { RiskLevel } from '../../../src/core/kernel/risk.js';
import type { Json } from '../../../src/core/words/json.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { accepted, refused } from '../../../src/core/words/outcome.js';
import { riddle, spareWords, type RiddleData } from '../../support/core-factors.js';
import { namesOf } from '../../support/core-kernel.js';
import { forget, protectedPerson, saidOf } from '../../support/core-person.js';
import { fullLog } from '../../support/core-recovering.js';
import { idOf, tamper } from '../../support/core-record.js';
import { highRisk, riskTable } from '../../support/rule-person.js';
import { codeOf } from '../../support/thrown.js';

const wrong = 'session.mfa.invalid_totp_code';

/** Everybody is Ann; what the factor does otherwise is the test's. */
async function house(options: { table?: typeof riskTable; verdict?: Verdict; found?: Json } = {}) {
  const asks: Partial<DirectContext>[] = [];
  const hooks = { whileWeighing: async (): Promise<unknown> => undefined };
  const plain = riddle({ guessable: false });
  const factor: DirectFactor = {
    ...(plain as unknown as DirectFactor),
    directSignIn: {
      async issue(context) {
        asks.push(context);
        return { options: { rpId: 'acme.example' }, challenge: 'c' };
      },
      parse: (body) => plain.parse(body),
      async weigh(context) {
        asks.push(context);
        const loaded = await context.store.load('ann');
        await hooks.whileWeighing();
        return options.found ? (options.found as never) : accepted({ userId: 'ann', loaded });
      },
      judge(_now, own) {
        const [one] = own;
        if (options.verdict) return options.verdict;
        if (!one) return { is: 'wrong', reason: wrong };
        const data = { ...(one.data as RiddleData), lastUse: 9 };
        return { is: 'right', authenticatorId: one.id, data, userVerified: true };
      },
    },
  };
  const made = await protectedPerson({
    factors: [factor, spareWords()],
    settings: { riskActions: options.table ?? riskTable },
  });
  const { kernel, person } = made;
  const looks = { level: 'low' as RiskLevel };
  const risk: Risk = {
    lookUp: async () => ({ family: 'Firefox' }),
    assess: () => ({ score: 1, level: looks.level, signals: [] }),
  };
  const browser: { known?: string } = {};
  const hints = { ip: '203.0.113.9', userAgent: 'test' };
  const stranger = { flowId: 'f', locale: 'en', hints, knownBrowserOf: () => browser.known };
  const host = { asked: [] as string[], says: async (): Promise<boolean> => true };
  const admits = async (userId: string) => (host.asked.push(userId), host.says());
  const assessing = { ...kernel, risk };
  const answer = (body: Json = { word: 'w', use: 2 }, of = assessing) => recognise(of, factor, stranger, body, admits);
  const told = () =>
    kernel.events.map(({ name, reason, userId, kind, authenticatorId: id }) => [name, reason, userId, kind, id]);
  return { ...made, assessing, factor, stranger, host, answer, told, looks, asks, hooks, browser, person };
}

describe('a direct sign-in is asked for', () => {
  it('with what the factor needs, of this browser, and nothing is read', async () => {
    const { kernel, factor, stranger, asks } = await house();
    const asked = await askDirectly(kernel, factor, stranger);
    expect(asked).to.deep.equal({ options: { rpId: 'acme.example' }, challenge: 'c' });
    expect(asks[0]).to.include({ now: kernel.now(), flowId: 'f', store: kernel.store, sealer: kernel.sealer });
    expect(asks[0]).to.include({ random: kernel.random, origins: kernel.settings.origins });
  });
});

describe('a direct sign-in', () => {
  it('of a browser that nobody knows makes it known, of a known one does not', async () => {
    const { kernel, person, answer, browser } = await house();
    const first = await answer();
    expect(first).to.include({ accepted: true }).and.have.property('knownBrowser');
    const { known } = await kernel.recordOf('ann');
    expect(known).to.have.length(2);
    browser.known = person.asker.knownBrowser!;
    expect(await answer())
      .to.include({ accepted: true })
      .and.not.have.property('knownBrowser');
    expect((await kernel.recordOf('ann')).known).to.deep.equal(known);
  });

  it('says how risky it looked, teaches the history, and lowers what its lane was raised to', async () => {
    const { kernel, answer, looks } = await house();
    await tamper(kernel, () => ({ raised: { unknown: 'high' } }));
    looks.level = 'medium';
    const outcome = await answer();
    if (!outcome.accepted) return expect.fail(outcome.reason);
    expect(outcome.risk).to.include({ level: 'high', since: kernel.now() });
    const record = await kernel.recordOf('ann');
    expect(record).to.have.property('history');
    expect(record).not.to.have.property('raised');
    expect(namesOf(kernel)).to.deep.equal(['risk-assessed']);
  });

  it('says nothing of risk where none is assessed', async () => {
    const { kernel, answer } = await house();
    expect(await answer(undefined, kernel as never))
      .to.include({ accepted: true })
      .and.not.have.property('risk');
  });

  it('is refused where the app lets nobody in who looks so risky: kept, told, nothing spent', async () => {
    const { kernel, answer, looks, told } = await house({ table: highRisk({ signIn: 'block' }) });
    looks.level = 'high';
    const before = await kernel.recordOf('ann');
    expect(saidOf(await answer())).to.equal('session.mfa.blocked');
    expect(await kernel.recordOf('ann')).to.deep.equal({ ...before, raised: { unknown: 'high' } });
    expect(told()).to.deep.equal([
      ['risk-assessed', undefined, 'ann', undefined, undefined],
      ['verification-refused', 'session.mfa.blocked', 'ann', 'riddle', undefined],
    ]);
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['unusual-sign-in']);
    await tamper(kernel, () => ({ releasedUntil: kernel.now() }));
    expect(saidOf(await answer())).to.equal('accepted');
  });

  it('is assessed and kept in the lane of the browser that asks: what strangers raised is not its level', async () => {
    const { kernel, person, answer, looks, browser } = await house({ table: highRisk({ signIn: 'block' }) });
    await tamper(kernel, () => ({ raised: { unknown: 'high' } }));
    expect(saidOf(await answer())).to.equal('session.mfa.blocked');
    browser.known = person.asker.knownBrowser!;
    expect(saidOf(await answer())).to.equal('accepted');
    expect((await kernel.recordOf('ann')).raised).to.deep.equal({ unknown: 'high' });
    looks.level = 'high';
    expect(saidOf(await answer())).to.equal('session.mfa.blocked');
    const lane = `known:${browser.known.split('.')[0]}`;
    expect((await kernel.recordOf('ann')).raised).to.deep.equal({ unknown: 'high', [lane]: 'high' });
  });

  it('assesses nothing of an answer that is not right', async () => {
    const { kernel, answer, told, host } = await house({ verdict: { is: 'wrong', reason: wrong } });
    expect(saidOf(await answer())).to.equal(wrong);
    expect(told()).to.deep.equal([['verification-refused', wrong, 'ann', 'riddle', undefined]]);
    expect(host.asked).to.deep.equal([]);
    expect(kernel.notices).to.deep.equal([]);
  });

  it('says what was wrong in particular, of whom where that is known', async () => {
    const details = { hint: 'passkey.gone' };
    for (const userId of [undefined, 'ann']) {
      const found = { ...refused(wrong, details), ...(userId === undefined ? {} : { userId }) };
      const { kernel, answer, told } = await house({ found: found as never });
      expect(await answer()).to.deep.equal({ accepted: false, reason: wrong, details });
      expect(told()).to.deep.equal([['verification-refused', wrong, userId, 'riddle', undefined]]);
      expect(kernel.events[0]).to.deep.include({ detail: { hint: 'passkey.gone' }, ip: '203.0.113.9' });
    }
  });

  it('that is malformed is told of nobody, and says in which field', async () => {
    const { kernel, factor, answer, told } = await house();
    expect(await answer({})).to.deep.include({ reason: 'request.invalid', details: { field: 'word' } });
    expect(told()).to.deep.equal([['verification-refused', 'request.invalid', undefined, 'riddle', undefined]]);
    expect(kernel.events[0]).to.include({ ip: '203.0.113.9' }).and.not.have.property('detail');
    factor.directSignIn.parse = () => ({ malformed: true });
    expect(await answer({})).to.deep.equal({ accepted: false, reason: 'request.invalid', details: {} });
  });

  it('of somebody who has no record is refused, and the host is not asked', async () => {
    const found = accepted({ userId: 'bob', loaded: {} });
    const { kernel, answer, told, host } = await house({ found: found as never });
    expect(saidOf(await answer())).to.equal(wrong);
    expect(host.asked).to.deep.equal([]);
    expect(told()).to.deep.equal([['verification-refused', wrong, 'bob', 'riddle', undefined]]);
    expect((await kernel.store.load('bob')).record).to.equal(undefined);
  });

  it('of somebody suspended is refused as that, whether before it was read or after, and the host is not asked before', async () => {
    const suspend = { suspended: { scim: 1 } };
    const before = await house();
    await tamper(before.kernel, () => suspend);
    expect(saidOf(await before.answer())).to.equal('session.mfa.suspended');
    expect(before.host.asked).to.deep.equal([]);
    const late = await house();
    late.hooks.whileWeighing = () => tamper(late.kernel, () => suspend);
    expect(saidOf(await late.answer(undefined, late.kernel as never))).to.equal('session.mfa.suspended');
    for (const { told } of [before, late])
      expect(told()).to.deep.equal([['verification-refused', 'session.mfa.suspended', 'ann', 'riddle', undefined]]);
  });

  it('of an authenticator that is removed meanwhile is refused and told', async () => {
    const { kernel, answer, told, hooks } = await house();
    hooks.whileWeighing = () => tamper(kernel, () => ({ authenticators: [] }));
    expect(saidOf(await answer(undefined, kernel as never))).to.equal(wrong);
    expect(told()).to.deep.equal([['verification-refused', wrong, 'ann', 'riddle', undefined]]);
  });

  it('that the host refuses, or fails at, names the authenticator, and never what of the app is missing', async () => {
    const { kernel, answer, told, host } = await house();
    const id = await idOf(kernel, 'riddle');
    host.says = async () => false;
    expect(saidOf(await answer())).to.equal(wrong);
    expect(told()).to.deep.equal([['verification-refused', wrong, 'ann', 'riddle', id]]);
    expect(host.asked).to.deep.equal(['ann']);
    for (const [thrown, reason] of [
      [new MfaError('store.unavailable', 'down'), 'store.unavailable'],
      [new MfaError('config.invalid_option', 'x'), wrong],
      [new Error('The directory does not answer.'), wrong],
    ] as const) {
      forget(kernel);
      host.says = () => Promise.reject(thrown);
      expect(await codeOf(answer())).not.to.equal('nothing thrown');
      expect(told()).to.deep.equal([['verification-refused', reason, 'ann', 'riddle', id]]);
    }
  });

  it('that cannot be saved is told by its code, or that the store does not answer', async () => {
    const { kernel, answer, told } = await house();
    for (const [thrown, reason] of [
      [new MfaError('store.conflict', 'busy'), 'store.conflict'],
      [new Error('ECONNREFUSED'), 'store.unavailable'],
    ] as const) {
      forget(kernel);
      const store = { ...kernel.store, save: () => Promise.reject(thrown) };
      expect(await codeOf(answer(undefined, { ...kernel, store } as never))).not.to.equal('nothing thrown');
      expect(told()).to.deep.equal([['verification-refused', reason, 'ann', 'riddle', undefined]]);
    }
  });

  it('that the log does not hold lets nobody in, though it is told as it was', async () => {
    const { kernel, factor, stranger, answer } = await house();
    const outcome = await answer(undefined, kernel as never);
    if (!outcome.accepted) return expect.fail(outcome.reason);
    const tells = tellDirectSignIn({ ...kernel, logbook: fullLog }, factor, stranger, outcome);
    expect(await codeOf(tells)).to.equal('audit.unavailable');
    expect(namesOf(kernel)).to.deep.equal(['verification-accepted']);
    forget(kernel);
    await tellDirectSignIn(kernel, factor, stranger, outcome, 'session.not_signed_in');
    expect(kernel.events[0]).to.include({ authenticatorId: outcome.proof.authenticatorId, kind: 'riddle' });
  });
});
