// Samples of the ways into an app: who is signed in, a dry run, credentials of one request, machines, websockets.
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { Request, RequestHandler } from 'express';
import type { Server } from 'socket.io';
import { WebSocket, type WebSocketServer } from 'ws';
import { supportPass, totp } from '../../../src/index.js';
import { totpCode } from '../../../src/testing.js';
import { Browser, codeIn } from '../../support/agent.js';
import { options, keepsThiefOut, type Line } from '../sample-attacks.js';
import { attackSocketIo } from '../socket-io.js';
import { openSample, ownerAndThief, type SampleSite } from '../sample-host.js';

const page = 'docs/add-to-an-existing-app.md';
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** Sets `req.user` to whom a header names. */
const by =
  (header: string): RequestHandler =>
  (req, _res, next) => {
    const name = Buffer.from(req.get(header)?.split(' ')[1] ?? '', 'base64').toString();
    if (name !== '') Object.assign(req, { user: { id: name, email: `${name}@example.com` } });
    next();
  };
const as = (header: string, name: string) => ({ [header]: `Basic ${Buffer.from(name).toString('base64')}` });

const sessionUser = (req: Request) => {
  const { userId } = (req as { session?: { userId?: string } }).session ?? {};
  return userId === undefined ? null : { id: userId };
};

/** How an upgrade with these cookies ends: the message that came, or the status. */
async function upgrade(site: SampleSite, cookies = ''): Promise<string | undefined> {
  const socket = new WebSocket(`${site.url.replace('http', 'ws')}/live`, { headers: { Cookie: cookies } });
  const message = once(socket, 'message').then(([data]) => String(data));
  const refused = once(socket, 'unexpected-response').then(([, response]) =>
    String((response as { statusCode?: number }).statusCode),
  );
  const ended = await Promise.race([message, refused]);
  socket.on('error', () => undefined).terminate();
  return ended;
}

export const waysIn: Line[] = [
  {
    page,
    heading: '2. Who is signed in',
    attack: 'a stolen password; a row that is not found; a store that lost the record',
    async holds(block) {
      const site = await options(block);
      const thief = await new Browser(site).signIn('ada');
      const row = site.rows.get('ada')!;
      site.rows.delete('ada');
      expect((await thief.jsonGet('/account').expect(500)).text).not.to.include('of the host');
      site.rows.set('ada', row);
      expect(row.hasMfa).to.equal(true);
      await site.mfa.deprovision('ada');
      expect(codeIn(await thief.jsonGet('/account').expect(503))).to.equal('store.record_missing');
    },
  },
  {
    page,
    heading: '3. A dry run',
    attack: 'a stolen password at our own pages, which no dry run opens',
    async holds(block) {
      const site = await openSample(block, { as: 'between' });
      const { thief } = await ownerAndThief(site);
      site.events.length = 0;
      await thief.jsonGet('/account').expect(200);
      expect(site.events.map(({ name, detail }) => [name, detail?.['reported']])).to.deep.include([
        'verification-required',
        true,
      ]);
      expect((await thief.jsonGet('/mfa/setup/totp')).status).to.equal(403);
    },
  },
  {
    page,
    heading: '3. A dry run',
    nth: 2,
    attack: 'forty stolen passwords: a share of them is stopped, and always the same',
    async holds(block) {
      const site = await openSample(block, { as: 'between', options: { user: sessionUser } });
      const people = Array.from({ length: 40 }, (_, index) => `person-${index}`);
      const statuses = new Map<string, number[]>();
      for (const id of people) {
        await site.mfa.importTotp(id, { secret, encoding: 'base32' });
        const thieves = [await new Browser(site).signIn(id), await new Browser(site).signIn(id)];
        statuses.set(id, await Promise.all(thieves.map(async (thief) => (await thief.jsonGet('/account')).status)));
      }
      for (const [one, other] of statuses.values()) expect(one).to.equal(other);
      const stopped = [...statuses.values()].filter(([one]) => one === 403);
      expect(stopped.length).to.be.within(1, 15);
    },
  },
  {
    page,
    heading: '4. Other ways in',
    attack: 'a stolen password by HTTP basic, and in a token that one route looks at',
    async holds(block) {
      const around = { basicAuth: by('Authorization'), verifyJwt: by('X-Jwt') };
      const site = await openSample(block, { as: 'between', around });
      await ownerAndThief(site);
      const thief = new Browser(site);
      await thief.jsonGet('/account', as('Authorization', 'ada')).expect(403);
      for (const path of ['/report', '/report?x', '/Report/'])
        expect((await new Browser(site).jsonGet(path, as('X-Jwt', 'ada')).expect(403)).text).not.to.include(
          'of the host',
        );
      await new Browser(site).jsonGet('/report').expect(401);
      await new Browser(site).jsonGet('/report', as('X-Jwt', 'eve')).expect(200);
    },
  },
  {
    page,
    heading: 'Machines',
    attack: 'a key beside a pending session, a password, a token; a stolen password that makes itself a key',
    async holds(block) {
      const ownerOf = async (key: string) => /^key-of-(\w+)$/.exec(key)?.[1];
      const site = await openSample(block, { as: 'before', around: { apiKeys: { ownerOf } } });
      const { thief } = await ownerAndThief(site);
      expect((await thief.postJson('/api-keys').expect(403)).text).not.to.include('of the host');
      await new Browser(site).postJson('/api-keys').expect(401);
      const key = { 'X-API-Key': 'key-of-eve' };
      await new Browser(site, key).jsonGet('/account').expect(200);
      await new Browser(site, key).jsonGet('/mfa').expect(401);
      await new Browser(site, key).postJson('/api-keys').expect(403);
      await thief.jsonGet('/account', key).expect(401);
      for (const beside of [as('Authorization', 'ada'), { Authorization: 'Bearer of-ada' }])
        await new Browser(site, { ...key, ...beside }).jsonGet('/account').expect(401);
      await thief.jsonGet('/account', { 'X-API-Key': 'wrong' }).expect(401);
    },
  },
  {
    page,
    heading: 'Acting for somebody else',
    attack: 'the password of support, the factor of the person shown, their settings',
    async holds(block) {
      const site = await options(block, {
        beforeSample: (app) =>
          app.use((req, _res, next) => {
            const acts = req.get('X-Acts');
            if (acts !== undefined)
              Object.assign((req as unknown as { session: object }).session, { support: { id: acts } });
            next();
          }),
      });
      const { secret: hers } = await (await new Browser(site).signIn('eve')).enrollTotp();
      const { secret: own } = await (await new Browser(site).signIn('tom')).enrollTotp();
      const acting = await new Browser(site, { 'X-Acts': 'tom' }).signIn('eve');
      await acting.jsonGet('/account').expect(403);
      const token = { 'X-CSRF-Token': (await acting.jsonGet('/mfa/verify')).body.csrfToken as string };
      const answer = (of: string) => {
        site.clock.advance(30);
        return acting.postJson('/mfa/verify/totp', { code: totpCode(of, { clock: site.clock }) }, token);
      };
      expect((await answer(hers)).status).to.equal(422);
      await acting.jsonGet('/account').expect(403);
      expect((await answer(own)).status).to.equal(200);
      await acting.jsonGet('/account').expect(200);
      expect(codeIn(await acting.jsonGet('/mfa/setup/totp').expect(403))).to.equal('session.mfa.impersonated');
    },
  },
  {
    page: 'docs/administration.md',
    heading: 'What is held',
    attack: 'a pass that support was talked into, and an app set up by it',
    async holds(block) {
      const site = await openSample(block, { as: 'behind', options: { factors: [totp(), supportPass()] } });
      const { owner, thief } = await ownerAndThief(site);
      await owner.postJson('/payouts').expect(200);
      const { pass } = await site.mfa.issuePass('ada', { by: 'ops', reason: 'talked into it' });
      expect((await thief.answer('pass', pass)).status).to.equal(200);
      await thief.enrollTotp();
      const told = await thief.postJson('/payouts').expect(403);
      expect(codeIn(told)).to.equal('session.mfa.on_hold');
      expect(told.text).not.to.include('of the host');
    },
  },
  {
    page,
    heading: 'Websockets',
    attack: 'a stolen password, a visitor, somebody who goes away while asked',
    async holds(block) {
      const upgrades = new EventEmitter();
      const modules = { 'node:http': { createServer: () => upgrades } };
      const site = await openSample(block, { as: 'behind', modules, options: { user: sessionUser } });
      site.server.on('upgrade', (...given) => upgrades.emit('upgrade', ...given));
      (site.names['sockets'] as WebSocketServer).on('connection', (socket) => socket.send('of the host'));
      const { owner, thief } = await ownerAndThief(site);
      expect(await upgrade(site)).to.equal('401');
      expect(await upgrade(site, thief.cookies)).to.equal('401');
      const gone = connect(Number(new URL(site.url).port), '127.0.0.1', () => {
        const head = `GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
        gone.write(`${head}Cookie: ${owner.cookies}\r\n\r\n`, () => gone.resetAndDestroy());
      });
      await once(gone, 'close');
      expect(await upgrade(site, owner.cookies)).to.equal('of the host');
    },
  },
  {
    page,
    heading: 'socket.io',
    attack: 'a stolen password and a visitor by polling, by websocket and in a namespace; a poll after a log-out',
    async holds(block) {
      const engine = createServer();
      const modules = { 'node:http': { createServer: () => engine } };
      const site = await openSample(block, { as: 'behind', modules, options: { user: sessionUser } });
      await attackSocketIo(site, engine, site.names['io'] as Server);
    },
  },
  {
    page,
    heading: '5. Turn it on for everybody',
    attack: 'a stolen password; nobody who has no factor gets past the day',
    async holds(block) {
      const site = await options(block);
      const newcomer = await new Browser(site).signIn('eve');
      await newcomer.jsonGet('/account').expect(200);
      site.clock.set(new Date('2027-03-01T00:00:01Z'));
      await (await new Browser(site).signIn('tom')).jsonGet('/account').expect(403);
    },
  },
  {
    page: 'docs/guides/hand-made-sessions.md',
    heading: 'Add MFA to an app with hand-made sessions',
    attack: 'a stolen password; a row that is not found',
    async holds(block) {
      const site = await openSample(block, { as: 'whole' });
      await keepsThiefOut(site);
      const thief = await new Browser(site).signIn('ada');
      site.rows.delete('ada');
      expect((await thief.jsonGet('/account').expect(500)).text).not.to.include('of the host');
    },
  },
];
