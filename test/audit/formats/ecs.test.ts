// Entries as documents of the Elastic Common Schema, held against its fields.
import { expect } from 'chai';
import fc from 'fast-check';
import { eventTable } from '../../../src/audit/event-table.js';
import { ecs } from '../../../src/audit/formats/ecs.js';
import { anyEntry, checkpoint, entryOf, flood, named, resetByAdmin } from './entries.js';
import { ecsVersion, violationsOfEcs } from './ecs-schema.js';

const settings = { appName: 'Acme', ocsfVersion: '1.8' } as const;

describe('ECS', () => {
  it('is of the version that it says', () => {
    expect(ecs(entryOf(), settings).ecs).to.deep.equal({ version: ecsVersion });
  });

  it('has a place for every event, with fields and values that Elastic allows', () => {
    for (const name of Object.keys(eventTable)) {
      const { outcome: _, ...untold } = named(name);
      for (const entry of [untold, named(name, { outcome: 'success' }), named(name)]) {
        expect(violationsOfEcs(ecs(entry, settings)), name).to.deep.equal([]);
      }
    }
    for (const item of [resetByAdmin, flood, checkpoint]) {
      expect(violationsOfEcs(ecs(item, settings))).to.deep.equal([]);
    }
  });

  it('tells of an answer', () => {
    expect(ecs(entryOf({ seq: 12 }), settings)).to.deep.equal({
      '@timestamp': '2026-03-01T12:00:00.125Z',
      ecs: { version: '9.4.0' },
      message: 'Second factor refused',
      event: {
        kind: 'event',
        category: ['authentication'],
        type: ['start'],
        outcome: 'failure',
        action: 'verification-refused',
        reason: 'session.mfa.invalid_totp_code',
        id: '01932d4f-7a00-7000-8000-000000000012',
        sequence: 12,
        severity: 5,
        risk_score: 42,
        hash: 'entry-digest-0123456789',
        module: 'express-mfa',
        dataset: 'express-mfa.audit',
        provider: 'express-mfa',
      },
      user: { id: 'u-1' },
      organization: { id: 'acme' },
      source: { ip: '192.0.2.7', address: '192.0.2.7' },
      user_agent: { original: 'Mozilla/5.0 (X11; Linux x86_64)' },
      http: { request: { method: 'POST' } },
      url: { path: '/mfa/verify/totp' },
      service: { name: 'Acme', type: 'express-mfa' },
      observer: { vendor: 'express-mfa', product: 'express-mfa', version: '0.1.0' },
      related: { user: ['u-1'], ip: ['192.0.2.7'] },
      labels: {
        actor_type: 'user',
        factor: 'totp',
        authenticator_id: 'a-1',
        flow: 'flow-digest',
        session: 'session-digest',
        writer: 'Wq3vT8sLk2',
        key_id: 'k1',
        risk: 'medium 42',
        place: 'Bern, CH',
        detail_left: '4',
      },
    });
  });

  it('names a label after each detail, without what would make an object of it', () => {
    const { labels } = ecs(entryOf({ detail: { signInsEnded: 2, 'of.the - day': 'x' } }), settings);
    expect(labels).to.include({ detail_sign_ins_ended: '2', 'detail_of_the_-_day': 'x' });
  });

  it('tells an administrator from the person', () => {
    const document = ecs(resetByAdmin, settings);
    expect(document.user).to.deep.equal({ id: 'ada@acme.example', target: { id: 'u-2' } });
    expect(document.related).to.deep.equal({ user: ['ada@acme.example', 'u-2'], ip: ['2001:db8::7'] });
  });

  it('puts what is no address where text may stand', () => {
    const document = ecs(entryOf({ personal: { ip: 'unknown, 10.0.0.1' } }), settings);
    expect(document.source).to.deep.equal({ address: 'unknown, 10.0.0.1' });
    expect(document.related).to.deep.equal({ user: ['u-1'] });
    const zoned = ecs(entryOf({ personal: { ip: 'fe80::1%eth0' } }), settings);
    expect(zoned.source).to.deep.equal({ address: 'fe80::1%eth0' });
  });

  it('keeps to the schema whatever a client sends, and gives it back', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const document = ecs(entry, settings) as { user_agent?: { original: string } };
        expect(violationsOfEcs(document)).to.deep.equal([]);
        expect(document.user_agent?.original).to.equal(Buffer.from(entry.personal.userAgent!).toString());
      }),
    );
  });
});
