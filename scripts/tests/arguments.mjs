// What the command line asks for: a suite, or some files of it, and how mocha runs them.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { stop } from '../install.mjs';
import { namedFiles, suiteOf, suites, usualTimeoutMs } from './suites.mjs';

const known = {
  suite: { type: 'string', default: 'all' },
  /** How many files at once. */
  jobs: { type: 'string' },
  grep: { type: 'string', short: 'g' },
  fgrep: { type: 'string', short: 'f' },
  invert: { type: 'boolean', short: 'i' },
  bail: { type: 'boolean', short: 'b' },
  timeout: { type: 'string', short: 't' },
  retries: { type: 'string' },
};

/** @returns the suite, its files or those that were named, how many run at once, and settings for each mocha */
export function readArguments(args) {
  const { values, positionals } = parse(args);
  const name = values.suite;
  const suite = suites[name] ?? stop(`--suite ${name}: unknown. Known: ${Object.keys(suites).join(', ')}.`);
  const files = positionals.length > 0 ? namedFiles(positionals) : suite.files();
  if (files.length === 0) stop(`There is no test file in ${positionals.join(', ') || `the suite "${name}"`}.`);
  for (const file of files) {
    if (suiteOf(file) !== name)
      stop(`${file} is of the suite "${suiteOf(file)}": npm run test:${suiteOf(file)} -- ${file}`);
  }
  const { grep, fgrep, invert, bail } = values;
  const timeout = number('timeout', values.timeout) ?? suite.timeoutMs ?? usualTimeoutMs;
  return {
    suite,
    files,
    atOnce: number('jobs', values.jobs) ?? suite.atOnce ?? availableParallelism() + 2,
    settings: { grep, fgrep, invert, bail, timeout, retries: number('retries', values.retries) ?? 0 },
  };
}

function parse(args) {
  try {
    return parseArgs({ args, options: known, allowPositionals: true });
  } catch (error) {
    const options = Object.keys(known).map((name) => `--${name}`);
    return stop(
      `${error.message}\nKnown: ${options.join(', ')}. Others of mocha: NODE_ENV=test REDIS_URL=redis://… npx mocha FILE`,
    );
  }
}

function number(name, text) {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Number(text) : stop(`--${name} ${text}: not a whole number.`);
}
