// A message of syslog: what its header says of an entry, and how it is cut until it fits.
import { expect } from 'chai';
import { syslogMessage, type MessageSettings } from '../../../src/audit/sinks/syslog-message.js';
import type { AuditItem } from '../../../src/audit/sink.js';
import { checkpoint, entryOf, named } from '../formats/entries.js';
import { parseSyslog } from './syslog-receiver.js';

const settings: MessageSettings = {
  ...{ format: 'json', appName: 'Acme', ocsfVersion: '1.8', hostname: 'web-1', maxBytes: 8192 },
};
const write = (item: AuditItem, more: Partial<MessageSettings> = {}) => {
  const message = syslogMessage(item, { ...settings, ...more });
  return message && parseSyslog(message.toString());
};
type Said = { id: string; detail?: object; personal: { [field: string]: string } };

describe('a message of syslog', () => {
  it('is of facility 10, and as grave as the entry', () => {
    const levels = [6, 6, 6, 5, 4, 4, 4, 3, 3, 2, 2];
    for (const [severity, level] of levels.entries())
      expect(write(entryOf({ severity }))?.pri, String(severity)).to.equal(10 * 8 + level);
  });

  it('names host, app, writer and event in printable ASCII, each no longer than RFC 5424 has it', () => {
    const item = named('cat fed'.repeat(9), { writer: 'w'.repeat(200) });
    expect(write(item, { hostname: 'a  b\tü'.padEnd(300, 'h'), appName: 'é'.repeat(4).padEnd(60, 'a') })).to.include({
      host: 'a_b_'.padEnd(255, 'h').slice(0, 255),
      app: '_'.padEnd(48, 'a'),
      proc: 'w'.repeat(128),
      id: 'cat_fed'.repeat(9).slice(0, 32),
    });
    expect(write(entryOf(), { hostname: '', appName: '!~' })).to.include({ host: '-', app: '!~' });
  });

  it('says the entry in the format, with the name of the app', () => {
    expect(JSON.parse(write(entryOf({ seq: 3 }))?.text ?? '')).to.deep.equal(entryOf({ seq: 3 }));
    expect(write(entryOf(), { format: 'cef' })?.text).to.match(/^CEF:0\|/);
    expect(write(entryOf(), { format: 'ecs' })?.text).to.include('"Acme"');
  });

  it('is cut no further than it must be: what clients and administrators wrote, and nothing else', () => {
    const long = entryOf({
      detail: { said: 'd'.repeat(600), count: 3, is: true },
      personal: { salt: 's', path: 'p'.repeat(600), userAgent: 'u'.repeat(100) },
    });
    const whole = syslogMessage(long, settings)?.length ?? 0;
    const textOf = (maxBytes: number) => {
      const message = syslogMessage(long, { ...settings, maxBytes });
      expect(message?.length ?? 0, String(maxBytes)).to.be.at.most(maxBytes);
      return message && (JSON.parse(parseSyslog(message.toString()).text) as Said);
    };
    expect(textOf(whole)).to.deep.equal(long);
    const first = textOf(whole - 1);
    expect([first?.personal.path?.length, first?.personal.userAgent?.length]).to.deep.equal([512, 100]);
    expect(first?.detail).to.deep.include({ count: 3, is: true });
    expect(first?.id).to.equal(long.id);
    const lengths = new Set<number | undefined>();
    for (let maxBytes = whole; maxBytes > 480; maxBytes -= 8) lengths.add(textOf(maxBytes)?.personal.path?.length);
    expect([...lengths]).to.deep.equal([600, 512, 256, 128, 64, 32, 16, 8, undefined]);
  });

  it('of what has no text is written as it is, or not at all', () => {
    const { detail, ...bare } = entryOf();
    expect(detail).to.not.equal(undefined);
    expect(write(bare, { maxBytes: 700 })).to.not.equal(undefined);
    expect(write(bare, { maxBytes: 480 })).to.equal(undefined);
    expect(write(checkpoint)?.proc).to.equal('-');
    const many = { ...checkpoint, points: Array.from({ length: 30 }, () => checkpoint.points[0]!) };
    expect(write(many, { maxBytes: 480 })).to.equal(undefined);
    expect(write(many)).to.not.equal(undefined);
  });
});
