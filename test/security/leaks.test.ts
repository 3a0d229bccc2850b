// Attack: read what the app writes: events, notices, URLs, error pages, logs, hidden fields, cookies.
// Rule: codes, secrets and tokens are never in any of them (reveal token, `_csrf` and the session's CSRF secret excepted);
// an event has no full address.
// Answer: after a whole life of an account nothing of it is found there.
import { expect } from 'chai';
import type { Response } from 'supertest';
import { isMfaError, totp, type MfaEvent } from '../../src/index.js';
import { Browser, code, codeIn, formsOf, wrongCode } from '../support/agent.js';
import { appSecret, fewBackupCodes, testApp } from '../support/app.js';

describe('what the app tells', () => {
  const seen: Response[] = [];
  const warnings: string[] = [];
  const secrets: string[] = [appSecret];
  const events: MfaEvent[] = [];
  let told: string;

  const keepWarning = (warning: Error) => void warnings.push(`${warning.message} ${warning.stack}`);

  before(async () => {
    process.on('warning', keepWarning);
    const app = await testApp({
      factors: [totp(), fewBackupCodes()],
      onEvent: (event) => {
        events.push(event);
        if (events.length === 1) throw new Error('a listener that fails');
      },
    });
    const person = await new Browser(app, { 'User-Agent': 'an agent' }).signIn('ada');
    const { secret, codes } = await person.enrollTotp();
    secrets.push(secret, secret.toLowerCase(), secret.match(/.{4}/g)!.join(' '), ...codes);
    const generated = await person.json('/mfa/backup-codes/generate');
    secrets.push(...(generated.body.pending.codes as string[]));
    await person.json('/mfa/backup-codes/confirm', { revealToken: generated.body.pending.revealToken, saved: 'yes' });
    const fresh = generated.body.pending.codes as string[];
    app.clock.advance(60);
    const wrong = wrongCode(secret, app.clock);
    const right = code(secret, app.clock);
    secrets.push(wrong, right);
    const other = await new Browser(app).signIn('ada');
    for (const path of ['', '/verify/totp', '/verify/choose', '/verify/backup-codes', '/setup', '/recover'])
      seen.push(await other.htmlGet(`/mfa${path}`), await other.jsonGet(`/mfa${path}`));
    for (const typed of [wrong, `${right}x`, codes[0], 'ABCD-EFG0', right]) {
      seen.push(await other.form('/mfa/verify/totp', { code: typed! }));
      seen.push(await other.answer('backup-codes', typed));
    }
    seen.push(await (await new Browser(app).signIn('ada')).answer('backup-codes', fresh[0]));
    for (let tries = 0; tries < 6; tries += 1) seen.push(await other.form('/mfa/verify/totp', { code: wrong }));
    for (const path of ['', '/setup', '/backup-codes']) seen.push(await person.htmlGet(`/mfa${path}`));
    const [{ id }] = (await person.jsonGet('/mfa')).body.authenticators;
    seen.push(await person.json(`/mfa/authenticators/${id}/rename`, { name: 'phone' }));
    seen.push(await person.json(`/mfa/authenticators/${id}/remove`));
    await app.mfa.reset('ada', { by: 'root' });
    await app.mfa.settled();
    told = JSON.stringify({ events, notices: app.notices, thrown: app.thrown.map(String) });
    await new Promise((resolve) => setImmediate(resolve));
  });
  after(() => void process.off('warning', keepWarning));

  it('has no code and no secret in events, notices and warnings', () => {
    expect(events.length).to.be.above(20);
    expect(warnings.join()).to.include('a listener that fails');
    for (const each of secrets) {
      expect(told).not.to.include(each);
      expect(warnings.join('\n')).not.to.include(each);
    }
  });

  it('has no full address in events', () => {
    expect(JSON.stringify(events)).not.to.include('@');
  });

  it('has none in a later page, a URL, a header or a cookie', () => {
    for (const { text, headers, request } of seen as (Response & { request: { url: string } })[]) {
      for (const each of secrets) {
        expect(text, request.url).not.to.include(each);
        expect(JSON.stringify(headers), request.url).not.to.include(each);
        expect(request.url).not.to.include(each);
      }
    }
  });

  it('puts nothing into hidden fields but the tokens that belong there', () => {
    for (const { text } of seen) {
      for (const { fields } of formsOf(text))
        expect(['_csrf', 'revealToken', 'confirmed', 'signInStep', 'resetPrompts', 'openLane']).to.include.members(
          Object.keys(fields),
        );
    }
  });

  it('gives back no typed code, right or wrong', () => {
    for (const { text } of seen) expect(text).not.to.match(/<input[^>]*name="code"[^>]*value="[^"]+"/);
  });

  it('tells each attempt once', () => {
    const attempts = seen.filter(({ request }) => {
      const { method, url } = request as unknown as { method: string; url: string };
      return method === 'POST' && url.includes('/verify/');
    });
    const outcomes = events.filter(({ name }) => name === 'verification-accepted' || name === 'verification-refused');
    expect(outcomes).to.have.length(attempts.length);
    for (const event of outcomes) {
      expect(event.outcome).to.equal(event.name === 'verification-accepted' ? 'accepted' : 'refused');
      expect(event.at).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(event).to.include({ userId: 'ada', actor: 'user' });
      expect(event.requestId).to.be.a('string');
    }
  });

  it('shows an error of the host to nobody, and none of ours with its inside', async () => {
    const app = await testApp({
      user: () => {
        throw new Error(`inside: ${appSecret}`);
      },
    });
    for (const answer of [await new Browser(app).htmlGet('/mfa'), await new Browser(app).jsonGet('/account')]) {
      expect(answer.status).to.equal(500);
      expect(answer.text)
        .not.to.match(/inside|\.ts:\d|node_modules/)
        .and.not.include(appSecret);
    }
    expect(isMfaError(app.thrown[0])).to.equal(false);
    expect(codeIn(await new Browser(app).jsonGet('/mfa'))).to.equal('host.user_failed');
  });
});
