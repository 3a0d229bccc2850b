// Every way to answer, on every route and strategy, leaves exactly one outcome in the audit log: right, wrong, malformed,
// locked, lapsed, again.
import { expect } from 'chai';
import { auditLog, memoryAuditStore } from 'express-mfa/audit';
import { answerApp, kinds, pendingWith, type Answer, type AnswerApp, type Kind, type Pending } from './answer-cases.js';
import { outcomes } from './count-outcomes.js';

type Way = { name: string; kinds: readonly Kind[]; path(kind: Kind): string };
const ways: Way[] = [
  { name: 'our route', kinds, path: (kind) => `/mfa/verify/${kind}` },
  { name: 'its strategy', kinds, path: (kind) => `/told/${kind}` },
  { name: 'verifyBackupCode', kinds: ['backup-codes'], path: () => '/own' },
];

type Case = {
  name: string;
  outcome: 'success' | 'failure';
  answer(app: AnswerApp, pending: Pending, path: string): Promise<Answer>;
};
const cases: Case[] = [
  { name: 'right', outcome: 'success', answer: (_app, { right }) => right() },
  { name: 'wrong', outcome: 'failure', answer: (_app, { wrong }) => wrong() },
  { name: 'malformed', outcome: 'failure', answer: (_app, { malformed }) => Promise.resolve(malformed) },
  { name: 'empty', outcome: 'failure', answer: () => Promise.resolve({}) },
  {
    name: 'locked',
    outcome: 'failure',
    async answer(_app, { person, wrong, right }, path) {
      for (let tries = 0; tries < 6; tries += 1) await person.json(path, await wrong());
      return right();
    },
  },
  {
    name: 'lapsed',
    outcome: 'failure',
    async answer(app, { right }) {
      const answer = await right();
      app.clock.advance(3600);
      return answer;
    },
  },
  {
    name: 'answered before',
    outcome: 'failure',
    async answer(_app, { person, right }, path) {
      const answer = await right();
      await person.json(path, answer);
      return answer;
    },
  },
];

describe('an answer of a pending person', () => {
  for (const way of ways)
    for (const kind of way.kinds)
      it(`by ${kind} at ${way.name} has one outcome in the log, whatever it is`, async () => {
        const told: string[] = [];
        const expected: string[] = [];
        for (const { name, outcome, answer } of cases) {
          if (name === 'locked' && kind === 'webauthn') continue;
          const audit = auditLog({ store: memoryAuditStore() });
          const app = await answerApp(audit);
          const pending = await pendingWith(app, kind);
          await pending.person.csrf();
          const path = way.path(kind);
          const body = await answer(app, pending, path);
          const before = (await outcomes(app, audit)).length;
          await pending.person.json(path, body);
          const added = (await outcomes(app, audit)).slice(before);
          told.push(`${name}: ${added.map(({ outcome: each }) => each).join(' and ')}`);
          expect(added[0]?.personal.path, name).to.equal(path);
          expected.push(`${name}: ${outcome}`);
          await app.close();
        }
        expect(told).to.deep.equal(expected);
      });
}).timeout(120_000);
