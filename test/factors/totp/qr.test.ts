// The picture is read back with a reader of another make.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { otpauthUri } from '../../../src/factors/totp/otpauth-uri.js';
import { qrSvg } from '../../../src/factors/totp/qr.js';

/** Dark modules, drawn from the path as a browser would. */
function modulesOf(svg: string): boolean[][] {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const modules = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    modules[Number(y)]?.fill(true, Number(x), Number(x) + Number(width));
  }
  return modules;
}

function read(svg: string): string {
  const scale = 4;
  const rows = modulesOf(svg).flatMap((row) => {
    const line = row.flatMap((dark) => new Array<string>(scale).fill(dark ? '0' : '255')).join(' ');
    return new Array<string>(scale).fill(line);
  });
  const width = modulesOf(svg).length * scale;
  const directory = mkdtempSync(join(tmpdir(), 'qr-'));
  try {
    const file = join(directory, 'code.pgm');
    writeFileSync(file, `P2\n${width} ${width}\n255\n${rows.join('\n')}\n`);
    const told = spawnSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8' });
    if (told.error) throw new Error('zbarimg is not on the PATH; this suite needs it (Debian: apt install zbar-tools)');
    return told.stdout.replace(/\n$/, '');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('qrSvg', () => {
  const usual = { algorithm: 'SHA512', digits: 8, periodSeconds: 30 } as const;

  for (const [issuer, account] of [
    ['Acme', 'alice@example.com'],
    ['Ä 日本 😀'.repeat(20), 'x'.repeat(300)],
  ] as const) {
    it(`draws what a reader reads back, for an account of ${account.length} characters`, () => {
      const uri = otpauthUri('GEZDGNBVGY3TQOJQ'.repeat(6), issuer, account, usual);
      expect(read(qrSvg(uri))).to.equal(uri);
    });
  }

  it('is four pixels per module at least, and fits the page, whatever the names', () => {
    for (const issuer of [
      'Acme',
      'Государственная Третьяковская галерея',
      '株式会社日本語名称試験用長大会社名',
      'x'.repeat(300),
    ]) {
      const uri = otpauthUri('GEZDGNBVGY3TQOJQ'.repeat(6), issuer, 'ü'.repeat(99), usual);
      const svg = qrSvg(uri);
      const [, size = 0, width = 0] = (/viewBox="0 0 (\d+) .*?width="(\d+)"/.exec(svg) ?? []).map(Number);
      expect(width / size, issuer).to.be.at.least(4);
      expect(Number.isInteger(width / size), issuer).to.equal(true);
      expect(width, issuer).to.be.at.most(404);
    }
  });

  it('leaves four modules of white on each side', () => {
    const modules = modulesOf(qrSvg('otpauth://totp/a?secret=GEZDGNBVGY3TQOJQ'));
    const edge = [0, 1, 2, 3].flatMap((at) => [at, modules.length - 1 - at]);
    for (const at of edge) {
      expect(modules[at]).not.to.include(true);
      expect(modules.map((row) => row[at])).not.to.include(true);
    }
    expect(modules[4]?.[4], 'the corner of the first finder pattern').to.equal(true);
  });

  it('holds no text, script or style, and states black on white', () => {
    const svg = qrSvg('</svg><script>alert(1)</script>');
    expect(svg).to.match(/^<svg [^<>]*><path fill="#fff" [^<>]*\/><path fill="#000" [^<>]*\/><\/svg>$/);
    expect(svg).not.to.match(/script|style|alert/);
    expect(svg).to.contain('aria-hidden="true"');
  });
});
