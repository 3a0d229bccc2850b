// Guards that only report, or that are rolled out to some.
import { expect } from 'chai';
import { enforces } from '../../../middleware/guard/enforcement.js';
import { memoryStore, MfaError, totp } from '../../../src/index.js';
import { testApp } from '../../support/app.js';
import { Browser } from '../../support/agent.js';

const reported = (events: { name: string; detail?: object }[]) =>
  events.filter(({ name, detail }) => name === 'verification-required' && detail && 'reported' in detail);

/** Whether this person, who owes a factor, is let through. */
async function passes(app: Awaited<ReturnType<typeof testApp>>, uid: string): Promise<boolean> {
  const owner = await new Browser(app).signIn(uid);
  await owner.enrollTotp();
  const pending = await new Browser(app).signIn(uid);
  return (await pending.jsonGet('/account')).status === 200;
}

describe('a guard that only reports', () => {
  it('stops nobody, and tells whom it would have stopped, and why', async () => {
    const app = await testApp({ factors: [totp()], policy: 'mandatory', host: { guard: { mode: 'report' } } });
    const person = await new Browser(app).signIn('ada');
    await person.jsonGet('/account').expect(200);
    expect(reported(app.events).map(({ detail }) => detail)).to.deep.equal([
      { reported: true, code: 'user.missing_mfa' },
    ]);
    await new Browser(app).jsonGet('/account').expect(200);
  });

  it('tells nothing of those whom it would have let through', async () => {
    const app = await testApp({ factors: [totp()], host: { guard: { mode: 'report' } } });
    const person = await new Browser(app).signIn('ada');
    await person.enrollTotp();
    await person.jsonGet('/account').expect(200);
    expect(reported(app.events)).to.deep.equal([]);
  });
});

describe('a guard that only reports, or is not rolled out to somebody, where it cannot decide', () => {
  for (const guard of [{ mode: 'report' as const }, { anonymous: 'pass' as const, rollOutPercent: 0 }]) {
    it(`stops nobody for a store that fails (${JSON.stringify(guard)})`, async () => {
      const store = memoryStore();
      const load = () => Promise.reject(new MfaError('store.unavailable', 'away'));
      const app = await testApp({ store: { ...store, load }, host: { guard } });
      const person = await new Browser(app).signIn('ada');
      await person.jsonGet('/account').expect(200);
      expect(reported(app.events).map(({ detail }) => detail)).to.deep.include({
        reported: true,
        code: 'store.unavailable',
      });
      await person.jsonGet('/mfa').expect(503);
    });
  }

  it('stops nobody for a look-up of the host that fails, nor for a token beside a session', async () => {
    const failing = await testApp({
      user: () => Promise.reject(new Error('away')),
      host: { guard: { mode: 'report' } },
    });
    await new Browser(failing).jsonGet('/account').expect(200);
    const app = await testApp({
      user: (req) => (req.headers.authorization ? { id: 'eve', via: 'token' } : null),
      host: { guard: { mode: 'report' } },
    });
    const machine = await new Browser(app, { Authorization: 'Bearer 1' }).signIn('ada');
    await machine.jsonGet('/account').expect(200);
    expect(reported(app.events)).to.have.length(1);
  });

  it('hands what the host throws meanwhile to the host, and leaves no request open', async () => {
    const load = () => Promise.reject(new MfaError('store.unavailable', 'away'));
    const locale = () => {
      throw new Error('the look-up of the language failed');
    };
    const app = await testApp({ store: { ...memoryStore(), load }, locale, host: { guard: { mode: 'report' } } });
    await (await new Browser(app).signIn('ada')).jsonGet('/account').expect(500);
    expect(String(app.thrown[0])).to.include('language');
  });

  it('tells of misuse all the same', async () => {
    const app = await testApp({ policy: (() => 'none') as never, host: { guard: { mode: 'report' } } });
    await (await new Browser(app).signIn('ada')).jsonGet('/account').expect(500);
  });
});

describe('a guard that is rolled out', () => {
  it('stops nobody at 0 percent and everybody at 100', async () => {
    for (const [rollOutPercent, expected] of [
      [0, true],
      [100, false],
    ] as const) {
      const app = await testApp({ factors: [totp()], host: { guard: { anonymous: 'pass', rollOutPercent } } });
      expect(await passes(app, 'ada'), String(rollOutPercent)).to.equal(expected);
    }
  });

  it('stops the share that was asked for by a digest of the id, so that a person is always on the same side', () => {
    // Of the first two bytes, as one number, what is left over of a hundred.
    const rows: [bytes: number[], leftOver: number][] = [
      [[0, 0], 0],
      [[0, 99], 99],
      [[0, 100], 0],
      [[1, 0], 56],
      [[255, 255], 35],
      [[2, 3, 9], 15],
    ];
    for (const [bytes, leftOver] of rows) {
      const asked: string[] = [];
      const digest = (...given: string[]) => {
        asked.push(...given);
        return Buffer.from(bytes);
      };
      const stops = (rollOutPercent: number, more: object = {}, user: object | undefined = { id: 'ada' }) =>
        enforces({ kernel: { sealer: { digest } } } as never, { rollOutPercent, ...more }, user as never);
      expect([stops(leftOver), stops(leftOver + 1)], String(bytes)).to.deep.equal([false, true]);
      expect([stops(0), stops(100)]).to.deep.equal([false, true]);
      expect(new Set(asked)).to.deep.equal(new Set(['roll-out', 'ada']));
      expect(stops(100, { mode: 'report' }), 'only reports').to.equal(false);
    }
    expect(enforces({} as never, { rollOutPercent: 0 }, undefined), 'nobody has a side').to.equal(true);
    expect(enforces({} as never, {}, { id: 'ada', label: 'Ada' })).to.equal(true);
  });
});
