// What notices say, in every language.
import { expect } from 'chai';
import type { Notice } from '../../src/core/words/notices.js';
import { browserOf } from '../../src/notices/browser-name.js';
import { renderNotice } from '../../src/notices/render-notice.js';
import type { NoticeOptions } from '../../src/notices/render-notice.js';
import { startCodes } from '../factors/one-time-code/fixture.js';
import type { CodesOptions } from '../factors/one-time-code/fixture.js';
import { septetsOf } from '../factors/sms/oracle.js';

const everything = {
  'factor-added': true,
  'factor-removed': true,
  'turned-off': true,
  'backup-code-used': true,
  'backup-codes-renewed': true,
  'backup-codes-expiring': true,
  'address-changed': true,
  'address-kept': true,
  'admin-suspended': true,
  reset: true,
  failures: true,
  'lane-closed': true,
  'authenticator-disabled': true,
  'browser-trusted': true,
  'browser-trust-ended': true,
  'sign-in-step-off': true,
  'authenticator-flagged': true,
  recovery: true,
  'recovery-approved': true,
  'recovery-denied': true,
  suspended: true,
  resumed: true,
  unlocked: true,
  'browser-trust-revoked': true,
  'sign-ins-ended': true,
  'enrollment-granted': true,
  released: true,
  'upstream-forgotten': true,
  exempted: true,
  'exemption-ended': true,
  'backup-codes-owed': true,
  'pass-issued': true,
  'pass-used': true,
  'unusual-sign-in': true,
} satisfies { [what in Notice['what']]: true };
const whats = Object.keys(everything) as Notice['what'][];
const at = Date.UTC(2025, 10, 22, 14, 5) / 1000;
/** 15 August, a month that no SMS alphabet has in French, at 23:30 UTC. */
const expiresAt = Date.UTC(2026, 7, 15, 23, 30) / 1000;
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0';
const objectUrl = 'https://acme.example/mfa/object/token';

function render(notice: Partial<Notice>, locale = 'en', more: Partial<NoticeOptions> & CodesOptions = {}) {
  const { channel = 'email', templates, ...options } = more;
  const { factor } = startCodes(channel, templates ? { templates } : {});
  const whole: Notice = { what: 'factor-added', kind: 'totp', at, ...notice };
  return renderNotice(whole, locale, { appName: 'Acme', channel, render: factor.render, ...options });
}

describe('a notice', () => {
  for (const locale of ['en', 'de', 'fr', 'it']) {
    it(`says each thing that can happen in words of its own in ${locale}, and leaves no slot`, () => {
      const texts = whats.map((what) => render({ what, left: 3, expiresAt }, locale).text.split('\n')[0] ?? '');
      expect(new Set(texts).size).to.equal(whats.length);
      for (const text of texts)
        expect(text)
          .to.match(/^[\p{Lu}].{15,}\.$/u)
          .and.not.to.match(/[{}]|undefined|\?/);
    });

    it(`says in ${locale} what, when, from where and how to object, in both parts`, () => {
      const rendered = render({ ip: '192.0.2.7', userAgent: firefox }, locale, { objectUrl });
      expect(rendered.locale).to.equal(locale);
      expect(rendered.subject).to.include('Acme');
      for (const part of [rendered.text, rendered.html ?? '']) {
        for (const said of ['2025', '14:05 UTC', 'Firefox', 'Linux', '192.0.2.7', objectUrl]) {
          expect(part).to.include(said);
        }
      }
      expect(render({}, locale).html).not.to.include('href');
    });

    it(`is one SMS segment in ${locale}, whatever happened, where it has no address to name`, () => {
      for (const what of whats) {
        const { text } = render({ what, left: 20, expiresAt }, locale, { channel: 'sms' });
        expect(septetsOf(text), text).to.be.a('number').and.to.be.at.most(160);
      }
    });
  }

  it('tells how many backup codes are left, and how many codes were wrong', () => {
    expect(render({ what: 'backup-code-used', left: 7 }).text).to.include('7 are left');
    expect(render({ what: 'failures', left: 20 }).text).to.include('20 incorrect codes');
  });

  it('reminds of a day in the person’s zone, and speaks of no change that one could object to', () => {
    const reminder = { what: 'backup-codes-expiring', expiresAt, ip: '192.0.2.7', userAgent: firefox } as const;
    for (const [locale, timeZone, day] of [
      ['en', 'UTC', 'August 15, 2026'],
      ['de', 'Europe/Zurich', '16. August 2026'],
      ['fr', 'Mars/Olympus', '15 août 2026'],
      ['it', 'Europe/Zurich', '16 agosto 2026'],
    ] as const) {
      const { text, html } = render(reminder, locale, { timeZone });
      for (const part of [text, html ?? ''])
        expect(part)
          .to.include(day)
          .and.not.match(/Firefox|192\.0\.2\.7/);
    }
    expect(render(reminder).text).not.to.match(/[Ii]f this was/);
    expect(render(reminder, 'en', { channel: 'sms' }).text).to.equal(
      'Acme: Your backup codes expire on 8/15/26. Make new ones on the security page of your account.',
    );
  });

  it('says the time in the zone of the person, where it is one, else in UTC', () => {
    expect(render({}, 'de', { timeZone: 'Europe/Zurich' }).text).to.include(
      '22. November 2025 um 15:05 (Europe/Zurich)',
    );
    expect(render({}, 'de', { timeZone: 'Mars/Olympus' }).text).to.include('14:05 UTC\n');
  });

  it('repeats no header and no link that somebody else wrote', () => {
    const { text, html } = render({
      name: 'Call +1-900-555 or visit http://evil.example/x <b>',
      ip: 'evil.example',
      userAgent: 'visit https://evil.example now',
    });
    for (const part of [text, html ?? '']) {
      expect(part).not.to.match(/evil\.example|:\/\/|<b>/);
      expect(part).to.include('From: unknown');
    }
    expect(text).to.include('(Call 1-900-555 or visit http evil exampl)');
  });

  it('links nothing but a web page', () => {
    for (const url of ['javascript:alert(1)', 'mailto:eve@example.com', 'no address']) {
      expect(() => render({}, 'en', { objectUrl: url })).to.throw(TypeError);
    }
  });

  it('follows the template of the host app, and falls back to English words', () => {
    const templates = {
      Notice: { nl: { subject: 'Let op', text: '{{what}} / {{time}} / {{where}} / {{howToObject}}' } },
    };
    const rendered = render({ what: 'reset' }, 'nl', { templates });
    expect(rendered).to.include({ locale: 'nl', subject: 'Let op' });
    expect(rendered.text).to.match(
      /^An administrator reset the two-step verification of your account\. \/ 22 november 2025 om 14:05 UTC \/ /,
    );
  });

  it('calls a factor of the host app by its kind', () => {
    expect(render({ kind: 'carrier-pigeon' }).text).to.include(': carrier-pigeon.');
    expect(render({ kind: 'constructor' }).text).to.include(': constructor.');
  });
});

describe('the name of a browser', () => {
  const names: [header: string | undefined, name: { browser?: string; system?: string }][] = [
    [firefox, { browser: 'Firefox', system: 'Linux' }],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0',
      { browser: 'Edge', system: 'Windows' },
    ],
    [
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36',
      { browser: 'Chrome', system: 'Android' },
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18.0 Safari/605',
      { browser: 'Safari', system: 'macOS' },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 CriOS/130.0 Safari/604',
      { browser: 'Chrome', system: 'iPhone' },
    ],
    ['curl/8.0', {}],
    [undefined, {}],
  ];
  for (const [header, name] of names) {
    it(`of ${header?.slice(-30) ?? 'nothing'} is ${Object.values(name).join(' on ') || 'none'}`, () =>
      expect(browserOf(header)).to.deep.equal(name));
  }
});
