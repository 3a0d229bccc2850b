// Takes a notice to every address that was known before the change: bound ones, and the one the host knows. A message
// that fails never breaks the flow; it is an event.
import type { FactorContext } from '../core/kernel/factor.js';
import type { Kernel, Told } from '../core/kernel/kernel.js';
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

export async function deliverNotice(
  kernel: Kernel,
  factors: readonly NoticeChannel[],
  delivery: Delivery,
): Promise<void> {
  const { about, before, notice, objectUrl } = delivery;
  const { appName } = kernel.settings;
  const context = contextFor(kernel, about);
  // Whoever caused this may speak another language than the person it happened to.
  const locale = about.user.locale ?? about.locale ?? 'en';
  const { timeZone } = about.user;
  const compose = ({ channel, render }: NoticeChannel, url: string | undefined) =>
    renderNotice(notice, locale, {
      appName,
      channel,
      render,
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(url === undefined ? {} : { objectUrl: url }),
    });
  const told = (name: 'notice-sent' | 'notice-failed', kind: string) => {
    kernel.tell(about, [{ name, kind, actor: 'system', detail: { what: notice.what } }]);
  };
  const deliver = async (factor: NoticeChannel, to: string): Promise<void> => {
    try {
      await factor.sender.send({ to, usage: usageOf(notice), appName, ...compose(factor, await objectUrl?.(to)) });
      told('notice-sent', factor.kind);
    } catch {
      told('notice-failed', factor.kind);
    }
  };
  const deliverAll = async (factor: NoticeChannel): Promise<void> => {
    let addresses: string[];
    try {
      addresses = addressesOf(factor, context, before);
    } catch {
      told('notice-failed', factor.kind);
      return;
    }
    // At once: an address whose server hangs keeps no other from hearing.
    await Promise.all(addresses.map((to) => deliver(factor, to)));
  };
  await Promise.all(factors.map(deliverAll));
}

/** What the host knows was never parsed here: a list of addresses, or one with a header in it, is none. */
function addressesOf(factor: NoticeChannel, context: FactorContext, before: MfaRecord | undefined): string[] {
  const bound = (before?.authenticators ?? []).filter(({ kind }) => kind === factor.kind);
  const { email, phone } = context.user;
  const known = factor.channel === 'email' ? email : phone;
  const addresses = [...bound.map((own) => factor.addressOf(context, own)), ...(known === undefined ? [] : [known])];
  return [...new Set(addresses.map((each) => factor.normalAddress(each)))].filter((each) => each !== undefined);
}

/** What a factor is told where nobody asks. */
export function contextFor(kernel: Kernel, { user, hints, locale }: Told): FactorContext {
  return {
    user: { label: user.id, ...user },
    now: kernel.now(),
    appName: kernel.settings.appName,
    locale: locale ?? 'en',
    origins: kernel.settings.origins,
    flowId: 'notice',
    random: kernel.random,
    sealer: kernel.sealer,
    store: kernel.store,
    ...(hints.ip === undefined ? {} : { ip: hints.ip }),
  };
}
