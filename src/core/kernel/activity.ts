// The latest few things that happened to an account, in its record, for the person's own eyes. Written only together
// with a change that is saved anyway, so that it costs no write of its own.
import type { EventName, Happened } from '../words/events.js';
import type { Kernel, Told } from './kernel.js';
import type { Activity, MfaRecord } from './record.js';

const limit = 8;

const shown: readonly EventName[] = [
  'verification-accepted',
  'locked',
  'lane-closed',
  'authenticator-disabled',
  'authenticator-enrolled',
  'authenticator-removed',
  'address-changed',
  'backup-codes-confirmed',
  'backup-codes-removed',
  'backup-code-used',
  'browser-trusted',
  'browser-trust-revoked',
  'browser-trust-reused',
  'reset',
  'unlocked',
];

/** The record with what just happened noted; the oldest give way. */
export function withActivity(
  record: MfaRecord,
  happened: readonly Happened[],
  kernel: Kernel,
  { hints }: Told,
): MfaRecord {
  const browser = kernel.nameBrowser(hints.userAgent);
  const news = happened
    .filter(({ name }) => shown.includes(name))
    .map(({ name, kind }): Activity => ({
      at: kernel.now(),
      what: name,
      ...(kind === undefined ? {} : { kind }),
      ...(browser === undefined ? {} : { browser }),
    }));
  return news.length === 0 ? record : { ...record, activity: [...(record.activity ?? []), ...news].slice(-limit) };
}
