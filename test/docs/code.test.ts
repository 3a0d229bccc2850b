// Every code block of the documentation compiles against the package as it is.
import { expect } from 'chai';
import ts from 'typescript';
import { check, isScript } from './code.js';
import { blocksOf, listPages, type Block } from './markdown.js';

const known = ['ts', 'tsx', 'js', 'sh', 'json', 'text', 'html', 'ejs', 'css', 'nginx', 'conf', 'http'];

describe('the code of the documentation', () => {
  const blocks = listPages().flatMap((page) => blocksOf(page));

  it('says in which language it is', () => {
    const unnamed = blocks.filter(({ language }) => !known.includes(language));
    expect(unnamed.map(({ page, line, language }) => `${page}:${line} ${language}`)).to.deep.equal([]);
  });

  it('compiles', () => {
    const scripts = blocks.filter(isScript);
    expect(scripts.length).to.be.greaterThan(20);
    expect(check(scripts)).to.deep.equal([]);
  }).timeout(120_000);

  it('compiles without the types of Passport, where it puts the package into an app', () => {
    const snippets = blocks.filter(({ page, code }) => page === 'README.md' && code.includes('createMfa({'));
    expect(snippets.length).to.equal(2);
    expect(check(snippets, { passport: false })).to.deep.equal([]);
    // Nobody declares it: elsewhere than in our own options the compiler knows no `req.user`.
    const elsewhere: Block = { page: 'docs/x.md', line: 1, language: 'ts', code: 'console.log(req.user);\n' };
    expect(check([elsewhere], { passport: false }).join()).to.include("'user' does not exist");
    expect(check([elsewhere])).to.deep.equal([]);
  }).timeout(120_000);

  it('is found wrong where it is', () => {
    const wrong: Block = { page: 'docs/x.md', line: 7, language: 'ts', code: '\nrequireMfa(mfa, { maxAge: 5 });\n' };
    wrong.code = `import { requireMfa } from 'express-mfa';${wrong.code}`;
    const required: Block = {
      page: 'docs/y.md',
      line: 1,
      language: 'js',
      code: "require('express-mfa').creatMfa({});\n",
    };
    const found = check([wrong, required]);
    expect(found).to.have.length(2);
    expect(found[0]).to.match(/^docs\/x\.md:8: .*'maxAge' does not exist/s);
    expect(found[1]).to.match(/^docs\/y\.md:1: .*creatMfa/s);
  }).timeout(120_000);

  it('is JSON where it says so', () => {
    const broken = blocks
      .filter(({ language }) => language === 'json')
      .filter(({ page, code }) => ts.parseConfigFileTextToJson(page, code).error !== undefined);
    expect(broken).to.deep.equal([]);
  });
});
