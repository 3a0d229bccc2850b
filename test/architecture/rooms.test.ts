// The house as it stands keeps to its floor plan, and the checks that say so are able to say otherwise.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  checkCycles,
  checkFactorNames,
  checkFloors,
  checkOneLibrary,
  checkPackages,
  checkRooms,
  checkSizes,
} from './rooms.js';
import { countLines, listFiles, parseSource, readSource, root } from './sources.js';

const written = (files: { [path: string]: string }) =>
  Object.entries(files).map(([path, text]) => parseSource(path, text));

describe('the rooms of the house', () => {
  const sources = [...listFiles(['src', 'middleware'], '.ts'), ...listFiles(['src'], '.tsx')].map(readSource);

  const example = listFiles(['example-app'], '.ts').map(readSource);

  it('are read from disk, imports and all', () => {
    const paths = sources.map(({ path }) => path);
    expect(paths).to.include.members(['src/core/kernel/ports.ts', 'src/core/kernel/record.ts']);
    const ports = sources.find(({ path }) => path === 'src/core/kernel/ports.ts');
    expect(ports?.imports).to.deep.include({ to: 'src/core/kernel/record.ts', typeOnly: true });
  });

  it('know only whom the table allows', () => expect(checkRooms(sources)).to.deep.equal([]));
  it('know only the floors below them', () => expect(checkFloors(sources)).to.deep.equal([]));
  it('have no cycle, of types neither', () => expect(checkCycles([...sources, ...example])).to.deep.equal([]));
  it('import each third-party package in one file', () => expect(checkPackages(sources)).to.deep.equal([]));
  it('give a store or sender one library', () => expect(checkOneLibrary(sources)).to.deep.equal([]));
  it('name no factor in core/', () => expect(checkFactorNames(sources)).to.deep.equal([]));

  it('hold no file that outgrew them', () => {
    const files = [
      ...listFiles(['src', 'middleware', 'test'], '.ts'),
      ...listFiles(['src'], '.tsx'),
      ...listFiles(['views'], '.ejs'),
    ];
    const measured = files.map((path) => ({ path, lines: countLines(readFileSync(join(root, path), 'utf8')) }));
    expect(checkSizes(measured)).to.deep.equal([]);
  });
});

describe('the check of who may know whom', () => {
  const forbidden: [path: string, text: string][] = [
    ['src/core/flows/verify.ts', "import { createHash } from 'node:crypto';"],
    ['src/core/flows/verify.ts', "import express from 'express';"],
    ['src/core/flows/verify.ts', "import type { Redis } from 'ioredis';"],
    ['src/core/flows/verify.ts', "import { totp } from '../../factors/totp/totp.js';"],
    ['src/core/flows/verify.ts', "const config = await import('../../options.js');"],
    ['src/crypto/seal.ts', "import { transact } from '../core/kernel/transact.js';"],
    ['src/crypto/seal.ts', "import { readFileSync } from 'node:fs';"],
    ['src/crypto/seal.ts', "import { hash } from '@node-rs/argon2';"],
    ['src/factors/totp/totp.ts', "export { kind } from '../webauthn/webauthn.js';"],
    ['src/factors/totp/totp.ts', "import { memoryStore } from '../../stores/memory-store.js';"],
    ['src/factors/sms/sms.ts', "import { twilio } from '../../senders/twilio-sender.js';"],
    ['src/factors/sms/sms.ts', "import type { Request } from 'express';"],
    ['src/factors/one-time-code.ts', "import { emailCode } from './email/email.js';"],
    ['src/factors/one-time-code/limits.ts', "import { emailCode } from '../email/email.js';"],
    ['src/notices/letter.ts', "import { smtpSender } from '../senders/smtp-sender.js';"],
    ['src/testing/store-contract.ts', "import { mfaRouter } from '../../middleware/routers/mfa-router.js';"],
    ['src/testing/store-contract.ts', "import { expect } from 'chai';"],
    ['src/index.ts', "export { testClock } from './testing.js';"],
    ['src/mfa.ts', "import { testClock } from './testing/test-clock.js';"],
    ['src/stores/redis-store.ts', "type Kind = import('../factors/totp/totp.js').Kind;"],
    ['src/senders/smtp-sender.ts', "import { Router } from 'express';"],
    ['src/validation.ts', "import { Router } from 'express';"],
    ['src/mfa.ts', "import { requireMfa } from '../middleware/guard/require-mfa.js';"],
    ['src/options.ts', "import { createMfa } from './index.js';"],
    ['src/options.ts', "import { Router } from 'express';"],
    ['middleware/sign-in/session.ts', "import { redisStore } from '../../src/stores/redis-store.js';"],
    ['middleware/sign-in/session.ts', "import { consoleSender } from '../../src/senders/console-sender.js';"],
    ['middleware/sign-in/session.ts', "import { readOptions } from '../../src/config.js';"],
    ['middleware/sign-in/session.ts', "import { totp } from '../../src/factors/totp/totp.js';"],
    ['src/common/misc.ts', 'export const nothing = 0;'],
  ];
  for (const [path, text] of forbidden) {
    it(`refuses ${text} in ${path}`, () => expect(checkRooms([parseSource(path, text)])).to.have.length(1));
  }

  const allowed: [path: string, text: string][] = [
    ['src/core/flows/verify.ts', "import { refused } from '../words/outcome.js';"],
    [
      'src/crypto/seal.ts',
      "import { createCipheriv } from 'node:crypto';\nimport type { Sealer } from '../core/kernel/ports.js';",
    ],
    ['src/options.ts', "import type { Request } from 'express';"],
    ['src/factors/totp/totp.ts', "import { generate } from 'otplib';\nimport { steps } from './steps.js';"],
    ['src/factors/webauthn/webauthn.ts', "import { verifyRegistrationResponse } from '@simplewebauthn/server';"],
    ['src/factors/email/email.ts', "import { issueCode } from '../one-time-code/code.js';"],
    [
      'middleware/pages/render.ts',
      "import { viewsDir } from '#views-dir';\nimport ejs from 'ejs';\nimport { Router } from 'express';",
    ],
    [
      'middleware/sign-in/session.ts',
      "declare module 'express-session' {}\nimport type { Mfa } from '../../src/mfa.js';",
    ],
    ['src/index.ts', "export { requireMfa } from '../middleware/guard/require-mfa.js';"],
    ['src/testing.ts', "export { testClock } from './testing/test-clock.js';"],
    ['src/cli/doctor-app.ts', "import { discoverRoutes } from '../testing/route-walk.js';"],
  ];
  for (const [path, text] of allowed) {
    it(`allows ${text.split('\n').join(' ')} in ${path}`, () =>
      expect(checkRooms([parseSource(path, text)])).to.deep.equal([]));
  }
});

describe('the other checks of the house', () => {
  it('find a cycle over three files, and tell it once', () => {
    const cycle = written({
      'src/core/a.ts': "import { b } from './b.js';",
      'src/core/b.ts': "export * from './c.js';",
      'src/core/c.ts': "import { a } from './a.js';",
    });
    expect(checkCycles(cycle)).to.deep.equal(['cycle: src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts']);
  });

  it('find a cycle of types', () => {
    const erased = written({
      'src/core/a.ts': "import { type B } from './b.js';",
      'src/core/b.ts': "import type { A } from './a.js';",
    });
    expect(checkCycles(erased)).to.deep.equal(['cycle: src/core/a.ts → src/core/b.ts → src/core/a.ts']);
  });

  it('find an arrow that leads up a floor, or across to another wing of the same floor', () => {
    const up = written({
      'src/core/words/mask.ts': "import type { Record } from '../kernel/record.js';",
      'src/core/rules/attempts.ts': "import { verify } from '../flows/verify.js';",
      'src/core/stray.ts': 'export const stray = 1;',
      'middleware/guard/require-mfa.ts': "import { page } from '../routers/verify-page.js';",
      'middleware/http/cookies.ts': "import type { Mfa } from '../mfa.js';",
      'middleware/attic/box.ts': 'export const box = 1;',
    });
    expect(checkFloors(up)).to.deep.equal([
      'src/core/words/mask.ts may not know src/core/kernel/record.ts, which stands above it',
      'src/core/rules/attempts.ts may not know src/core/flows/verify.ts, which stands above it',
      'src/core/stray.ts stands on no floor of src/core',
      'middleware/guard/require-mfa.ts may not know middleware/routers/verify-page.ts, which stands beside it',
      'middleware/http/cookies.ts may not know middleware/mfa.ts, which stands above it',
      'middleware/attic/box.ts stands on no floor of middleware',
    ]);
  });

  it('take no offence at an arrow within a wing, down, or into the other half', () => {
    const down = written({
      'src/core/flows/verify.ts': "import './record-answer.js';\nimport type { Json } from '../words/json.js';",
      'middleware/mfa.ts': "import './sign-in/session.js';\nimport './passport/host-route.js';",
      'middleware/routers/verify-page.ts': "import '../visit/purpose.js';\nimport '../../src/core/flows/verify.js';",
    });
    expect(checkFloors(down)).to.deep.equal([]);
  });

  it('find a package that two files import, by whatever of its entries', () => {
    const twice = written({
      'src/factors/totp/totp.ts': "import { generate } from 'otplib';\nimport { Router } from 'express';",
      'middleware/http/forms.ts': "import type { Plugin } from 'otplib/functional';\nimport { Router } from 'express';",
    });
    expect(checkPackages(twice)).to.deep.equal([
      'otplib is imported in 2 files: src/factors/totp/totp.ts, middleware/http/forms.ts',
    ]);
  });

  it('find a sender that knows two libraries', () => {
    const sender = parseSource('src/senders/smtp-sender.ts', "import 'nodemailer';\nimport '@scope/mail/send';");
    expect(checkOneLibrary([sender])).to.have.length(1);
  });

  it('find the name of a factor in any kind of string, but not in codes, channels and the owed word', () => {
    const named = written({
      'src/core/kernel/policy.ts': "const a = 'totp';\nconst b = `enroll:webauthn/${a}`;\ntype C = 'sms';",
      'src/core/rules/next-step.ts':
        "const owed = ['backup-codes', 'save-backup-codes', 'session.mfa.invalid_totp_code'];",
      'src/core/kernel/ports.ts': "type Channel = 'email' | 'sms';\nconst other = 'webauthn';",
      'src/factors/totp/totp.ts': "export const kind = 'totp';",
    });
    expect(checkFactorNames(named)).to.deep.equal([
      'src/core/kernel/policy.ts names the factor "totp"',
      'src/core/kernel/policy.ts names the factor "webauthn"',
      'src/core/kernel/policy.ts names the factor "sms"',
      'src/core/kernel/ports.ts names the factor "webauthn"',
    ]);
  });

  it('find a file one line over its limit, and none at it', () => {
    const limits = {
      'src/core/a.ts': 250,
      'middleware/a.ts': 250,
      'views/verify/totp.ejs': 40,
      'test/core/a.test.ts': 300,
    };
    for (const [path, lines] of Object.entries(limits)) {
      expect(checkSizes([{ path, lines }])).to.deep.equal([]);
      expect(checkSizes([{ path, lines: lines + 1 }])).to.have.length(1);
    }
    expect(countLines('a\nb\n')).to.equal(2);
  });
});
