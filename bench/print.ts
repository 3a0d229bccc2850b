// The figures of a benchmark in words, for people. Measures nothing.
import { availableParallelism, loadavg } from 'node:os';
import type { AppName } from './apps.js';
import type { AdminCost } from './admin-pages.js';
import type { AuditCost } from './audit-cost.js';
import type { CensusCost, ReportCost } from './census-cost.js';
import type { FloodWait } from './flood-wait.js';
import type { Cost, Extent } from './guard-cost.js';
import type { Figures } from './index.js';
import type { MigrateCost } from './migrate-cost.js';
import type { RecordCost } from './record-cost.js';
import type { RiskCost } from './risk-cost.js';
import type { RotationSpeed } from './rotation.js';
import type { TransferSpeed } from './transfer.js';
import type { Trips } from './round-trips.js';
import type { StoreCost } from './store-cost.js';
import type { VerificationCost } from './verification-cost.js';

const described: { [app in AppName]: string } = {
  bare: 'bare (session and Passport, Redis)',
  again: 'bare, another process',
  idle: 'a middleware that does nothing',
  least: 'the least that any guard does: compares, sets req.mfa',
  guarded: 'guarded',
  assessed: 'guarded, risk enforced',
};

export function print(
  {
    guard,
    trips,
    stores,
    verification,
    record,
    risk,
    rotation,
    census,
    report,
    transfer,
    'migrate-from': migrate,
    flood,
    audit,
    admin,
  }: Figures,
  extent: Extent,
): void {
  if (guard) printGuard(guard, extent);
  if (trips) printTrips(trips);
  if (stores) printStores(stores);
  if (verification) printVerification(verification);
  if (record) printRecord(record);
  if (risk) printRisk(risk);
  if (rotation) printRotation(rotation);
  if (census) printCensus('A census', census);
  if (report) printReport(report);
  if (transfer) printTransfer(transfer);
  if (migrate) printMigrate(migrate);
  if (flood) printFlood(flood);
  if (audit) printAudit(audit);
  if (admin) printAdmin(admin);
  console.log(
    `\n${process.version}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1) ?? ''} at the end`,
  );
}

function printGuard(guard: readonly Cost[], { launches, turns }: Extent): void {
  console.log(`\nCPU per request, ${launches} launches of ${turns * 100} requests:`);
  for (const { app, who, microseconds, ratio, error } of guard) {
    const title = who === 'elevated' ? described[app] : `a visitor: ${described[app]}`;
    console.log(
      `  ${title.padEnd(66)} ${microseconds.toFixed(1).padStart(6)} µs   ${ratio.toFixed(3)}${error === undefined ? '' : ` ± ${error.toFixed(3)}`}`,
    );
  }
}

function printTrips(trips: readonly Trips[]): void {
  console.log('\nSequential trips to the store per operation:');
  for (const { operation, trips: count, commands, derivations, log, statements } of trips) {
    const derived = derivations === 0 ? '' : `, ${derivations} key derivation${derivations === 1 ? '' : 's'}`;
    const inSql = statements === undefined ? '' : `, ${statements * commands} statements in SQL`;
    console.log(`  ${operation.padEnd(22)} ${count} (${commands} commands${inSql}${derived})  ${log}`);
  }
}

function printStores(stores: readonly StoreCost[]): void {
  console.log('\nMilliseconds of one operation, median, one after the other:');
  for (const { store, ...costs } of stores) {
    const told = Object.entries(costs).map(([operation, ms]) => `${operation} ${ms.toFixed(2).padStart(5)}`);
    console.log(`  ${store.padEnd(12)} ${told.join('   ')}`);
  }
}

function printVerification({ logIn, verification }: VerificationCost): void {
  console.log('\nCPU in memory, median of rounds:');
  console.log(`  a log-in that regenerates ${logIn.toFixed(0).padStart(6)} µs`);
  console.log(`  TOTP, a right answer      ${verification.toFixed(0).padStart(6)} µs`);
}

function printRecord({ written, stored, memory, answerMicroseconds }: RecordCost): void {
  console.log('\nA usual person (authenticator app, ten backup codes, two browsers, eight lines of activity):');
  console.log(`  ${memory} bytes of Redis by MEMORY USAGE; ${stored} characters of value, ${written} written out`);
  console.log(`  right code of an authenticator app, the flow alone: ${answerMicroseconds.toFixed(0)} µs of CPU`);
}

function printRisk({ perSecond, withHistory, bytes }: RiskCost): void {
  console.log('\nAssessments of risk, a second of one core:');
  console.log(
    `  ${Math.round(perSecond)} alone, ${Math.round(withHistory)} with a full history of ${bytes} characters read from the record`,
  );
}

function printRotation({ people, perSecond, microseconds }: RotationSpeed): void {
  console.log('\nRotation of secrets, of usual people:');
  console.log(
    `  ${perSecond.toFixed(0)} records a second of ${people}, ${microseconds.toFixed(0)} µs of CPU of this process each`,
  );
}

function printTransfer({ people, ways, fileMegabytes, digest }: TransferSpeed): void {
  console.log(`\n${people} people from Redis to PostgreSQL and back, each command killed in the middle; seconds:`);
  for (const { what, seconds, megabytes } of ways) {
    const [killed, rest] = seconds.map((each) => each.toFixed(0).padStart(4));
    console.log(`  ${what.padEnd(23)} ${killed} until it was killed, ${rest} for the rest; ${megabytes} MB of memory`);
  }
  console.log(`  a file of ${fileMegabytes} MB; the same there and back: ${digest}`);
}

function printCensus(what: string, { counted, told, seconds, cpuSeconds, megabytes }: CensusCost): void {
  const ofMillion = (1e6 * cpuSeconds) / counted;
  console.log(`\n${what} of ${counted} people, who stand in Redis:`);
  console.log(
    `  ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU of the process that counts (${ofMillion.toFixed(0)} for a million),`,
  );
  console.log(`  ${megabytes.toFixed(0)} MB of memory at most; said ${told} times how far it was`);
}

function printReport(report: ReportCost): void {
  printCensus('A report', report);
  const { entries, killedAt, mostMegabytes } = report;
  console.log(
    `  with ${entries} entries of the log; killed after ${killedAt[0]} people and after ${killedAt[1]} entries, and gone on with: all of it in ${report.seconds.toFixed(1)} s,`,
  );
  console.log(`  at most ${mostMegabytes.toFixed(0)} MB in any of the three processes`);
}

function printMigrate({ rows, people, fileMegabytes, first, again }: MigrateCost): void {
  console.log(`\nmigrate-from of ${rows} rows of ${people} people, ${fileMegabytes.toFixed(0)} MB, into Redis:`);
  for (const [what, { seconds, cpuSeconds, megabytes, told }] of Object.entries({ first, again }))
    console.log(
      `  ${what.padEnd(5)} ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU, ${megabytes.toFixed(0)} MB of memory at most; said ${told} times how far it was`,
    );
}

function printFlood({ size, aloneMs, floodedMs, answered }: FloodWait): void {
  console.log(`\nThe owner's right code from a known browser, while ${size} answers of a stranger come at once:`);
  console.log(`  ${aloneMs.toFixed(0)} ms alone, ${floodedMs.toFixed(0)} ms at most in the flood;`);
  console.log(`  ${answered} of the stranger's at most were answered by then`);
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

function printAdmin({ entries, people, pages, exports, mostMegabytes }: AdminCost): void {
  console.log(`\nAdministration, with ${people} people and ${entries} entries of the log:`);
  for (const { page, median, most } of pages)
    console.log(`  ${page.padEnd(24)} ${median.toFixed(0).padStart(4)} ms, at most ${most.toFixed(0)}`);
  for (const { format, lines, megabytes, seconds } of exports)
    console.log(`  ${format.padEnd(24)} ${lines} lines, ${megabytes.toFixed(0)} MB in ${seconds.toFixed(0)} s`);
  console.log(
    `  memory of the process: ${mostMegabytes.pages} MB by the pages, ${mostMegabytes.exports} MB with the exports`,
  );
}
