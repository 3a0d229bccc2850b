// What it takes to move many people here from another system: the command itself, in a process of its own over a Redis on this
// machine, from a file of rows of Keycloak, each person with an app and each fifth with a passkey too.
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { generateKeyPair } from '../src/testing/soft-authenticator/keys.js';
import { inProcess } from './in-process.js';

/** `again`: a second run, which finds everybody there. `megabytes`: of memory at most; `told`: how often it said how far it was. */
export type MigrateCost = { rows: number; people: number; fileMegabytes: number; first: Run; again: Run };
type Run = { seconds: number; cpuSeconds: number; megabytes: number; told: number; end: string };

export async function measureMigrate(redisUrl: string, namespace: string, rows: number): Promise<MigrateCost> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-migrate-'));
  const people = Math.max(1, Math.floor(rows / 1.2));
  try {
    const file = join(folder, 'rows.jsonl');
    await write(file, people, rows);
    const args = [redisUrl, namespace, file];
    const run = async (is: RegExp) => {
      const told = (await inProcess('migrate-process.ts', args)) as Run;
      if (!is.test(told.end)) throw new Error(`migrate-from ended with: ${told.end}`);
      return told;
    };
    const everybody = people.toLocaleString('en');
    const first = await run(new RegExp(`^${everybody} (people|person) taken over, 0 there already, 0 left`));
    const again = await run(new RegExp(`^0 people taken over, ${people} there already, 0 left`));
    return { rows, people, fileMegabytes: statSync(file).size / 1e6, first, again };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Rows of one person stand far apart, as in a table. */
async function write(path: string, people: number, rows: number): Promise<void> {
  const file = createWriteStream(path);
  const key = Buffer.from(generateKeyPair(-7).cosePublicKey).toString('base64url');
  for (let at = 0; at < rows; at += 1) {
    const isApp = at < people;
    const user_id = `person-${isApp ? at : (at - people) * 5}`;
    const row = { id: `row-${at}`, salt: null, user_id, created_date: 1.7e12 + at, user_label: 'Phone', priority: 10 };
    // Base32 of 160 bits.
    const value = String(at)
      .padStart(32, '0')
      .replace(/\d/g, (digit) => 'ABCDEFGHIJ'.charAt(Number(digit)));
    const app = {
      type: 'otp',
      secret_data: JSON.stringify({ value }),
      credential_data: JSON.stringify({ subType: 'totp', digits: 6, period: 30, secretEncoding: 'BASE32' }),
    };
    const passkey = {
      type: 'webauthn',
      secret_data: '{}',
      credential_data: JSON.stringify({
        credentialId: Buffer.from(`a credential of ${user_id}`).toString('base64'),
        credentialPublicKey: key,
        counter: 0,
      }),
    };
    if (!file.write(`${JSON.stringify({ ...row, ...(isApp ? app : passkey) })}\n`)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
}
