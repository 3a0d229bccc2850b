// What is short in a stored record, and what it stands for. Only ever added to: a short word that stood for one thing in
// a record that is kept somewhere stands for it for all time.

/** Short names of fields, wherever in a record they are. A field that is not here travels under its own name. */
export const shortNames: { readonly [name: string]: string } = {
  // The record.
  epoch: 'e',
  authenticators: 'a',
  attempts: 't',
  trusted: 'r',
  known: 'k',
  skipped: 's',
  owed: 'o',
  protected: 'p',
  reclaim: 'rc',
  signInStepOff: 'so',
  preferred: 'pf',
  ended: 'n',
  suspended: 'sp',
  account: 'ac',
  hold: 'ho',
  recovery: 'ry',
  codesBarredUntil: 'cb',
  exemptions: 'ex',
  from: 'fr',
  activity: 'y',
  spent: 'x',
  addresses: 'va',
  formerClaims: 'fc',
  protectedBefore: 'pb',
  unlogged: 'ul',
  upstream: 'us',
  epochAt: 'ea',
  issuer: 'is',
  claim: 'cl',
  history: 'hi',
  raised: 'rl',
  releasedUntil: 'ru',
  recent: 're',
  mac: 'm',
  // An authenticator, a browser, what is counted.
  id: 'i',
  kind: 'K',
  name: 'N',
  createdAt: 'c',
  lastUsedAt: 'u',
  failures: 'f',
  disabledAt: 'da',
  adopted: 'ad',
  enrolledBy: 'b',
  data: 'd',
  failedAt: 'fa',
  lockedUntil: 'lu',
  rights: 'ri',
  closedAt: 'ca',
  hash: 'h',
  previous: 'pr',
  expiresAt: 'E',
  until: 'U',
  at: 'A',
  sealed: 'S',
  rows: 'w',
  keyId: 'I',
  digest: 'D',
  since: 'si',
  // What factors keep.
  secret: 'q',
  algorithm: 'al',
  digits: 'di',
  period: 'pe',
  lastStep: 'l',
  label: 'lb',
  salt: 'z',
  codes: 'C',
  usedAt: 'ua',
  credentialId: 'ci',
  publicKey: 'pk',
  counter: 'co',
  transports: 'tr',
  aaguid: 'ag',
  backupEligible: 'be',
  backedUp: 'bu',
  rpId: 'rp',
  userHandle: 'uh',
  uvInitialized: 'uv',
  address: 'ar',
  addressId: 'ai',
  masked: 'ma',
  lastCodeId: 'lc',
  vouched: 'vo',
  wrong: 'wr',
  done: 'dn',
};

/** Fields that nearly always stand together and say the same: one short name for all of them. */
export const shortBundles: readonly {
  short: string;
  fields: { readonly [name: string]: string | number | boolean };
}[] = [
  { short: 'T', fields: { algorithm: 'SHA1', digits: 6, period: 30 } },
  { short: 'W', fields: { backupEligible: true, backedUp: true } },
];

/** One capital for what happened, in the rows of activity. */
export const shortEvents: { readonly [name: string]: string } = {
  'verification-accepted': 'V',
  locked: 'L',
  'lane-closed': 'C',
  'authenticator-disabled': 'D',
  'authenticator-enrolled': 'E',
  'authenticator-removed': 'R',
  'turned-off': 'O',
  'address-changed': 'A',
  'backup-codes-confirmed': 'B',
  'backup-codes-removed': 'X',
  'backup-code-used': 'U',
  'browser-trusted': 'T',
  'browser-trust-revoked': 'K',
  'browser-trust-reused': 'Y',
  reset: 'Z',
  unlocked: 'N',
};

/** One sign for the kind in a row of activity; `-` for none. */
export const shortKinds: { readonly [kind: string]: string } = {
  '': '-',
  totp: 'T',
  webauthn: 'W',
  email: 'E',
  sms: 'S',
  'backup-codes': 'B',
  pass: 'P',
};

/** The other way round. */
export function longWords(short: { readonly [word: string]: string }): Map<string, string> {
  return new Map(Object.entries(short).map(([word, sign]) => [sign, word]));
}
