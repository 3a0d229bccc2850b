// Takes a notice to every address that was known before the change: bound ones, and the one the host knows. A message
// that fails never breaks the flow; it is an event.
import type { FactorContext } from '../core/factor.js';
import type { Kernel, Told } from '../core/kernel.js';
import type { Notice } from '../core/notices.js';
import type { Authenticator, MfaRecord } from '../core/record.js';
import type { Sender } from '../core/ports.js';
import { renderNotice, type RenderTemplate } from './render-notice.js';

/** What a notice needs of a factor that has a sender. */
export type NoticeChannel = {
  kind: string;
  channel: Sender['channel'];
  sender: Sender;
  render: RenderTemplate;
  addressOf(context: FactorContext, authenticator: Authenticator): string;
};

/** Everything about one delivery. `objectUrl`: the page where the person may object. */
export type Delivery = { about: Told; before: MfaRecord | undefined; notice: Notice; objectUrl?: string };

export async function deliverNotice(
  kernel: Kernel,
  factors: readonly NoticeChannel[],
  delivery: Delivery,
): Promise<void> {
  const { about, before, notice, objectUrl } = delivery;
  const context = contextFor(kernel, about);
  const locale = about.locale ?? about.user.locale ?? 'en';
  await Promise.all(
    factors.map(async (factor) => {
      const told = (name: 'notice-sent' | 'notice-failed') => {
        kernel.tell(about, [{ name, kind: factor.kind, actor: 'system', detail: { what: notice.what } }]);
      };
      const compose = () =>
        renderNotice(notice, locale, {
          appName: kernel.settings.appName,
          channel: factor.channel,
          render: (...given) => factor.render(...given),
          ...(objectUrl === undefined ? {} : { objectUrl }),
        });
      for (const to of addressesOf(factor, context, before)) {
        try {
          await factor.sender.send({ to, usage: 'Notice', appName: kernel.settings.appName, ...compose() });
          told('notice-sent');
        } catch {
          told('notice-failed');
        }
      }
    }),
  );
}

function addressesOf(factor: NoticeChannel, context: FactorContext, before: MfaRecord | undefined): string[] {
  const bound = (before?.authenticators ?? []).filter(({ kind }) => kind === factor.kind);
  const addresses = bound.map((own) => factor.addressOf(context, own));
  const { email, phone } = context.user;
  const known = factor.channel === 'email' ? email : phone;
  return [...new Set(known === undefined ? addresses : [...addresses, known])];
}

function contextFor(kernel: Kernel, { user, hints, locale }: Told): FactorContext {
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
