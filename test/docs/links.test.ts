// Every link that leads into this repository finds its file and its anchor.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { listFiles, root } from '../architecture/sources.js';
import { anchorsOf, linksOf, listPages, readPage, rowsOf } from './markdown.js';

/** Why a link of `page` leads nowhere, if it does. */
function deadEnd(page: string, to: string): string | undefined {
  const [path = '', anchor] = to.split('#');
  const target = path === '' ? page : posix.join(posix.dirname(page), path);
  if (!existsSync(join(root, target))) return `there is no ${target}`;
  if (anchor === undefined) return undefined;
  return anchorsOf(target).has(anchor) ? undefined : `${target} has no #${anchor}`;
}

describe('the links of the documentation', () => {
  it('lead somewhere', () => {
    const links = listPages().flatMap(linksOf);
    expect(links.length).to.be.greaterThan(30);
    const dead = links.map(({ page, line, to }) => ({ at: `${page}:${line}`, to, why: deadEnd(page, to) }));
    expect(dead.filter(({ why }) => why !== undefined)).to.deep.equal([]);
  });

  it('reach every page from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const { to } of linksOf(page)) {
        const target = posix.join(posix.dirname(page), to.split('#')[0] ?? '');
        if (target.endsWith('.md')) reached.add(target);
      }
    }
    expect(listPages().filter((page) => !reached.has(page))).to.deep.equal([]);
  });

  it('lead from every attack to the test that proves its answer, and miss no test', () => {
    const linked = linksOf('SECURITY.md').map(({ to }) => to);
    const tests = listFiles(['test/security'], '.test.ts');
    expect(tests.length).to.be.greaterThan(10);
    expect(tests.filter((test) => !linked.includes(test))).to.deep.equal([]);
    const attacks = rowsOf(readPage('SECURITY.md'));
    expect(
      attacks.filter(([, , keeper = '', proof = '']) => !keeper.includes('](') || !proof.includes('](')),
    ).to.deep.equal([]);
  });

  it('are found dead where they are', () => {
    expect(deadEnd('docs/errors.md', 'nowhere.md')).to.equal('there is no docs/nowhere.md');
    expect(deadEnd('docs/errors.md', '#nowhere')).to.equal('docs/errors.md has no #nowhere');
    expect(deadEnd('docs/errors.md', '#request.csrf')).to.equal(undefined);
    expect(deadEnd('README.md', 'docs/errors.md#start-up-errors')).to.equal(undefined);
  });
});
