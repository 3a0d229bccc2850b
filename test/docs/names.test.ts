// Names in the documentation are those of the code, in both directions: what exists is told, what is told exists.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { listFiles, root } from '../architecture/sources.js';
import { mfaAdminRouter } from '../../src/admin.js';
import { scimRouter, type ScimUsers } from '../../src/scim.js';
import { auditLog, memoryAuditStore } from '../../src/audit.js';
import {
  createMfa,
  emailCode,
  memoryStore,
  mfaRouter,
  mfaSetupRouter,
  mfaVerifyRouter,
  backupCodeRouter,
  outboxSender,
  passkeySignInRouter,
  isMfaError,
  redisStore,
  requireMfa,
  smsCode,
  totp,
  backupCodes,
  webauthn,
  type MfaOptions,
} from '../../src/index.js';
import { sqlStore } from '../../src/sql.js';
import { configCodes, helpFor, MfaError, statusOf } from '../../src/core/words/errors.js';
import { eventNames } from '../../src/core/words/events.js';
import { newRedis } from '../support/redis.js';
import { sqliteKnex } from '../support/sqlite.js';
import { anchorsOf, codesIn, readPage, rowsOf, sectionOf } from './markdown.js';
import { commandsOf, exportsOf, fieldsOf, routesOf } from './surface.js';

const codesOf = (cells: readonly (string | undefined)[]) => cells.flatMap((cell) => codesIn(cell ?? ''));
const firstColumn = (text: string) => codesOf(rowsOf(text).map(([first]) => first));
const sorted = (names: readonly string[]) => [...names].sort();

const options: MfaOptions = {
  appName: 'Docs',
  secrets: ['the secret of the tests of the documentation'],
  factors: [webauthn(), totp(), backupCodes()],
  user: () => null,
};
const noUsers: ScimUsers = {
  find: () => ({ users: [], total: 0 }),
  get: () => null,
  create: () => 'taken',
  update: () => 'taken',
  remove: () => undefined,
};
// With all that brings routes of its own.
const mfa = createMfa({ ...options, openApi: true, audit: auditLog({ store: memoryAuditStore() }) });

/** The names that a function knows, as it tells whoever gives it one that it does not. */
function namesKnownTo(call: (stranger: object) => unknown): string[] {
  try {
    call({ qqqqqqqqqqqqqqqqqqqqqqqq: 1 });
  } catch (error) {
    const told = isMfaError(error) ? error.message : '';
    return (/(?:Known are: |; it has |There are )(.+)\.$/.exec(told)?.[1] ?? told).split(/, | and /);
  }
  throw new Error('It took an option that does not exist.');
}

describe('the documentation and the code', () => {
  it('tell of the same errors, with the same status, at the address that errors carry', () => {
    const [answers, misuse] = readPage('docs/errors.md').split('## Start-up errors');
    const told = rowsOf(answers ?? '').map(([code, status]) => [codesIn(code ?? '')[0], Number(status)]);
    expect(Object.fromEntries(told)).to.deep.equal(statusOf);
    expect(told).to.have.length(Object.keys(statusOf).length);
    expect(sorted(firstColumn(misuse ?? ''))).to.deep.equal(sorted(configCodes));
    const anchors = anchorsOf('docs/errors.md');
    for (const code of [...Object.keys(statusOf), ...configCodes]) {
      expect(helpFor(code)).to.match(/\/docs\/errors\.md#/);
      expect(anchors.has(new URL(helpFor(code)).hash.slice(1)), code).to.equal(true);
    }
    expect(new MfaError('config.unknown_option', '').help).to.include('#config.unknown_option');
  });

  it('name every start-up error in the README', () => {
    expect(sorted(firstColumn(sectionOf('README.md', 'Start-up errors')))).to.deep.equal(sorted(configCodes));
  });

  it('tell of the same events', () => {
    const [fields, ...lists] = readPage('docs/events.md').split(/^## /m);
    expect(sorted(lists.flatMap(firstColumn))).to.deep.equal(sorted(eventNames));
    expect(sorted(firstColumn(fields ?? ''))).to.deep.equal(sorted(fieldsOf('src/core/words/events.ts', 'MfaEvent')));
  });

  it('tell of the same options of createMfa', () => {
    const known = namesKnownTo((stranger) => createMfa({ ...options, ...stranger }));
    expect(sorted(fieldsOf('src/options.ts', 'MfaOptions'))).to.deep.equal(sorted(known));
    const table = sectionOf('docs/options.md', 'createMfa').split('### ')[0] ?? '';
    expect(sorted(firstColumn(table))).to.deep.equal(sorted(known));
    const readme = firstColumn(sectionOf('README.md', 'Options'));
    expect(sorted(readme)).to.deep.equal(sorted(known));
  });

  it('tell of the same fields of a user and of a lock-out', () => {
    const told = firstColumn(sectionOf('docs/options.md', 'user'));
    expect(sorted(told)).to.deep.equal(sorted(fieldsOf('src/user.ts', 'User')));
    const lockout = fieldsOf('src/options.ts', 'MfaOptions', ['lockout']).filter((name) => name.startsWith('lockout.'));
    expect(sorted(firstColumn(sectionOf('docs/options.md', 'lockout')))).to.deep.equal(sorted(lockout));
  });

  it('tell of the same options of the guard', () => {
    const known = namesKnownTo((stranger) => requireMfa(mfa, stranger));
    expect(sorted(fieldsOf('src/index.ts', 'RequireMfaOptions'))).to.deep.equal(sorted(known));
    expect(sorted(firstColumn(sectionOf('docs/options.md', 'requireMfa')))).to.deep.equal(sorted(known));
    const readme = rowsOf(sectionOf('README.md', 'The guard and step-up')).filter(([first]) => first?.startsWith('`'));
    expect(sorted(codesOf(readme.map(([first]) => first)))).to.deep.equal(sorted(known));
  });

  it('tell of the same options of the router of directories', () => {
    const tokens = [{ sha256: '0'.repeat(64), may: 'read' as const }];
    const known = namesKnownTo((stranger) => scimRouter(mfa, { users: noUsers, tokens, ...stranger }));
    expect(sorted(fieldsOf('src/scim.ts', 'ScimRouterOptions'))).to.deep.equal(sorted(known));
    expect(sorted(firstColumn(sectionOf('docs/scim.md', 'Options')))).to.deep.equal(sorted(known));
  });

  it('tell of the same options of the Redis store', () => {
    const redis = newRedis({ lazyConnect: true });
    const known = namesKnownTo((stranger) => redisStore(redis, { namespace: 'docs', ...stranger }));
    expect(sorted(firstColumn(sectionOf('docs/options.md', 'redisStore')))).to.deep.equal(sorted(known));
  });

  it('tell of the same options of the store in SQL', () => {
    const database = sqliteKnex(':memory:');
    const known = namesKnownTo((stranger) => sqlStore(database, { namespace: 'docs', ...stranger }));
    expect(sorted(firstColumn(sectionOf('docs/options.md', 'sqlStore')))).to.deep.equal(sorted(known));
  });

  it('tell of the same options of each factor', () => {
    const sender = { email: outboxSender('email'), sms: outboxSender('sms') };
    const takes: { [page: string]: [(options: never) => unknown, string] } = {
      totp: [totp, ''],
      webauthn: [webauthn, 'Options'],
      'backup-codes': [backupCodes, ''],
    };
    for (const [page, [make, heading]] of Object.entries(takes)) {
      const path = `docs/factors/${page}.md`;
      const known = namesKnownTo((stranger) => make(stranger as never));
      const text = heading === '' ? readPage(path) : sectionOf(path, heading);
      expect(sorted(firstColumn(text)), page).to.deep.equal(sorted(known));
    }
    for (const [page, make] of [
      ['email', (more: object) => emailCode({ sender: sender.email, ...more })],
      ['sms', (more: object) => smsCode({ sender: sender.sms, ...more })],
    ] as const) {
      const file = `src/factors/${page}/${page}-code.ts`;
      const known = fieldsOf(file, page === 'email' ? 'EmailCodeOptions' : 'SmsCodeOptions');
      expect(() => make({ qqqqqqqqqqqqqqqqqqqq: 1 })).to.throw('qqqqqqqqqqqqqqqqqqqq');
      expect(sorted(firstColumn(sectionOf(`docs/factors/${page}.md`, 'Options'))), page).to.deep.equal(sorted(known));
    }
  });

  it('tell of the same routes', () => {
    const routers = {
      mfaRouter: mfaRouter(mfa),
      mfaVerifyRouter: mfaVerifyRouter(mfa),
      mfaSetupRouter: mfaSetupRouter(mfa),
      backupCodeRouter: backupCodeRouter(mfa),
      passkeySignInRouter: passkeySignInRouter(mfa, { signIn: () => true }),
      mfaAdminRouter: mfaAdminRouter(mfa, { admin: () => null }),
      scimRouter: scimRouter(mfa, { users: noUsers, tokens: [{ sha256: '0'.repeat(64), may: 'read' }] }),
    };
    const { mfaRouter: whole, ...parts } = routers;
    const alone = [parts.mfaVerifyRouter, parts.mfaSetupRouter, parts.backupCodeRouter].map(routesOf);
    expect(routesOf(whole)).to.include.members(alone.flat());
    // What each part brings along is told once, with the whole.
    const common = alone[0]!.filter((route) => alone.every((routes) => routes.includes(route)));
    expect(common).to.have.length(2);
    const inParts = alone.flat().filter((route) => !common.includes(route));
    const own = routesOf(whole).filter((route) => !inParts.includes(route));
    for (const [name, router] of Object.entries(routers)) {
      const told = rowsOf(sectionOf('docs/routes.md', name)).map(([route]) => codesIn(route ?? '')[0]!);
      const part = alone.some((routes) => String(routes) === String(routesOf(router)));
      const routes = routesOf(router).filter((route) => !part || !common.includes(route));
      expect(sorted(told), name).to.deep.equal(sorted(name === 'mfaRouter' ? own : routes));
    }
  });

  it('tell of the same exports', () => {
    const section = sectionOf('README.md', 'API');
    const types = codesIn(section.slice(section.indexOf('Types:')));
    const told = [...firstColumn(section), ...types];
    expect(sorted(told)).to.deep.equal(sorted(exportsOf('src/index.ts')));
    for (const name of exportsOf('src/passport.ts').filter((each) => each !== 'MfaStrategy')) {
      expect(readPage('docs/passport.md'), name).to.include(name);
    }
    for (const [file, path] of [
      ['src/testing.ts', 'docs/test-your-app.md'],
      ['src/admin.ts', 'docs/administration.md'],
      ['src/scim.ts', 'docs/scim.md'],
    ] as const) {
      const page = readPage(path);
      expect(exportsOf(file).filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).to.deep.equal([], file);
    }
  });

  it('tell of the same options of the test kit', () => {
    const tables = { signInWithMfa: 'SignInWithMfaOptions', walkPending: 'WalkPendingOptions' };
    for (const [heading, type] of Object.entries(tables)) {
      const told = firstColumn(sectionOf('docs/test-your-app.md', heading));
      expect(sorted(told), heading).to.deep.equal(sorted(fieldsOf('src/testing.ts', type)));
    }
  });

  it('tell of the same commands, with the same options', async () => {
    const page = readPage('docs/cli.md');
    const usages = rowsOf(page.slice(0, page.indexOf('| exit code'))).map(([command]) => codesIn(command ?? '')[0]!);
    const told = usages.map((usage) => {
      const plain = usage.replace(/\|--/g, ' --').replace(/[[\]]/g, '');
      return [usage.split(' ')[0], sorted(plain.match(/--[a-z-]+(?: [A-Za-z|]+)?/g) ?? [])];
    });
    const commands = (await commandsOf()).map(({ name, options }) => [
      name,
      sorted(Object.entries(options).map(([option, { value }]) => `--${option}${value ? ` ${value}` : ''}`)),
    ]);
    expect(commands).to.have.length.greaterThan(9);
    expect(Object.fromEntries(told)).to.deep.equal(Object.fromEntries(commands));
  });

  it('tell of the same checks of the doctor', () => {
    const sources = listFiles(['src/cli', 'src/checks'], '.ts').filter((file) => !/\/cli\/(?!doctor)/.test(file));
    const named = sources.flatMap((file) => {
      const code = readFileSync(join(root, file), 'utf8');
      return [...code.matchAll(/findings\.(?:ok|warn|fail)\(\s*'([^']+)'|\b\w*[cC]heck = '([^']+)'/g)];
    });
    const checks = new Set(named.map(([, first, second]) => first ?? second ?? ''));
    const told = rowsOf(sectionOf('docs/cli.md', 'The doctor')).flatMap(([names = '']) => names.split(', '));
    expect(checks.size).to.be.greaterThan(15);
    expect(sorted(told)).to.deep.equal(sorted([...checks]));
  });

  it('would notice', () => {
    expect(memoryStore().name).to.equal('memory');
    expect(rowsOf('| a | b |\n|---|---|\n| `x` | `y\\|z` |')).to.deep.equal([['`x`', '`y|z`']]);
    expect(() => sectionOf('README.md', 'Nowhere')).to.throw('no heading');
  });
}).timeout(120_000);
