// One of so many changes, the same ones each time: a plug-in by which StrykerJS tries these and no others. What is chosen does not
// depend on where a change stands, since changes of one expression stand beside each other.
import { createHash } from 'node:crypto';

/** Whether the change of this number is tried. */
export function isOfSample({ id }) {
  const oneIn = Number(process.env.MUTANTS_ONE_IN ?? 1);
  return oneIn === 1 || createHash('sha256').update(id).digest().readUInt32BE() % oneIn === 0;
}

const checker = {
  init() {},
  group: (mutants) => [mutants.map(({ id }) => id)],
  check: (mutants) => Object.fromEntries(mutants.map((mutant) => [mutant.id, verdict(mutant)])),
};

function verdict(mutant) {
  return isOfSample(mutant) ? { status: 'passed' } : { status: 'compileError', reason: 'Not of the sample.' };
}

export const strykerPlugins = [{ kind: 'Checker', name: 'sample', value: checker }];
