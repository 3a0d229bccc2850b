// A report as files: tables in which no cell begins a formula, in a zip that others open, and a page on which what somebody typed is
// text. All of them say the same.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import { tableNames } from '../../src/insight/report-files.js';
import { mostListed, reportStyle } from '../../src/insight/report-html.js';
import { zipOf } from '../../src/insight/zip.js';
import type { Report } from '../../src/admin-report.js';
import { asked, reportSite, textOf, type ReportSite } from '../support/report-site.js';
import { warningsOf } from '../support/warnings.js';

/** What the directory at the end of an archive says is in it (APPNOTE 4.3.12, 4.3.16), as text by name; each is held against its checksum. */
function unzip(bytes: Buffer): { [name: string]: string } {
  const end = bytes.length - 22;
  expect(bytes.readUInt32LE(end)).to.equal(0x06054b50);
  const files: { [name: string]: string } = {};
  let at = bytes.readUInt32LE(end + 16);
  expect(at + bytes.readUInt32LE(end + 12)).to.equal(end);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(bytes.readUInt32LE(at)).to.equal(0x02014b50);
    const [crc, packed, size] = [16, 20, 24].map((place) => bytes.readUInt32LE(at + place)) as [number, number, number];
    const length = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + length);
    const local = bytes.readUInt32LE(at + 42);
    expect(bytes.readUInt32LE(local)).to.equal(0x04034b50);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = inflateRawSync(bytes.subarray(start, start + packed));
    expect([content.length, crc32(content)]).to.deep.equal([size, crc]);
    // Behind it stands the same once more, for whoever reads from the front.
    const behind = start + packed;
    expect([0, 4, 8, 12].map((place) => bytes.readUInt32LE(behind + place))).to.deep.equal([
      0x08074b50,
      crc,
      packed,
      size,
    ]);
    files[name] = content.toString();
    at += 46 + length;
  }
  expect(at).to.equal(end);
  return files;
}

describe('the files of a report', () => {
  let site: ReportSite;
  let report: Report;
  before(async () => {
    site = await reportSite();
    report = await site.mfa.report(asked);
  });
  after(() => site.close());

  it('are tables in which no cell begins a formula, and a row for each person', async () => {
    const people = await textOf(report.table('people'));
    const rows = people.split('\r\n').slice(1, -1);
    expect(rows).to.have.length(site.people.length);
    expect(people).to.include(`"'=1+1"`).and.include(`"'@SUM(A1)"`);
    const exceptions = await textOf(report.table('exceptions'));
    expect(exceptions).to.include(`"'=HYPERLINK(""http://evil.example"")"`);
    for (const name of tableNames) {
      const cells = (await textOf(report.table(name))).match(/(?<=^|,)("(?:[^"]|"")*"|[^",\r\n]*)/gm) ?? [];
      for (const cell of cells) expect(cell, `${name}: ${cell}`).to.not.match(/^"?\s*[=+@\t\r]/);
    }
    const error = await textOf(report.table('secrets')).catch((each: unknown) => each);
    expect(String(error)).to.include('people');
  });

  it('are in a zip with each table once, whole by the directory at its end', async () => {
    const parts: Uint8Array[] = [];
    for await (const part of report.csv()) parts.push(part);
    const files = unzip(Buffer.concat(parts));
    expect(Object.keys(files)).to.deep.equal(tableNames.map((name) => `${name}.csv`));
    for (const [name, content] of Object.entries(files))
      expect(content).to.equal(await textOf(report.table(name.slice(0, -4))));
  });

  it('are a page that runs nothing, loads nothing, and shows as text what somebody typed', async () => {
    const html = await textOf(report.html());
    expect(html).to.include('&#60;script&#62;alert(1)').and.include('&#60;b&#62;7&#60;/b&#62;');
    expect(html).to.not.match(/<script|<img|<link|href=|src=|javascript:|<b>/);
    expect(html.match(/<style>/g)).to.have.length(1);
    expect(html).to.include(reportStyle);
    const { all } = report.summary.coverage;
    expect(html).to.include(`${all.protected} of ${all.able} (`);
    expect(html).to.include('another one was in force at the end of the period').and.include('graceUntil policy');
    expect(html.match(/<h2>/g)).to.have.length(10);
  });

  it('are a page that lists at most 2,000 people, and says where all are', async () => {
    const many = { ...report.summary, head: { ...report.summary.head, people: mostListed + 5 } };
    const { htmlOf } = await import('../../src/insight/report-html.js');
    async function* crowd() {
      for (let at = 0; at < mostListed + 5; at += 1)
        yield await Promise.resolve({ id: `p${at}`, status: 'none', methods: [], trustedBrowsers: 0 });
    }
    const html = await textOf(htmlOf(many, crowd()));
    expect(html).to.include('>p1999<').and.not.include('>p2000<');
    expect(html).to.include(`This page lists 2000 of 2005 people; people.csv has all.`);
  });

  it('leave nothing open where whoever reads them stops in the middle', async () => {
    let isClosed = false;
    async function* endless() {
      try {
        // Whatever is packed ill, so that it waits to be taken.
        for (;;) yield await Promise.resolve(randomBytes(65_536).toString('latin1'));
      } finally {
        isClosed = true;
      }
    }
    let taken = 0;
    for await (const part of zipOf([{ name: 'a.csv', content: endless() }], new Date()))
      if ((taken += part.length) > 100_000) break;
    while (!isClosed) await pause(5);
    isClosed = false;
    let goOn = (): void => undefined;
    async function* waiting() {
      try {
        yield randomBytes(40_000).toString('latin1');
        await new Promise<void>((resolve) => (goOn = resolve));
        for (;;) yield await Promise.resolve(randomBytes(65_536).toString('latin1'));
      } finally {
        isClosed = true;
      }
    }
    // Stopped while the next is being read, not while the last waits to be taken.
    const zip = zipOf([{ name: 'a.csv', content: waiting() }], new Date());
    for (let part = 0; part < 3; part += 1) {
      await zip.next();
      await pause(20);
    }
    await zip.return(undefined);
    await pause(50);
    goOn();
    while (!isClosed) await pause(5);
    for await (const person of report.people()) if (person.id) break;
    const open = () => readdirSync('/proc/self/fd').flatMap((fd) => linkOf(`/proc/self/fd/${fd}`));
    if (existsSync('/proc/self/fd')) while (open().includes(`${site.folder}/${report.id}/people.jsonl`)) await pause(5);
  });

  it('listen for no more than the next word, however often they wait', async () => {
    async function* slow() {
      for (let at = 0; at < 60; at += 1) yield await Promise.resolve(randomBytes(65_536).toString('latin1'));
    }
    let parts = 0;
    const warned = await warningsOf(async () => {
      for await (const part of zipOf([{ name: 'a.csv', content: slow() }], new Date())) {
        parts += part.length > 0 ? 1 : 0;
        await pause(1);
      }
    });
    expect(parts).to.be.greaterThan(60);
    expect(warned).to.deep.equal([]);
  });

  it('break off where what they are read from does', async () => {
    async function* broken() {
      yield await Promise.resolve('a,b\r\n');
      throw new Error('the disk is gone');
    }
    const error = await textOf(zipOf([{ name: 'a.csv', content: broken() }], new Date())).catch(
      (each: unknown) => each,
    );
    expect(String(error)).to.include('the disk is gone');
  });
}).timeout(60_000);

/** Where it leads; one that was closed meanwhile leads nowhere. */
function linkOf(path: string): string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    return [];
  }
}
