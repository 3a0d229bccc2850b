// Attack: flooding a mailbox or phone with codes, from many sessions, accounts and networks, over two processes.
// Rule: every limit is one atomic counter in the store, reserved before sending; nothing resets it but time or success.
// Answer: five messages in ten minutes per address, three new addresses a day, and a cap over everything, exactly.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { said } from '../support/codes.js';
import { bindIn, counted, outboxOf, sentBy, startCodesRivals, storm } from '../support/codes-rivals.js';
import { expectTogether, type Rivals } from '../support/rivals.js';

const limited = '429 connector.rate_limit_exceeded';

describe('floods of codes over two processes', function () {
  this.timeout(120_000);
  let rivals: Rivals;
  let sentBefore: number;

  before(async () => {
    rivals = await startCodesRivals({ sms: { maxPerHour: 12 } });
  });
  after(() => rivals.close());
  after(expectTogether);
  beforeEach(async () => {
    sentBefore = (await outboxOf(rivals)).length;
  });

  const sent = async () => (await outboxOf(rivals)).length - sentBefore;
  /** Networks that each request comes from, so that only the limit in question is met. */
  const from = (index: number) => ({ 'X-Forwarded-For': `203.0.${index}.1` });

  /** One session per index, signed in as `uidOf(index)`, and its headers. */
  async function sessions(count: number, uidOf: (index: number) => string) {
    return Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const person = await new Browser(rivals.all[index % 2]!).signIn(uidOf(index));
        return { ...(await sentBy(person)), ...from(index) };
      }),
    );
  }

  it('reach one bound mailbox five times, and once by the code that bound it, from forty pending sign-ins', async () => {
    await bindIn(rivals, 'email', 'victim', 'victim@example.com');
    const thieves = await sessions(40, () => 'victim');
    const requests = thieves.map((headers) => ({ path: '/mfa/verify/email/begin', headers }));
    expect(counted(await storm(rivals, requests))).to.deep.equal({ '200': 5, [limited]: 35 });
    expect(await sent()).to.equal(6);
  });

  it('reach one foreign mailbox five times, from forty accounts that try to bind it in every spelling', async () => {
    const attackers = await sessions(40, (index) => `attacker-${index}`);
    const spellings = [
      'stranger@example.com',
      'STRANGER@example.com',
      'stranger+a@EXAMPLE.com',
      ' stranger@example.com ',
    ];
    const requests = attackers.map((headers, index) => ({
      path: '/mfa/setup/email/begin',
      body: { address: spellings[index % 4]! },
      headers,
    }));
    expect(counted(await storm(rivals, requests))).to.deep.equal({ '200': 5, [limited]: 35 });
    expect(await sent()).to.equal(5);
  });

  it('reach three new addresses a day from one account, however many sessions it has', async () => {
    const own = await sessions(20, () => 'spammer');
    const requests = own.map((headers, index) => ({
      path: '/mfa/setup/email/begin',
      body: { address: `somebody-${index}@example.com` },
      headers,
    }));
    expect(counted(await storm(rivals, requests))).to.deep.equal({ '200': 3, [limited]: 17 });
    // Of both processes: what is new stands at the end of each outbox, not of both together.
    const to = (await outboxOf(rivals)).map((message) => message.to).filter((each) => each.startsWith('somebody-'));
    expect(new Set(to).size).to.equal(3);
    expect(await sent()).to.equal(3);
  });

  it('cost what the app has allowed for an hour, over all accounts, phones and networks', async () => {
    const attackers = await sessions(40, (index) => `pumper-${index}`);
    const requests = attackers.map((headers, index) => ({
      path: '/mfa/setup/sms/begin',
      body: { address: `+417912300${10 + index}` },
      headers,
    }));
    expect(counted(await storm(rivals, requests))).to.deep.equal({ '200': 12, [limited]: 28 });
    expect(await sent()).to.equal(12);
  });

  it('are thirty an hour from one network', async () => {
    const attackers = await sessions(40, (index) => `neighbour-${index}`);
    const requests = attackers.map((headers, index) => ({
      path: '/mfa/setup/email/begin',
      body: { address: `neighbour-${index}@example.com` },
      headers: { ...headers, 'X-Forwarded-For': `198.51.100.${index}` },
    }));
    expect(counted(await storm(rivals, requests))).to.deep.equal({ '200': 30, [limited]: 10 });
  });

  it('are no more where each code is asked for in a new sign-in, one after the other', async () => {
    await bindIn(rivals, 'email', 'owner', 'owner@example.com');
    const told: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      const thief = await new Browser(rivals.all[round % 2]!).signIn('owner');
      told.push(said(await thief.json('/mfa/verify/email/begin')));
    }
    expect(told.filter((each) => each === '200')).to.have.length(5);
    expect(await sent()).to.equal(6);
  });
});
