// A sink was away while the log grew: it gets all of it, at least once and in order per writer, while requests go on. The
// same for 100,000 entries is part of `npm run bench`.
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { auditLog, webhookSink } from '../../src/audit.js';
import { totp } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import { fewBackupCodes, testApp } from '../support/app.js';
import { freshNamespace, newRedis, removeNamespace } from '../support/redis.js';
import { startWebhookReceiver } from './sinks/webhook-receiver.js';
import { patientAuditStore } from '../support/patience.js';

const entries = 3_000;

describe('a sink that was away', () => {
  it('catches up while requests go on, at least once, in order per writer', async () => {
    const redis = newRedis();
    const namespace = freshNamespace();
    const receiver = await startWebhookReceiver();
    receiver.answer = () => 503;
    const sink = webhookSink({
      url: receiver.url,
      secrets: [`whsec_${randomBytes(32).toString('base64')}`],
      allowPrivateAddresses: true,
    });
    const store = patientAuditStore(redis, { namespace });
    const audit = auditLog({ store, sinks: [sink] });
    const app = await testApp({ factors: [totp(), fewBackupCodes()], audit });
    const person = await new Browser(app).signIn('ada');
    const { secret } = await person.enrollTotp();
    const at = () => new Date(app.clock.now()).toISOString();
    for (let i = 0; i < entries; i += 1)
      audit.take({ name: 'verification-accepted', at: at(), userId: `u${i}`, outcome: 'accepted', actor: 'user' });
    await app.mfa.settled();
    await audit.feed();
    const [lagging] = (await audit.health()).sinks;
    expect(lagging?.behind).to.be.greaterThan(entries);
    expect(lagging?.failing).to.include('503');
    expect(receiver.taken).to.deep.equal([]);

    receiver.answer = () => 204;
    let isFed = false;
    const fed = audit.feed().then(() => (isFed = true));
    let answers = 0;
    while (!isFed) {
      app.clock.advance(60);
      const other = await new Browser(app).signIn('ada');
      await other.form('/mfa/verify/totp', { code: code(secret, app.clock) });
      await other.jsonGet('/account').expect(200);
      answers += 1;
    }
    await fed;
    expect(answers).to.be.greaterThan(0);
    await app.mfa.settled();
    await audit.feed();
    const [level] = (await audit.health()).sinks;
    expect(level).to.deep.equal({ name: 'webhook', behind: 0, behindSeconds: 0, deadLetters: 0 });

    const stored: string[] = [];
    for (let after = 0; ;) {
      const page = await store.page({ after, limit: 500 });
      if (page.items.length === 0) break;
      for (const { place, text } of page.items) {
        stored.push((JSON.parse(text) as { id: string }).id);
        after = place;
      }
    }
    // Lines of the ledger have no id.
    const once = [...new Set(receiver.taken.filter((id: string | undefined) => id !== undefined))];
    expect(once).to.deep.equal(stored);
    await audit.close();
    await app.close();
    await receiver.close();
    await removeNamespace(redis, namespace);
    redis.disconnect();
  }).timeout(300_000);
});
