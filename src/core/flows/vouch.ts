// Believes an identity provider, or does not: judges what it said, claims the account there for this person, and tells. It
// proves nothing, and changes nothing of what somebody has. Knows neither protocol.
import type { Told } from '../kernel/kernel.js';
import type { Kernel } from '../kernel/kernel.js';
import type { UpstreamRule } from '../kernel/settings.js';
import type { SignIn, Vouched } from '../kernel/sign-in.js';
import { emptyRecord, type MfaRecord } from '../kernel/record.js';
import { loadRecord, transact, type Decision } from '../kernel/transact.js';
import { claimAccount, digestOf, isOf, linkAt } from '../kernel/upstream-links.js';
import { barredBy } from '../rules/barred.js';
import { shortfallOf } from '../rules/upstream.js';
import type { Happened } from '../words/events.js';
import type { Shortfall, Upstream } from '../words/upstream.js';

/** What a sign-in keeps of it. */
export type Vouching = Pick<SignIn, 'vouched' | 'enforced'>;

/** @throws MfaError `store.unavailable`, `store.record_missing` */
export async function vouch(kernel: Kernel, about: Told, said: Upstream): Promise<Vouching> {
  const { issuer } = said;
  const rule = issuer === undefined ? undefined : kernel.settings.upstream.get(issuer);
  if (!rule || issuer === undefined) {
    kernel.tell(about, [insufficient(said, said.fault ?? 'not-named')]);
    return {};
  }
  if (rule.mfa === 'reject') return {};
  const { vouched, why } = await judged(kernel, about, said, rule);
  // The next time that it is asked is another one.
  if (vouched) await kernel.store.take(about.user.id, tripKey(kernel, issuer)).catch(() => undefined);
  const isStale = why === 'too-old' || why === 'before-change' || why === 'session-over';
  return {
    ...(vouched && { vouched }),
    ...(rule.mfa === 'enforce' ? { enforced: { issuer, ...(isStale ? { isStale } : {}) } } : {}),
  };
}

type Judgement = { vouched?: Vouched; why?: Shortfall };

async function judged(kernel: Kernel, about: Told, said: Upstream, rule: UpstreamRule): Promise<Judgement> {
  const { id } = about.user;
  const { issuer = '', subject = '', authTime = 0, amr, endsAt } = said;
  const digest = digestOf(kernel, issuer, subject);
  const why = (record: MfaRecord): Shortfall | undefined => {
    const times = {
      now: kernel.now(),
      epochAt: record.epochAt,
    };
    const link = linkAt(record, issuer);
    return shortfallOf(said, rule, times) ?? (link && !isOf(link, digest) ? 'other-subject' : undefined);
  };
  const start = await loadRecord(kernel, about.user);
  const before = start.record ?? emptyRecord('');
  if (barredBy(before)) return {};
  const claim = why(before) === undefined ? await claimAccount(kernel, id, digest) : undefined;
  const epoch = kernel.random.token();
  const judgement = await transact<Judgement>(
    kernel,
    about,
    (record): Decision<Judgement> => {
      if (barredBy(record)) return { result: {} };
      const short = why(record) ?? (claim === undefined ? 'linked' : undefined);
      if (short !== undefined || claim === undefined)
        return { result: { ...(short && { why: short }) }, happened: [insufficient(said, short ?? 'linked')] };
      const linked = withLink(record, { issuer, claim }, epoch);
      const vouched: Vouched = { issuer, subject, at: authTime, amr: [...amr], epoch: linked.epoch };
      return {
        ...(linked === record ? {} : { save: linked }),
        result: { vouched: endsAt === undefined ? vouched : { ...vouched, endsAt } },
        happened: [{ name: 'upstream-accepted', outcome: 'accepted', detail: told(said) }],
      };
    },
    start,
  );
  // A rival of this person linked another account of that issuer meanwhile: this one is nobody's.
  if (!judgement.vouched && claim !== undefined) await giveBack(kernel, id, claim);
  return judgement;
}

/** Unless the record knows it after all: a rival of the same account won. */
async function giveBack({ store }: Kernel, userId: string, claim: string): Promise<void> {
  const { record } = await store.load(userId);
  if (!record?.upstream?.some((link) => link.claim === claim)) await store.abandon(userId, [claim]);
}

function withLink(record: MfaRecord, link: { issuer: string; claim: string }, epoch: string): MfaRecord {
  const { upstream = [] } = record;
  if (record.epoch !== '' && upstream.some((each) => each.issuer === link.issuer && each.claim === link.claim))
    return record;
  return {
    ...record,
    epoch: record.epoch === '' ? epoch : record.epoch,
    upstream: [...upstream.filter(({ issuer }) => issuer !== link.issuer), link],
  };
}

function insufficient(said: Upstream, why: Shortfall): Happened {
  return { name: 'upstream-insufficient', outcome: 'refused', detail: { why, ...told(said) } };
}

/** Bounded: an issuer that nobody named says what it likes. */
function told({ issuer = '', amr, acr }: Upstream): { [name: string]: string } {
  const list = (values: readonly string[]) => values.join(' ').slice(0, 255);
  return {
    issuer: issuer.slice(0, 255),
    ...(amr.length > 0 ? { amr: list(amr) } : {}),
    ...(acr.length > 0 ? { acr: list(acr) } : {}),
  };
}

/** Between two of them somebody has the time to sign in there. */
const tripSeconds = 600;

function tripKey({ sealer }: Kernel, issuer: string): string {
  return `upstream-trip:${sealer.hashToken(issuer).slice(0, 22)}`;
}

/**
 * Counts a way back to the provider, before anybody is led there: one that comes to nothing, whatever the provider answers, is
 * followed by no other.
 */
export async function beginTrip({ store, ...kernel }: Kernel, userId: string, issuer: string): Promise<boolean> {
  const { count } = await store.increment(userId, tripKey({ store, ...kernel }, issuer), tripSeconds);
  return count === 1;
}
