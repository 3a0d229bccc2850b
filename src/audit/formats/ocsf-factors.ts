// Which authentication factor of OCSF a kind of factor is.

const factors: { [kind: string]: { [attribute: string]: string | number | boolean } } = {
  totp: { factor_type_id: 7, factor_type: 'OTP', is_totp: true, is_hotp: false },
  webauthn: { factor_type_id: 10, factor_type: 'WebAuthn' },
  sms: { factor_type_id: 1, factor_type: 'SMS' },
  email: { factor_type_id: 8, factor_type: 'Email' },
  // OCSF knows no look-up secret.
  'backup-codes': { factor_type_id: 99, factor_type: 'Backup code' },
  pass: { factor_type_id: 99, factor_type: 'Support pass' },
};

/** The list of one factor; undefined where no factor is told of. A kind of the host's own is `Other`, by its name. */
export function authFactorsOf(kind: string | undefined): object[] | undefined {
  if (kind === undefined) return undefined;
  const known = Object.hasOwn(factors, kind) ? factors[kind] : undefined;
  return [known ?? { factor_type_id: 99, factor_type: kind }];
}
