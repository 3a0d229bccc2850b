// The latest few things that happened to an account, in its record, for the person's own eyes. Written only together
// with a change that is saved anyway, so that it costs no write of its own. From which browser is sealed.
import type { EventName, Happened } from '../words/events.js';
import type { Kernel, Told } from './kernel.js';
import { isMfaError } from '../words/errors.js';
import type { Activity, ActivityRow, MfaRecord } from './record.js';
import { openField, sealField } from './sealed-field.js';

const limit = 8;

/** What a person is shown of their account; a longer list may add to it. Each has its sign in `compact-words.ts`. */
export const shownToPeople: readonly EventName[] = [
  'verification-accepted',
  'locked',
  'lane-closed',
  'authenticator-disabled',
  'authenticator-enrolled',
  'authenticator-removed',
  'turned-off',
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
  { user, hints }: Told,
): MfaRecord {
  const news = happened.filter(({ name }) => shownToPeople.includes(name));
  if (news.length === 0) return record;
  const browser = kernel.nameBrowser(hints.userAgent);
  const known = browsersOf(kernel, user.id, record);
  const before = (record.activity?.rows ?? []).map((row): ActivityRow => {
    const [when, what, kind, index] = row;
    return index < known.length ? row : [when, what, kind, -1];
  });
  const at = browser === undefined ? -1 : known.indexOf(browser);
  const browsers = browser === undefined || at >= 0 ? known : [...known, browser];
  const here = browser === undefined ? -1 : browsers.indexOf(browser);
  const rows = [...before, ...news.map(({ name, kind = '' }): ActivityRow => [kernel.now(), name, kind, here])].slice(
    -limit,
  );
  const needed = browsers.filter((_browser, index) => rows.some((row) => row[3] === index));
  // Sealed anew only where the list changed: most answers come from a browser that is in it.
  if (browsers === known && needed.length === known.length)
    return { ...record, activity: { ...record.activity, rows } };
  const moved = rows.map(([when, what, kind, index]): ActivityRow => {
    const name = browsers[index];
    return [when, what, kind, name === undefined ? -1 : needed.indexOf(name)];
  });
  const sealed = needed.length === 0 ? {} : sealField(kernel.sealer, user.id, 'activity', JSON.stringify(needed));
  return { ...record, activity: { rows: moved, ...sealed } };
}

/** What happened lately, newest first, for the person's own eyes. */
export function recentActivity(kernel: Kernel, userId: string, record: MfaRecord): Activity[] {
  const browsers = browsersOf(kernel, userId, record);
  return (record.activity?.rows ?? [])
    .slice()
    .reverse()
    .map(([at, what, kind, index]) => {
      const browser = browsers[index];
      return { at, what, ...(kind === '' ? {} : { kind }), ...(browser === undefined ? {} : { browser }) };
    });
}

/** Nobody is refused for the sake of a list of browsers whose secret is gone: it begins anew. */
function browsersOf({ sealer }: Kernel, userId: string, { activity }: MfaRecord): string[] {
  if (activity?.sealed === undefined) return [];
  try {
    return JSON.parse(openField(sealer, userId, 'activity', { sealed: activity.sealed })) as string[];
  } catch (error) {
    if (isMfaError(error)) return [];
    throw error;
  }
}
