// Samples that receive what the package posts: a sender's messages, the audit log's batches.
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { httpEmailSender } from '../../../src/index.js';
import type { Block } from '../markdown.js';
import { paste } from '../pasted.js';
import type { Line } from '../sample-attacks.js';

type Headers = { [name: string]: string | undefined };
type IsGenuine = (headers: Headers, body: string, secret: string) => boolean;

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const keyOf = (text: string) => Buffer.from(text.replace('whsec_', ''), 'base64');
const seconds = () => Math.floor(Date.now() / 1000);

function signed(body: string, key: Buffer, time = seconds(), id = 'msg_1'): Headers & { [name: string]: string } {
  const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(time), 'webhook-signature': `v1,${signature}` };
}

/** What is signed otherwise than it must be, for one body. */
function forgeries(body: string, key: Buffer): Headers[] {
  const right = signed(body, key);
  return [
    {},
    { ...right, 'webhook-signature': undefined },
    { ...right, 'webhook-signature': '' },
    { ...right, 'webhook-signature': 'v1,' },
    { ...right, 'webhook-signature': right['webhook-signature']!.slice(0, -6) },
    { ...right, 'webhook-id': 'msg_2' },
    { ...right, 'webhook-timestamp': String(seconds() + 1) },
    { ...right, 'webhook-timestamp': 'now' },
    { ...right, 'webhook-timestamp': undefined },
    signed(body, key, seconds() - 400),
    signed(body, key, seconds() + 400),
    signed(`${body} `, key),
    signed(body, randomBytes(32)),
    signed(body, Buffer.alloc(0)),
  ];
}

/** What our sender posts, as it arrives. */
async function posted(): Promise<{ headers: Headers; body: string }> {
  let heard: { headers: Headers; body: string } | undefined;
  const at = await listen((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      heard = { headers: req.headers as Headers, body };
      res.writeHead(204).end();
    });
  });
  const sender = httpEmailSender({ url: at.url, secret });
  await sender.send({ to: 'ada@example.com', subject: 'x', text: 'y', usage: 'Generic', locale: 'en' } as never);
  await at.close();
  return heard!;
}

async function listen(listener: RequestListener): Promise<{ url: string; close: () => Promise<unknown> }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => once(server.close(), 'close') };
}

async function takesNoForgery(block: Block): Promise<void> {
  const isGenuine = (await paste(block, {}))['isGenuine'] as IsGenuine;
  const { headers, body } = await posted();
  expect(isGenuine(headers, body, secret)).to.equal(true);
  for (const forged of forgeries(body, keyOf(secret)))
    expect(isGenuine(forged, body, secret), JSON.stringify(forged)).to.equal(false);
  for (const none of ['', 'whsec_', 'short'])
    expect(() => isGenuine(signed(body, Buffer.from(none.replace('whsec_', ''))), body, none)).to.throw('missing');
}

export const receivers: Line[] = [
  {
    page: 'docs/senders/http-email.md',
    heading: 'A receiver',
    attack: 'forged, replayed, altered, unsigned messages, and a secret that is missing',
    holds: takesNoForgery,
  },
  {
    page: 'docs/senders/http-sms.md',
    heading: 'A receiver',
    attack: 'forged, replayed, altered, unsigned messages, and a secret that is missing',
    holds: takesNoForgery,
  },
  {
    page: 'docs/guides/siem-webhook.md',
    heading: 'Send the audit log to a service of your own',
    nth: 2,
    attack: 'forged, replayed, altered, unsigned batches, and a secret that is missing',
    async holds(block) {
      const process = { env: { AUDIT_WEBHOOK_SECRET: secret } };
      const { receiver, seen } = (await paste(block, { process })) as { receiver: RequestListener; seen: Set<string> };
      const at = await listen(receiver);
      const body = JSON.stringify({ type: 'express-mfa.audit', data: [{ id: 'e1' }] });
      const post = async (headers: Headers, given?: string, type = 'application/json') => {
        const known = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined);
        const init = { method: 'POST', headers: { 'content-type': type, ...Object.fromEntries(known) } };
        return (await fetch(`${at.url}/mfa`, given === undefined ? init : { ...init, body: given })).status;
      };
      for (const forged of forgeries(body, keyOf(secret))) expect(await post(forged, body)).to.equal(401);
      for (const type of ['text/plain', 'application/json']) expect(await post({}, undefined, type)).to.equal(401);
      expect(await post(signed(body, keyOf(secret)), body, 'text/plain')).to.equal(401);
      expect([...seen]).to.deep.equal([]);
      expect(await post(signed(body, keyOf(secret)), body)).to.equal(204);
      expect([...seen]).to.deep.equal(['e1']);
      await at.close();
      const failed = await paste(block, { process: { env: {} } }).catch((error: unknown) => String(error));
      expect(failed).to.include('missing');
    },
  },
];
