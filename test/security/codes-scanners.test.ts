// Attack: mail scanners, link previews, prefetching browsers and proxies that open every address they see, as GET or HEAD.
// Rule: GET changes nothing; a code goes out by itself only to a real navigation, once; acting takes a POST.
// Answer: no message, no change of the record, no used link, however often everything is opened.
import { expect } from 'chai';
import { Browser } from '../support/agent.js';
import { codesApp, known, signIn, signUp, type CodesApp } from '../support/codes.js';

const scanners: { [name: string]: { [header: string]: string } } = {
  'a mail scanner': { Accept: 'text/html', 'User-Agent': 'Mozilla/5.0 (compatible; LinkScanner/1.0)' },
  'a link preview': { Accept: '*/*', 'User-Agent': 'facebookexternalhit/1.1' },
  'a prefetch': { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Purpose': 'prefetch' },
  'a prerender': { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Purpose': 'prefetch;prerender' },
  'a script of the site': { Accept: 'text/html', 'Sec-Fetch-Mode': 'same-origin', 'Sec-Fetch-Dest': 'empty' },
};

describe('whoever opens every address', () => {
  let app: CodesApp;
  let links: string[];

  before(async () => {
    app = await codesApp({
      people: { ada: { ...known('email'), ...known('sms') }, bob: known('email') },
      factors: (made) => [made.totp, made.email, made.sms, made.backupCodes],
      delivers: true,
      origin: 'https://acme.example',
    });
    await (await signUp(app, 'ada')).saveCodes();
    await app.mfa.settled();
    const texts = app.notes().map(({ text }) => text);
    links = [...new Set(texts.flatMap((text) => text.match(/https:\/\/acme\.example\/\S+/g) ?? []))];
    links = links.map((each) => each.replace('https://acme.example', ''));
    expect(links.length).to.be.above(1);
  });

  const paths = () => [
    '/mfa',
    '/mfa/verify',
    '/mfa/verify/choose',
    ...['totp', 'email', 'sms', 'backup-codes', 'nothing'].flatMap((kind) => [
      `/mfa/verify/${kind}`,
      `/mfa/verify/${kind}/begin`,
      `/mfa/setup/${kind}`,
      `/mfa/setup/${kind}/begin`,
    ]),
    '/mfa/setup',
    '/mfa/setup/confirm',
    '/mfa/setup/confirm/begin',
    '/mfa/setup/skip',
    '/mfa/backup-codes',
    '/mfa/backup-codes/generate',
    '/mfa/recover',
    '/mfa/sign-out',
    ...links,
  ];

  for (const [name, headers] of Object.entries(scanners)) {
    for (const [who, uid] of [
      ['a pending person', 'ada'],
      ['somebody without a factor', 'bob'],
      ['nobody', undefined],
    ] as const) {
      it(`changes nothing and sends nothing: ${name} with the session of ${who}`, async () => {
        const session = uid === undefined ? new Browser(app) : await signIn(app, uid);
        const before = await app.mfa.config.store.load('ada');
        await app.mfa.settled();
        const [codes, notes] = [app.codes().length, app.notes().length];
        for (const path of paths()) {
          const got = await session.agent.get(path).set(headers);
          expect(got.status, `GET ${path}`).to.be.below(500);
          await session.agent.head(path).set(headers);
        }
        await app.mfa.settled();
        expect(app.codes()).to.have.length(codes);
        expect(app.notes()).to.have.length(notes);
        expect(await app.mfa.config.store.load('ada')).to.deep.equal(before);
        expect(app.events.some(({ name: event }) => event === 'notice-objected')).to.equal(false);
        for (const link of links) expect((await new Browser(app).htmlGet(link)).status).to.equal(200);
      });
    }
  }
});
