// Bodies as hosts leave them, and as attackers send them: parsed by us, by the host, by nobody; whatever is wrong with
// one is a 400 that names what, and costs no attempt.
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Browser, code, codeIn } from '../../support/agent.js';
import { expressOf, testApp, type HostOptions, type TestApp } from '../../support/app.js';

const parsers: { [name: string]: (express: ReturnType<typeof expressOf>) => NonNullable<HostOptions['before']> } = {
  'no parser': () => () => undefined,
  'json and urlencoded': (e) => (app) => app.use(e.json(), e.urlencoded({ extended: false })),
  'extended urlencoded': (e) => (app) => app.use(e.json({ strict: false }), e.urlencoded({ extended: true })),
  'text for everything': (e) => (app) => app.use(e.text({ type: '*/*' })),
  'raw for everything': (e) => (app) => app.use(e.raw({ type: '*/*' })),
};

for (const version of [5, 4] as const) {
  for (const [name, parser] of Object.entries(parsers)) {
    describe(`on Express ${version}, a host with ${name}`, () => {
      let app: TestApp;
      let person: Browser;
      let secret: string;

      beforeEach(async () => {
        // The fake log-in parses for itself; the host's parser is for everything else.
        const before: HostOptions['before'] = (host) => {
          const own = expressOf(version).Router();
          parser(expressOf(version))(own as never);
          host.use((req, res, next) => (req.path === '/login' ? next() : own(req, res, next)));
        };
        app = await testApp({ host: { express: version, before } });
        ({ secret } = await (await new Browser(app).signIn('ada')).enrollTotp());
        person = await new Browser(app).signIn('ada');
      });

      it('gets forms and JSON through', async () => {
        app.clock.advance(30);
        const form = { code: code(secret, app.clock), _csrf: await person.csrf() };
        await person.post('/mfa/verify/totp', form).expect(303);
        await person.proveTotp(secret);
        expect((await person.form('/mfa/preferences', { signInStep: 'off' })).status).to.equal(303);
      });

      it('answers wrong shapes with 400, and counts none of them', async () => {
        const token = await person.csrf();
        const send = (type: string, body: string) =>
          person.agent
            .post('/mfa/verify/totp')
            .set({ Accept: 'application/json', 'Content-Type': type, 'X-CSRF-Token': token })
            .send(body);
        const json = 'application/json';
        const form = 'application/x-www-form-urlencoded';
        const wrong: [type: string, body: string][] = [
          [json, '{"code":123456}'],
          [json, '{"code":["123456"]}'],
          [json, '{"code":{"a":"123456"}}'],
          [json, '{"code":null}'],
          [json, '{"code":true}'],
          [json, '{}'],
          [json, '[]'],
          [json, '"123456"'],
          [json, 'null'],
          [json, '123456'],
          [json, '{"code":'],
          [json, '{"__proto__":{"code":"123456"}}'],
          [json, '{"constructor":{"prototype":{"code":"123456"}}}'],
          [json, `{"code":"${'1'.repeat(70_000)}"}`],
          [json, `{"code":${'['.repeat(5000)}${']'.repeat(5000)}}`],
          [form, 'code[]=123456&code[]=123456'],
          [form, 'code[a]=123456'],
          [form, 'code=1&code=2'],
          [form, 'code='],
          [form, `code=${'1'.repeat(70_000)}`],
          [form, '%'],
          [form, '__proto__[code]=123456'],
          ['text/plain', '{"code":"123456"}'],
          ['application/jsonp', '{"code":"123456"}'],
          ['application/json5', '{"code":"123456"}'],
          ['application/vnd.api+json', '{"code":"123456"}'],
          ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n1\r\n--x--'],
          ['application/octet-stream', 'code=123456'],
        ];
        for (const [type, body] of wrong) {
          const answer = await send(type, body);
          expect(answer.status, `${type} ${body.slice(0, 60)}: ${answer.text}`).to.equal(400);
          // A parser of the host's that refuses it has its own words.
          if (!('host' in answer.body)) expect(codeIn(answer)).to.equal('request.invalid');
        }
        expect((await app.mfa.status('ada'))?.locked).to.deep.equal([]);
        await person.proveTotp(secret);
      });

      it('takes parameters of the media type', async () => {
        app.clock.advance(30);
        const body = JSON.stringify({ code: code(secret, app.clock) });
        const headers = { 'Content-Type': 'application/json; charset=utf-8', 'X-CSRF-Token': await person.csrf() };
        await person.agent.post('/mfa/verify/totp').set(headers).send(body).expect(200);
      });

      it('reads the one own property that it asks for', async () => {
        app.clock.advance(30);
        const right = code(secret, app.clock);
        const token = await person.csrf();
        const body = `{"__proto__":{"code":"000000"},"constructor":1,"code":"${right}"}`;
        const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': token };
        await person.agent.post('/mfa/verify/totp').set(headers).send(body).expect(200);
      });
    });
  }
}

describe('a body', () => {
  it('that is none is refused like an empty one', async () => {
    const app = await testApp();
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const person = await new Browser(app).signIn('ada');
    const headers = { 'X-CSRF-Token': await person.csrf(), Accept: 'application/json' };
    expect(codeIn(await person.agent.post('/mfa/verify/totp').set(headers).expect(400))).to.equal('request.invalid');
  });

  it('of a megabyte in pieces is refused, whoever would have parsed it', async () => {
    const app = await testApp();
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const person = await new Browser(app).signIn('ada');
    const token = await person.csrf();
    const answer = await fetch(`${app.url}/mfa/verify/totp`, {
      method: 'POST',
      duplex: 'half',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token, Cookie: person.cookies },
      body: new ReadableStream({
        start(controller) {
          for (let piece = 0; piece < 16; piece += 1) controller.enqueue(new TextEncoder().encode(' '.repeat(65_536)));
          controller.enqueue(new TextEncoder().encode('{"code":"123456"}'));
          controller.close();
        },
      }),
    });
    expect(answer.status).to.equal(400);
  });

  it('that unpacks to a megabyte is refused', async () => {
    const app = await testApp();
    await (await new Browser(app).signIn('ada')).enrollTotp();
    const person = await new Browser(app).signIn('ada');
    const answer = await fetch(`${app.url}/mfa/verify/totp`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Content-Encoding': 'gzip',
        'X-CSRF-Token': await person.csrf(),
        Cookie: person.cookies,
      },
      body: gzipSync(`${' '.repeat(1_000_000)}{"code":"123456"}`),
    });
    expect(answer.status).to.equal(400);
  });
});
