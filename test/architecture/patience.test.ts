// No test has the deadlines of production by oversight: on a machine that does much else it would fail for being late.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { listFiles, root } from './sources.js';

/** These are about deadlines or options of the stores themselves, or are samples of the documentation. */
const ownDeadlines = [
  /^test\/support\/(patience|redis)\.ts$/,
  /^test\/stores\/(redis-(cluster|cluster-replicas|checks|deadline|late|options|replicas|sentinel|store|walk)|node-redis|case-store-contract)\.test\.ts$/,
  /^test\/audit\/stores\/(audit-store-contract|redis-audit-cluster|redis-audit-checks|store-options)\.test\.ts$/,
  /^test\/journeys\/slow-store\.test\.ts$/,
  /^test\/middleware\/guard\/unknown-options\.test\.ts$/,
  /^test\/servers\/rsyslog-catching-up\.test\.ts$/,
  /^test\/docs\//,
];

describe('stores on Redis in tests', () => {
  it('are made patient, by test/support/patience.ts, but where a deadline is what a test is about', () => {
    const calls = listFiles(['test'], '.ts').filter((file) =>
      /\bredis(Audit|Case|Stats)?Store\(/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(calls.length).to.be.greaterThan(5);
    expect(calls.filter((file) => !ownDeadlines.some((own) => own.test(file)))).to.deep.equal([]);
  });
});
