// Secrets of other systems, in every way of writing them.
import { expect } from 'chai';
import type { Json } from '../../../src/core/words/json.js';
import type { TotpData } from '../../../src/factors/totp/data.js';
import { adoptSecret, readImportedSecret } from '../../../src/factors/totp/imported-secret.js';
import { totp } from '../../../src/factors/totp/totp.js';
import { applied } from '../../../src/testing/factor-contract.js';
import { thrownBy } from '../../support/thrown.js';
import { answer, appCode, enrol } from './fixture.js';
import { contextAt, noon } from '../../support/factor-context.js';

const ascii = '12345678901234567890';
const base32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const hex = '3132333435363738393031323334353637383930';
const bytes = Uint8Array.from(Buffer.from(ascii));

describe('readImportedSecret', () => {
  it('reads one secret from every way of writing it', () => {
    const written: Json[] = [
      { secret: base32, encoding: 'base32' },
      { secret: `${base32.toLowerCase().replace(/.{4}/g, '$& ')}====`, encoding: 'base32' },
      { secret: base32.replace(/.{8}/g, '$&-'), encoding: 'base32' },
      { secret: hex, encoding: 'hex' },
      { secret: `0x${hex.toUpperCase()}`, encoding: 'hex' },
      { secret: ascii, encoding: 'ascii' },
    ];
    for (const input of written) expect(readImportedSecret(input).bytes, JSON.stringify(input)).to.deep.equal(bytes);
  });

  it('takes SHA1, six digits and 30 seconds for granted, and reads other names of an algorithm', () => {
    const usual = { algorithm: 'SHA1', digits: 6, periodSeconds: 30 };
    expect(readImportedSecret({ secret: ascii, encoding: 'ascii' })).to.deep.equal({
      bytes,
      parameters: usual,
      weak: false,
      lastStep: -1,
    });
    for (const algorithm of ['sha256', 'SHA-256', 'HmacSHA256', 'hmac_sha_256']) {
      const read = readImportedSecret({ secret: ascii, encoding: 'ascii', algorithm });
      expect(read.parameters.algorithm).to.equal('SHA256');
    }
  });

  it('drops the bits at the end that fill no byte, as authenticator apps do', () => {
    const whole = readImportedSecret({ secret: 'GEZDGNBVGY3TQOJQ', encoding: 'base32' }).bytes;
    for (const rest of ['7', '77']) {
      const read = readImportedSecret({ secret: `GEZDGNBVGY3TQOJQ${rest}`, encoding: 'base32' }).bytes;
      expect(read.slice(0, 10)).to.deep.equal(whole);
      expect(read.length).to.equal(10 + Math.floor((rest.length * 5) / 8));
    }
  });

  it('takes 80 bits and reports them as weak, from 128 bits on not', () => {
    expect(readImportedSecret({ secret: 'GEZDGNBVGY3TQOJQ', encoding: 'base32' }).weak).to.equal(true);
    expect(readImportedSecret({ secret: 'x'.repeat(15), encoding: 'ascii' }).weak).to.equal(true);
    expect(readImportedSecret({ secret: 'x'.repeat(16), encoding: 'ascii' }).weak).to.equal(false);
  });

  it('refuses fewer than 80 bits and whatever it cannot read, without repeating the secret', () => {
    const refused: [Json, string][] = [
      [{ secret: 'swordfish', encoding: 'ascii' }, '72 bits'],
      [{ secret: '', encoding: 'base32' }, '0 bits'],
      [{ secret: 'swordfish-swordfish-1', encoding: 'base32' }, 'not Base32'],
      [{ secret: 'swordfish', encoding: 'hex' }, 'not hexadecimal'],
      [{ secret: 'abc', encoding: 'hex' }, 'not hexadecimal'],
      [{ secret: 'swördfish swordfish', encoding: 'ascii' }, 'not ASCII'],
      [{ secret: 'x'.repeat(129), encoding: 'ascii' }, 'at most 128'],
      [{ secret: ascii, encoding: 'base64' }, 'base32, hex, ascii'],
      [{ secret: ascii }, 'base32, hex, ascii'],
      [{ secret: 12345, encoding: 'ascii' }, 'not a text'],
      [{ secret: ascii, encoding: 'ascii', algorithm: 'MD5' }, 'SHA1, SHA256, SHA512'],
      [{ secret: ascii, encoding: 'ascii', digits: 5 }, '6, 7 or 8'],
      [{ secret: ascii, encoding: 'ascii', period: 0 }, 'from 15 to 300'],
      [{ secret: ascii, encoding: 'ascii', digit: 6 }, '`digit` is not known'],
      [{ secret: ascii, encoding: 'ascii', lastStep: 1.5 }, '`lastStep` takes the whole number'],
      [{ secret: ascii, encoding: 'ascii', lastStep: '1' }, '`lastStep` takes the whole number'],
      [null, 'takes an object'],
      [[], 'takes an object'],
    ];
    for (const [input, sentence] of refused) {
      const { code, message } = thrownBy(() => readImportedSecret(input));
      expect(code, JSON.stringify(input)).to.equal('config.invalid_option');
      expect(message)
        .to.contain(sentence)
        .and.not.match(/sw[oö]rdfish/);
    }
  });
});

describe('adoptSecret', () => {
  const context = contextAt(noon);
  const asAuthenticator = ({ id, data }: { id: string; data: Json }) => [{ id, kind: 'totp', createdAt: noon, data }];

  it('makes an authenticator that takes the codes of the app on the phone', async () => {
    const adopted = adoptSecret(context, [], {
      secret: hex,
      encoding: 'hex',
      algorithm: 'SHA256',
      digits: 8,
      period: 60,
    });
    const code = appCode(base32, noon, { algorithm: 'SHA256', digits: 8, periodSeconds: 60 });
    expect(await answer(totp(), context, asAuthenticator(adopted), code)).to.include({ is: 'right' });
    expect(adopted).to.deep.include({ weak: false, same: false, replaces: [] });
  });

  it('takes 80 bits to a right answer, and shows that they are weak', async () => {
    const adopted = adoptSecret(context, [], { secret: 'GEZDGNBVGY3TQOJQ', encoding: 'base32' });
    const [own] = asAuthenticator(adopted);
    if (!own) throw new Error('nothing was adopted');
    expect(adopted.weak).to.equal(true);
    expect(totp().describe?.(context, own)).to.deep.equal({ algorithm: 'SHA1', digits: 6, period: 30, weak: true });
    expect(await answer(totp(), context, [own], appCode('GEZDGNBVGY3TQOJQ', noon))).to.include({ is: 'right' });
  });

  it('changes nothing when the same secret comes again, so that a used code stays used', async () => {
    const first = asAuthenticator(adoptSecret(context, [], { secret: base32, encoding: 'base32' }));
    const used = applied(first, await answer(totp(), context, first, appCode(base32, noon)));
    const again = adoptSecret(context, used, { secret: ascii, encoding: 'ascii' });
    expect(again).to.deep.include({ id: used[0]?.id, data: used[0]?.data, weak: false, same: true, replaces: [] });
  });

  it('takes the place of another secret or of other parameters, and accepts nothing older', async () => {
    const { own } = await enrol(totp(), context);
    const adopted = adoptSecret(context, own, { secret: base32, encoding: 'base32' });
    expect(adopted).to.deep.include({ same: false, replaces: [own[0]?.id] });
    expect((adopted.data as TotpData).lastStep).to.equal(noon / 30);
    const longer = adoptSecret(context, asAuthenticator(adopted), { secret: base32, encoding: 'base32', digits: 8 });
    expect(longer).to.deep.include({ same: false, replaces: [adopted.id] });
  });

  it('accepts no code that was used in the other system, and locks nobody out whose clock was wrong there', async () => {
    const now = noon / 30;
    const code = appCode(base32, noon);
    for (const [lastStep, is] of [
      [now - 1, 'right'],
      [now, 'wrong'],
      [Number.MAX_SAFE_INTEGER, 'wrong'],
    ] as const) {
      const own = asAuthenticator(adoptSecret(context, [], { secret: base32, encoding: 'base32', lastStep }));
      expect(await answer(totp(), context, own, code), String(lastStep)).to.include({ is });
      const later = contextAt(noon + 60);
      expect(await answer(totp(), later, own, appCode(base32, noon + 60))).to.include({ is: 'right' });
    }
  });
});
