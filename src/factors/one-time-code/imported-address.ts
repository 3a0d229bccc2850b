// Addresses that another system had proved, so that people who move here keep them. For operators only; no request reaches this.
import type { AdoptedSecret, FactorContext } from '../../core/kernel/factor.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { MfaError } from '../../core/words/errors.js';
import type { Json } from '../../core/words/json.js';
import { asJson, boundOf, newAddress, openAddress } from './address.js';
import type { CodeChannel } from './channel.js';

/**
 * The authenticator for `{ address }`. Its person proved it there: it does not follow the address that the host knows.
 * @throws MfaError `config.invalid_option` where no message may go to it
 */
export function adoptImported(
  context: FactorContext,
  channel: CodeChannel,
  own: readonly Authenticator[],
  input: Json,
): AdoptedSecret {
  const { kind } = channel;
  const parsed = channel.parseAddress((input as { address?: unknown }).address);
  if ('hint' in parsed) {
    const words = `The imported address cannot be used for ${kind} here (${parsed.hint}).`;
    throw new MfaError('config.invalid_option', words);
  }
  const { address } = parsed;
  const bound = boundOf(own);
  const common = { weak: false, fingerprint: address };
  if (bound && openAddress(context, kind, bound.data) === address)
    return { ...common, id: bound.id, data: asJson(bound.data), same: true, replaces: [] };
  const data = asJson(newAddress(context, kind, address, channel.mask(address)));
  return { ...common, id: context.random.token(), data, same: false, replaces: own.map(({ id }) => id) };
}
