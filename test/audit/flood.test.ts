// A flood is told singly up to a number, then counted, and told as one once its minute is over; and what an entry keeps of an event.
import { expect } from 'chai';
import { createFlood } from '../../src/audit/flood.js';
import { cut, makeEntry } from '../../src/audit/make-entry.js';
import { hashOfPersonal } from '../../src/audit/chain.js';
import type { MfaEvent } from '../../src/core/words/events.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import { createSealer } from '../../src/crypto/seal.js';

const minuteMs = 60_000;
const refused = (more: Partial<MfaEvent> = {}): MfaEvent => ({
  ...{ name: 'verification-refused', at: '2026-03-01T12:00:00.000Z', actor: 'user', userId: 'ann', outcome: 'refused' },
  ...{ reason: 'request.invalid', detail: { left: 3 } },
  ...more,
});
const times = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('a flood', () => {
  it('is told singly twenty times, then counted, and told as one with its first and last', () => {
    const flood = createFlood();
    flood.drain(5 * minuteMs);
    const at = (second: number) => `2026-03-01T12:00:${String(second).padStart(2, '0')}.000Z`;
    expect(times(23).map((each) => flood.admits(refused({ at: at(each) })))).to.deep.equal([
      ...Array<boolean>(20).fill(true),
      false,
      false,
      false,
    ]);
    expect(flood.drain(5.9 * minuteMs)).to.deep.equal([]);
    expect(flood.drain(6 * minuteMs)).to.deep.equal([
      refused({ at: at(22), detail: { left: 3, count: 3, first: at(20), last: at(22) } }),
    ]);
    expect(flood.admits(refused()), 'a new minute').to.equal(true);
    expect(flood.drain(7 * minuteMs), 'nothing was counted').to.deep.equal([]);
  });

  it('is told as far as it came where all is asked for, and goes on from there', () => {
    const flood = createFlood();
    flood.drain(5 * minuteMs);
    times(22).forEach(() => flood.admits(refused()));
    expect(flood.drain(5 * minuteMs, true).map(({ detail }) => detail?.count)).to.deep.equal([2]);
    expect(flood.drain(5 * minuteMs, true)).to.deep.equal([]);
    const later = '2026-03-01T12:00:59.000Z';
    expect(flood.admits(refused({ at: later }))).to.equal(false);
    expect(flood.drain(6 * minuteMs).map(({ detail }) => [detail?.count, detail?.first])).to.deep.equal([[1, later]]);
  });

  it('is of one person, event and reason', () => {
    const flood = createFlood();
    times(20).forEach(() => flood.admits(refused()));
    const others = [
      { userId: 'bob' },
      { reason: 'other' as never },
      { name: 'request-refused' as const },
      { userId: undefined as never },
      { reason: undefined as never },
    ];
    for (const other of others) expect(flood.admits(refused(other)), JSON.stringify(other)).to.equal(true);
    expect(flood.admits(refused())).to.equal(false);
  });

  it('counts what was refused, and what can be repeated at will, and nothing else', () => {
    const admitted = (more: Partial<MfaEvent>) => {
      const flood = createFlood();
      return times(21).filter(() => flood.admits(refused(more))).length;
    };
    expect(admitted({ name: 'verification-accepted', outcome: 'accepted' })).to.equal(21);
    expect(admitted({ name: 'reset', outcome: undefined as never })).to.equal(21);
    expect(admitted({ name: 'challenge-issued', outcome: undefined as never })).to.equal(20);
    expect(admitted({ name: 'enrollment-begun', outcome: 'accepted' })).to.equal(20);
  });

  it('counts whoever comes after ten thousand people together, by event', () => {
    const flood = createFlood();
    const come = (from: number, count: number, name: MfaEvent['name'] = 'verification-refused') =>
      times(count).filter((at) => flood.admits(refused({ userId: `u${from + at}`, name }))).length;
    expect(come(0, 9_999)).to.equal(9_999);
    expect(come(9_999, 1), 'the last one of its own').to.equal(1);
    expect(come(20_000, 50), 'the others share one').to.equal(20);
    expect(come(30_000, 50, 'request-refused')).to.equal(20);
    expect(flood.admits(refused({ userId: 'u5' })), 'who is known stays').to.equal(true);
    expect(flood.drain(Date.now()).map(({ detail }) => detail?.count)).to.deep.equal([30, 30]);
  });
});

describe('what an entry keeps of an event', () => {
  const making = {
    sealer: createSealer({ secrets: ['the secret of these tests, 32 bytes long'], namespace: 'test' }),
    random: cryptoRandom,
    subjectAs: 'id' as const,
  };
  const personalOf = (more: Partial<MfaEvent>) => {
    const { personalText, personalHash } = makeEntry(refused({ detail: undefined as never, ...more }), making);
    expect(personalHash).to.equal(hashOfPersonal(personalText));
    const { salt: _salt, ...personal } = JSON.parse(personalText) as { [name: string]: string };
    return personal;
  };

  it('is an address only where it is one, else text, cut', () => {
    expect(personalOf({ ip: '192.0.2.7' })).to.deep.equal({ ip: '192.0.2.7' });
    expect(personalOf({ ip: '2001:db8::1' })).to.deep.equal({ ip: '2001:db8::1' });
    expect(personalOf({ ip: '1.2.3.4.5' })).to.deep.equal({ ipText: '1.2.3.4.5' });
    expect(personalOf({ ip: 'x'.repeat(99) }).ipText).to.have.length(64);
    expect(personalOf({ ip: '' })).to.deep.equal({});
    expect(makeEntry(refused({ detail: undefined as never }), making).personalText, 'no salt of nothing').to.equal(
      '{}',
    );
  });

  it('is a method only where it is one', () => {
    for (const method of ['GET', 'M-SEARCH', 'X'.repeat(20)]) expect(personalOf({ method })).to.deep.equal({ method });
    for (const method of ['get', 'PO ST', '', 'X'.repeat(21), 'GET1']) expect(personalOf({ method })).to.deep.equal({});
  });

  it('is text, cut to its length, of what is free; and no number among it', () => {
    const long = 'x'.repeat(999);
    const lengths = (more: Partial<MfaEvent>) =>
      Object.entries(personalOf(more)).map(([name, text]) => [name, text.length]);
    expect(lengths({ path: long })).to.deep.equal([['path', 256]]);
    expect(lengths({ userAgent: long })).to.deep.equal([['userAgent', 512]]);
    expect(lengths({ detail: { place: long, reason: long, risk: long } })).to.deep.equal([
      ['place', 128],
      ['reasonText', 512],
      ['risk', 128],
    ]);
    expect(personalOf({ detail: { place: 5, reason: true, risk: 0 } })).to.deep.equal({
      place: '5',
      reasonText: 'true',
      risk: '0',
    });
  });

  it('is the facts beside that, sorted and cut, or none', () => {
    const detailOf = (detail: MfaEvent['detail']) => makeEntry(refused({ detail: detail as never }), making).detail;
    expect(
      Object.entries(detailOf({ b: 2, reason: 'r', a: 'x'.repeat(300), risk: 'low', place: 'Bern' }) ?? {}).map(
        ([name, value]) => [name, String(value).length],
      ),
    ).to.deep.equal([
      ['a', 200],
      ['b', 1],
    ]);
    expect([detailOf({ reason: 'r' }), detailOf({}), detailOf(undefined)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is who acted and to whom: people by a digest where that is asked', () => {
    const entryOf = (more: Partial<MfaEvent>, subjectAs: 'id' | 'digest' = 'id') =>
      makeEntry(refused(more), { ...making, subjectAs });
    expect(entryOf({ tenant: 't' })).to.deep.include({
      actor: { id: 'ann', type: 'user' },
      subject: { id: 'ann', tenant: 't' },
      outcome: 'failure',
    });
    expect(entryOf({ actor: 'admin', by: 'root', outcome: 'accepted' })).to.deep.include({
      actor: { id: 'root', type: 'admin' },
      outcome: 'success',
    });
    const nobody = entryOf({ userId: undefined as never, outcome: undefined as never, kind: 'totp' }, 'digest');
    expect(nobody)
      .to.deep.include({ actor: { type: 'user' }, factor: { kind: 'totp' } })
      .and.to.not.have.any.keys('subject', 'outcome');
    const digested = entryOf({ authenticatorId: 'a' }, 'digest');
    expect(digested.subject?.id)
      .to.match(/^[\w-]{22}$/)
      .and.equal(digested.actor.id);
    expect(digested).to.not.have.property('factor');
  });

  it('is cut with a mark, and never in half a character', () => {
    expect([cut('abc', 3), cut('abcd', 3), cut('', 3)]).to.deep.equal(['abc', 'ab…', '']);
    expect(cut('a🙂bc', 3), 'the face would be halved').to.equal('a…');
    expect(cut('ab🙂', 3)).to.equal('ab…');
    for (const edge of ['\ud800', '\udbff']) expect(cut(`a${edge}cd`, 3)).to.equal('a…');
    for (const edge of ['\ud7ff', '\udc00']) expect(cut(`a${edge}cd`, 3)).to.equal(`a${edge}…`);
  });
});
