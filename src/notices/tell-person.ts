// Tells a person of one thing that happened to their account: by the host where it takes notices over, else by the senders
// there are; as often as the limits allow, and with a page for objecting.
import { createObjection } from '../core/flows/objection.js';
import type { Kernel } from '../core/kernel/kernel.js';
import { isReminder, type Notice } from '../core/words/notices.js';
import { contextFor, deliverNotice, type Delivery, type NoticeChannel } from './deliver.js';
import { withinLimits } from './limits.js';

/** How an app tells people. */
export type NoticeWays = {
  notify: ((notice: Notice & { userId: string }) => void | Promise<void>) | undefined;
  channels: readonly NoticeChannel[];
  /** What the token is added to: `https://app.example.com/mfa/object/`. */
  objectAt: string | undefined;
};

/** Rejects only where the host's own `notify` does. */
export async function tellPerson(kernel: Kernel, ways: NoticeWays, happened: Delivery): Promise<void> {
  const { about } = happened;
  if (!ways.notify && ways.channels.length === 0) return;
  const notice = await withinLimits(kernel, about.user.id, happened.notice);
  if (notice === undefined) {
    const { what, kind } = happened.notice;
    const named = kind === undefined ? {} : { kind };
    kernel.tell(about, [{ name: 'send-limited', actor: 'system', outcome: 'refused', ...named, detail: { what } }]);
    return;
  }
  const delivery = { ...happened, notice };
  if (ways.notify) return handOver(kernel, ways, delivery, ways.notify);
  const objectUrl = async (to: string) => {
    const objectToken = ways.objectAt === undefined ? undefined : await tokenFor(kernel, delivery, to);
    return objectToken === undefined ? undefined : `${ways.objectAt}${objectToken}`;
  };
  await deliverNotice(kernel, ways.channels, { ...delivery, objectUrl });
}

async function handOver(
  kernel: Kernel,
  { channels }: NoticeWays,
  delivery: Delivery,
  notify: NonNullable<NoticeWays['notify']>,
): Promise<void> {
  const { about, before, notice } = delivery;
  const context = contextFor(kernel, about, before);
  const to = channels.map((channel) => channel.vouchedAddress(context)).find(Boolean);
  const objectToken = await tokenFor(kernel, delivery, to);
  try {
    await notify({ ...notice, ...(objectToken === undefined ? {} : { objectToken }), userId: about.user.id });
  } catch (error) {
    kernel.tell(about, [{ name: 'notice-failed', actor: 'system', detail: { what: notice.what } }]);
    throw error;
  }
}

/** The token of a link for one address. A store that cannot keep the link is no reason to tell nothing. */
async function tokenFor(kernel: Kernel, { about, before, notice }: Delivery, to: string | undefined) {
  if (isReminder(notice)) return undefined;
  return createObjection(kernel, about.user.id, notice, { first: !before?.protected, to }).catch(() => undefined);
}
