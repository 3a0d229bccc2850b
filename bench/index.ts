// `npm run bench`: what a guarded request costs beside a bare one and a verification beside a log-in, and how many trips to
// the store each operation makes.
// `-- --json` prints the figures for a program, `-- --launches 2 --turns 100` measures less than by default,
// `-- --entries 20000` less of the audit log, `-- --people 2000` of the rotation; `-- --only audit` leaves the rest out.
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startRedis } from '../scripts/redis.mjs';
import type { AppName } from './apps.js';
import { measureAudit, type AuditCost } from './audit-cost.js';
import { measureGuard, type Cost, type Extent } from './guard-cost.js';
import { measureRecord, type RecordCost } from './record-cost.js';
import { measureRotation, type RotationSpeed } from './rotation.js';
import { countTrips, type Trips } from './round-trips.js';
import { countAnswer } from './session-trips.js';
import { measureVerification, type VerificationCost } from './verification-cost.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    launches: { type: 'string', default: '6' },
    turns: { type: 'string', default: '300' },
    entries: { type: 'string', default: '100000' },
    only: { type: 'string' },
    people: { type: 'string', default: '10000' },
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
  const all = values.only === undefined;
  const guard = all ? await measureGuard(redis.url, `bench-${process.pid}`, extent) : [];
  const trips = all ? [...(await countTrips()), await countAnswer()] : [];
  const verification = all ? await measureVerification(Math.ceil(extent.turns / 10)) : undefined;
  const record = all ? await measureRecord(redis.url, `bench-record-${process.pid}`) : undefined;
  const rotation = all ? await measureRotation(redis.url, `bench-rotation-${process.pid}`, count('people')) : undefined;
  const audit = await measureAudit(redis.url, `bench-${process.pid}`, count('entries'));
  if (values.json) console.log(JSON.stringify({ guard, verification, trips, record, rotation, audit }, undefined, 2));
  else {
    if (verification) print(guard, verification, trips);
    if (record && rotation) printRecord(record, rotation);
    printAudit(audit);
  }
} finally {
  redis.stop();
}

function count(name: 'launches' | 'turns' | 'entries' | 'people'): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${name} takes a whole number from 1; received ${values[name]}.`);
}

function print(guard: readonly Cost[], verification: VerificationCost, trips: readonly Trips[]): void {
  const { launches, turns } = extent;
  console.log(
    `CPU per request, ${launches} launches of ${turns * 100} requests, ${process.version}, ${availableParallelism()} cores:`,
  );
  for (const { app, microseconds, ratio, error } of guard) {
    console.log(
      `  ${described[app].padEnd(56)} ${microseconds.toFixed(1).padStart(6)} µs   ${ratio.toFixed(3)}${error === undefined ? '' : ` ± ${error.toFixed(3)}`}`,
    );
  }
  console.log('\nCPU in memory, median of rounds:');
  console.log(`  a log-in that regenerates ${verification.logIn.toFixed(0).padStart(6)} µs`);
  console.log(`  TOTP, a right answer      ${verification.verification.toFixed(0).padStart(6)} µs`);
  console.log('\nSequential trips to the store per operation:');
  for (const { operation, trips: count, commands, derivations, log } of trips) {
    const derived = derivations === 0 ? '' : `, ${derivations} key derivation${derivations === 1 ? '' : 's'}`;
    console.log(`  ${operation.padEnd(22)} ${count} (${commands} commands${derived})  ${log}`);
  }
}

function printAudit(cost: AuditCost): void {
  const { entries, writers, entriesPerSecond, redisMicroseconds, ownMicroseconds, bytesPerEntry, catchUp, verified } =
    cost;
  console.log(`\nThe audit log, ${entries} entries of ${writers} writers through one Redis:`);
  console.log(
    `  ${Math.round(entriesPerSecond)} entries a second; per entry ${redisMicroseconds.toFixed(1)} µs of CPU in Redis,`,
  );
  console.log(
    `  ${ownMicroseconds.toFixed(1)} µs in the process that writes, ${Math.round(bytesPerEntry)} bytes of memory in Redis`,
  );
  console.log(
    `  a sink that was away for all of them has them after ${catchUp.seconds.toFixed(1)} s, each at least once;`,
  );
  console.log(`  meanwhile ${catchUp.told} more were told, and stored within ${Math.round(catchUp.mostMs)} ms at most`);
  console.log(`  verified in ${verified.seconds.toFixed(1)} s: ${verified.sound ? 'nothing is broken' : 'BROKEN'}`);
}

function printRecord(record: RecordCost, { people, perSecond, microseconds }: RotationSpeed): void {
  const { written, stored, memory, answerMicroseconds } = record;
  console.log('\nA usual person (authenticator app, ten backup codes, two browsers, eight lines of activity):');
  console.log(`  ${memory} bytes of Redis by MEMORY USAGE; ${stored} characters of value, ${written} written out`);
  console.log(`  right code of an authenticator app, the flow alone: ${answerMicroseconds.toFixed(0)} µs of CPU`);
  console.log(
    `  rotation of secrets: ${perSecond.toFixed(0)} records a second of ${people}, ${microseconds.toFixed(0)} µs of CPU each; load ${loadavg()[0]?.toFixed(1) ?? ''}`,
  );
}
