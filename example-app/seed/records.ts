// The record of a seeded person: what the example's factors would have written, so that pages, doctor and tools read it as any
// other. Codes and keys are drawn and kept by nobody; the first administrator alone can be signed in as, by a code by e-mail.
import type { Authenticator, Mfa, MfaRecord } from 'express-mfa';
import type { Chance } from './chance.js';
import { idOf, totalCodes, type Life, type OwnMethod } from './life.js';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const yearSeconds = 365 * 86_400;

type Making = { mfa: Mfa; chance: Chance; life: Life };

export function recordOf({ mfa, chance, life }: Making): MfaRecord {
  const { methods, codes, trusted, fate = {}, skippedAt, person } = life;
  const [usual] = methods;
  const authenticators = methods.map((method) => authenticatorOf({ mfa, chance, life }, method));
  if (codes) authenticators.push(codesOf({ mfa, chance, life }, codes));
  if (authenticators[0] && fate.disabledAt !== undefined)
    authenticators[0] = { ...authenticators[0], failures: 100, disabledAt: fate.disabledAt };
  const { lockedUntil } = fate;
  const locked = lockedUntil === undefined ? undefined : { failures: 12, failedAt: lockedUntil - 3600, lockedUntil };
  return {
    v: 1,
    epoch: chance.token(22),
    protected: methods.length > 0,
    authenticators,
    attempts: usual && locked ? { [`${usual.kind}/unknown`]: locked } : {},
    trusted: trusted
      ? [{ ...trusted, hash: chance.token(43), previous: [], name: '', expiresAt: trusted.lastUsedAt + 30 * 86_400 }]
      : [],
    known: [{ id: chance.token(12), hash: chance.token(22), createdAt: usual?.createdAt ?? 0 }],
    skipped: skippedAt === undefined ? {} : { enroll: skippedAt },
    owed: fate.owesCodes ? ['backup-codes'] : [],
    ...(fate.suspendedAt === undefined ? {} : { suspended: { admin: fate.suspendedAt } }),
    ...(fate.hold && { hold: fate.hold }),
    ...(fate.exemption && { exemptions: [fate.exemption] }),
    ...(person.kinds.length > 0 && { protectedBefore: true as const }),
  };
}

function authenticatorOf(making: Making, { kind, id, createdAt, lastUsedAt }: OwnMethod): Authenticator {
  const data = { totp: appData, webauthn: passkeyData, email: addressData, sms: addressData }[kind](making, kind);
  return { id, kind, createdAt, ...(lastUsedAt === undefined ? {} : { lastUsedAt }), data };
}

function appData({ mfa, chance, life: { person } }: Making): Authenticator['data'] {
  const letters = Array.from({ length: 32 }, () => base32.charAt(chance.below(32)));
  const place = { userId: person.id, authenticatorId: idOf('totp', person), purpose: 'totp' };
  const secret = mfa.kernel.sealer.seal(letters.join(''), place);
  return { secret, algorithm: 'SHA1', digits: 6, period: 30, lastStep: -1 };
}

function passkeyData({ chance }: Making): Authenticator['data'] {
  return {
    credentialId: chance.token(22),
    publicKey: chance.token(103),
    counter: 0,
    transports: ['internal', 'hybrid'],
    aaguid: '00000000-0000-0000-0000-000000000000',
    backupEligible: true,
    backedUp: true,
    rpId: 'localhost',
    userHandle: chance.token(43),
    uvInitialized: true,
  };
}

function addressData({ mfa, chance, life: { person } }: Making, kind: string): Authenticator['data'] {
  const addressId = chance.token(22);
  const text = kind === 'email' ? person.email : person.phone;
  const address = mfa.kernel.sealer.seal(text, {
    userId: person.id,
    authenticatorId: addressId,
    purpose: `address:${kind}`,
  });
  const [local = '', domain = ''] = person.email.split('@');
  const shown = local.slice(0, Math.min(4, Math.floor(local.length / 3)));
  const masked = kind === 'email' ? `${shown}***@${domain}` : `***${person.phone.slice(-2)}`;
  return { address, addressId, masked, codes: {} };
}

function codesOf({ mfa, chance, life }: Making, { createdAt, usedAt }: NonNullable<Life['codes']>): Authenticator {
  const codes = Array.from({ length: totalCodes }, (_, at) => {
    const used = usedAt[at];
    return used === undefined ? { hash: chance.token(22) } : { usedAt: used };
  });
  const data = {
    salt: chance.token(22),
    keyId: mfa.kernel.sealer.keyId,
    createdAt,
    expiresAt: createdAt + yearSeconds,
    codes,
  };
  const last = usedAt.at(-1);
  const id = idOf('backup-codes', life.person);
  return { id, kind: 'backup-codes', createdAt, ...(last === undefined ? {} : { lastUsedAt: last }), data };
}
