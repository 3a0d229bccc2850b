// The page of health: what `doctor` finds in a running app, its senders and sinks; a test message to one's own address.
import { expect } from 'chai';
import { auditLog, memoryAuditStore } from '../../../src/audit.js';
import { emailCode, MfaError, totp } from '../../../src/index.js';
import type { Browser } from '../../support/agent.js';
import { adminSite, allRights, home, type AdminSite } from '../../support/admin-site.js';

type Found = { check: string; level: string; text: string };

/** A sender that takes what it is given until it is told to fail. */
const sender = {
  channel: 'email' as const,
  name: 'moody',
  fails: false,
  async send() {
    if (sender.fails) throw new MfaError('connector.send_failed', 'The mail server is away.');
  },
};

describe('the page of health', () => {
  let site: AdminSite;
  let ana: Browser & { secret: string };
  const sink = { name: 'away', deliver: () => Promise.reject(new Error('nobody listens')) };

  beforeEach(async () => {
    sender.fails = false;
    site = await adminSite({
      factors: [totp(), emailCode({ sender })],
      audit: auditLog({ store: memoryAuditStore(), sinks: [sink] }),
    });
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: ['view'] });
    ana = await site.enter('ana');
  });
  afterEach(() => site.close());

  const health = async () => (await ana.jsonGet(`${home}/health`).expect(200)).body;

  it('finds what the doctor finds, and asks no oftener than every 20 seconds', async () => {
    const { findings, at, store } = (await health()) as { findings: Found[]; at: number; store: string };
    const checks = findings.map(({ check }) => check);
    expect(checks).to.include.members(['environment', 'secrets', 'store', 'senders', 'notices', 'audit', 'help']);
    expect(store).to.equal(site.mfa.kernel.store.name);
    expect((await health()).at).to.equal(at);
    site.clock.advance(21);
    expect((await health()).at).to.equal(at + 21);
    const { text } = await ana.htmlGet(`${home}/health`).expect(200);
    expect(text)
      .to.include('No `brand.help`')
      .and.include('Look at this')
      .and.match(/\d checks found nothing/);
  });

  it('counts what senders sent and failed to, with the last failure, and says which one fails', async () => {
    sender.fails = true;
    for (let time = 0; time < 6; time += 1) {
      site.clock.advance(61);
      await ana.json('/mfa/setup/email/begin', { address: 'ana@example.com' });
    }
    await site.mfa.settled();
    const { senders, findings } = await health();
    const codes = (senders as { what: string; kind: string; failed: number }[]).find(({ what }) => what === 'codes');
    expect(codes).to.deep.include({ kind: 'email', sender: 'moody', failing: true });
    expect(codes?.failed).to.be.at.least(5);
    expect(codes).to.have.nested.property('lastFailure.reason', 'connector.send_failed');
    expect((findings as Found[]).find(({ check }) => check === 'sending')).to.include({ level: 'warn' });
    expect((await ana.htmlGet(`${home}/health`)).text)
      .to.include('Failing')
      .and.include('Last failure on');
  });

  it('says how far each sink is behind', async () => {
    await site.mfa.audit?.settled();
    const { log } = await health();
    expect(log.entries).to.be.greaterThan(0);
    expect(log.sinks[0]).to.include({ name: 'away' });
    expect(log.sinks[0].behind).to.be.greaterThan(0);
    expect((await ana.htmlGet(`${home}/health`)).text).to.match(/\d behind, for/);
  });

  it('is not there for whoever may see one tenant alone', async () => {
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: allRights, ofTenant: 'red' });
    await ana.jsonGet(`${home}/health`).expect(404);
    expect((await ana.json(`${home}/health/test-message`, { kind: 'email' })).status).to.equal(404);
    expect((await ana.htmlGet(`${home}/people`).expect(200)).text).not.to.include(`${home}/health`);
  });
}).timeout(30_000);
