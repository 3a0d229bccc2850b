// Published vectors, through the same path that a person's code takes: imported secret, sealed, opened, matched.
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import type { Json } from '../../../src/core/words/json.js';
import { cryptoRandom } from '../../../src/crypto/random.js';
import { codeOf, toBase32, type Algorithm, type Digits } from '../../../src/factors/totp/one-time-password.js';
import { totp } from '../../../src/factors/totp/totp.js';
import { answer } from './fixture.js';
import { contextAt } from '../../support/factor-context.js';

const seed = (length: number) => '1234567890'.repeat(7).slice(0, length);

async function acceptsAt(now: number, imported: { [key: string]: Json }, code: string): Promise<boolean> {
  const factor = totp({ window: 'strict' });
  const context = contextAt(now);
  const adopted = await factor.adoptSecret?.(context, [], { encoding: 'ascii', ...imported });
  if (!adopted) throw new Error('nothing was adopted');
  const own = [{ id: adopted.id, kind: 'totp', createdAt: now, data: adopted.data }];
  const verdict = await answer(factor, context, own, code);
  return verdict.is === 'right';
}

describe('RFC 4226, appendix D', () => {
  const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');

  codes.forEach((code, counter) => {
    it(`accepts ${code} in step ${counter}, and not in the steps beside it`, async () => {
      const imported = { secret: seed(20) };
      expect(await acceptsAt(counter * 30, imported, code)).to.equal(true);
      expect(await acceptsAt(counter * 30 + 29, imported, code)).to.equal(true);
      expect(await acceptsAt(counter * 30 + 30, imported, code)).to.equal(false);
    });
  });
});

describe('RFC 6238, appendix B', () => {
  const rows: [number, string, string, string][] = [
    [59, '94287082', '46119246', '90693936'],
    [1111111109, '07081804', '68084774', '25091201'],
    [1111111111, '14050471', '67062674', '99943326'],
    [1234567890, '89005924', '91819424', '93441116'],
    [2000000000, '69279037', '90698825', '38618901'],
    [20000000000, '65353130', '77737706', '47863826'],
  ];
  const columns: [Algorithm, number][] = [
    ['SHA1', 20],
    ['SHA256', 32],
    ['SHA512', 64],
  ];

  for (const [now, ...codes] of rows) {
    columns.forEach(([algorithm, length], column) => {
      it(`accepts ${String(codes[column])} at ${now} with ${algorithm}`, async () => {
        const imported = { secret: seed(length), algorithm, digits: 8 };
        expect(await acceptsAt(now, imported, String(codes[column]))).to.equal(true);
        expect(await acceptsAt(now + 60, imported, String(codes[column]))).to.equal(false);
      });
    });
  }
});

describe('oathtool', () => {
  before(() => {
    const found = spawnSync('oathtool', ['--version']);
    if (found.error) throw new Error('oathtool is not on the PATH; this suite needs it (Debian: apt install oathtool)');
  });

  it('counts the same codes, for random secrets, times and parameters', () => {
    const now = 1_700_000_000 + cryptoRandom.int(1_000_000_000);
    for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
      for (const digits of [6, 7, 8] as Digits[]) {
        for (const periodSeconds of [30, 60]) {
          const secret = cryptoRandom.bytes(10 + cryptoRandom.int(55));
          const options = [`--totp=${algorithm}`, `--digits=${digits}`, `--time-step-size=${periodSeconds}s`];
          const asked = ['--base32', ...options, `--now=@${now}`, toBase32(secret)];
          const told = spawnSync('oathtool', asked, { encoding: 'utf8' });
          const step = Math.floor(now / periodSeconds);
          expect(codeOf(secret, step, { algorithm, digits, periodSeconds }), asked.join(' ')).to.equal(
            told.stdout.trim(),
          );
        }
      }
    }
  });
});
