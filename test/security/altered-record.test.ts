// Attack: write access to the store, without the app's secret, and somebody's password: MFA is switched off in the record,
// a key of one's own is planted, what one knows is moved into it; or a grant, an objection is made up beside it.
// Rule: a record carries a mac over namespace, user id and content; what is short-lived is sealed to user and key.
// Answer: 503 `store.record_altered` and an event; never "no record". An older record of the same person still counts.
import { expect } from 'chai';
import { createObjection } from '../../src/core/flows/objection.js';
import { emptyRecord, type MfaRecord } from '../../src/core/kernel/record.js';
import { withMac } from '../../src/core/kernel/record-mac.js';
import { createSealer } from '../../src/crypto/seal.js';
import { memoryStore, totp, type MfaStore } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { appSecret, fewBackupCodes, testApp, type TestApp } from '../support/app.js';
import { passkeyOf } from '../support/cli.js';
import { rawRecord, writeRaw, writeWithMac } from '../support/raw-record.js';
import { codeOf } from '../support/thrown.js';

describe('whoever can write to the store', () => {
  let store: MfaStore;
  let app: TestApp;
  let adas: { secret: string; codes: string[] };
  let eves: { secret: string; codes: string[] };

  beforeEach(async () => {
    store = memoryStore();
    app = await testApp({ store, recordMaxAgeSeconds: 0, factors: [totp(), fewBackupCodes()] });
    adas = await (await new Browser(app).signIn('ada')).enrollTotp();
    eves = await (await new Browser(app).signIn('eve')).enrollTotp();
    app.events.length = 0;
  });
  afterEach(() => app.close());

  const altered = () => app.events.filter(({ name }) => name === 'record-altered').map(({ userId }) => userId);

  async function expectRefused(what: string): Promise<void> {
    app.events.length = 0;
    const thief = await new Browser(app).signIn('ada');
    for (const path of ['/account', '/mfa', '/mfa/setup/totp', '/mfa/verify/totp'])
      expect(codeIn(await thief.jsonGet(path).expect(503)), `${what}: ${path}`).to.equal('store.record_altered');
    expect(new Set(altered()), what).to.deep.equal(new Set(['ada']));
    expect((await thief.htmlGet('/account')).status, what).to.equal(503);
  }

  const moved = (from: MfaRecord, to: MfaRecord, kind: string): MfaRecord => ({
    ...to,
    authenticators: [
      ...to.authenticators.filter((own) => own.kind !== kind),
      ...from.authenticators.filter((own) => own.kind === kind),
    ],
  });

  it('neither switches MFA off nor plants anything in a record', async () => {
    const ada = await rawRecord(app.mfa, 'ada');
    const eve = await rawRecord(app.mfa, 'eve');
    const forgeries: { [what: string]: MfaRecord } = {
      'protected: false': { ...ada, protected: false },
      'signInStepOff: true': { ...ada, signInStepOff: true },
      'an empty record': { ...emptyRecord(ada.epoch), mac: ada.mac! },
      'a planted passkey': { ...ada, authenticators: [...ada.authenticators, passkeyOf('of the thief')] },
      'a moved set of codes': moved(eve, ada, 'backup-codes'),
      'a moved secret': moved(eve, ada, 'totp'),
      'a trusted browser': {
        ...ada,
        trusted: [{ id: 'x', hash: 'x', previous: [], createdAt: 1, expiresAt: 2_000_000_000 }],
      },
      'failures forgotten': { ...ada, attempts: { 'totp/unknown': { failures: -1000, failedAt: 1 } } },
      'a field of tomorrow': { ...ada, tomorrow: true } as MfaRecord,
      'the record of somebody else': eve,
    };
    for (const [what, forged] of Object.entries(forgeries)) {
      await writeRaw(app.mfa, 'ada', forged);
      await expectRefused(what);
    }
    await writeRaw(app.mfa, 'ada', ada);
    app.clock.advance(30);
    await (await new Browser(app).signIn('ada')).proveTotp(adas.secret);
  });

  it('has no use of a mac of another shape, secret or namespace', async () => {
    const { mac, ...ada } = await rawRecord(app.mfa, 'ada');
    const { keyId } = mac!;
    const forged = { ...ada, protected: false };
    const elsewhere = createSealer({ secrets: [appSecret], namespace: 'another app' });
    const macs = [
      undefined,
      null,
      '',
      {},
      [],
      { keyId },
      { keyId, value: '' },
      { keyId, value: null },
      { value: mac!.value },
    ];
    for (const each of [...macs, withMac(elsewhere, 'ada', forged).mac]) {
      await writeRaw(app.mfa, 'ada', { ...forged, mac: each } as unknown as MfaRecord);
      await expectRefused(`a mac of ${JSON.stringify(each)}`);
    }
    await writeRaw(app.mfa, 'ada', { ...forged, mac: { keyId: 'of-mine', value: mac!.value } });
    const unknown = await (await new Browser(app).signIn('ada')).jsonGet('/account').expect(503);
    expect(codeIn(unknown)).to.equal('store.unavailable');
  });

  it('does not let a session go on that was elevated before', async () => {
    const ada = await new Browser(app).signIn('ada');
    app.clock.advance(30);
    await ada.proveTotp(adas.secret);
    await ada.jsonGet('/account').expect(200);
    await writeRaw(app.mfa, 'ada', { ...(await rawRecord(app.mfa, 'ada')), signInStepOff: true });
    expect(codeIn(await ada.jsonGet('/account').expect(503))).to.equal('store.record_altered');
  });

  it('is told from a newer process of this app: its record is refused as well, and by another name', async () => {
    const newer = { ...(await rawRecord(app.mfa, 'ada')), v: 2, protected: false } as unknown as MfaRecord;
    await writeWithMac(app.mfa, 'ada', newer);
    const ada = await new Browser(app).signIn('ada');
    expect(codeIn(await ada.jsonGet('/account').expect(503))).to.equal('store.unavailable');
    expect(altered()).to.deep.equal([]);
  });

  it('cannot keep an administrator from a reset, or from seeing the others', async () => {
    await writeRaw(app.mfa, 'ada', { ...(await rawRecord(app.mfa, 'ada')), skipped: { planted: 1 } });
    const seen = [];
    for await (const { userId, unread } of app.mfa.list()) seen.push(`${userId}: ${unread ?? 'read'}`);
    expect(seen).to.have.members(['ada: store.record_altered', 'eve: read']);
    await app.mfa.reset('ada', { by: 'ops' });
    expect((await rawRecord(app.mfa, 'ada')).skipped).to.deep.equal({});
    await (await new Browser(app).signIn('ada')).jsonGet('/account').expect(200);
  });

  it('finds that codes fit nobody else, even beside a right mac', async () => {
    const [ada, eve] = [await rawRecord(app.mfa, 'ada'), await rawRecord(app.mfa, 'eve')];
    await writeWithMac(app.mfa, 'ada', moved(eve, ada, 'backup-codes'));
    const thief = await new Browser(app).signIn('ada');
    expect((await thief.answer('backup-codes', eves.codes[0])).status).to.equal(422);
  });

  it('makes up no grant, no objection, no ceremony, and moves none', async () => {
    const { kernel } = app.mfa;
    const grant = 'enrollment-grant';
    await app.mfa.grantEnrollment('eve');
    await createObjection(kernel, 'eve', { what: 'factor-added', at: 1 });
    const made = {
      id: 'x',
      digest: 'x',
      what: 'factor-added',
      at: 1,
      epoch: '',
      secret: {},
      keyId: kernel.sealer.keyId,
    };
    const values = [(await store.get('eve', grant))!, made, JSON.stringify(made), [made], true];
    for (const key of [grant, 'objection:x', 'ceremony:verify:totp:flow'])
      for (const planted of values) {
        await store.put('ada', key, planted, 60);
        for (const read of ['get', 'take'] as const)
          expect(await codeOf(kernel.store[read]('ada', key))).to.equal('store.unavailable');
      }
    // A number is a counter, and none of these is one.
    await store.put('ada', grant, 1, 60);
    expect(await kernel.store.get('ada', grant)).to.equal(1);
  });

  it('gets no 500 by a salt of backup codes that is none, with the secret of the mac even', async () => {
    const sound = await rawRecord(app.mfa, 'ada');
    for (const salt of ['', 'AA', 5, null]) {
      const planted = sound.authenticators.map((own) =>
        own.kind === 'backup-codes' ? { ...own, data: { ...(own.data as object), salt } } : own,
      );
      await writeWithMac(app.mfa, 'ada', { ...sound, authenticators: planted });
      const thief = await new Browser(app).signIn('ada');
      const refused = await thief.answer('backup-codes', adas.codes[0]);
      expect([refused.status, codeIn(refused)], String(salt)).to.deep.equal([503, 'store.record_altered']);
    }
  });

  it('can put an older record back: a used code is unused again, and every session since is asked', async () => {
    const before = await rawRecord(app.mfa, 'ada');
    const ada = await new Browser(app).signIn('ada');
    expect((await ada.answer('backup-codes', adas.codes[0])).status).to.equal(200);
    await writeRaw(app.mfa, 'ada', before);
    const again = await new Browser(app).signIn('ada');
    expect((await again.answer('backup-codes', adas.codes[0])).status).to.equal(200);
    await app.mfa.reset('ada', { by: 'ops' });
    const fresh = await new Browser(app).signIn('ada');
    await fresh.jsonGet('/account').expect(200);
    await fresh.enrollTotp();
    await writeRaw(app.mfa, 'ada', before);
    await fresh.jsonGet('/account').expect(403);
    app.clock.advance(30);
    expect((await fresh.answer('totp', code(adas.secret, app.clock))).status).to.equal(200);
  });
});
