// Entries as events of OCSF, held against its classes.
import { expect } from 'chai';
import fc from 'fast-check';
import { eventTable } from '../../../src/audit/event-table.js';
import { ocsf } from '../../../src/audit/formats/ocsf.js';
import { anyEntry, checkpoint, entryOf, flood, named, resetByAdmin } from './entries.js';
import { ocsfVersion, violationsOfOcsf } from './ocsf-schema.js';

const settings = { appName: 'Acme', ocsfVersion: '1.8' } as const;
const newer = { appName: 'Acme', ocsfVersion: '1.9' } as const;
const others = [resetByAdmin, flood, checkpoint];

describe('OCSF', () => {
  it('is of the version that it says', () => {
    expect(ocsf(entryOf(), settings).metadata).to.include({ version: ocsfVersion });
  });

  it('has a class and an activity for every event', () => {
    for (const item of [...Object.keys(eventTable).map((name) => named(name)), ...others]) {
      expect(violationsOfOcsf(ocsf(item, settings)), JSON.stringify(item)).to.deep.equal([]);
    }
  });

  it('tells of an answer', () => {
    expect(ocsf(entryOf({ seq: 12 }), settings)).to.deep.equal({
      category_uid: 3,
      category_name: 'Identity & Access Management',
      class_uid: 3002,
      class_name: 'Authentication',
      activity_id: 1,
      activity_name: 'Logon',
      type_uid: 300201,
      type_name: 'Authentication: Logon',
      time: 1772366400125,
      timezone_offset: 0,
      severity_id: 3,
      severity: 'Medium',
      status_id: 2,
      status: 'Failure',
      status_code: 'session.mfa.invalid_totp_code',
      status_detail: 'session.mfa.invalid_totp_code',
      message: 'Second factor refused',
      metadata: {
        version: '1.8.0',
        product: { name: 'express-mfa', vendor_name: 'express-mfa', version: '0.1.0' },
        uid: '01932d4f-7a00-7000-8000-000000000012',
        sequence: 12,
        event_code: 'verification-refused',
        correlation_uid: 'flow-digest',
        log_name: 'audit',
        tenant_uid: 'acme',
        profiles: ['security_control'],
      },
      user: { uid: 'u-1', type_id: 1 },
      auth_factors: [{ factor_type_id: 7, factor_type: 'OTP', is_totp: true, is_hotp: false }],
      is_mfa: true,
      is_remote: true,
      logon_type: 'Network',
      logon_type_id: 3,
      service: { name: 'Acme' },
      session: { uid: 'session-digest' },
      src_endpoint: { ip: '192.0.2.7' },
      http_request: {
        http_method: 'POST',
        url: { path: '/mfa/verify/totp' },
        user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
      },
      risk_score: 42,
      risk_level_id: 2,
      risk_level: 'Medium',
      unmapped: {
        detail: { left: 4 },
        authenticator_uid: 'a-1',
        risk: 'medium 42',
        place: 'Bern, CH',
        writer: 'Wq3vT8sLk2',
        key_id: 'k1',
        hash: 'entry-digest-0123456789',
      },
    });
  });

  it('tells of factors added and removed, of locks, and who did it', () => {
    const typeOf = (name: string) => ocsf(named(name), settings).type_uid;
    expect(['authenticator-enrolled', 'authenticator-removed', 'locked', 'unlocked'].map(typeOf)).to.deep.equal([
      300110, 300111, 300109, 300112,
    ]);
    expect(ocsf(resetByAdmin, settings).actor).to.deep.equal({
      app_name: 'express-mfa',
      user: { uid: 'ada@acme.example', type_id: 2 },
    });
    expect(ocsf(flood, settings)).to.include({ count: 99980, start_time: 1772366400000, end_time: 1772366459000 });
  });

  it('knows each kind of factor, and one of the host', () => {
    const typeOf = (kind: string) =>
      (ocsf(entryOf({ factor: { kind } }), settings).auth_factors as { factor_type_id: number }[])[0]?.factor_type_id;
    const kinds = ['totp', 'webauthn', 'sms', 'email', 'backup-codes', 'pigeon', 'constructor'];
    expect(kinds.map(typeOf)).to.deep.equal([7, 10, 1, 8, 99, 99, 99]);
  });

  it('has User Management in place of Account Change from 1.9', () => {
    const typeOf = (name: string) => ocsf(named(name), newer).type_uid;
    expect(['authenticator-enrolled', 'authenticator-removed', 'locked', 'unlocked'].map(typeOf)).to.deep.equal([
      300712, 300713, 300706, 300707,
    ]);
    expect(typeOf('verification-accepted')).to.equal(300201);
    for (const item of [...Object.keys(eventTable).map((name) => named(name)), ...others]) {
      const event = ocsf(item, newer);
      expect(event.class_uid).not.to.equal(3001);
      expect(violationsOfOcsf(event, event.class_uid === 3007 ? 'account_change' : undefined)).to.deep.equal([]);
    }
  });

  it('keeps to the schema whatever a client sends, and gives it back', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const event = ocsf(entry, settings) as { http_request?: { user_agent?: string } };
        expect(violationsOfOcsf(event)).to.deep.equal([]);
        expect(event.http_request?.user_agent).to.equal(Buffer.from(entry.personal.userAgent!).toString());
      }),
    );
  });
});
