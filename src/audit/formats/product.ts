// Who speaks: what every format names as the source of an entry.

/** `version` is that of package.json; a test compares them. */
export const product = { vendor: 'express-mfa', name: 'express-mfa', version: '0.1.0' } as const;

/** What a sink may say of the app around the log. */
export type FormatSettings = {
  /** Names the app; default `express-mfa`. */
  appName: string;
  /** Of OCSF: 1.9 has User Management (3007) in place of Account Change (3001). */
  ocsfVersion: '1.8' | '1.9';
};
