// Entries as CEF, read back by a parser of the tests.
import { expect } from 'chai';
import fc from 'fast-check';
import { eventTable } from '../../../src/audit/event-table.js';
import { cef } from '../../../src/audit/formats/cef.js';
import type { AuditItem } from '../../../src/audit/sink.js';
import { anyEntry, checkpoint, entryOf, flood, named, resetByAdmin } from './entries.js';
import { parseCef } from './cef-parser.js';

const settings = { appName: 'Acme', ocsfVersion: '1.8' } as const;
const parsed = (item: AuditItem) => parseCef(cef(item, settings));

describe('CEF', () => {
  it('tells of an answer in the keys of the standard', () => {
    const line = parsed(entryOf({ seq: 12 }));
    expect(line).to.deep.equal({
      vendor: 'express-mfa',
      product: 'express-mfa',
      productVersion: '0.1.0',
      eventClassId: 'verification-refused',
      name: 'Second factor refused',
      severity: '5',
      extension: {
        rt: '1772366400125',
        externalId: '01932d4f-7a00-7000-8000-000000000012',
        act: 'verification-refused',
        cat: 'authentication',
        outcome: 'failure',
        reason: 'session.mfa.invalid_totp_code',
        msg: 'Second factor refused',
        suid: 'u-1',
        spriv: 'user',
        duid: 'u-1',
        src: '192.0.2.7',
        request: '/mfa/verify/totp',
        requestMethod: 'POST',
        requestClientApplication: 'Mozilla/5.0 (X11; Linux x86_64)',
        destinationServiceName: 'Acme',
        deviceExternalId: 'Wq3vT8sLk2',
        cn1: '12',
        cn1Label: 'sequence',
        cs1: 'totp',
        cs1Label: 'factor',
        cs2: 'a-1',
        cs2Label: 'authenticator',
        cs3: 'flow-digest',
        cs3Label: 'flow',
        cs4: 'session-digest',
        cs4Label: 'session',
        cs5: 'acme',
        cs5Label: 'tenant',
        cs6: '{"left":4,"risk":"medium 42","place":"Bern, CH"}',
        cs6Label: 'detail',
      },
    });
  });

  it('tells as details what has no key of its own: what is no address, and of a flood all unless all of it is told', () => {
    const [first, last] = ['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:59.000Z'];
    const all = { count: 12, first, last };
    for (const [detail, personal, cs6] of [
      [{}, { salt: 's' }, undefined],
      [{ left: 4 }, { salt: 's' }, { left: 4 }],
      [{}, { salt: 's', ip: 'unknown' }, { address: 'unknown' }],
      [{}, { salt: 's', place: 'Bern, CH' }, { place: 'Bern, CH' }],
      [{ ...all, left: 4 }, { salt: 's' }, { left: 4 }],
      [all, { salt: 's' }, undefined],
      [{ count: 12, first }, { salt: 's' }, { count: 12, first }],
      [{ count: 12, last }, { salt: 's' }, { count: 12, last }],
      [{ first, last }, { salt: 's' }, { first, last }],
    ] as const) {
      const { extension } = parsed(entryOf({ detail, personal }));
      expect(extension['cs6'] && JSON.parse(extension['cs6']), JSON.stringify([detail, personal])).to.deep.equal(cs6);
      expect(extension['cs6Label']).to.equal(cs6 && 'detail');
    }
    expect(parsed(entryOf({ personal: { salt: 's', path: '' } })).extension).not.to.have.property('request');
  });

  it('has a name for every event', () => {
    for (const name of Object.keys(eventTable)) {
      const line = parsed(named(name));
      expect(line.eventClassId).to.equal(name);
      expect(line.name).to.match(/^[A-Z][^|=\\]{5,60}$/);
    }
  });

  it('names who acted and whom it was done to', () => {
    expect(parsed(resetByAdmin).extension).to.include({
      suid: 'ada@acme.example',
      spriv: 'admin',
      duid: 'u-2',
      msg: 'All factors taken away: Lost their phone',
    });
  });

  it('writes IPv6 where IPv6 may stand, and what is no address as text', () => {
    const { extension } = parsed(resetByAdmin);
    expect(extension).to.include({ c6a2: '2001:db8::7', c6a2Label: 'Source IPv6 Address' });
    expect(extension).not.to.have.property('src');
    expect(parsed(entryOf({ personal: { ip: '::ffff:192.0.2.7' } })).extension.src).to.equal('192.0.2.7');
    const forged = parsed(entryOf({ personal: { ip: '6.6.6.6, 10.0.0.1' } })).extension;
    expect(forged).not.to.have.any.keys('src', 'c6a2');
    expect(forged.cs6).to.include('"address":"6.6.6.6, 10.0.0.1"');
  });

  it('counts what was told as one', () => {
    expect(parsed(flood).extension).to.include({ cnt: '99980', start: '1772366400000', end: '1772366459000' });
  });

  it('tells of a checkpoint with its points', () => {
    const line = parsed(checkpoint);
    expect(line.eventClassId).to.equal('audit-checkpoint');
    expect(line.extension.cs6).to.include('Wq3vT8sLk2:1000:head-digest');
  });

  it('gives back whatever a client sent', () => {
    // The format can write two control characters, and no others.
    const written = (text: string) =>
      Buffer.from(text)
        .toString()
        .replace(/(?![\t\n\r])\p{Cc}/gu, '\uFFFD');
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const { extension } = parsed(entry);
        expect(extension.requestClientApplication ?? '').to.equal(written(entry.personal.userAgent!));
        expect(extension.request ?? '').to.equal(written(entry.personal.path!));
        expect(extension.requestMethod ?? '').to.equal(written(entry.personal.method!));
        expect(extension.duid).to.equal(written(entry.subject!.id));
        expect(extension.externalId).to.equal(entry.id);
      }),
      { numRuns: 500 },
    );
  });
});
