// Attack: read access to Redis, or write access: secrets are read out, or a sealed value is moved to where it helps.
// Rule: secrets and addresses are sealed with AES-256-GCM under a key id, bound to namespace, user, authenticator and
// purpose; backup codes are only hashed, with the pepper's key id; sessions and transients hold no code and no secret.
// Answer: nothing readable; a moved value does not open; an unknown key is 503, never a wrong code.
import { expect } from 'chai';
import { RedisStore } from 'connect-redis';
import { totp } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { appSecret, fewBackupCodes, testApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { rawRecord, writeWithMac } from '../support/raw-record.js';
import { patientStore } from '../support/patience.js';
import { freshNamespace, newRedis, removeNamespace } from '../support/redis.js';

describe('what stands in Redis', () => {
  const redis = newRedis();
  let namespace: string;
  let app: TestApp;
  let ada: Browser;
  let adas: { secret: string; codes: string[] };

  const appWith = (options: TestAppOptions = {}): Promise<TestApp> =>
    testApp({
      store: patientStore(redis, { namespace, warn: () => undefined }),
      recordMaxAgeSeconds: 0,
      factors: [totp(), fewBackupCodes()],
      ...options,
      host: { session: { store: new RedisStore({ client: redis, prefix: `${namespace}:session:` }) } },
    });

  beforeEach(async () => {
    namespace = freshNamespace();
    app = await appWith();
    ada = await new Browser(app).signIn('ada');
    adas = await ada.enrollTotp();
  });
  afterEach(() => removeNamespace(redis, namespace));
  after(() => redis.disconnect());

  async function everything(): Promise<{ [key: string]: string }> {
    const keys = await redis.keys(`${namespace}:*`);
    return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, (await redis.get(key)) ?? ''] as const)));
  }

  const recordKey = (uid: string) => `${namespace}:{${uid}}:record`;

  it('shows no secret, no code, no token of ours, pending or confirmed', async () => {
    const { pending } = (await ada.json('/mfa/backup-codes/generate')).body as {
      pending: { codes: string[]; revealToken: string };
    };
    const begun = (await ada.jsonGet('/mfa/setup/totp').expect(200)).body.secret as string;
    const typed = code(adas.secret, app.clock);
    await (await new Browser(app).signIn('ada')).answer('totp', typed);
    const cookie = /mfa-known-[^=]+=[^.]+\.[^.]+\.([^;]+)/.exec(ada.cookies)![1]!;
    const secrets = [adas.secret, begun, appSecret, ...adas.codes, ...pending.codes, pending.revealToken, cookie];
    const hidden = secrets.flatMap((each) => [
      each,
      each.replaceAll('-', ''),
      Buffer.from(each).toString('base64'),
      Buffer.from(each).toString('hex'),
    ]);
    const all = await everything();
    expect(
      Object.keys(all).some((key) => key.includes('session')),
      'sessions are looked at',
    ).to.equal(true);
    expect(
      Object.keys(all).some((key) => key.includes('transient')),
      'ceremonies are looked at',
    ).to.equal(true);
    for (const [key, value] of Object.entries(all)) {
      for (const each of hidden) {
        expect(value, key).not.to.include(each);
        expect(key).not.to.include(each);
      }
    }
  });

  it('shows of a session who proved what, and no more', async () => {
    await ada.jsonGet('/account');
    const sessions = Object.entries(await everything()).filter(([key]) => key.includes(':session:'));
    const kept = JSON.parse(sessions.find(([, value]) => value.includes('proofs":[{'))![1]) as { mfa: object };
    const allowed = ['userId', 'flowId', 'startedAt', 'moment', 'epoch', 'proofs', 'csrf', 'suggested', 'returnTo'];
    expect(Object.keys(kept.mfa), 'one app').to.have.length(1);
    expect(allowed).to.include.members(Object.values(kept.mfa).flatMap((signIn) => Object.keys(signIn as object)));
  });

  it('keeps a record without a time to live', async () => {
    expect(await redis.ttl(recordKey('ada'))).to.equal(-1);
  });

  it("of one person does not open in another person's record", async () => {
    const eve = await new Browser(app).signIn('eve');
    const eves = await eve.enrollTotp();
    const [from, to] = [await rawRecord(app.mfa, 'eve'), await rawRecord(app.mfa, 'ada')];
    // Eve knows her own secret: moved into Ada's record, its codes would be Ada's, even if the mac were right.
    for (const moved of [
      { ...to, authenticators: from.authenticators },
      {
        ...to,
        authenticators: to.authenticators.map((own) =>
          own.kind === 'totp' ? { ...own, data: from.authenticators.find(({ kind }) => kind === 'totp')!.data } : own,
        ),
      },
      from,
    ]) {
      await writeWithMac(app.mfa, 'ada', moved);
      app.clock.advance(30);
      const thief = await new Browser(app).signIn('ada');
      const answer = await thief.answer('totp', code(eves.secret, app.clock));
      expect({ status: answer.status, code: codeIn(answer) }).to.deep.equal({ status: 503, code: 'store.unavailable' });
      await thief.jsonGet('/account').expect(403);
    }
  });

  it('does not open after a bit of it was changed', async () => {
    const record = await rawRecord(app.mfa, 'ada');
    const data = record.authenticators.find(({ kind }) => kind === 'totp')!.data as { secret: string };
    for (const at of [data.secret.length - 1, data.secret.length - 30, 12]) {
      const letter = data.secret[at] === 'A' ? 'B' : 'A';
      const secret = `${data.secret.slice(0, at)}${letter}${data.secret.slice(at + 1)}`;
      const authenticators = record.authenticators.map((own) =>
        own.kind === 'totp' ? { ...own, data: { ...data, secret } } : own,
      );
      await writeWithMac(app.mfa, 'ada', { ...record, authenticators });
      app.clock.advance(30);
      expect(
        (await (await new Browser(app).signIn('ada')).answer('totp', code(adas.secret, app.clock))).status,
      ).to.equal(503);
    }
  });

  it("of one session's ceremony does not open in another's", async () => {
    const begun = (await ada.jsonGet('/mfa/setup/totp').expect(200)).body.secret as string;
    const other = await new Browser(app).signIn('ada');
    await other.proveTotp(adas.secret);
    await other.jsonGet('/mfa/setup/totp').expect(200);
    const keys = await redis.keys(`${namespace}:*transient*enroll*totp*`);
    expect(keys).to.have.length(2);
    const [a, b] = await Promise.all(keys.map((key) => redis.get(key)));
    await redis.set(keys[0]!, b!);
    await redis.set(keys[1]!, a!);
    for (const who of [ada, other]) {
      const answer = await who.json('/mfa/setup/totp', { code: code(begun, app.clock) });
      expect(answer.status).to.equal(503);
    }
  });

  it('under a secret that is not there any more is a 503, and spends nothing', async () => {
    const lost = await appWith({ secrets: ['another secret of thirty-two bytes and more, newer'], clock: app.clock });
    app.clock.advance(30);
    const browser = await new Browser(lost).signIn('ada');
    for (const path of ['/account', '/mfa', '/mfa/verify/totp', '/mfa/verify/backup-codes'])
      expect(codeIn(await browser.jsonGet(path).expect(503)), path).to.equal('store.unavailable');
    expect((await app.mfa.status('ada'))!.locked).to.deep.equal([]);
    expect((await (await new Browser(app).signIn('ada')).answer('backup-codes', adas.codes[0])).status).to.equal(200);
  });

  it('goes on under a new secret while the old one is listed, and is sealed anew when used', async () => {
    const newest = 'another secret of thirty-two bytes and more, newer';
    const rotated = await appWith({ secrets: [newest, appSecret], clock: app.clock });
    const person = await new Browser(rotated).signIn('ada');
    await person.proveTotp(adas.secret);
    expect((await (await new Browser(rotated).signIn('ada')).answer('backup-codes', adas.codes[1])).status).to.equal(
      200,
    );
    const only = await appWith({ secrets: [newest], clock: app.clock });
    await (await new Browser(only).signIn('ada')).proveTotp(adas.secret);
  });
});

describe('two apps on one Redis', () => {
  it('share no record, no sealed value, no cookie', async () => {
    const redis = newRedis();
    const names = [freshNamespace(), freshNamespace()];
    const [one, two] = (await Promise.all(
      names.map((namespace) => testApp({ store: patientStore(redis, { namespace, warn: () => undefined }) })),
    )) as [TestApp, TestApp];
    const person = await new Browser(one).signIn('ada');
    await person.enrollTotp();
    await (await new Browser(two).signIn('ada')).jsonGet('/account').expect(200);

    const other = await new Browser(two).signIn('ada');
    await other.enrollTotp();
    const cookieName = (browser: Browser) => /mfa-known-[^=]+/.exec(browser.cookies)![0];
    expect(cookieName(person)).to.not.equal(cookieName(other));

    await redis.set(`${names[1]}:{ada}:record`, (await redis.get(`${names[0]}:{ada}:record`))!);
    two.clock.advance(30);
    one.clock.advance(30);
    const moved = await new Browser(two).signIn('ada');
    expect(codeIn(await moved.jsonGet('/account').expect(503))).to.equal('store.record_altered');
    await Promise.all(names.map((namespace) => removeNamespace(redis, namespace)));
    redis.disconnect();
  });
});
