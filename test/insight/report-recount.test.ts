// Every total of a report against a recount that knows nothing of it: of people from what `mfa.status` says of each, in every way to
// stand, and of the log from its raw entries.
import { expect } from 'chai';
import type { Heads, ReportPerson, ReportSummary } from '../../src/admin.js';
import type { AuditEntry } from '../../src/audit.js';
import { maskLabel } from '../../src/core/words/mask.js';
import { asked, quarter, reportSite, type ReportSite } from '../support/report-site.js';

type Standing = { tenant: string | undefined; isAdmin: boolean; status: ReportPerson['status']; kinds: string[] };

async function standingOf({ mfa, people }: ReportSite): Promise<Standing[]> {
  return Promise.all(
    people.map(async ({ id, tenant, isAdmin = false }) => {
      const told = await mfa.status(id);
      const primary = (told?.authenticators ?? []).filter(({ kind }) => !['backup-codes', 'pass'].includes(kind));
      const kinds = [...new Set(primary.filter(({ state }) => state === 'usable').map(({ kind }) => kind))];
      const whenOff = told?.exemptUntil ? 'exempt' : told?.owed.length ? 'owing' : 'none';
      const whenIn = told?.protected ? (kinds.length > 0 ? 'protected' : 'owing') : whenOff;
      return { tenant, isAdmin, status: told?.suspended ? 'barred' : whenIn, kinds };
    }),
  );
}

function headsOf(people: readonly Standing[]): Heads {
  const of = (...status: string[]) => people.filter((one) => status.includes(one.status)).length;
  const able = people.length - of('exempt', 'barred');
  const strong = people.filter(({ status, kinds }) => status === 'protected' && kinds.includes('webauthn')).length;
  return {
    ...{ people: people.length, exempt: of('exempt'), barred: of('barred'), able },
    ...{ protected: of('protected'), phishingResistant: strong, owing: of('owing'), none: of('none') },
  };
}

function expectPeople({ coverage, head }: ReportSummary, people: readonly Standing[]): void {
  expect(head.people).to.equal(people.length);
  expect(coverage.all).to.deep.equal(headsOf(people));
  expect(coverage.admins).to.deep.equal(headsOf(people.filter(({ isAdmin }) => isAdmin)));
  for (const { tenant, ...heads } of coverage.tenants)
    expect(heads, tenant).to.deep.equal(headsOf(people.filter((one) => one.tenant === tenant)));
  const able = people.filter(({ status }) => status !== 'exempt' && status !== 'barred');
  for (const { kind, people: number, only } of coverage.kinds) {
    const having = able.filter(({ kinds }) => kinds.includes(kind));
    expect([number, only], kind).to.deep.equal([
      having.length,
      having.filter(({ kinds }) => kinds.length === 1).length,
    ]);
  }
  expect(new Set(coverage.kinds.map(({ kind }) => kind))).to.deep.equal(new Set(able.flatMap(({ kinds }) => kinds)));
}

describe('the totals of a report', () => {
  it('are those of a recount of people, however they stand', async () => {
    const site = await reportSite({ people: 24, days: 60 });
    const { mfa, people } = site;
    const by = { by: 'Ana', reason: 'for the recount' };
    const before = await standingOf(site);
    const idsOf = (status: string) => people.filter((_, at) => before[at]?.status === status).map(({ id }) => id);
    const [off, ...others] = idsOf('none');
    const [one, two, three] = idsOf('protected');
    await mfa.exempt(off!, { ...by, until: new Date(mfa.config.clock.now() + 86_400_000) });
    await mfa.suspend(others[0]!, by);
    await mfa.suspend(one!, by);
    await mfa.reset(two!, by);
    // Disabled, as a hundred wrong answers do it.
    const { record, revision } = await mfa.kernel.store.load(three!);
    const disabledAt = mfa.kernel.now();
    const authenticators = record!.authenticators.map((own) => ({ ...own, disabledAt }));
    await mfa.kernel.store.save(three!, { ...record!, authenticators }, revision);
    const after = await standingOf(site);
    for (const status of ['exempt', 'barred', 'owing', 'none', 'protected'])
      expect(
        after.some((each) => each.status === status),
        status,
      ).to.equal(true);
    const { summary } = await mfa.report(asked);
    expectPeople(summary, after);
    const { summary: own } = await mfa.report({ ...asked, tenant: 'Retail' });
    expectPeople(
      own,
      after.filter(({ tenant }) => tenant === 'Retail'),
    );
    await site.close();
  });

  it('are those of a recount of the raw log: exceptions, recoveries by sign-in, what administrators did, the sample', async () => {
    const site = await reportSite();
    const { summary } = await site.mfa.report(asked);
    const all = await site.log();
    const entries = all.filter(({ time }) => time >= quarter.from && time < quarter.to);
    const of = (...names: string[]) => entries.filter(({ name }) => names.includes(name));
    const steps = of(
      ...['recovery-required', 'backup-code-used', 'pass-used', 'recovery-held', 'recovery-confirmed'],
      ...['recovery-approved', 'recovery-denied', 'recovery-completed'],
    );
    const flowOf = ({ flow, id }: AuditEntry) => flow ?? id;
    const flows = [...new Set(steps.map(flowOf))];
    expect(summary.events.recoveries.map((each) => each.steps)).to.deep.equal(
      flows.map((flow) => steps.filter((step) => flowOf(step) === flow).map(({ name }) => name)),
    );
    expect(summary.events.recoveries.length).to.be.greaterThan(3);
    const exceptions = of(
      ...['exempted', 'exemption-ended', 'pass-issued', 'pass-used', 'reset', 'released', 'suspended', 'resumed'],
      ...['enrollment-granted', 'recovery-held', 'recovery-approved', 'recovery-denied', 'turned-off'],
      'upstream-forgotten',
    );
    expect(summary.exceptions.map(({ time, what }) => [time, what])).to.deep.equal(
      exceptions.map(({ time, name }) => [time, name]),
    );
    for (const { by, name, count } of summary.events.actions) {
      const theirs = of(name).filter(
        ({ actor }) => ['admin', 'cli'].includes(actor.type) && maskLabel(actor.id ?? '') === by,
      );
      expect(count, `${by}: ${name}`).to.equal(
        theirs.reduce((sum, { detail }) => sum + Number(detail?.['count'] ?? 1), 0),
      );
    }
    expect(summary.sample.of).to.equal(summary.events.signIns);
    expect(summary.integrity.entries).to.be.within(all.length - 1, all.length);
    await site.close();
  });
}).timeout(60_000);
