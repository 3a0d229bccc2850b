// A mail address or a phone number that a directory changed: what is bound to the account follows where the directory has verified
// it. Else it stays, for whoever can change a directory would read somebody's codes, and the person is told.
import { changesOf, followAddresses } from '../core/flows/bind.js';
import { factorOf, type Asker, type Kernel } from '../core/kernel/kernel.js';
import type { RequestHints } from '../core/words/events.js';
import type { SignIn } from '../core/kernel/sign-in.js';
import type { Fields } from './schema.js';
import { addressIn } from './users.js';

const channels = { emails: 'email', phoneNumbers: 'sms' } as const;
type Named = keyof typeof channels;

type Changed = { id: string; before: Fields; after: Fields; named: ReadonlySet<string> };

/** @throws MfaError `store.unavailable`, `store.conflict` */
export async function followDirectory(
  kernel: Kernel,
  given: { options: { verified?: readonly Named[] }; tenant: string | undefined; hints: RequestHints },
  { id, before, after, named }: Changed,
): Promise<void> {
  const names = (Object.keys(channels) as Named[]).filter((name) => named.has(name));
  if (names.length === 0) return;
  const { record } = await kernel.store.load(id);
  if (!record) return;
  const asker = (of: readonly Named[]): Asker => {
    const [email, phone] = (['emails', 'phoneNumbers'] as const).map((name) =>
      of.includes(name) ? addressIn(after, name) : undefined,
    );
    const user = {
      id,
      label: id,
      ...(given.tenant === undefined ? {} : { tenant: given.tenant }),
      ...(email === undefined ? {} : { email, emailVerified: true }),
      ...(phone === undefined ? {} : { phone, phoneVerified: true }),
    };
    // Nobody is signed in: a factor is asked what it would do with another address, and nothing else.
    return { user, hints: given.hints, locale: 'en', signIn: { userId: id, flowId: 'scim' } as SignIn };
  };
  const verified = names.filter((name) => given.options.verified?.includes(name));
  if (verified.length > 0) await followAddresses(kernel, asker(verified), record);
  for (const name of names) {
    const isChanged = addressIn(before, name) !== addressIn(after, name);
    if (verified.includes(name) || !isChanged) continue;
    const kept = changesOf(kernel, asker([name]), record).filter(
      ({ kind }) => factorOf(kernel, kind)?.channel === channels[name],
    );
    const notices = kept.map(({ kind }) => ({ what: 'address-kept' as const, kind, at: kernel.now() }));
    kernel.notify({ user: { id }, hints: {} }, record, notices);
  }
}
