// Who makes room for a new authenticator, what it leans on, and which proof passes on to it.
import { expect } from 'chai';
import {
  chosenToGo,
  inheritedProof,
  leaningOn,
  replacedBy,
  replacedDetail,
} from '../../../src/core/rules/succession.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import type { Asker } from '../../../src/core/kernel/kernel.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../../src/core/kernel/record.js';
import type { Proof } from '../../../src/core/kernel/sign-in.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel } from '../../support/core-kernel.js';

const one = riddle() as unknown as Factor;
const two = riddle({ kind: 'pair', limit: 2 }) as unknown as Factor;
const codes = spareWords() as unknown as Factor;
const kernel = testKernel({ factors: [one, two, codes] });
const now = kernel.now();

const own = (id: string, kind: string, more: object = {}): Authenticator => ({
  id,
  kind,
  createdAt: 1,
  data: {},
  ...more,
});
const record: MfaRecord = {
  ...emptyRecord('e'),
  protected: true,
  authenticators: [
    own('a', 'riddle', { disabledAt: 5 }),
    own('b', 'riddle'),
    own('p', 'pair', { disabledAt: 5, enrolledBy: ['x', 'b'] }),
    own('q', 'pair', { enrolledBy: ['1', '2', '3', '4', '5', '6', '7', '8'] }),
    own('c', codes.kind),
  ],
};
const proof = (kind: string, authenticatorId: string, at = now): Proof => ({
  kind,
  authenticatorId,
  at,
  userVerified: false,
});
const asker = (...proofs: Proof[]) =>
  ({ user: { id: 'ann' }, signIn: { userId: 'ann', flowId: 'f', epoch: 'e', proofs } }) as unknown as Asker;
const idsOf = (all: readonly Authenticator[]) => all.map(({ id }) => id).join(' ');

describe('what makes room for a new authenticator', () => {
  it('is what the factor names, and of a kind of which there is one, what is disabled', () => {
    expect(idsOf(replacedBy(record, one))).to.equal('a');
    expect(idsOf(replacedBy(record, one, ['b']))).to.equal('a b');
    expect(idsOf(replacedBy(record, two))).to.equal('');
    expect(idsOf(replacedBy(record, two, ['q']))).to.equal('q');
    expect(replacedDetail([])).to.deep.equal({});
    expect(replacedDetail(replacedBy(record, one, ['b']))).to.deep.equal({ replaced: 'a b' });
  });

  it('is what the person names of their own, where they may not have one more', () => {
    const chosen = (named?: string, by = asker(proof('riddle', 'b'))) => {
      const found = chosenToGo(kernel, by, record, two, named);
      return Array.isArray(found) ? found.join(' ') : `${found.reason} ${String(found.details.field)}`;
    };
    expect(chosen('q')).to.equal('q');
    for (const none of [undefined, '']) expect(chosen(none)).to.equal('user.too_many_authenticators replaces');
    for (const other of ['b', 'gone']) expect(chosen(other)).to.equal('request.invalid replaces');
    const single = { ...record, authenticators: [own('q', 'pair')] };
    expect(chosenToGo(kernel, asker(), single, two, undefined)).to.deep.equal([]);
  });

  it('is all of the kind for whoever came by backup codes alone', () => {
    const of = (...proofs: Proof[]) => chosenToGo(kernel, asker(...proofs), record, two, 'q');
    expect(of(proof(codes.kind, 'c'))).to.deep.equal(['p', 'q']);
    const former = { ...record, authenticators: [own('g', 'no more'), own('q', 'pair')] };
    expect(chosenToGo(kernel, asker(proof('no more', 'g')), former, two, undefined)).to.deep.equal(['q']);
    expect(of(proof(codes.kind, 'c'), proof('riddle', 'b'))).to.deep.equal(['q']);
    expect(of()).to.deep.equal(['q']);
  });
});

describe('a new authenticator', () => {
  it('leans on the proof made last, and on what that leaned on, eight at most', () => {
    const leans = (...proofs: Proof[]) => leaningOn(kernel, asker(...proofs), record);
    expect(leans()).to.deep.equal({});
    expect(leans(proof('riddle', 'b'))).to.deep.equal({ enrolledBy: ['b'] });
    expect(leans(proof('pair', 'q', now - 1), proof('riddle', 'b'))).to.deep.equal({ enrolledBy: ['b'] });
    expect(leans(proof('riddle', 'b', now - 1), proof('pair', 'q'))).to.deep.equal({
      enrolledBy: ['q', '1', '2', '3', '4', '5', '6', '7'],
    });
  });

  it('inherits the proof of what it replaces, with its time', () => {
    const heir = (replaced: Authenticator[], ...proofs: Proof[]) =>
      inheritedProof(kernel, asker(...proofs), record, replaced, 'new');
    const [set] = record.authenticators.slice(-1);
    expect(heir([set!], proof(codes.kind, 'c', now - 7), proof('riddle', 'b'))).to.deep.equal(
      proof(codes.kind, 'new', now - 7),
    );
    expect(heir([set!], proof('riddle', 'b'))).to.equal(undefined);
    expect(heir([], proof(codes.kind, 'c'))).to.equal(undefined);
  });
});
