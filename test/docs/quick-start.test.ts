// The quick start of the README is what makes the example app MFA-safe, line for line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { root } from '../architecture/sources.js';
import { blocksOf } from './markdown.js';

/** Lines of code: no blank ones, no comments, no indentation. */
function codeLines(code: string): string[] {
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'));
}

function markedLines(): string[] {
  const app = readFileSync(join(root, 'example-app/app.ts'), 'utf8');
  return [...app.matchAll(/^\s*\/\/ mfa:$(.*?)^\s*\/\/ :mfa$/gms)].flatMap(([, lines = '']) => codeLines(lines));
}

describe('the quick start', () => {
  const block = blocksOf('README.md').find(({ language, code }) => language === 'ts' && code.includes('createMfa('));

  it('is at most fifteen lines long', () => {
    expect(markedLines().length).to.be.within(8, 15);
  });

  it('is what the example app is made MFA-safe with', () => {
    expect(codeLines(block?.code ?? '')).to.deep.equal(markedLines());
  });

  it('misses nothing that the example app does with express-mfa, but what is an extra', () => {
    const app = readFileSync(join(root, 'example-app/app.ts'), 'utf8');
    const rest = app.replace(/^\s*\/\/ mfa:$.*?^\s*\/\/ :mfa$/gms, '');
    const outside = codeLines(rest).filter((line) => /express-mfa'|\(mfa\b|\bmfa\./.test(line));
    expect(outside).to.deep.equal([
      "import { passkeySignInRouter, supportPass } from 'express-mfa';",
      "if (hasPasskeys) app.use('/mfa', passkeySignInRouter(mfa, { signIn: signInWithPasskey }));",
      'mfaAdminRouter(mfa, {',
      "app.get('/admin', requireMfa(mfa), showAdministration);",
    ]);
  });
});
