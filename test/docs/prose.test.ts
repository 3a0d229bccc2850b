// Names in running text and in commands: what a page mentions exists, and closed lists of words are told whole.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { auditLog, memoryAuditStore } from '../../src/audit.js';
import { listFiles, root } from '../architecture/sources.js';
import { configCodes, statusOf } from '../../src/core/words/errors.js';
import { policies } from '../../src/core/kernel/policy.js';
import { placeholders } from '../../src/factors/one-time-code/templates.js';
import { backupCodes, createMfa, mfaRouter, outboxSender, passkeySignInRouter } from '../../src/index.js';
import { emailCode, smsCode, totp, webauthn, type Policy } from '../../src/index.js';
import { mfaStrategies } from '../../src/passport.js';
import { codesIn, listPages, readPage, rowsOf, sectionOf } from './markdown.js';
import { commandsOf, fieldsOf, routesOf, wordsOf } from './surface.js';

const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
const pages = listPages().filter((page) => page !== 'CHANGELOG.md');

/** What the first group of `pattern` catches, all pages over: `name` → a page that says it. */
function mentioned(pattern: RegExp): Map<string, string> {
  const found = new Map<string, string>();
  for (const page of pages) for (const [, name = ''] of readPage(page).matchAll(pattern)) found.set(name, page);
  return found;
}

/** `name (page)` of each that is mentioned and does not exist. */
function unknownOf(names: Map<string, string>, known: Iterable<string>): string[] {
  const all = new Set(known);
  return [...names].filter(([name]) => !all.has(name)).map(([name, page]) => `${name} (${page})`);
}

const mfa = createMfa({
  appName: 'Docs',
  secrets: ['the secret of the tests of the documentation'],
  origin: 'https://acme.example',
  factors: [
    webauthn(),
    totp(),
    smsCode({ sender: outboxSender('sms') }),
    emailCode({ sender: outboxSender('email') }),
    backupCodes(),
  ],
  audit: auditLog({ store: memoryAuditStore() }),
  openApi: true,
  user: () => null,
});

describe('a page of the documentation', () => {
  it('mentions no error that does not exist', () => {
    const known = [...Object.keys(statusOf), ...configCodes];
    const rooms = [...new Set(known.map((code) => code.slice(0, code.indexOf('.'))))].join('|');
    const names = mentioned(new RegExp(`[\`#"'\\s]((?:${rooms})\\.[a-z]+[_.][a-z_.]*[a-z])\\b`, 'g'));
    expect(names.size).to.be.greaterThan(40);
    const files = [...names.keys()].filter((name) => /\.(md|ts|cjs)$/.test(name));
    expect(unknownOf(names, [...known, ...files])).to.deep.equal([]);
  });

  it('mentions no method of `mfa` that does not exist, and some page mentions each', () => {
    const names = mentioned(/[`\s(]mfa\.([a-zA-Z]+)\(/g);
    const ours = [...fieldsOf('src/index.ts', 'Mfa')].filter(
      (name) => !['config', 'kernel', 'ready', 'audit', 'counting', 'policy', 'reports'].includes(name),
    );
    expect(unknownOf(names, ours)).to.deep.equal([]);
    expect(ours.filter((name) => !names.has(name))).to.deep.equal([]);
  });

  it('mentions no command that does not exist', async () => {
    const commands = (await commandsOf()).map(({ name }) => name);
    expect(unknownOf(mentioned(/npx express-mfa ([a-z-]+)/g), commands)).to.deep.equal([]);
  });

  it('mentions no script of npm that does not exist, and some page mentions each', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const names = mentioned(/npm (?:run )?(start|test|[a-z]+:[a-z]+|(?<=run )[a-z]+)(?![a-z:])/g);
    expect(unknownOf(names, Object.keys(scripts))).to.deep.equal([]);
    const own = Object.keys(scripts).filter((name) => name !== 'prepack');
    expect(own.filter((name) => !names.has(name))).to.deep.equal([]);
  });

  it('mentions no route that does not exist', () => {
    const routes = [mfaRouter(mfa), passkeySignInRouter(mfa, { signIn: () => true })].flatMap(routesOf);
    const known = routes.map((route) => new RegExp(`^${route.replace(/^\w+ /, '').replace(/:\w+/g, '[^/]+')}/?$`));
    const names = mentioned(/[`"'(\s]\/mfa(\/[a-z][\w/:<>.-]*\w>?)(?=[`"'),;:\s])/g);
    expect(names.size).to.be.greaterThan(10);
    // Where a host's own webhook takes messages, in the pages of two senders.
    const hosts = ['/email', '/sms'];
    const strangers = [...names.keys()].filter((path) => !hosts.includes(path) && !known.some((one) => one.test(path)));
    expect(strangers).to.deep.equal([]);
  });

  it('mentions no custom property that the style sheet lacks', () => {
    const css = readFileSync(join(root, 'views', 'public', 'mfa.css'), 'utf8');
    const known = [...css.matchAll(/(--mfa-[a-z-]+)\s*:/g)].map(([, name = '']) => name);
    expect(unknownOf(mentioned(/(--mfa-[a-z-]+)/g), known)).to.deep.equal([]);
  });

  it('mentions no view that does not exist', () => {
    const known = listFiles(['views'], '.ejs').map((file) => file.replace('views/', ''));
    expect(unknownOf(mentioned(/`([a-z-]+\/[a-z-]+\.ejs)`/g), known)).to.deep.equal([]);
  });
});

describe('the closed lists of the documentation', () => {
  const listed = (text: string | undefined) => sorted(codesIn(text ?? ''));

  it('are all notices', () => {
    const [, list] = /`what` is (.+?)\. Where/s.exec(sectionOf('docs/own-words.md', 'Notices')) ?? [];
    expect(listed(list)).to.deep.equal(sorted(wordsOf('src/index.ts', 'Notice', 'what')));
  });

  it('are all steps', () => {
    const [, list] = /`step` is (.+?)\.\n/s.exec(readPage('docs/routes.md')) ?? [];
    const steps = wordsOf('src/passport.ts', 'MfaInfo', 'next.step').filter((step) => step !== 'nothing');
    expect(listed(list)).to.deep.equal(sorted(steps));
  });

  it('are all policies', () => {
    const told = rowsOf(sectionOf('README.md', 'Policies')).flatMap(([first = '']) => codesIn(first));
    expect(sorted(told)).to.deep.equal(sorted(policies satisfies readonly Policy[]));
  });

  it('are all strategies of Passport', () => {
    const told = mentioned(/`(mfa-[a-z-]+)`/g);
    const made = mfaStrategies(mfa).map(({ name }) => name);
    expect(made.filter((name) => !told.has(name))).to.deep.equal([]);
    expect(unknownOf(told, made)).to.deep.equal([]);
  });

  it('are all slots of messages', () => {
    const told = readPage('docs/factors/email.md');
    const untold = placeholders.filter((name) => !told.includes(`{{${name}}}`) && !told.includes(`\`${name}\``));
    expect(untold).to.deep.equal([]);
    expect(unknownOf(mentioned(/\{\{(\w+)\}\}/g), placeholders)).to.deep.equal([]);
  });
});
