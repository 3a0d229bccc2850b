// What can be in force: together, every sentence of the page of the policy.
import type { InForce } from '../../src/checks/in-force.js';
import { lockoutDefaults } from '../../src/core/rules/attempts.js';
import { defaultRiskActions } from '../../src/core/rules/risk-actions.js';
import { now } from './sample-frame.js';

const factors: InForce['factors'] = [
  { kind: 'webauthn', rank: 'primary', options: { maxAuthenticators: 10, userVerification: 'required' } },
  { kind: 'totp', rank: 'primary', options: { digits: 6, period: 30, maxPerPerson: 1 } },
  { kind: 'sms', rank: 'primary', options: { digits: 6, expiresInSeconds: 600, tries: 5 } },
  { kind: 'email', rank: 'primary', options: { digits: 8, expiresInSeconds: 90, tries: 3 } },
  { kind: 'pigeon', rank: 'primary', options: {} },
  { kind: 'backup-codes', rank: 'backup', options: { count: 10, expiresInDays: 365 } },
  { kind: 'pass', rank: 'pass', options: { validMinutes: 60 } },
];

const usual: InForce = {
  policy: 'by-person',
  graceUntil: now,
  confirmFirstEnrollment: 'when-possible',
  exemption: { daysAtOnce: 30, daysInYear: 90 },
  factors,
  elevationMaxAgeSeconds: 86_400,
  pendingMaxAgeSeconds: 900,
  freshSeconds: 600,
  trustDays: 30,
  lockout: lockoutDefaults,
  holdHours: 24,
  risk: defaultRiskActions,
  administration: { fourEyes: 'usual', directory: true, caseSeconds: 86_400 },
  audit: { retentionDays: 400, refuses: true },
};

export const policies: { [name: string]: InForce } = {
  usual,
  strict: {
    ...usual,
    policy: 'mandatory',
    graceUntil: 'by-person',
    confirmFirstEnrollment: 'required',
    trustDays: null,
    lockout: { ...lockoutDefaults, selfUnlock: true },
    risk: {
      signIn: { low: 'ask', medium: 'strongest', high: 'block' },
      enrollment: { low: 'allow', medium: 'confirm', high: 'block' },
      recovery: { low: 'confirm', medium: 'approve', high: 'block' },
    },
    administration: { ...usual.administration, fourEyes: ['reset', 'erase'] },
  },
  lenient: {
    ...usual,
    policy: 'no-prompt',
    confirmFirstEnrollment: 'open',
    factors: [
      { kind: 'webauthn', rank: 'primary', options: { maxAuthenticators: 1, userVerification: 'preferred' } },
      { kind: 'backup-codes', rank: 'backup', options: { count: 1, expiresInDays: null } },
    ],
    risk: 'report',
    administration: { fourEyes: [], directory: false, caseSeconds: 86_400 },
    audit: null,
  },
  'asked at sign-in': { ...usual, policy: 'prompt-only-at-sign-in', risk: 'none' },
  'asked at both': { ...usual, policy: 'prompt-at-sign-in-and-sign-up', risk: 'none' },
};
