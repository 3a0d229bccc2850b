// A phone with an authenticator app, made of other people's programs: zbarimg reads the QR code from a picture of the
// screen, oathtool computes the codes. Neither shares a line with us.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a camera sees in a picture (PNG). */
export async function scan(picture: Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'express-mfa-qr-'));
  try {
    const file = join(folder, 'screen.png');
    await writeFile(file, picture);
    const { stdout } = await run('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', file]);
    return stdout.trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the app shows at a moment, Unix milliseconds, for an `otpauth://` URI. */
export async function codeOnPhone(uri: string, atMs: number): Promise<string> {
  const { searchParams } = new URL(uri);
  const option = (name: string, otherwise: string) => searchParams.get(name) ?? otherwise;
  const { stdout } = await run('oathtool', [
    `--totp=${option('algorithm', 'SHA1').toLowerCase()}`,
    `--digits=${option('digits', '6')}`,
    `--time-step-size=${option('period', '30')}s`,
    `--now=@${Math.floor(atMs / 1000)}`,
    '--base32',
    option('secret', ''),
  ]);
  return stdout.trim();
}
