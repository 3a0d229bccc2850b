// A report that was stopped is gone on with, at the person and the entry where it was; by one of any number of those who ask for it again.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { FoundPerson, ReportSummary } from '../../src/admin.js';
import { asked, reportSite, textOf, type ReportSite } from '../support/report-site.js';
import { program } from '../support/programs.js';

const options = { ...asked, seed: 'stopped' };
const crowd = { people: 300, days: 3 };

/** Stops it among the people, or when it asks for the second page of the log. @returns its folder */
async function stopIn(site: ReportSite, phase: 'people' | 'log'): Promise<string> {
  const stop = new AbortController();
  const { store } = site.mfa.audit!;
  const page = store.page.bind(store);
  let pages = 0;
  store.page = (query) => {
    if (phase === 'log' && (pages += 1) > 1) stop.abort();
    return page(query);
  };
  const { people } = site;
  people[Symbol.iterator] = function* (): ArrayIterator<FoundPerson> {
    for (const [at, one] of people.entries()) {
      if (phase === 'people' && at === people.length >> 1) stop.abort();
      yield one;
    }
  };
  const stopped = site.mfa.report({ ...options, signal: stop.signal });
  expect(await stopped.catch((error: unknown) => (error as Error).name)).to.equal('AbortError');
  store.page = page;
  people[Symbol.iterator] = people.values.bind(people);
  const [left] = (await site.mfa.reports.list()).filter((each) => each.phase === 'failed');
  return left?.id ?? '';
}

/** What it says, but for who asked, and for the log, which grows by each report. */
function saidBy({ head, integrity: _integrity, controls: _controls, ...rest }: ReportSummary): object {
  return { ...rest, head: { ...head, by: '' } };
}

const idsIn = (folder: string, id: string) =>
  readFileSync(`${folder}/${id}/people.jsonl`, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as [string])[0]);

/** A file that is moved stays the one that it is. */
const fileOf = (folder: string, id: string) => statSync(`${folder}/${id}/people.jsonl`).ino;

describe('a report that was stopped', () => {
  it('goes on where it was stopped, and where a line was cut in the middle', async () => {
    const site = await reportSite(crowd);
    const whole = await site.mfa.report({ ...options, by: 'Whole' });
    const left = await stopIn(site, 'people');
    expect(idsIn(site.folder, left).length).to.be.greaterThan(0).and.below(site.people.length);
    const file = fileOf(site.folder, left);
    appendFileSync(`${site.folder}/${left}/people.jsonl`, '["half of a li');
    const report = await site.mfa.report(options);
    expect(saidBy(report.summary)).to.deep.equal(saidBy(whole.summary));
    expect(await textOf(report.table('people'))).to.equal(await textOf(whole.table('people')));
    expect(fileOf(site.folder, report.id)).to.equal(file);
    expect(idsIn(site.folder, report.id).sort()).to.deep.equal(site.people.map(({ id }) => id).sort());
    // What was moved is nowhere else.
    expect((await site.mfa.reports.list()).map(({ phase }) => phase)).to.deep.equal(['ready', 'ready']);
    await site.close();
  });

  it('goes on behind a line of which the end alone was not written', async () => {
    const site = await reportSite(crowd);
    const left = await stopIn(site, 'people');
    const file = `${site.folder}/${left}/people.jsonl`;
    truncateSync(file, statSync(file).size - 1);
    const report = await site.mfa.report(options);
    expect(idsIn(site.folder, report.id).sort()).to.deep.equal(site.people.map(({ id }) => id).sort());
    await site.close();
  });

  it('reads no entry of the log again that was read, and says the same', async () => {
    const site = await reportSite();
    const { audit } = site.mfa;
    for (let at = 0; at < 1200; at += 1)
      audit!.take({ name: 'verification-accepted', actor: 'user', at: '2026-08-01T00:00:00.000Z', userId: `u${at}` });
    await audit!.settled();
    const whole = await site.mfa.report({ ...options, by: 'Whole' });
    const left = await stopIn(site, 'log');
    const kept = JSON.parse(readFileSync(`${site.folder}/${left}/log.json`, 'utf8')) as {
      after: number;
      entries: number;
    };
    expect(kept.entries).to.be.greaterThan(0).and.below(whole.summary.events.entries);
    const { store } = audit!;
    const page = store.page.bind(store);
    const read: number[] = [];
    store.page = (query) => {
      if ('after' in query && query.fromMs !== undefined) read.push(query.after);
      return page(query);
    };
    const { summary } = await site.mfa.report(options);
    expect(Math.min(...read)).to.equal(kept.after);
    expect(saidBy(summary)).to.deep.equal(saidBy(whole.summary));
    await site.close();
  });

  it('is gone on with by one of two processes that ask for it at once; both make a whole one', async function () {
    const site = await reportSite(crowd);
    const script = program(fileURLToPath(new URL('../support/report-rival.ts', import.meta.url)));
    const rivals = ['a', 'b'].map(() => fork(script, [site.folder, JSON.stringify(crowd)], { execArgv: [] }));
    const heard = () => Promise.all(rivals.map(async (rival) => (await once(rival, 'message'))[0] as string));
    await heard();
    const whole = site.people.map(({ id }) => id).sort();
    for (let round = 0; round < 3; round += 1) {
      const file = fileOf(site.folder, await stopIn(site, 'people'));
      const made = heard();
      for (const rival of rivals) rival.send(options);
      const ids = await made;
      expect(new Set(ids).size).to.equal(2);
      expect(ids.filter((id) => fileOf(site.folder, id) === file)).to.have.length(1);
      for (const id of ids) {
        expect(idsIn(site.folder, id).sort(), `round ${round}`).to.deep.equal(whole);
        const { head, coverage } = JSON.parse(readFileSync(`${site.folder}/${id}/summary.json`, 'utf8')) as {
          head: { people: number };
          coverage: { all: { people: number } };
        };
        expect([head.people, coverage.all.people]).to.deep.equal([whole.length, whole.length]);
      }
      expect(readdirSync(site.folder).sort()).to.deep.equal([...ids].sort());
      for (const id of ids) await (await site.mfa.reports.open(id))?.remove();
    }
    for (const rival of rivals) rival.disconnect();
    await site.close();
  });
}).timeout(120_000);
