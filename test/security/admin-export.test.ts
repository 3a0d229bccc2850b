// Attack: what a client sent, a user agent or a reason, is a formula, ends a line, turns it around or is markup, and somebody opens the
// export of the audit log in a spreadsheet, a terminal or a browser.
// Rule: each entry is one line; no field begins a formula; signs that turn or end a line are written out; ids are no addresses.
// Answer: `'=cmd`, `\u202e`, `\u003cscript>`.
import { expect } from 'chai';
import { csvLine, jsonLine } from '../../middleware/admin/export-lines.js';
import { csvField } from '../../src/insight/csv-field.js';
import { adminSite, allRights, home } from '../support/admin-site.js';

const formulas = ['=cmd|calc', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r\n=1', '%0A=1', '|x', '＝1'];

describe('an export of the audit log', () => {
  it('begins no field as a formula', () => {
    for (const formula of formulas) expect(csvField(formula), formula).to.match(/^"'/);
    expect(csvField('a=b')).to.equal('"a=b"');
    expect(csvField('say "hi", you')).to.equal('"say ""hi"", you"');
    expect(csvField(undefined)).to.equal('');
  });

  it('writes out what turns a line around or ends it, in either format', () => {
    const evil = 'a\u202Eb\u2028c\nd\u0007e<script>\ufeff';
    const entry = {
      v: 1 as const,
      id: 'x',
      time: '2026-11-29T00:00:00.000Z',
      writer: 'w',
      seq: 1,
      keyId: 'k',
      name: 'reset' as const,
      severity: 7,
      actor: { type: 'admin' as const, id: evil },
      personal: { userAgent: evil, reasonText: `=cmd ${evil}` },
      personalHash: '',
      hash: '',
    };
    for (const line of [csvLine(entry), jsonLine(entry)]) {
      expect(line.trimEnd()).not.to.match(/[\u0000-\u001f\u202e\u2028\ufeff]/);
    }
    expect(jsonLine(entry)).not.to.include('<');
    expect(JSON.parse(jsonLine(entry))).to.deep.equal(entry);
    expect(csvLine(entry)).to.include(`"'=cmd a\\u202eb`);
  });

  it('holds no address of anybody, whatever the host takes for an id', async () => {
    const site = await adminSite({ fourEyes: [] });
    const address = 'alexandra@example.com';
    site.people.set('ana', { name: 'Ana', isAdmin: true, rights: allRights, as: 'ana.ash@example.com' });
    site.people.set(address, { name: address });
    const ana = await site.enter('ana');
    const evil = await site.enter(address);
    await evil.jsonGet('/account', { 'User-Agent': '=cmd <script>' });
    await site.mfa.audit?.settled();
    for (const path of ['audit', 'audit.csv', 'audit.jsonl']) {
      const { text: told } = await ana.agent.get(`${home}/${path}`).set('Accept', 'text/html').buffer(true);
      expect(told.length, path).to.be.above(500);
      expect(told, path).not.to.match(/alexandra@|ana\.ash@|<script>/);
    }
    await site.close();
  }).timeout(30_000);
});
