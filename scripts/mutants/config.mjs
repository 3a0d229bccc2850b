// How StrykerJS changes one room, which `MUTATED_ROOM` names: with the unit tests of that room, found by coverage.
import { join } from 'node:path';
import { rooms } from './rooms.mjs';

const room = process.env.MUTATED_ROOM;

export default {
  mutate: [`${room}/**/*.ts`],
  testRunner: 'mocha',
  plugins: ['@stryker-mutator/mocha-runner'],
  testRunnerNodeArgs: ['--import=tsx'],
  mochaOptions: { spec: rooms[room] },
  coverageAnalysis: 'perTest',
  concurrency: Number(process.env.MUTANTS_AT_ONCE),
  // A mutant that never ends is killed; one on a busy machine is not to be taken for it.
  timeoutMS: 30_000,
  ignorePatterns: ['dist', 'docs/api', 'output', 'coverage'],
  // Where a message says something else, no rule is broken; tests of words are made elsewhere.
  mutator: { excludedMutations: ['StringLiteral'] },
  tempDirName: join('output', 'mutants', 'sandbox'),
  reporters: ['json'],
  jsonReporter: { fileName: join('output', 'mutants', `${room.replaceAll('/', '-')}.json`) },
  allowEmpty: true,
};
