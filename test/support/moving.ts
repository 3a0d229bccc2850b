// People who move here from another system: an app, a store that outlives it, the command that takes over, and what these
// people do afterwards.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { expect } from 'chai';
import { migrateFromCommand } from '../../src/cli/migrate-from.js';
import { backupCodes, memoryStore, totp, webauthn } from '../../src/index.js';
import { softAuthenticator, type SoftAuthenticator } from '../../src/testing/soft-authenticator.js';
import { Browser } from './agent.js';
import { codesApp, type CodesApp, type CodesOptions } from './codes.js';
import { runHere } from './command-here.js';
import { everythingIn } from './everything-in.js';
import { newFolder } from './folder.js';

export const origin = 'https://app.example';
export const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
export const another = 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU';

/** A passkey as another site had it made, and what its library told of it. */
export async function madeElsewhere(handle: string, device: SoftAuthenticator = softAuthenticator()) {
  const challenge = Buffer.from('a challenge of the other system').toString('base64url');
  const user = { id: Buffer.from(handle).toString('base64url'), name: handle, displayName: handle };
  const pubKeyCredParams = [{ type: 'public-key' as const, alg: -7 }];
  const rp = { id: 'app.example', name: 'Other' };
  const response = await device.create({ challenge, rp, user, pubKeyCredParams }, { origin });
  const { registrationInfo } = await verifyRegistrationResponse({
    response: response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rp.id,
    requireUserVerification: false,
  });
  const { credential, credentialDeviceType: deviceType } = registrationInfo!;
  return { device, id: credential.id, key: Buffer.from(credential.publicKey), handle: user.id, deviceType, response };
}

export type MadeElsewhere = Awaited<ReturnType<typeof madeElsewhere>>;

export class Moving {
  readonly store = memoryStore();
  private readonly folder = newFolder('move');
  private opened: CodesApp | undefined;

  get app(): CodesApp {
    if (!this.opened) throw new Error('The app is not open.');
    return this.opened;
  }

  /** Once more with other options: the same store. */
  async open(options: CodesOptions = {}): Promise<this> {
    await this.opened?.close();
    this.opened = await codesApp({
      store: this.store,
      origin,
      recordMaxAgeSeconds: 0,
      factors: ({ email, sms }) => [totp(), webauthn(), email, sms, backupCodes()],
      ...options,
    });
    return this;
  }

  async close(): Promise<void> {
    await this.opened?.close();
  }

  /** `end`: what the command said last. */
  async move(system: string, rows: unknown, ...args: string[]) {
    const file = join(this.folder, 'rows');
    writeFileSync(file, typeof rows === 'string' ? rows : JSON.stringify(rows));
    const whole = args.includes('--dry-run') ? args : [...args, '--by', 'ops'];
    const said = await runHere(migrateFromCommand, this.app.mfa, [system, file, ...whole]);
    return { ...said, end: said.stdout.trim() };
  }

  async signsIn(id: string, base32: string): Promise<void> {
    this.app.clock.advance(30);
    const person = await new Browser(this.app).signIn(id);
    await person.jsonGet('/account').expect(403);
    await person.proveTotp(base32);
  }

  async prove(id: string, device: SoftAuthenticator): Promise<void> {
    const person = await new Browser(this.app).signIn(id);
    const begun = await person.json('/mfa/verify/webauthn/begin', {});
    const { options } = begun.body as { options: never };
    const answer = await person.json('/mfa/verify/webauthn', { response: await device.get(options, { origin }) });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
  }

  everything(): Promise<string[]> {
    return everythingIn(this.store);
  }

  async kinds(id: string): Promise<string[]> {
    return ((await this.store.load(id)).record?.authenticators ?? []).map(({ kind }) => kind);
  }
}
