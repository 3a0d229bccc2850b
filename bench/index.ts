// `npm run bench`: what a guarded request costs beside a bare one, and how many trips to the store each operation makes.
// `-- --json` prints the figures for a program, `-- --launches 2 --turns 100` measures less than by default.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startRedis } from '../scripts/redis.mjs';
import type { AppName } from './apps.js';
import { measureGuard, type Cost, type Extent } from './guard-cost.js';
import { countTrips, type Trips } from './round-trips.js';
import { countAnswer } from './session-trips.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    launches: { type: 'string', default: '6' },
    turns: { type: 'string', default: '300' },
  },
});
const described: { [app in AppName]: string } = {
  bare: 'bare (session and Passport, Redis)',
  again: 'bare, another process',
  idle: 'a middleware that does nothing',
  least: 'the least that any guard does: compares, sets req.mfa',
  guarded: 'guarded, elevated',
};
const extent: Extent = { launches: count('launches'), turns: count('turns') };
const redis = await startRedis();
try {
  const guard = await measureGuard(redis.url, `bench-${process.pid}`, extent);
  const trips = [...(await countTrips()), await countAnswer()];
  if (values.json) console.log(JSON.stringify({ guard, trips }, undefined, 2));
  else print(guard, trips);
} finally {
  redis.stop();
}

function count(name: 'launches' | 'turns'): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} takes a whole number from 1; received ${values[name]}.`);
}

function print(guard: readonly Cost[], trips: readonly Trips[]): void {
  const { launches, turns } = extent;
  console.log(
    `CPU per request, ${launches} launches of ${turns * 100} requests, ${process.version}, ${availableParallelism()} cores:`,
  );
  for (const { app, microseconds, ratio, error } of guard) {
    console.log(
      `  ${described[app].padEnd(56)} ${microseconds.toFixed(1).padStart(6)} µs   ${ratio.toFixed(3)}${error === undefined ? '' : ` ± ${error.toFixed(3)}`}`,
    );
  }
  console.log('\nSequential trips to the store per operation:');
  for (const { operation, trips: count, commands, derivations, log } of trips) {
    const derived = derivations === 0 ? '' : `, ${derivations} key derivation${derivations === 1 ? '' : 's'}`;
    console.log(`  ${operation.padEnd(22)} ${count} (${commands} commands${derived})  ${log}`);
  }
}
