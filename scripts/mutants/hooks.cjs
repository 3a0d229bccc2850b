// Around the tests of one mutant: every run begins with an empty Redis, and what a `before` covers is covered by each test
// behind it. StrykerJS would count it for the test that ran last, and not run those that it is for. Each ends in time.
const { Redis } = require('ioredis');

exports.mochaHooks = {
  async beforeAll() {
    const redis = new Redis(process.env.REDIS_URL);
    await redis.flushall();
    redis.disconnect();
    eachSuite(rootOf(this.test), limitTime);
    if (globalThis.__stryker__?.activeMutant === undefined) eachSuite(rootOf(this.test), nameHooks);
  },
  afterAll() {
    if (globalThis.__stryker__?.activeMutant === undefined) eachSuite(rootOf(this.test), shareCoverage);
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

/** StrykerJS lets tests take as long as they like: what a change leaves without an answer would cost a new process. */
function limitTime({ tests, _beforeAll, _beforeEach, _afterEach, _afterAll }) {
  for (const runnable of [tests, _beforeAll, _beforeEach, _afterEach, _afterAll].flat()) {
    if (runnable.timeout() === 0) runnable.timeout(Number(process.env.MUTANTS_PATIENCE_MS));
  }
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
