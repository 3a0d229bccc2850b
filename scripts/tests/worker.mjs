// A process that runs test files, one after the other, as the pool hands them over: each by a mocha of its own, all on
// one Redis that nobody else uses. Ends with the process that started it.
import { join } from 'node:path';
import { format, inspect } from 'node:util';
import Mocha from 'mocha';
import { root } from '../install.mjs';
import { startRedis } from '../redis.mjs';

const { Base } = Mocha.reporters;
let runner;
let aborted = false;

// Mocha only listens; without this an error that nobody awaited would pass for success.
process.on('unhandledRejection', (reason) => {
  throw reason;
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

const redis = await startRedis();
process.env.REDIS_URL = redis.url;
process.send({ ready: true });

/** @returns counts, and what mocha says of each test that failed */
async function runFile({ file, settings }) {
  const mocha = new Mocha({ ...settings, diff: true, forbidOnly: true, reporter: Base });
  mocha.addFile(join(root, file));
  try {
    await mocha.loadFilesAsync();
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, said: `  It does not load: ${inspect(error)}` };
  }
  const failures = [];
  await new Promise((resolve) => {
    runner = mocha.run(resolve);
    runner.on('fail', (test) => failures.push(test));
    if (aborted) runner.abort();
  });
  const { passes, failures: failed, pending } = runner.stats;
  runner.dispose();
  return { passed: passes, failed, skipped: pending, said: failures.length > 0 ? described(failures) : '' };
}

function described(failures) {
  const lines = [];
  const { consoleLog } = Base;
  Base.consoleLog = (...words) => lines.push(format(...words));
  Base.list(failures);
  Base.consoleLog = consoleLog;
  return lines.join('\n').trim();
}
