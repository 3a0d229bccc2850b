// Takes a notice to every address that was known before the change: bound ones, and the one the host knows. A message
// that fails never breaks the flow; it is an event.
import type { FactorContext } from '../core/factor.js';
import type { Kernel, Told } from '../core/kernel.js';
import type { Notice } from '../core/notices.js';
import type { MfaRecord } from '../core/record.js';
import type { CodeFactor } from '../factors/one-time-code/code-factor.js';
import { renderNotice } from './render-notice.js';

/** Everything about one delivery. `objectUrl`: the page where the person may object. */
export type Delivery = { about: Told; before: MfaRecord | undefined; notice: Notice; objectUrl?: string };

export async function deliverNotice(kernel: Kernel, factors: readonly CodeFactor[], delivery: Delivery): Promise<void> {
  const { about, before, notice, objectUrl } = delivery;
  const context = contextFor(kernel, about);
  const locale = about.locale ?? about.user.locale ?? 'en';
  await Promise.all(
    factors.map(async (factor) => {
      const { channel, sender } = factor;
      const rendered = renderNotice(notice, locale, {
        appName: kernel.settings.appName,
        channel,
        render: (...given) => factor.render(...given),
        ...(objectUrl === undefined ? {} : { objectUrl }),
      });
      for (const to of addressesOf(factor, context, before)) {
        try {
          await sender.send({ to, usage: 'Notice', appName: kernel.settings.appName, ...rendered });
          kernel.tell(about, [{ name: 'notice-sent', kind: channel, actor: 'system', detail: { what: notice.what } }]);
        } catch {
          kernel.tell(about, [
            { name: 'notice-failed', kind: channel, actor: 'system', detail: { what: notice.what } },
          ]);
        }
      }
    }),
  );
}

function addressesOf(factor: CodeFactor, context: FactorContext, before: MfaRecord | undefined): string[] {
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
