// A factor that sends its riddle to an address, for testing what the flows do with addresses that the host verified.
import type { Factor, FactorContext, FactorEnrollment } from '../../src/core/kernel/factor.js';
import type { Json } from '../../src/core/words/json.js';
import { riddle, type RiddleData } from './core-factors.js';

type Letter = { to: string; word: string };
type Typed = { address: string };
type AddressData = RiddleData & { address: string };

/** A factor of the channel `email`, and the letters that it sent. */
export function letters(): { factor: Factor; sent: Letter[] } {
  const sent: Letter[] = [];
  const plain = riddle({ kind: 'letters', channel: 'email', ceremony: { tries: 3 }, beginsOnPage: false }) as Factor;
  const vouched = ({ user }: FactorContext) => (user.emailVerified === true ? user.email : undefined);
  const dataFor = (context: FactorContext, address: string): Json => {
    return { word: `the word of ${address}`, salt: context.random.token(), lastUse: 0, address };
  };
  const enrollment: FactorEnrollment = {
    ...plain.enrollment,
    parseBegin: (body) => {
      const { address } = (body ?? {}) as Partial<Typed>;
      return typeof address === 'string' ? { address } : { malformed: true, details: { field: 'address' } };
    },
    async begin(context, _own, input) {
      const { address } = input as Typed;
      const word = context.random.token(6);
      sent.push({ to: address, word });
      return { secret: { word, id: context.random.token(6) }, shown: {}, happened: [{ name: 'code-sent' }] };
    },
  };
  const factor: Factor = {
    ...plain,
    enrollment,
    vouchedAddress: vouched,
    async adopt(context) {
      const address = vouched(context);
      return address === undefined ? undefined : dataFor(context, address);
    },
    follow(context, { data }) {
      const address = vouched(context);
      const own = data as Partial<AddressData>;
      return address === undefined || own.address === undefined || own.address === address
        ? undefined
        : dataFor(context, address);
    },
  };
  return { factor, sent };
}
