// What holds for a line of every format: whatever people may write stays inside its field.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { formatNames, lineOf } from '../../../src/audit/formats/format.js';
import type { AuditFormat } from '../../../src/audit/formats/format.js';
import { product } from '../../../src/audit/formats/product.js';
import { cut, ipOf } from '../../../src/audit/formats/typed.js';
import { parseCef } from './cef-parser.js';
import { entryOf, hostileAgent } from './entries.js';

const settings = { appName: 'Acme', ocsfVersion: '1.8' } as const;

/** The user agent that a reader of the line finds. */
const agentIn: { [format in AuditFormat]: (line: string) => string } = {
  json: (line) => (JSON.parse(line) as { personal: { userAgent: string } }).personal.userAgent,
  ecs: (line) => (JSON.parse(line) as { user_agent: { original: string } }).user_agent.original,
  ocsf: (line) => (JSON.parse(line) as { http_request: { user_agent: string } }).http_request.user_agent,
  cef: (line) => parseCef(line).extension.requestClientApplication ?? '',
};

describe('a line of a format', () => {
  for (const format of formatNames) {
    it(`holds a hostile user agent in ${format}, unchanged or cut with a mark, and nothing else of it`, () => {
      const entry = entryOf({ personal: { userAgent: hostileAgent } });
      const line = lineOf(format, entry, settings);
      // CEF has no way to write what only some readers take for the end of a line.
      expect(line).not.to.match(format === 'cef' ? /[\r\n\u0085]/ : /[\r\n\u0085\u2028\u2029]/);
      const agent = agentIn[format](line);
      const isCut = agent.endsWith('…') && hostileAgent.startsWith(agent.slice(0, -1));
      expect(agent === hostileAgent || isCut, agent.slice(-20)).to.equal(true);
      expect(agent.length).to.be.greaterThan(500);
      if (format === 'cef') expect(parseCef(line).extension).not.to.have.property('src');
    });
  }

  it('names the version of the package', () => {
    const file = new URL('../../../package.json', import.meta.url);
    expect(product.version).to.equal((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version);
  });

  it('is cut between characters, never within one', () => {
    expect(cut('a😀b', 3)).to.equal('a…');
    expect(cut('a😀b', 4)).to.equal('a😀b');
    expect(cut('abc', 1)).to.equal('…');
  });

  it('takes for an address only what is one', () => {
    expect(['192.0.2.7', '2001:db8::7', '::ffff:192.0.2.7'].map(ipOf)).to.deep.equal([
      '192.0.2.7',
      '2001:db8::7',
      '192.0.2.7',
    ]);
    expect(['', 'unknown', '192.0.2.7:80', '192.0.2.256', '::1%lo', '1.2.3.4, 5.6.7.8'].map(ipOf)).to.deep.equal(
      Array(6).fill(undefined),
    );
  });
});
