// Every code block of the documentation compiles against the package as it is.
import { expect } from 'chai';
import ts from 'typescript';
import { check, isScript } from './code.js';
import { blocksOf, listPages, type Block } from './markdown.js';

const known = ['ts', 'tsx', 'js', 'sh', 'json', 'text', 'html', 'ejs', 'css', 'nginx', 'conf', 'http'];

/** Beside those of the documentation, in the same program, which takes seconds to make: nothing else is known of them. */
const wrong: Block = {
  page: 'docs/x.md',
  line: 7,
  language: 'ts',
  code: "import { requireMfa } from 'express-mfa';\nrequireMfa(mfa, { maxAge: 5 });\n",
};
const required: Block = { page: 'docs/y.md', line: 1, language: 'js', code: "require('express-mfa').creatMfa({});\n" };
/** Elsewhere than in our own options. */
const elsewhere: Block = { page: 'docs/z.md', line: 1, language: 'ts', code: 'console.log(req.user);\n' };

describe('the code of the documentation', () => {
  const blocks = listPages().flatMap((page) => blocksOf(page));
  const scripts = blocks.filter(isScript);
  let found: string[];
  const foundIn = (page: string) => found.filter((line) => line.startsWith(`${page}:`));

  before(function () {
    this.timeout(120_000);
    found = check([...scripts, wrong, required, elsewhere]);
  });

  it('says in which language it is', () => {
    const unnamed = blocks.filter(({ language }) => !known.includes(language));
    expect(unnamed.map(({ page, line, language }) => `${page}:${line} ${language}`)).to.deep.equal([]);
  });

  it('compiles', () => {
    expect(scripts.length).to.be.greaterThan(20);
    const ours = [wrong, required, elsewhere].flatMap(({ page }) => foundIn(page));
    expect(found.filter((line) => !ours.includes(line))).to.deep.equal([]);
  });

  it('is found wrong where it is', () => {
    expect(foundIn('docs/x.md')).to.have.length(1);
    expect(foundIn('docs/y.md')).to.have.length(1);
    expect(foundIn('docs/x.md')[0]).to.match(/^docs\/x\.md:8: .*'maxAge' does not exist/s);
    expect(foundIn('docs/y.md')[0]).to.match(/^docs\/y\.md:1: .*creatMfa/s);
  });

  it('compiles without the types of Passport, where it puts the package into an app', () => {
    const snippets = blocks.filter(({ page, code }) => page === 'README.md' && code.includes('createMfa({'));
    expect(snippets.length).to.equal(2);
    const without = check([...snippets, elsewhere], { passport: false });
    // Nobody declares it: elsewhere than in our own options the compiler knows no `req.user`.
    expect(without.filter((line) => !line.startsWith('docs/z.md:'))).to.deep.equal([]);
    expect(without.join()).to.include("'user' does not exist");
    expect(foundIn('docs/z.md')).to.deep.equal([]);
  }).timeout(120_000);

  it('is JSON where it says so', () => {
    const broken = blocks
      .filter(({ language }) => language === 'json')
      .filter(({ page, code }) => ts.parseConfigFileTextToJson(page, code).error !== undefined);
    expect(broken).to.deep.equal([]);
  });
});
