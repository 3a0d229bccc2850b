// `npm run bench`: what a guarded request costs beside a bare one, and how many trips to the store each operation makes.
// `-- --json` prints the figures for a program.
import { spawnSync } from 'node:child_process';
import { startRedis } from '../scripts/redis.mjs';
import { measureGuard } from './guard-cost.js';
import { countTrips } from './round-trips.js';

const json = process.argv.includes('--json');
const redis = await startRedis();
try {
  const namespace = `bench-${process.pid}`;
  const guard = await measureGuard(redis.url, namespace);
  const trips = await countTrips();
  if (json) console.log(JSON.stringify({ guard, trips }, undefined, 2));
  else print(guard, trips);
} finally {
  redis.stop();
}

function print(guard: Awaited<ReturnType<typeof measureGuard>>, trips: Awaited<ReturnType<typeof countTrips>>): void {
  const us = (value: number) => `${value.toFixed(1)} µs`;
  console.log(`CPU per request over ${guard.rounds} rounds in turns, ${process.version}, ${cpuName()}:`);
  console.log(`  bare (session + passport, Redis)  ${us(guard.bare)}`);
  console.log(`  guarded, elevated                 ${us(guard.guarded)}`);
  console.log(`  ratio                             ${guard.ratio.toFixed(3)}`);
  console.log(
    `  the least that any guard does     ${guard.leastRatio.toFixed(3)} (compares session and user, sets a property)`,
  );
  console.log(`  a middleware that does nothing    ${guard.idleRatio.toFixed(3)}`);
  console.log('\nSequential trips to the store per operation:');
  for (const { operation, trips: count, commands, derivations, log } of trips) {
    const derived = derivations === 0 ? '' : `, ${derivations} key derivation${derivations === 1 ? '' : 's'}`;
    console.log(`  ${operation.padEnd(22)} ${count} (${commands} commands${derived})  ${log}`);
  }
}

function cpuName(): string {
  const { stdout } = spawnSync('nproc', { encoding: 'utf8' });
  return `${stdout.trim() || 'unknown number of'} cores`;
}
