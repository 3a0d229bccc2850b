// The table of standards names tests that there are: a demand whose test was renamed or dropped is not shown by anything.
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readPage, rowsOf } from './markdown.js';

const rows = rowsOf(readPage('docs/standards.md'));

/** What tests and suites of a file are called, as their source has it. */
function titlesIn(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/(?:it|describe)\(\s*(['`"])((?:\\.|(?!\1).)*)\1/gs)].map(([, , title = '']) =>
    title.replace(/\\'/g, "'"),
  );
}

describe('the table of standards', () => {
  it('lists each demand once, and says of each how it is met', () => {
    const ids = rows.map(([id = '']) => id);
    expect(ids.length).to.be.greaterThan(120);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const [id, demand, how] of rows) expect(demand && how, id).to.not.equal('');
  });

  it('names tests that there are, or says in bold that there is none', () => {
    for (const [id = '', , how = '', tests = ''] of rows) {
      if (tests === '–') expect(how, id).to.include('**');
      for (const named of tests === '–' ? [] : tests.split('<br>')) {
        const [, path = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(named) ?? [];
        const file = `test/${path}.test.ts`;
        expect(existsSync(file), `${id}: ${named}`).to.equal(true);
        expect(
          titlesIn(file).some((known) => known.includes(title)),
          `${id}: ${file} has no "${title}"`,
        ).to.equal(true);
      }
    }
  });
});
