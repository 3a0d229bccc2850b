// When a factor that an identity provider asked for counts.
import { expect } from 'chai';
import { shortfallOf } from '../../src/core/rules/upstream.js';
import { areTwoKinds, upstreamRule } from '../../src/upstream/rule.js';
import type { Shortfall, Upstream } from '../../src/core/words/upstream.js';

const now = 1_800_000_000;
const given = { mfa: 'accept', amr: ['mfa'], acr: ['https://refeds.org/profile/mfa'], maxAgeSeconds: 3600 } as const;
const rule = upstreamRule(given, 86_400);
const said = (given: Partial<Upstream>): Upstream => ({
  issuer: 'https://login.acme.example',
  subject: 'ada',
  authTime: now,
  amr: [],
  acr: [],
  ...given,
});
const times = { now, epochAt: undefined };

describe('what an identity provider said', () => {
  const rows: [string, Partial<Upstream>, Shortfall | undefined][] = [
    ['a listed value', { amr: ['pwd', 'mfa'] }, undefined],
    ['two kinds', { amr: ['pwd', 'otp'] }, undefined],
    ['a key that a fingerprint unlocks', { amr: ['hwk', 'fpt'] }, undefined],
    ['a PIN and a card', { amr: ['pin', 'sc'] }, undefined],
    ['a listed class', { acr: ['https://refeds.org/profile/mfa'] }, undefined],
    ['one of several classes', { acr: ['other', 'https://refeds.org/profile/mfa'] }, undefined],
    ['nothing', {}, 'not-said'],
    ['a password', { amr: ['pwd'] }, 'too-little'],
    ['two passwords', { amr: ['pwd', 'pin'] }, 'too-little'],
    ['two things that one has', { amr: ['otp', 'sms'] }, 'too-little'],
    ['a password and questions', { amr: ['pwd', 'kba'] }, 'too-little'],
    ['a password and a place', { amr: ['pwd', 'geo'] }, 'too-little'],
    ['a listed value as others write it', { amr: ['MFA'] }, 'too-little'],
    ['a class that begins like a listed one', { acr: ['https://refeds.org/profile/mfa/'] }, 'too-little'],
    ['a class among the methods', { amr: ['https://refeds.org/profile/mfa'] }, 'too-little'],
    ['a method as the class', { acr: ['mfa'] }, 'too-little'],
    ['an hour ago', { amr: ['mfa'], authTime: now - 3600 }, undefined],
    ['more than an hour ago', { amr: ['mfa'], authTime: now - 3601 }, 'too-old'],
    ['a clock that is a minute ahead', { amr: ['mfa'], authTime: now + 60 }, undefined],
    ['a time to come', { amr: ['mfa'], authTime: now + 61 }, 'too-old'],
    ['milliseconds', { amr: ['mfa'], authTime: now * 1000 }, 'too-old'],
    ['a session that has ended', { amr: ['mfa'], endsAt: now }, 'session-over'],
    ['a session that goes on', { amr: ['mfa'], endsAt: now + 1 }, undefined],
    ['nobody', { amr: ['mfa'], fault: 'no-subject' }, 'no-subject'],
  ];
  for (const [what, given, shortfall] of rows)
    it(`${shortfall === undefined ? 'counts' : `is ${shortfall}`}: ${what}`, () => {
      expect(shortfallOf(said(given), rule, times)).to.equal(shortfall);
    });

  it('is of before the last change of the account, or not', () => {
    const mfa = said({ amr: ['mfa'], authTime: now - 10 });
    expect(shortfallOf(mfa, rule, { ...times, epochAt: now - 9 })).to.equal('before-change');
    expect(shortfallOf(mfa, rule, { ...times, epochAt: now - 10 })).to.equal(undefined);
  });

  it('counts no longer than a proof does', () => {
    const mfa = said({ amr: ['mfa'], authTime: now - 601 });
    expect(shortfallOf(mfa, upstreamRule(given, 600), times)).to.equal('too-old');
  });

  it('knows the kinds of RFC 8176', () => {
    expect(areTwoKinds(['pwd', 'swk'])).to.equal(true);
    expect(areTwoKinds(['face', 'iris', 'retina', 'vbm', 'fpt'])).to.equal(false);
    expect(areTwoKinds(['user', 'pop', 'rba', 'mca', 'wia', 'pwd'])).to.equal(false);
  });
});
