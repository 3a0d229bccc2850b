// A process that runs test files, one after the other, as the pool hands them over: each by a mocha of its own, all on
// one Redis that nobody else uses. Ends with the process that started it.
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { format, inspect } from 'node:util';
import Mocha from 'mocha';
import { root } from '../install.mjs';
import { startRedis } from '../redis.mjs';
import { mochaHooks } from '../../test/support/failed-pages.ts';
import { tellCallSitesLate } from './call-sites.mjs';
import { setCostFor } from './derivations.mjs';
import { closeServers, noteServers } from './servers.mjs';

const { Base } = Mocha.reporters;
let runner;
let aborted = false;
/** What failed beside the tests: errors that no test waited for, or that came when none ran. */
let strays = [];

// Mocha lets a rejection pass that nobody handles (a test that forgets to wait would succeed), and emits it once more.
const rejected = new WeakSet();
process.on('unhandledRejection', (reason, promise) => {
  if (!rejected.has(promise)) stray(reason);
  rejected.add(promise);
});
process.on('uncaughtException', (error) => {
  if (runner?.state !== 'running') stray(error);
});
// By `exit`, so that what tests started ends too.
process.on('disconnect', () => process.exit(1));
process.on('message', async (order) => {
  if (order.quit) process.exit(0);
  if (order.abort) {
    aborted = true;
    runner?.abort();
  }
  if (order.file) process.send(await runFile(order));
});

noteServers();
tellCallSitesLate();
const redis = await startRedis();
process.env.REDIS_URL = redis.url;
process.send({ ready: true });

/** @returns counts, and what mocha says of each test that failed */
async function runFile({ file, settings }) {
  setCostFor(file);
  const mocha = new Mocha({ ...settings, diff: true, forbidOnly: true, reporter: Base, rootHooks: mochaHooks });
  mocha.addFile(join(root, file));
  try {
    await mocha.loadFilesAsync();
  } catch (error) {
    return oneFailure(`It does not load: ${inspect(error)}`);
  }
  if (mocha.suite.total() === 0) return oneFailure('It holds no test.');
  const failures = [];
  await new Promise((resolve) => {
    runner = mocha.run(resolve);
    runner.on('fail', (test) => failures.push(test));
    if (aborted) runner.abort();
  });
  // What was rejected last is told in this turn of the event loop.
  await setImmediate();
  const { passes, failures: failed, pending } = runner.stats;
  runner.dispose();
  closeServers();
  const said = [...(failures.length > 0 ? [described(failures)] : []), ...strays];
  const result = { passed: passes, failed: failed + strays.length, skipped: pending, said: said.join('\n\n') };
  strays = [];
  return result;
}

function stray(error) {
  const during = runner?.state === 'running' ? `“${runner.currentRunnable?.fullTitle()}”` : 'no test';
  strays.push(`Nobody waited for what failed while ${during} ran: ${inspect(error)}`);
}

function oneFailure(said) {
  return { passed: 0, failed: 1, skipped: 0, said };
}

function described(failures) {
  const lines = [];
  const { consoleLog } = Base;
  Base.consoleLog = (...words) => lines.push(format(...words));
  Base.list(failures);
  Base.consoleLog = consoleLog;
  return lines.join('\n').trim();
}
