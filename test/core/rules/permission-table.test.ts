// Who may change what, a row a person: to enrol a primary factor, to make backup codes, to manage what there is.
import { expect } from 'chai';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import type { Settings } from '../../../src/core/kernel/settings.js';
import { forbids, type Change } from '../../../src/core/rules/permission.js';
import {
  app,
  asking,
  codes,
  having,
  highRisk,
  key,
  nobody,
  now,
  own,
  pass,
  proof,
  recovering,
  ruleKernel,
  since,
  spent,
  type AskerOptions,
} from '../../support/rule-person.js';

const changes: Change[] = ['enroll-primary', 'backup-codes', 'manage'];
const refusalOf = (change: Change, record: MfaRecord, asker: AskerOptions, settings?: Partial<Settings>) =>
  forbids(ruleKernel(settings), asking(asker), record, change);

const person = having([app, codes]);
const stale = now - 601;
const by = (...proofs: AskerOptions['proofs'] & object) => ({ proofs });
const empty = own(codes, { data: { state: 'empty', left: 0 } });
const disabled = own(app, { disabledAt: 1 });
const fresh = own(key, { createdAt: since });
const hold = { hold: { since, until: now + 90 } };
const mandatory: Partial<Settings> = { policyOf: () => 'mandatory' };
const enforced = { signIn: { enforced: { issuer: 'https://idp.example' } } };
const upstream = new Map([['https://idp.example', { mfa: 'enforce' }]]) as unknown as Settings['upstream'];

type Row = [
  who: string,
  record: MfaRecord,
  asker: AskerOptions,
  enrol: string,
  codes: string,
  manage: string,
  app?: Partial<Settings>,
];
/** The same for each change. */
const each = (said: string) => [said, said, said] as const;

const elevated: Row[] = [
  ['proved a factor in the last ten minutes', person, by(proof(app, now - 600)), ...each('yes')],
  ['did longer ago', person, by(proof(app, stale)), ...each('step_up_required')],
  ['came by a backup code', person, by(proof(codes)), 'yes', 'step_up_required', 'step_up_required'],
  ['came by one longer ago', person, by(proof(codes, stale)), ...each('step_up_required')],
  [
    'came by one after a factor, longer ago',
    person,
    by(proof(app, stale), proof(codes)),
    'yes',
    'step_up_required',
    'step_up_required',
  ],
  [
    'owes the first set',
    having([app], { owed: ['backup-codes'] }),
    by(proof(app, stale)),
    'step_up_required',
    'yes',
    'step_up_required',
  ],
  [
    'came by the last code, and has a factor',
    having([app, empty]),
    by(proof(codes, stale)),
    'step_up_required',
    'yes',
    'step_up_required',
  ],
  [
    'came by the last code, and has nothing else',
    having([empty]),
    by(proof(codes, stale)),
    'yes',
    'step_up_required',
    'step_up_required',
  ],
  ['came by a code, and has others', having([codes]), by(proof(codes, stale)), ...each('step_up_required')],
  ['came by a pass', having([app, pass]), by(proof(pass, stale)), 'yes', 'step_up_required', 'step_up_required'],
  ['must replace what was disabled', having([disabled]), by(proof(app)), ...each('yes'), mandatory],
  [
    'must replace it, and proved it longer ago',
    having([disabled]),
    by(proof(app, stale)),
    ...each('step_up_required'),
    mandatory,
  ],
  [
    'proved what the app has no more',
    having([{ ...own(app), kind: 'gone' }, codes]),
    by(proof({ kind: 'gone' }, now, 'app')),
    'yes',
    'step_up_required',
    'step_up_required',
  ],
];

const held: Row[] = [
  ['proved nothing else', having([app, fresh], hold), by(proof(key)), ...each('on_hold')],
  ['proved a factor from before', having([app, fresh], hold), by(proof(key), proof(app)), ...each('yes')],
  [
    'owes the set',
    having([app, fresh], { ...hold, owed: ['backup-codes'] }),
    by(proof(key, stale)),
    'on_hold',
    'yes',
    'on_hold',
  ],
  ['owes a factor', having([codes], hold), by(proof(codes, stale)), 'yes', 'on_hold', 'on_hold'],
  [
    'owes one by the policy',
    having([own(key, { createdAt: since, disabledAt: 1 })], hold),
    by(proof(key, stale)),
    'yes',
    'on_hold',
    'on_hold',
    mandatory,
  ],
];

const pending: Row[] = [
  ['owes the sign-in step', person, {}, ...each('require_mfa_verification')],
  ['is suspended, whatever they proved', { ...person, suspended: { admin: 1 } }, by(proof(app)), ...each('suspended')],
  ['is suspended, without a method', { ...nobody, suspended: { scim: 1 } }, {}, ...each('suspended')],
  [
    'owes the word of a provider',
    person,
    { ...by(proof(app)), ...enforced },
    ...each('upstream_insufficient'),
    { upstream },
  ],
  ['owes it without a method', nobody, enforced, ...each('upstream_insufficient'), { upstream }],
  [
    'goes no further',
    person,
    { ...by(proof(app, since - 1)), level: 'high' },
    ...each('blocked'),
    { riskActions: highRisk({ signIn: 'block' }) },
  ],
  ['has no way left', having([disabled]), {}, ...each('recovery_required')],
  ['owes a proof after a code', recovering(person, spent()), {}, ...each('recovery_unconfirmed')],
  ['awaits an administrator', recovering(person, spent({ owes: 'approval' })), {}, ...each('awaiting_approval')],
  ['switched the sign-in step off', { ...person, signInStepOff: true }, {}, ...each('step_up_required')],
];

const confirmed = (at: number) => ({ signIn: { firstEnrollmentConfirmedAt: at } });
const known = { email: 'ann@example.com', emailVerified: true };
const whenPossible = { confirmFirstEnrollment: 'when-possible' } as const;
const [alone, unconfirmed] = ['backup_code_can_not_be_alone', 'first_enrollment_unconfirmed'];
const unprotected: Row[] = [
  ['has nothing', nobody, {}, 'yes', alone, 'yes'],
  ['has a factor, as it is turned on', { ...having([app]), protected: false }, {}, ...each('yes')],
  ['has one that is disabled', { ...having([disabled]), protected: false }, {}, 'yes', alone, 'yes'],
  ['signed in ten minutes ago', nobody, { user: { signedInAt: now - 600 } }, 'yes', alone, 'yes'],
  ['signed in longer ago', nobody, { user: { signedInAt: stale } }, unconfirmed, alone, unconfirmed],
  ['looks risky', nobody, { level: 'medium' }, unconfirmed, alone, unconfirmed],
  ['looks too risky, confirmed or not', nobody, { level: 'high', ...confirmed(now) }, 'blocked', alone, 'blocked'],
  [
    'looks too risky, and signed in longer ago',
    nobody,
    { level: 'high', user: { signedInAt: stale } },
    'blocked',
    alone,
    'blocked',
  ],
  ['has an address that the host knows', nobody, { user: known }, unconfirmed, alone, unconfirmed, whenPossible],
  ['confirmed it', nobody, { user: known, ...confirmed(now - 600) }, 'yes', alone, 'yes', whenPossible],
  [
    'confirmed it longer ago',
    nobody,
    { user: known, ...confirmed(stale) },
    unconfirmed,
    alone,
    unconfirmed,
    whenPossible,
  ],
  [
    'confirmed it, and signed in longer ago',
    nobody,
    { user: { ...known, signedInAt: stale }, ...confirmed(now) },
    unconfirmed,
    alone,
    unconfirmed,
    whenPossible,
  ],
];

const again = having([], { owed: ['primary'], reclaim: { since } });
const missing = 'user.missing_mfa';
const startsAgain: Row[] = [
  ['has confirmed nothing', again, {}, unconfirmed, missing, missing],
  ['confirmed it after the objection', again, confirmed(since + 1), 'yes', missing, missing],
  ['confirmed it before the objection', again, confirmed(since), unconfirmed, missing, missing],
  [
    'confirmed it, but nobody knows of which objection',
    having([], { owed: ['primary'] }),
    confirmed(now),
    unconfirmed,
    missing,
    missing,
  ],
  [
    'signed in longer ago',
    again,
    { ...confirmed(since + 1), user: { signedInAt: stale } },
    unconfirmed,
    missing,
    missing,
  ],
  ['looks too risky', again, { ...confirmed(since + 1), level: 'high' }, 'blocked', 'blocked', 'blocked'],
];

const table = {
  'is in, and': elevated,
  'is held, and': held,
  'is not in: who': pending,
  'is not protected, and': unprotected,
  'objected to their first enrolment, and': startsAgain,
};

describe('permission for whoever', () => {
  for (const [about, rows] of Object.entries(table))
    for (const [who, record, asker, ...rest] of rows) {
      const [enrol, set, manage, settings] = rest;
      it(`${about} ${who}: enrols ${enrol}, codes ${set}, manages ${manage}`, () => {
        const said = changes.map((change) => refusalOf(change, record, asker, settings)?.reason ?? 'yes');
        expect(said.map((reason) => reason.replace('session.mfa.', ''))).to.deep.equal([enrol, set, manage]);
      });
    }
});
