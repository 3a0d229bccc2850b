// The overview: every figure is that of a recount of log and records, in table, picture and file; lists are live; what is to do stands
// on top, and each number leads to the people behind it.
import { expect } from 'chai';
import {
  backupCodes,
  emailCode,
  outboxSender,
  smsCode,
  supportPass,
  totp,
  webauthn,
  type MfaOptions,
} from '../../../src/index.js';
import { auditLog, memoryAuditStore, type AuditEntry, type AuditLog } from '../../../src/audit.js';
import { seedHistory } from '../../../example-app/seed/seed.js';
import type { Life } from '../../../example-app/seed/life.js';
import { adminSite, allRights, home, type AdminSite } from '../../support/admin-site.js';

type Ana = Awaited<ReturnType<AdminSite['enter']>>;

const factors = (): MfaOptions['factors'] => [
  ...[webauthn(), totp(), emailCode({ sender: outboxSender('email') })],
  ...[smsCode({ sender: outboxSender('sms') }), backupCodes(), supportPass()],
];

async function entriesOf(log: AuditLog): Promise<AuditEntry[]> {
  const all: AuditEntry[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await log.read({ limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.entries);
    if (page.cursor === undefined) return all;
    cursor = page.cursor;
  }
}

describe('the overview of a house that is lived in', () => {
  let site: AdminSite;
  let ana: Ana;
  let lives: Life[];
  const audit = auditLog({ store: memoryAuditStore() });
  let body: ReturnType<typeof JSON.parse>;
  const figure = (name: string) => body.figures.find((each: { name: string }) => each.name === name);

  before(async () => {
    site = await adminSite({ factors: factors(), audit });
    site.clock.advance((Date.parse('2026-11-30T08:12:00Z') - site.clock.now()) / 1000);
    lives = await seedHistory(site.mfa, { people: 120, days: 60 });
    for (const { person } of lives)
      site.people.set(person.id, { name: person.name, isAdmin: person.email.endsWith('@admin.example') });
    site.people.set('ana', { name: 'Ana Ash', isAdmin: true, rights: allRights, as: 'Ana' });
    ana = await site.enter('ana');
    await site.mfa.census({ by: 'Ana' });
    await site.mfa.settled();
    ({ body } = await ana.jsonGet(`${home}/`).expect(200));
  });
  after(() => site.close());

  it('tells of verifications, by day and by method, what the log tells', async () => {
    const entries = await entriesOf(audit);
    const of = (name: string) => entries.filter((entry) => entry.name === name);
    const rows = figure('verifications').rows as [string, number, number][];
    expect(rows).to.have.length(90);
    for (const [day, accepted, refused] of rows) {
      const on = (some: AuditEntry[]) => some.filter(({ time }) => time.startsWith(day)).length;
      expect([day, accepted, refused]).to.deep.equal([
        day,
        on(of('verification-accepted')),
        on(of('verification-refused')),
      ]);
    }
    expect(rows[0]?.[0]).to.equal('2026-11-30');
    const byKind = (name: string, kind: string) => of(name).filter(({ factor }) => factor?.kind === kind).length;
    const shares = figure('refused-share').rows as [string, number, number, number][];
    const labels: { [label: string]: string } = {
      Passkey: 'webauthn',
      'Authenticator app': 'totp',
      'Code by e-mail': 'email',
    };
    for (const [label, kind] of Object.entries(labels)) {
      const row = shares.find(([name]) => name === label)!;
      expect(row.slice(1, 4)).to.deep.equal([
        ...[byKind('verification-accepted', kind), byKind('verification-refused', kind)],
        byKind('verification-accepted', kind) + byKind('verification-refused', kind),
      ]);
    }
    const used = (figure('codes-used').rows as [string, number, number][]).reduce((sum, [, , codes]) => sum + codes, 0);
    expect(used).to.equal(of('backup-code-used').length);
    const locks = (figure('lock-outs').rows as [string, number, number][]).reduce((sum, [, count]) => sum + count, 0);
    expect(locks).to.equal(
      ['locked', 'lane-closed', 'authenticator-disabled'].reduce((sum, name) => sum + of(name).length, 0),
    );
    const [, sent, failed] = (figure('messages').rows as [string, number, number][]).find(
      ([name]) => name === 'Codes by text message',
    )!;
    const sms = (name: string) => of(name).filter(({ factor }) => factor?.kind === 'sms').length;
    expect([sent, failed]).to.deep.equal([sms('code-sent'), sms('code-not-sent')]);
  });

  it('counts people as a recount of the records does, and each number leads to a list of that many', async () => {
    const statuses = [];
    for await (const status of site.mfa.list()) statuses.push(status);
    const numbers = Object.fromEntries(body.numbers.map((row: { what: string }) => [row.what, row]));
    expect(numbers['people'].value).to.equal(statuses.length);
    expect(numbers['locked'].value).to.equal(statuses.filter(({ locked }) => locked.length > 0).length);
    expect(numbers['hold'].value).to.equal(statuses.filter(({ hold }) => hold).length);
    const codes = statuses.flatMap(({ authenticators }) =>
      authenticators.filter(({ kind }) => kind === 'backup-codes'),
    );
    const left = (figure('backup-codes').rows as [string, number][])[0]?.[1];
    expect(left).to.equal(
      codes.filter(({ state }) => state !== 'expired').reduce((sum, one) => sum + (one.left ?? 0), 0),
    );
    const held = (figure('codes-left').rows as [string, number][]).reduce((sum, [, people]) => sum + people, 0);
    expect(held).to.equal(codes.length);
    for (const { what, url, value, of } of body.numbers) {
      if (url.startsWith('#')) continue;
      const list = (await ana.jsonGet(url).expect(200)).body;
      expect(list.total, what).to.equal(of?.part ?? value);
      expect(list.people.length, what).to.equal(Math.min(50, list.total));
    }
    for (const [, people] of figure('people-at-risk').rows as [string, number][]) expect(people).to.be.a('number');
  });

  it('says the same in picture, table and file, with a way to the people of each row', async () => {
    const page = await ana.htmlGet(`${home}/?range=30`).expect(200);
    const { body: json } = await ana.jsonGet(`${home}/?range=30`);
    for (const { name, rows } of json.figures as { name: string; rows: (string | number | null)[][] }[]) {
      const part = page.text.split(`id="${name}"`)[1]?.split('</figure>')[0] ?? '';
      const shown = [...part.matchAll(/<tr><th scope="row">(?:<a [^>]*>)?([^<]*)/g)].map(([, text = '']) => text);
      expect(shown.length, name).to.equal(rows.length);
      const csv = (await ana.htmlGet(`${home}/charts/${name}.csv?range=30`).expect(200)).text.trim().split('\r\n');
      expect(csv.length, name).to.equal(rows.length + 1);
      rows.forEach((row, at) => {
        const numbers = row.filter((cell) => typeof cell === 'number');
        const cells = csv[at + 1]!.replace(/^"(?:[^"]|"")*",?/, '')
          .split(',')
          .map((cell) => cell.replace(/"/g, ''));
        for (const number of numbers) expect(cells, `${name} ${at}`).to.include(String(number));
      });
      if (part.includes('<svg class="mfa-chart') && !part.includes('aria-hidden="true"')) {
        expect(part, name).to.match(
          /role="img" aria-labelledby="(fig-\S+)t \1d"><title id="\1t">[^<]+<\/title><desc id="\1d">[^<]*</,
        );
      }
    }
    const last = json.figures
      .find(({ name }: { name: string }) => name === 'verifications')
      .rows.map((row: number[]) => row[1]);
    const points = /<polyline class="mfa-ln" [^>]*points="([^"]+)"/
      .exec(page.text.split('id="verifications"')[1] ?? '')?.[1]
      ?.split(' ');
    const max = 200 * Math.max(...last);
    expect(points).to.have.length(29);
    points?.forEach((point, at) => {
      const drawn = 100 - Number(point.split(',')[1]);
      expect(Math.abs(drawn / 100 - last[29 - at] / (max / 200)), point).to.be.below(0.5);
      if (last[29 - at] === 0) expect(drawn).to.equal(0);
    });
    expect(page.text).not.to.match(/ style=|<script(?![^>]*src)/);
    const links = [...page.text.matchAll(/(?:href|action)="([^"]*)"/g)].map(([, link]) => link).join(' ');
    expect(links).not.to.match(/@|seed-1|juniper/i);
  });

  it('shows lists 50 a page, live, in their order, and tells that somebody looked', async () => {
    const first = (await ana.jsonGet(`${home}/people?filter=all`).expect(200)).body;
    expect(first).to.include({ filter: 'all', from: 1, to: 50 });
    const ids = new Set<string>();
    for (let url: string | undefined = `${home}/people?filter=all`; url !== undefined;) {
      const { body: page }: { body: ReturnType<typeof JSON.parse> } = await ana.jsonGet(url);
      for (const { person } of page.people) ids.add(person);
      url = page.nextUrl;
    }
    expect(ids.size).to.equal(first.total);
    const plain = (await ana.jsonGet(`${home}/people?filter=protected`)).body.people[0];
    const id = [...site.people].find(([, { name }]) => name === plain.name)?.[0] ?? '';
    await site.mfa.suspend(id, { by: 'test' });
    const again = (await ana.jsonGet(`${home}/people?filter=protected`)).body.people[0];
    expect(again.standing).to.include('suspended');
    await site.mfa.resume(id, { by: 'test' });
    expect(site.events.some(({ name, detail }) => name === 'admin-viewed' && detail?.['found'] === 50)).to.equal(true);
    const page = await ana.htmlGet(`${home}/people?filter=low`).expect(200);
    expect(page.text).to.include('Few backup codes').and.include('how each stands is live');
    for (const bad of [
      'filter=nobody',
      'filter=all&after=-1',
      'filter=all&after=x',
      'filter=all&admin=2',
      'filter=kind/fax',
    ])
      expect((await ana.jsonGet(`${home}/people?${bad}`)).body.code, bad).to.equal('request.invalid');
    expect((await ana.jsonGet(`${home}/?range=8`)).body.code).to.equal('request.invalid');
    await ana.jsonGet(`${home}/charts/nothing.csv`).expect(404);
  });

  it('counts by a press, and tells an administrator of one tenant of that one alone', async () => {
    const before = body.asOf as number;
    site.clock.advance(60);
    expect((await ana.form(`${home}/census`, {})).headers['location']).to.equal(`${home}/`);
    expect((await ana.jsonGet(`${home}/`)).body.asOf).to.be.above(before);
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: allRights, as: 'Ana', ofTenant: 'red' });
    const { body: own } = await ana.jsonGet(`${home}/`).expect(200);
    expect(own.figures.map(({ name }: { name: string }) => name)).to.deep.equal(['people-at-risk', 'people-by-method']);
    expect(own.numbers[0]).to.include({ what: 'people', value: 0 });
    expect((await ana.jsonGet(`${home}/people?filter=all`)).body.people).to.deep.equal([]);
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: ['audit'], as: 'Ana' });
    expect((await ana.htmlGet(`${home}/`).expect(303)).headers['location']).to.equal(`${home}/audit`);
  });
}).timeout(120_000);
