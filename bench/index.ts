// `npm run bench`: what a guarded request costs beside a bare one and a verification beside a log-in, how many trips to the
// store each operation makes and what one takes in each store, what a record, an assessment of risk, a rotation, a move of people, a census, a report, the audit log and the pages of
// administration cost, and how long an owner waits in a flood.
// `-- --json` prints the figures for a program, `-- --only rotation` (or several: `--only guard --only trips`) leaves the rest
// out; `-- --launches 2 --turns 100`, `--people 2000` and `--entries 20000` measure less than by default.
import { parseArgs } from 'node:util';
import { startRedis } from '../scripts/redis.mjs';
import { measureAdmin } from './admin-pages.js';
import { measureAudit } from './audit-cost.js';
import { measureCensus, measureReport } from './census-cost.js';
import { measureFlood } from './flood-wait.js';
import { measureGuard } from './guard-cost.js';
import { measureMigrate } from './migrate-cost.js';
import { print } from './print.js';
import { measureRecord } from './record-cost.js';
import { measureRisk } from './risk-cost.js';
import { measureRotation } from './rotation.js';
import { countInSql } from './round-trips.js';
import { countAnswer } from './session-trips.js';
import { measureTransfer } from './transfer.js';
import { measureStores } from './store-cost.js';
import { measureVerification } from './verification-cost.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    launches: { type: 'string', default: '6' },
    turns: { type: 'string', default: '300' },
    entries: { type: 'string', default: '100000' },
    only: { type: 'string', multiple: true },
    people: { type: 'string', default: '10000' },
  },
});
const extent = { launches: count('launches'), turns: count('turns') };
const [people, entries] = [count('people'), count('entries')];

/** What can be measured, in the order in which it is. */
const parts = {
  guard: (url: string, space: string) => measureGuard(url, space, extent),
  trips: async () => [...(await countInSql()), await countAnswer()],
  verification: () => measureVerification(Math.ceil(extent.turns / 10)),
  stores: (url: string, space: string) => measureStores(url, space),
  record: (url: string, space: string) => measureRecord(url, space),
  risk: () => measureRisk(),
  rotation: (url: string, space: string) => measureRotation(url, space, people),
  census: (url: string, space: string) => measureCensus(url, space, people),
  report: (url: string, space: string) => measureReport(url, space, people, entries),
  transfer: (url: string, space: string) => measureTransfer(url, space, people),
  'migrate-from': (url: string, space: string) => measureMigrate(url, space, people),
  flood: (url: string, space: string) => measureFlood(url, space),
  audit: (url: string, space: string) => measureAudit(url, space, entries),
  admin: (url: string, space: string) => measureAdmin(url, space, people, entries),
};
export type Figures = { [part in keyof typeof parts]?: Awaited<ReturnType<(typeof parts)[part]>> };

const wanted = chosen();
const redis = await startRedis();
try {
  const figures: { [part: string]: unknown } = {};
  for (const part of wanted) figures[part] = await parts[part](redis.url, `bench-${part}-${process.pid}`);
  if (values.json) console.log(JSON.stringify(figures, undefined, 2));
  else print(figures, extent);
} finally {
  redis.stop();
}

function chosen(): (keyof typeof parts)[] {
  const names = Object.keys(parts) as (keyof typeof parts)[];
  const unknown = values.only?.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined)
    throw new Error(`--only takes ${names.slice(0, -1).join(', ')} or ${names.at(-1)}; received ${unknown}.`);
  // It needs PostgreSQL, so only whoever asks for it.
  return names.filter((name) => values.only?.includes(name) ?? name !== 'transfer');
}

function count(name: 'launches' | 'turns' | 'entries' | 'people'): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} takes a whole number from 1; received ${values[name]}.`);
}
