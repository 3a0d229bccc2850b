// One of two processes that go on with the same report, of the same people: told an order, it makes it and says its id.
import { cryptoRandom } from '../../src/crypto/random.js';
import { reportSite } from './report-site.js';

const [folder = '', crowd = '{}'] = process.argv.slice(2);
const opening = reportSite({ ...(JSON.parse(crowd) as object), folder, random: cryptoRandom });
type Order = Parameters<Awaited<typeof opening>['mfa']['report']>[0];

process.on('message', (order: Order) => {
  opening
    .then(({ mfa }) => mfa.report(order))
    .then(
      ({ id }) => process.send?.(id),
      (error: unknown) => process.send?.(String(error)),
    );
});
process.once('disconnect', () => process.exit());
void opening.then(() => process.send?.('ready'));
