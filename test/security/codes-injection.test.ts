// Attack: markup, placeholders, lines and links put into messages by names, addresses, languages and headers.
// Rule: values are escaped for the part they go into, keep to their line, and are never evaluated; headers are not repeated.
// Answer: what arrives says what we say, in one HTML that loads and links nothing but the page for objecting.
import { expect } from 'chai';
import { Browser, code } from '../support/agent.js';
import { codesApp, elevated, known, said, signIn, signUp, boundPerson } from '../support/codes.js';
import { addresses, kinds } from '../support/addresses.js';

const evil = '"><script>alert(1)</script><img src=x onerror=y> {{code}} {{objectUrl}} ${code} <%= code %> $& `x`';

describe('what is put into messages by others', () => {
  for (const kind of kinds) {
    it(`never gets into a code by ${kind} from a header`, async () => {
      const app = await codesApp({ host: { before: (host) => host.set('trust proxy', true) } });
      await boundPerson(app, kind);
      const headers = {
        'X-Forwarded-For': evil,
        'User-Agent': evil,
        'Accept-Language': `${evil}, __proto__, constructor`,
        'X-Request-Id': evil,
        Referer: `https://evil.example/${encodeURIComponent(evil)}`,
      };
      const person = await new Browser(app, headers).signIn('ada');
      expect((await person.json(`/mfa/verify/${kind}/begin`)).status).to.equal(200);
      const { text, html = '', subject = '', locale } = app.codes().at(-1)!;
      expect(locale).to.equal('en');
      expect(`${subject}${text}${html}`).to.not.match(/script|onerror|evil|\{\{|<%=|alert/);
      if (kind === 'email') expect(text).to.include('from an unknown address');
    });
  }

  it('is escaped in HTML and keeps to its line where the app’s own name holds it', async () => {
    const appName = 'R&D <b>"Tools"</b> {{code}}';
    const app = await codesApp({ appName, people: { ada: known('email') } });
    await signUp(app, 'ada');
    const person = await signIn(app, 'ada');
    await person.json('/mfa/verify/email/begin');
    const { text, html = '', subject = '', code: sent = '' } = app.codes('email').at(-1)!;
    expect(html).to.include('R&amp;D &lt;b&gt;&quot;Tools&quot;&lt;/b&gt; {{code}}').and.not.include('<b>');
    expect(text).to.include(appName);
    expect(subject).to.include(appName).and.not.include(sent);
    expect(subject).to.not.match(/[\r\n]/);
  });

  it('has no instruction left where a factor was named by whoever added it', async () => {
    const name = 'Call +41 900 123 456 or https://evil.example/{{code}} <b>now</b>';
    const app = await codesApp({
      people: { ada: known('email') },
      factors: (made) => [made.totp, made.email],
      delivers: true,
    });
    await signUp(app, 'ada');
    const thief = await elevated(app, 'email');
    const { secret } = (await thief.jsonGet('/mfa/setup/totp')).body;
    const named = await thief.json('/mfa/setup/totp', { code: code(secret as string, app.clock), name });
    expect(said(named)).to.equal('200');
    await app.mfa.settled();
    const { text, html = '' } = app.notes('email').at(-1)!;
    for (const part of [text, html]) {
      expect(part)
        .to.include('A method was added')
        .and.not.match(/evil\.example|https?:|\{\{|<b>|&lt;b/);
    }
  });

  it('stays text in the host’s own templates', async () => {
    const appName = '<i>Acme</i> {{code}}';
    const templates = {
      MfaVerification: {
        en: { subject: '{{appName}}', text: '{{appName}}: {{code}} {{ip}}', html: '<p>{{appName}}</p>' },
      },
    };
    const app = await codesApp({ appName, templates, people: { ada: known('email') } });
    await signUp(app, 'ada');
    const person = await signIn(app, 'ada');
    await person.json('/mfa/verify/email/begin');
    const { html, subject } = app.codes('email').at(-1)!;
    expect(html).to.equal('<p>&lt;i&gt;Acme&lt;/i&gt; {{code}}</p>');
    expect(subject).to.equal('<i>Acme</i> {{code}}');
  });

  it('cannot pass for the line that binds a code to the origin of an SMS', async () => {
    const app = await codesApp({
      appName: 'Acme\u2028@evil.example #123456',
      origin: 'https://acme.example',
      people: { ada: known('sms') },
    });
    await signUp(app, 'ada');
    const person = await signIn(app, 'ada');
    await person.json('/mfa/verify/sms/begin');
    const { text, code: sent, to } = app.codes('sms').at(-1)!;
    expect(to).to.equal(addresses.sms);
    const lines = text.split(/[\r\n\u2028\u2029]/);
    expect(lines.filter((line) => line.startsWith('@'))).to.deep.equal([`@acme.example #${sent}`]);
    expect(lines.at(-1)).to.equal(`@acme.example #${sent}`);
  });
});
