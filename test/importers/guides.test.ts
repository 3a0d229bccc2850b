// The guides for people who move: each line of `migrate-from` in them is one that the command takes, and each system has one.
import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readArguments } from '../../src/cli/arguments.js';
import { migrateFromCommand } from '../../src/cli/migrate-from.js';
import { importers } from '../../src/importers/index.js';

const folder = new URL('../../docs/guides/', import.meta.url);
const lines = readdirSync(folder)
  .filter((name) => /^from-.*\.md$/.test(name))
  .flatMap(
    (name) => readFileSync(new URL(name, folder), 'utf8').match(/(?<=^npx express-mfa )migrate-from .*$/gm) ?? [],
  )
  .map((line) => line.match(/"[^"]*"|\S+/g) ?? []);

describe('the guides from other systems', () => {
  it('show commands that can be run as they stand, for every system there is', () => {
    const shown = new Map<string, boolean[]>();
    for (const words of lines) {
      const parsed = readArguments(words, [migrateFromCommand]);
      if ('help' in parsed) throw new Error(`${words.join(' ')} asks for help`);
      const { positionals, values } = parsed;
      const [system = ''] = positionals;
      const importer = importers.find(({ name }) => name === system);
      const given = { key: values['key-env'], encoding: values['encoding'] } as { [one: string]: unknown };
      for (const needed of importer?.needs ?? [])
        expect(
          [needed].flat().some((one) => given[one] !== undefined),
          words.join(' '),
        ).to.equal(true);
      const isDry = values['dry-run'] === true;
      expect(isDry || typeof values['by'] === 'string', words.join(' ')).to.equal(true);
      shown.set(system, [...(shown.get(system) ?? []), isDry]);
    }
    expect([...shown.keys()]).to.have.members(importers.map(({ name }) => name));
    for (const [system, runs] of shown) expect(runs, system).to.include(false);
  });
});
