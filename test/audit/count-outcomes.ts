// Counts what attempts leave in the audit log: each in an app of its own, so that none is counted among others.
import { expect } from 'chai';
import { auditLog, memoryAuditStore, type AuditEntry, type AuditLog } from 'express-mfa/audit';
import { answerApp, type AnswerApp, type AnswerAppOptions } from './answer-cases.js';

export async function outcomes(app: AnswerApp, audit: AuditLog): Promise<AuditEntry[]> {
  await app.mfa.settled();
  await audit.settled();
  return (await audit.read({ limit: 500 })).entries.filter(({ outcome }) => outcome !== undefined).reverse();
}

/** `send` prepares it, what it returns makes the attempt. */
export type Attempt = {
  name: string;
  outcome: 'success' | 'failure';
  send(app: AnswerApp): Promise<() => Promise<unknown>>;
};

/** What is added by each of these. */
export async function expectOne(attempts: readonly Attempt[], options: AnswerAppOptions = {}): Promise<void> {
  const told: string[] = [];
  for (const { name, send } of attempts) {
    const audit = auditLog({ store: memoryAuditStore() });
    const app = await answerApp(audit, options);
    const press = await send(app);
    const before = (await outcomes(app, audit)).length;
    await press();
    const added = (await outcomes(app, audit)).slice(before);
    told.push(`${name}: ${added.map(({ outcome: each }) => each).join(' and ')}`);
    await app.close();
  }
  expect(told).to.deep.equal(attempts.map(({ name, outcome }) => `${name}: ${outcome}`));
}
