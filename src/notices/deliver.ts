// Takes a notice to the addresses that were known before the change and somebody answers for: bound ones, and those that the
// host has verified. A message that fails never breaks the flow; it is an event.
import type { FactorContext } from '../core/kernel/factor.js';
import { contextWith, type Kernel, type Told } from '../core/kernel/kernel.js';
import { describedUser } from '../core/kernel/vouched-addresses.js';
import { maskEmail, maskPhone } from '../core/words/mask.js';
import type { Notice } from '../core/words/notices.js';
import type { Authenticator, MfaRecord } from '../core/kernel/record.js';
import type { Sender } from '../core/kernel/ports.js';
import { renderNotice, usageOf, type RenderTemplate } from './render-notice.js';

/** What a notice needs of a factor that has a sender. */
export type NoticeChannel = {
  kind: string;
  channel: Sender['channel'];
  sender: Sender;
  render: RenderTemplate;
  addressOf(context: FactorContext, authenticator: Authenticator): string;
  /** The address that the host has verified, in its normal form. */
  vouchedAddress(context: FactorContext): string | undefined;
  /** One address in its normal form; undefined where no message may go to it. */
  normalAddress(address: string): string | undefined;
};

/**
 * Everything about one delivery.
 * @property objectUrl the page where whoever reads this address may object; each address has its own
 */
export type Delivery = {
  about: Told;
  before: MfaRecord | undefined;
  notice: Notice;
  objectUrl?: (address: string) => Promise<string | undefined>;
};

/** By e-mail; by SMS only what no e-mail can tell. At once: an address whose server hangs keeps no other from hearing. */
export async function deliverNotice(
  kernel: Kernel,
  channels: readonly NoticeChannel[],
  delivery: Delivery,
): Promise<void> {
  const context = contextFor(kernel, delivery.about, delivery.before);
  const ways = channels.map((channel) => {
    return { channel, context, addresses: addressesOf(kernel, channel, context, delivery) };
  });
  const mails = ways.filter(({ channel }) => channel.channel === 'email');
  const texts = ways.filter(({ channel }) => channel.channel === 'sms');
  const byMail = Promise.all(mails.flatMap((way) => deliverBy(kernel, way, delivery)));
  const needsBoth = goesEverywhere(delivery.notice) || mails.every(({ addresses }) => addresses.length === 0);
  if (needsBoth || !(await byMail).some(Boolean))
    await Promise.all(texts.flatMap((way) => deliverBy(kernel, way, delivery)));
  await byMail;
}

/** A change of an address goes to mailbox and phone: whoever made it may read one of the two. So do a pass, and the end of all. */
function goesEverywhere({ what, kind }: Notice): boolean {
  if (what === 'turned-off' || what === 'pass-issued' || what === 'pass-used') return true;
  return (kind === 'email' || kind === 'sms') && (what === 'address-changed' || what === 'factor-removed');
}

type Way = { channel: NoticeChannel; context: FactorContext; addresses: readonly string[] };

/** Whether each was sent. */
function deliverBy(kernel: Kernel, { channel, context, addresses }: Way, delivery: Delivery): Promise<boolean>[] {
  const { notice, objectUrl } = delivery;
  const { appName, locale, user } = context;
  const { kind, render } = channel;
  return addresses.map(async (to) => {
    try {
      const url = await objectUrl?.(to);
      const rendered = renderNotice(notice, locale, {
        appName,
        channel: channel.channel,
        render,
        ...(user.timeZone === undefined ? {} : { timeZone: user.timeZone }),
        ...(url === undefined ? {} : { objectUrl: url }),
      });
      await channel.sender.send({ to, usage: usageOf(notice), appName, ...rendered });
      tell(kernel, delivery, 'notice-sent', kind);
      return true;
    } catch {
      tell(kernel, delivery, 'notice-failed', kind);
      return false;
    }
  });
}

function tell(kernel: Kernel, { about, notice }: Delivery, name: 'notice-sent' | 'notice-failed', kind: string): void {
  kernel.tell(about, [{ name, kind, actor: 'system', detail: { what: notice.what } }]);
}

function addressesOf(kernel: Kernel, channel: NoticeChannel, context: FactorContext, delivery: Delivery): string[] {
  try {
    return knownAddresses(channel, context, delivery);
  } catch {
    tell(kernel, delivery, 'notice-failed', channel.kind);
    return [];
  }
}

/** Of the host's addresses only the verified one: anybody can name the address of somebody else when they sign up. */
function knownAddresses(channel: NoticeChannel, context: FactorContext, { before }: Delivery): string[] {
  const bound = (before?.authenticators ?? []).filter(({ kind }) => kind === channel.kind);
  const known = [...bound.map((own) => channel.addressOf(context, own)), channel.vouchedAddress(context)];
  const usable = known.map((each) => (each === undefined ? undefined : channel.normalAddress(each)));
  return [...new Set(usable)].filter((each) => each !== undefined);
}

/** Where it goes, masked, for the page that says so; what cannot be read is left out. */
export function whereTo(kernel: Kernel, channels: readonly NoticeChannel[], delivery: Delivery): string[] {
  const context = contextFor(kernel, delivery.about, delivery.before);
  const by = (wanted: Sender['channel']) =>
    channels.flatMap((channel) => {
      if (channel.channel !== wanted) return [];
      try {
        return knownAddresses(channel, context, delivery);
      } catch {
        return [];
      }
    });
  const mails = by('email').map(maskEmail);
  const texts = mails.length === 0 || goesEverywhere(delivery.notice) ? by('sms').map(maskPhone) : [];
  return [...new Set([...mails, ...texts])];
}

/** What a factor is told where nobody asks. Whoever caused it may speak another language than whom it happened to. */
export function contextFor(kernel: Kernel, about: Told, before: MfaRecord | undefined): FactorContext {
  const user = describedUser(kernel, about, before);
  const locale = user.locale ?? about.locale ?? 'en';
  return contextWith(kernel, { user, locale, flowId: 'notice', ip: about.hints.ip });
}
