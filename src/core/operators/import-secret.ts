// A secret that another system made, taken over by whoever moves people here. It makes a first factor, or takes the place of
// one when told so; it never brings back what was replaced, removed or reset, for somebody may hold a copy of that.
import { owedAfter, settled } from '../flows/add-authenticator.js';
import { MfaError } from '../words/errors.js';
import type { MfaUser } from '../kernel/mfa-user.js';
import { aboutUser, contextWith, factorOf, type Kernel } from '../kernel/kernel.js';
import type { Json } from '../words/json.js';
import type { MfaRecord } from '../kernel/record.js';
import { wasSpent } from '../kernel/spent-secrets.js';
import { withoutPasses } from '../rules/hold.js';
import { ownOf } from '../rules/situation.js';
import { replacedBy, replacedDetail } from '../rules/succession.js';
import { transact } from '../kernel/transact.js';

/**
 * What became of a secret that was taken over. `imported: false` without `refused`: it is in force already. `refused`:
 * `protected`, this person has or had a second factor, and `replace` was not said; `spent`, it stood here before.
 */
export type Imported = {
  imported: boolean;
  weak: boolean;
  refused?: 'protected' | 'spent';
  /** Of the authenticator with this secret, where there is one now. */
  authenticatorId?: string;
};

/**
 * Takes over a secret that another system made. Idempotent: the same secret again changes nothing.
 * @param replace whether it may take the place of what this person has, or enrol somebody who was protected before
 * @returns `weak` where it is shorter than this factor would make it
 * @throws MfaError `config.invalid_option` where the factor is not in use, takes no secrets over, or refuses this one
 */
export async function importSecret(
  kernel: Kernel,
  kind: string,
  user: MfaUser,
  locale: string,
  input: Json,
  replace = false,
): Promise<Imported> {
  const factor = factorOf(kernel, kind);
  const adoptSecret = factor?.adoptSecret?.bind(factor);
  if (!factor || !adoptSecret) {
    const words = `The factor "${kind}" takes over no secrets here. Add it to \`factors\`.`;
    throw new MfaError('config.invalid_option', words);
  }
  const context = contextWith(kernel, { user, locale, flowId: 'import' });
  const epoch = kernel.random.token();
  return transact<Imported>(kernel, aboutUser(user.id), async (record) => {
    const own = ownOf(record, kind);
    const { id, data, weak, same, replaces, fingerprint } = await adoptSecret(context, own, input);
    if (same) return { result: { imported: false, weak, authenticatorId: id } };
    const stoodHere = (one: MfaRecord['authenticators'][number]) =>
      one.kind === kind && factor.fingerprintOf?.(kernel.sealer, user.id, one) === fingerprint;
    if (wasSpent(kernel, user.id, record, fingerprint) || record.authenticators.some(stoodHere))
      return { result: { imported: false, weak, refused: 'spent' } };
    if (!replace && (record.protected || record.protectedBefore === true))
      return { result: { imported: false, weak, refused: 'protected' } };
    const replaced = replacedBy(record, factor, replaces);
    const kept = record.authenticators.filter((one) => !replaced.includes(one));
    return {
      save: {
        ...settled(record, context.now),
        epoch,
        protected: true,
        trusted: [],
        owed: owedAfter(kernel, record, factor),
        authenticators: [...withoutPasses(kernel, kept), { id, kind, createdAt: context.now, data }],
      },
      result: { imported: true, weak, authenticatorId: id },
      happened: [
        {
          name: 'authenticator-enrolled',
          kind,
          authenticatorId: id,
          outcome: 'accepted',
          actor: 'admin',
          detail: { imported: true, ...replacedDetail(replaced) },
        },
      ],
      // Whoever had nothing before had nothing changed, and is told by the host that migrates.
      ...(record.protected ? { notices: [{ what: 'factor-added', kind, authenticatorId: id, at: context.now }] } : {}),
    };
  });
}
