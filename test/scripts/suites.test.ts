// What is said of single files of tests is said of files that there are.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { idle, together } from '../../scripts/tests/suites.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the order of the tests', () => {
  it('names no file that is gone', () => {
    for (const files of [idle, together]) {
      expect(files).not.to.have.length(0);
      expect(files.filter((file) => !existsSync(join(root, file)))).to.deep.equal([]);
    }
  });
});
