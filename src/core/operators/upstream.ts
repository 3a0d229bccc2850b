// Frees what links a person to an account at an identity provider, where it is the wrong one or they have a new one.
import { aboutUser, type Kernel } from '../kernel/kernel.js';
import { transact, type Decision } from '../kernel/transact.js';
import type { UpstreamLink } from '../kernel/record.js';
import { claimsOfLinks, linkAt } from '../kernel/upstream-links.js';
import { MfaError } from '../words/errors.js';
import { byWhom, checkAdmin, type ByAdmin } from './by-admin.js';

export type ForgetUpstream = ByAdmin & { issuer: string };

/**
 * The next account of that issuer that signs in as this person is theirs. Every sign-in ends: one may have been vouched for by
 * the account that goes.
 * @throws MfaError `config.*` for an administrator without a name or no issuer; `store.unavailable`
 */
export async function forgetUpstream(kernel: Kernel, userId: string, given: ForgetUpstream): Promise<void> {
  const { issuer, ...admin } = checkAdmin('mfa.forgetUpstream', given, ['issuer']);
  if (typeof (issuer as unknown) !== 'string' || issuer === '')
    throw new MfaError('config.invalid_option', 'mfa.forgetUpstream: `issuer` takes the issuer that is forgotten.');
  const { record } = await kernel.store.load(userId);
  // Before the record, which knows of it: whoever was interrupted here can do it again.
  await free(kernel, userId, record && linkAt(record, issuer));
  const epoch = kernel.random.token();
  const gone = await transact<UpstreamLink | undefined>(
    kernel,
    aboutUser(userId),
    (current): Decision<UpstreamLink | undefined> => {
      const link = linkAt(current, issuer);
      if (!link) return { result: undefined };
      const { upstream = [], ...rest } = current;
      const others = upstream.filter((each) => each !== link);
      const { detail, ...who } = byWhom(admin);
      return {
        save: { ...rest, ...(others.length > 0 ? { upstream: others } : {}), epoch, trusted: [] },
        result: link,
        happened: [{ name: 'upstream-forgotten', ...who, detail: { ...detail, issuer: issuer.slice(0, 255) } }],
        notices: [{ what: 'upstream-forgotten', at: kernel.now() }],
      };
    },
  );
  // The person signed in between both.
  await free(kernel, userId, gone);
}

async function free({ store }: Kernel, userId: string, link: UpstreamLink | undefined): Promise<void> {
  if (link) await store.abandon(userId, claimsOfLinks([link]));
}
