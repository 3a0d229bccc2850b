// How many codes may be sent: the price of a message and the peace of whoever owns the address. Every counter is one
// atomic increment in the store, so the limits hold over any number of processes; all of them are reserved at once,
// before sending, in one trip. Knows no message and no provider.
import { isIP } from 'node:net';
import { MfaError } from '../../core/words/errors.js';
import type { FactorContext } from '../../core/kernel/factor.js';
import type { CodePurpose } from './code.js';

/** Seconds until the same session may ask for another code to the same address. */
export const resendAfterSeconds = 30;

const perAddress = { max: 5, seconds: 600 };
const perUserHour = { max: 20, seconds: 3600 };
const perUserDay = { max: 30, seconds: 86_400 };
const newAddressesPerDay = { max: 3, seconds: 86_400 };
const hourSeconds = 3600;
const daySeconds = 86_400;

/** Counters that belong to no user stand together under this name. */
const everyone = '@limits';

type Counter = { owner: string; key: string; ttlSeconds: number; max: number };

/**
 * Whose budgets a message counts in. Binding has its own: whoever types an address that is not theirs stops no sign-in of its
 * owner. So has each browser that the person passed a factor in: who has only the password stops nobody there.
 */
function laneOf({ knownBrowser }: FactorContext, purpose: CodePurpose): { lane: string; budget: string } {
  if (purpose === 'bind' || knownBrowser === undefined) {
    const budget = purpose === 'bind' ? 'bind' : 'sign-in';
    return { lane: budget, budget };
  }
  return { lane: `known:${knownBrowser}`, budget: 'known' };
}

/** What is about to be sent. `since`: names the last success, so that what counts "without success" starts anew. */
export type Sending = {
  kind: string;
  purpose: CodePurpose;
  /** The address as far as it tells mailboxes apart: `a+b@x` and `A@x` are one. */
  mailbox: string;
  since: string;
  maxPerHour: number;
  maxPerNetworkPerHour: number;
};

export type Reservation = {
  /** How many codes of this purpose this session has asked for, this one included. */
  number: number;
  /** Gives everything back, for a message that surely was not delivered. */
  giveBack(): Promise<void>;
  /** Gives back what turned out not to count; nothing depends on it, so it may run beside the sending. */
  settle(): Promise<void>;
};

/**
 * Reserves one message in every limit it falls under.
 * @throws MfaError `connector.rate_limit_exceeded` with `retryAfterSeconds`; then nothing stays reserved
 */
export async function reserveSend(context: FactorContext, sending: Sending): Promise<Reservation> {
  const counters = countersOf(context, sending);
  const counts = await Promise.all(
    counters.map(({ owner, key, ttlSeconds }) => context.store.increment(owner, key, ttlSeconds)),
  );
  const named = (part: string) => counters.findIndex(({ key }) => key.startsWith(`code:${part}:`));
  const knownAddress = (counts[named('seen-address')]?.count ?? 0) > 1;
  const counted = counters.filter((counter) => !(knownAddress && counter === counters[named('new-addresses')]));

  const giveBack = (some: readonly Counter[]) => async (): Promise<void> => {
    await Promise.all(some.map(({ owner, key, ttlSeconds }) => context.store.increment(owner, key, ttlSeconds, -1)));
  };
  const waits = counters.flatMap((counter, index) => {
    const count = counts[index];
    return count && counted.includes(counter) && count.count > counter.max ? [count.expiresInSeconds] : [];
  });
  if (waits.length > 0) {
    await giveBack(counters)();
    throw new MfaError('connector.rate_limit_exceeded', 'Too many codes were asked for; nothing was sent.', {
      details: { retryAfterSeconds: Math.max(1, ...waits) },
    });
  }
  return {
    number: counts[named('number')]?.count ?? 1,
    giveBack: giveBack(counted),
    settle: giveBack(counters.filter((counter) => !counted.includes(counter))),
  };
}

function countersOf(context: FactorContext, sending: Sending): Counter[] {
  const { kind, purpose, since } = sending;
  const owner = context.user.id;
  // Addresses and networks are personal data: a key of the store shows only their keyed digest.
  const hidden = (what: string, value: string) =>
    Buffer.from(context.sealer.digest(`limit:${what}`, value))
      .toString('base64url')
      .slice(0, 22);
  const mailbox = hidden('address', `${kind}:${sending.mailbox}`);
  const network = context.ip === undefined ? undefined : networkOf(context.ip);
  const session = `${kind}:${purpose}:${context.flowId}`;
  const { lane, budget } = laneOf(context, purpose);
  return [
    { owner, key: `code:wait:${session}:${mailbox}`, ttlSeconds: resendAfterSeconds, max: 1 },
    { owner, key: `code:number:${session}`, ttlSeconds: daySeconds, max: Infinity },
    { owner, key: `code:user-hour:${lane}`, ttlSeconds: perUserHour.seconds, max: perUserHour.max },
    { owner, key: `code:user-day:${kind}:${lane}:${since}`, ttlSeconds: perUserDay.seconds, max: perUserDay.max },
    { owner: everyone, key: `code:address:${lane}:${mailbox}`, ttlSeconds: perAddress.seconds, max: perAddress.max },
    ...(network === undefined
      ? []
      : [
          {
            owner: everyone,
            // All known browsers of a network share one: they may be many accounts of one who is paid by the message.
            key: `code:network:${budget}:${hidden('network', network)}`,
            ttlSeconds: hourSeconds,
            max: sending.maxPerNetworkPerHour,
          },
        ]),
    ...(sending.maxPerHour === Infinity
      ? []
      : [{ owner: everyone, key: `code:everything:${kind}`, ttlSeconds: hourSeconds, max: sending.maxPerHour }]),
    ...(purpose === 'bind'
      ? [
          { owner, key: `code:seen-address:${mailbox}`, ttlSeconds: daySeconds, max: Infinity },
          {
            owner,
            key: 'code:new-addresses:all',
            ttlSeconds: newAddressesPerDay.seconds,
            max: newAddressesPerDay.max,
          },
        ]
      : []),
  ];
}

/**
 * The network of an address: /24 of IPv4, /64 of IPv6 (one customer holds at least a /64, so single addresses mean
 * nothing). An IPv4 address in IPv6 form counts as IPv4; what is no address has no network.
 */
export function networkOf(ip: string): string | undefined {
  const bare = ip.split('%')[0] ?? '';
  if (isIP(bare) === 4) return `${bare.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIP(bare) !== 6) return undefined;
  const groups = groupsOf(bare);
  const isMapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff';
  if (!isMapped) return `${groups.slice(0, 4).join(':')}::/64`;
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return `${high >> 8}.${high & 255}.${low >> 8}.0/24`;
}

/** The eight groups of an IPv6 address; the URL parser brings every spelling to one form. */
function groupsOf(ip: string): string[] {
  const [head = '', tail = ''] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::');
  const before = head.split(':').filter(Boolean);
  const after = tail.split(':').filter(Boolean);
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
}
