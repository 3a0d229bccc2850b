// What listeners are told of a stop: the spec's events, one for each refusal that is a stop, and none for any other.
import { expect } from 'chai';
import { eventOfStop, stopEvents, stopOf } from '../../../src/core/rules/stops.js';
import { statusOf, type ErrorCode } from '../../../src/core/words/errors.js';
import { refused } from '../../../src/core/words/outcome.js';

const told: { [event: string]: ErrorCode[] } = {
  'verification-required': [
    'session.mfa.require_mfa_verification',
    'session.mfa.recovery_unconfirmed',
    'session.mfa.awaiting_approval',
  ],
  'step-up-required': ['session.mfa.step_up_required'],
  'recovery-required': ['session.mfa.recovery_required'],
  'session-refused': ['session.mfa.suspended', 'session.mfa.blocked', 'session.mfa.upstream_insufficient'],
  'enrollment-required': ['user.missing_mfa', 'session.mfa.backup_code_required'],
};
const stops = Object.entries(told).flatMap(([event, codes]) => codes.map((code) => ({ event, code })));

describe('a stop', () => {
  for (const { event, code } of stops)
    it(`by ${code} is told as ${event}, with what the person was about to do`, () => {
      expect(eventOfStop(code)).to.equal(event);
      expect(stopOf(refused(code), 'set-up')).to.deep.equal([{ name: event, detail: { at: 'set-up' } }]);
      expect(stopOf(refused(code), 'change')).to.deep.equal([{ name: event, detail: { at: 'change' } }]);
    });

  it('says why a step-up is owed', () => {
    const stepUp = { why: 'expired', maxAgeSeconds: 600 } as const;
    expect(stopOf(refused('session.mfa.step_up_required', { stepUp }), 'change')).to.deep.equal([
      { name: 'step-up-required', detail: { at: 'change', why: 'expired' } },
    ]);
  });

  it('by any other refusal is none', () => {
    const codes = stops.map(({ code }) => code);
    const others = (Object.keys(statusOf) as ErrorCode[]).filter((code) => !codes.includes(code));
    expect(others).to.include('session.mfa.on_hold');
    for (const code of others) {
      expect(eventOfStop(code), code).to.equal(undefined);
      expect(stopOf(refused(code), 'change'), code).to.deep.equal([]);
    }
    expect([...stopEvents]).to.have.members(Object.keys(told));
  });
});
