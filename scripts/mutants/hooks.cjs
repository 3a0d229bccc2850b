// Around the tests of one mutant: every run begins with an empty Redis, and what a `before` covers is covered by each test
// behind it. StrykerJS would count it for the test that ran last, and not run those that it is for. Each ends in time.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { Redis } = require('ioredis');

const { MUTANTS_DURATIONS: durationsFile, MUTANTS_PATIENCE_MS: patienceMs } = process.env;
const isDry = () => globalThis.__stryker__?.activeMutant === undefined;

exports.mochaHooks = {
  async beforeAll() {
    const redis = new Redis(process.env.REDIS_URL);
    await redis.flushall();
    redis.disconnect();
    if (isDry()) eachSuite(rootOf(this.test), nameHooks);
    limitTimes(rootOf(this.test));
  },
  afterAll() {
    if (!isDry()) return;
    eachSuite(rootOf(this.test), shareCoverage);
    if (durationsFile) writeFileSync(durationsFile, JSON.stringify(durationsOf(rootOf(this.test))));
  },
};

const named = new WeakSet();
const nameOf = (suite) => `before ${suite.fullTitle()}`;

function rootOf({ parent }) {
  return parent.parent ? rootOf(parent) : parent;
}

function eachSuite(suite, act) {
  if (!suite.root) act(suite);
  for (const child of suite.suites) eachSuite(child, act);
}

let limits;

/**
 * StrykerJS lets tests take as long as they like: what a change leaves without an answer would cost a new process. So each may
 * take twenty times what it took with nothing changed, and a tenth of the patience.
 */
function limitTimes(suite) {
  const known = !isDry() && durationsFile && existsSync(durationsFile);
  if (known) limits ??= JSON.parse(readFileSync(durationsFile, 'utf8'));
  eachRunnable(suite, (runnable) => {
    const tookMs = limits?.[runnable.fullTitle()];
    // Mocha would start the clock of its last run again, which nothing stops.
    delete runnable.timer;
    if (tookMs !== undefined) runnable.timeout(Number(patienceMs) / 10 + 20 * tookMs);
    else if (runnable.timeout() === 0) runnable.timeout(Number(patienceMs));
  });
}

function durationsOf(suite) {
  const tookMs = {};
  eachRunnable(suite, (runnable) => {
    const title = runnable.fullTitle();
    tookMs[title] = Math.max(tookMs[title] ?? 0, runnable.duration ?? 0);
  });
  return tookMs;
}

function eachRunnable(suite, act) {
  eachSuite(suite, ({ tests, _beforeAll, _beforeEach, _afterEach, _afterAll }) => {
    for (const runnable of [tests, _beforeAll, _beforeEach, _afterEach, _afterAll].flat()) act(runnable);
  });
}

function nameHooks(suite) {
  for (const hook of suite._beforeAll) {
    if (named.has(hook) || hook.fn.length > 0) continue;
    named.add(hook);
    const { fn } = hook;
    hook.fn = async function () {
      const stryker = globalThis.__stryker__;
      const last = stryker?.currentTestId;
      if (stryker) stryker.currentTestId = nameOf(suite);
      try {
        await fn.call(this);
      } finally {
        if (stryker) stryker.currentTestId = last;
      }
    };
  }
}

function shareCoverage(suite) {
  const perTest = globalThis.__stryker__?.mutantCoverage?.perTest;
  const covered = perTest?.[nameOf(suite)];
  if (!covered) return;
  delete perTest[nameOf(suite)];
  suite.eachTest((test) => {
    const own = (perTest[test.fullTitle()] ??= {});
    for (const [mutant, times] of Object.entries(covered)) own[mutant] = (own[mutant] ?? 0) + times;
  });
}
