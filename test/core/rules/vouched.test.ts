// Whether the word of an identity provider stands in for the sign-in step, to the second.
import { expect } from 'chai';
import { vouchedUntil, vouchingOf } from '../../../src/core/rules/vouched.js';
import { endedByFlow } from '../../../src/core/rules/ended-sign-ins.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import type { UpstreamRule } from '../../../src/core/kernel/settings.js';
import type { SignIn } from '../../../src/core/kernel/sign-in.js';
import { testKernel } from '../../support/core-kernel.js';

const [here, there] = ['https://idp.example', 'https://other.example'];
const rule: UpstreamRule = {
  mfa: 'accept',
  acr: [],
  isEnough: () => true,
  maxAgeSeconds: 600,
  insteadOfOwnFactor: false,
};
const kernelOf = (rules: { [issuer: string]: Partial<UpstreamRule> }) => {
  const all = Object.entries(rules).map(([issuer, own]) => [issuer, { ...rule, ...own }] as const);
  return testKernel({ settings: { upstream: new Map(all) } });
};
const kernel = kernelOf({ [here]: {} });
const now = kernel.now();
const record = emptyRecord('e');
const vouched = { issuer: here, subject: 's', at: now - 10, amr: ['mfa'], epoch: 'e' };
const signIn = (more: Partial<SignIn> = {}) => ({ flowId: 'flow', proofs: [], vouched, ...more }) as unknown as SignIn;
const of = (more: Partial<SignIn>, rules: Parameters<typeof kernelOf>[0] = { [here]: {} }, at: MfaRecord = record) =>
  vouchingOf(kernelOf(rules), signIn(more), at);

describe('the word of an identity provider', () => {
  it('stands in for people without a method, or for all, as the app says', () => {
    expect(of({})).to.equal('unprotected');
    expect(of({}, { [here]: { insteadOfOwnFactor: true } })).to.equal('instead');
  });

  it('counts where its issuer does, in its epoch, and in a sign-in that has not ended', () => {
    expect(of({ vouched: undefined as never })).to.equal(undefined);
    expect(of({}, { [there]: {} })).to.equal(undefined);
    expect(of({}, { [here]: { mfa: 'reject' } })).to.equal(undefined);
    expect(of({}, undefined, { ...record, epoch: 'f' })).to.equal(undefined);
    const ended = { ...record, ended: [{ id: endedByFlow(kernel, 'flow'), at: now }] };
    expect(of({}, undefined, ended)).to.equal(undefined);
  });

  it('counts as long as it is young and the session at the provider goes on', () => {
    expect(of({ vouched: { ...vouched, at: now - 600 } })).to.equal('unprotected');
    expect(of({ vouched: { ...vouched, at: now - 601 } })).to.equal(undefined);
    expect(of({ vouched: { ...vouched, endsAt: now + 1 } })).to.equal('unprotected');
    expect(of({ vouched: { ...vouched, endsAt: now } })).to.equal(undefined);
  });

  it('is owed where the app lets nobody in without it', () => {
    const enforced = { issuer: here };
    const rules = { [here]: { mfa: 'enforce' as const }, [there]: {} };
    expect(of({ enforced }, rules)).to.equal('unprotected');
    expect(of({ enforced, vouched: undefined as never }, rules)).to.equal('owed');
    expect(of({ enforced, vouched: { ...vouched, at: now - 601 } }, rules)).to.equal('owed');
    expect(of({ enforced, vouched: { ...vouched, issuer: there } }, rules)).to.equal('owed');
    expect(of({ enforced, vouched: undefined as never }, { [here]: {} })).to.equal(undefined);
    expect(of({ enforced, vouched: undefined as never }, {})).to.equal(undefined);
  });

  it('ends by its age, or with the session at the provider, whichever is first', () => {
    const ends: [more: object, at: number][] = [
      [{}, now + 591],
      [{ endsAt: now + 5 }, now + 5],
      [{ endsAt: now + 5000 }, now + 591],
    ];
    for (const [more, at] of ends) {
      const own = signIn({ vouched: { ...vouched, ...more } });
      expect(vouchedUntil(kernel, own)).to.equal(at);
      const when = (second: number) => vouchingOf({ ...kernel, now: () => second }, own, record);
      expect([when(at - 1), when(at)]).to.deep.equal(['unprotected', undefined]);
    }
    expect(vouchedUntil(kernel, signIn({ vouched: { ...vouched, issuer: there } }))).to.equal(undefined);
    expect(vouchedUntil(kernel, signIn({ vouched: undefined as never }))).to.equal(undefined);
  });
});
