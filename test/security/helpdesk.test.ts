// Attack: somebody of the helpdesk, who knows the person's password, comes into their account by what they may do to it alone:
// every action, every two after one another, chains of four, with all codes that they are shown.
// Rule: what gives a way into a protected account needs a second administrator; the rest gives none.
// Answer: after every chain the account asks for the factor that only its owner has, and lets the owner in by it.
import { expect } from 'chai';
import { memoryCaseStore, type ActionRequest, type Admin, type AdminAction } from 'express-mfa/admin';
import { supportPass, totp } from '../../src/index.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { adminActions } from '../../src/core/rules/admin-rights.js';
import { ana, ben, reason } from '../support/admin-desk.js';
import { totpOf } from '../support/cli.js';
import { Browser, code } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';

const actions = Object.keys(adminActions) as AdminAction[];
const helper: Admin = { id: 'hal', may: ['view', 'help'] };
const decider: Admin = { id: 'dora', may: ['view', 'help', 'decide', 'audit'] };

/** Every action alone, and chains of four in which each stands before each. */
function chains(): AdminAction[][] {
  const ahead = new Map(actions.map((one) => [one, [...actions]]));
  const made = actions.map((one) => [one]);
  for (;;) {
    const first = actions.find((one) => ahead.get(one)?.length);
    if (first === undefined) return made;
    const chain = [first];
    for (let last = first; chain.length < 4;) {
      const next = ahead.get(last)?.shift();
      if (next === undefined) break;
      chain.push(next);
      last = next;
    }
    made.push(chain);
  }
}

describe('the helpdesk, with the password of somebody protected', function () {
  this.timeout(120_000);
  let app: TestApp;
  before(async () => {
    app = await testApp({ factors: [totp(), supportPass()], administration: { cases: memoryCaseStore() } });
    for (const by of [ana, ben]) await app.mfa.requestAction('end-sign-ins', 'somebody', { by, reason });
  });
  after(() => app.close());

  /** What can be asked for, as generously as it goes. */
  const requestOf = (by: Admin, action: AdminAction): ActionRequest => ({
    by,
    reason,
    ...(adminActions[action].takes.includes('validMinutes') ? { validMinutes: 1440 } : {}),
    ...(adminActions[action].takes.includes('until') ? { until: new Date(app.clock.now() + 86_400_000) } : {}),
  });

  /** Types what was shown wherever something is asked for, and sets an app up of their own. */
  async function breakIn(userId: string, shown: readonly string[]): Promise<Browser> {
    const thief = await new Browser(app).signIn(userId);
    for (const typed of shown) {
      await thief.answer('pass', typed);
      await thief.answer('totp', typed);
      await thief.json('/mfa/setup/confirm', { code: typed });
    }
    const { body } = await thief.jsonGet('/mfa/setup/totp');
    const { secret } = body as { secret?: string };
    if (secret !== undefined) await thief.json('/mfa/setup/totp', { code: code(secret, app.clock) });
    return thief;
  }

  for (const [name, by] of Object.entries({ 'who may help': helper, 'who may decide': decider })) {
    it(`comes in by no chain of actions of one ${name}`, async () => {
      for (const [at, chain] of chains().entries()) {
        const victim = `${by.id as string}-victim-${at}`;
        const own = totpOf(app.mfa, victim);
        const record = { ...emptyRecord(victim), protected: true, authenticators: [own] };
        await app.mfa.kernel.store.save(victim, record, undefined);
        const shown: string[] = [];
        for (const action of chain) {
          const asked = await app.mfa.requestAction(action, victim, requestOf(by, action)).catch(() => undefined);
          if (asked?.done?.code !== undefined) shown.push(asked.done.code);
          if (asked?.case) {
            for (const again of [by, { ...by, name: 'another name' }])
              await app.mfa.approve(asked.case.id, { by: again, reason }).catch(() => undefined);
            await app.mfa.collect(asked.case.id, { by }).then(
              ({ code: made = '' }) => shown.push(made),
              () => undefined,
            );
          }
        }
        // So that a bar hides nothing.
        await app.mfa.requestAction('resume', victim, { by: ana, reason });
        const thief = await breakIn(victim, shown);
        const told = `${chain.join(', ')}: ${shown.length} shown`;
        const { status } = await thief.jsonGet('/account');
        expect(status, told).to.equal(403);
        const kept = await app.mfa.status(victim);
        expect(kept?.protected, told).to.equal(true);
        expect(
          kept?.authenticators.map(({ id }) => id),
          told,
        ).to.deep.equal([own.id]);
        // Nor is the owner kept out by it.
        const back = await new Browser(app).signIn(victim);
        await back.proveTotp('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
        await back.jsonGet('/account').expect(200);
      }
    });
  }

  it('is seen: every attempt is an event with who it was', async () => {
    await app.mfa.settled();
    const refused = app.events.filter(({ name }) => name === 'admin-refused');
    expect(refused.length).to.be.greaterThan(20);
    expect(new Set(refused.map(({ by }) => by))).to.include.members(['hal', 'dora']);
    expect(app.events.filter(({ name }) => name === 'reset')).to.deep.equal([]);
  });
});
