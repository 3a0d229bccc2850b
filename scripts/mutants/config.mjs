// How StrykerJS changes the files of `MUTATED_FILES`: with the unit tests of their room, found by coverage.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { elsewhere, rooms, standing, wholeRooms } from './rooms.mjs';

const { MUTATED_ROOM: room, MUTATED_FILES: files, MUTANTS_REPORT: report } = process.env;
const again = process.env.MUTANTS_AGAIN === 'true';

export default {
  mutate: [...files.split(' '), ...elsewhere.map((file) => `!${file}`)],
  testRunner: 'mocha',
  plugins: ['@stryker-mutator/mocha-runner', fileURLToPath(new URL('sample.mjs', import.meta.url))],
  checkers: process.env.MUTANTS_ONE_IN === '1' ? [] : ['sample'],
  testRunnerNodeArgs: ['--import=tsx'],
  mochaOptions: { spec: rooms[room], grep: standing, require: [join('scripts', 'mutants', 'hooks.cjs')] },
  coverageAnalysis: 'perTest',
  ignoreStatic: !wholeRooms.includes(room),
  concurrency: Number(process.env.MUTANTS_AT_ONCE),
  // A loop that never ends counts as noticed. What is never answered ends sooner, as a test of its own (hooks.cjs).
  timeoutMS: Number(process.env.MUTANTS_PATIENCE_MS),
  timeoutFactor: 4,
  ignorePatterns: ['dist', 'docs/api', 'output', 'coverage'],
  // Where a message says something else, no rule is broken; tests of words are made elsewhere.
  mutator: { excludedMutations: ['StringLiteral'] },
  tempDirName: join('output', 'mutants', 'sandbox'),
  // Again, the same report is written without it, and two that write one file at once spoil it.
  reporters: [...(again ? [] : ['json']), 'progress-append-only'],
  jsonReporter: { fileName: report },
  // With `--again`: what was noticed is taken from the last report, where neither the place nor the test has changed since.
  incremental: again,
  incrementalFile: report,
  allowEmpty: true,
};
