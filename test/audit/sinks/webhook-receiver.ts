// A receiver of Standard Webhooks on loopback: verifies each request as the specification says, keeps what it took, and
// answers whatever it is told to.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuditEntry } from '../../../src/audit/entry.js';

export type Request = { id: string; timestamp: number; headers: IncomingHttpHeaders; body: string; data: AuditEntry[] };
/** A status, headers of the answer, or `hang`. */
export type Answer = number | 'hang' | { status: number; headers: { [name: string]: string } };

export type WebhookReceiver = {
  url: string;
  requests: Request[];
  /** The ids of all entries of requests that it answered with 2xx, in order. */
  taken: string[];
  answer: (request: Request) => Answer;
  close(): Promise<void>;
};

/** Whether one of the signatures is right for `secret` (the octets after `whsec_`). */
export function isSignedBy(secret: Buffer, { id, timestamp, body, headers }: Request): boolean {
  const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .some((part) => part.startsWith('v1,') && timingSafeEqual(Buffer.from(part.slice(3), 'base64'), expected));
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { data } = JSON.parse(body) as { data: AuditEntry[] };
      const { headers } = req;
      const request = {
        id: String(headers['webhook-id']),
        timestamp: Number(headers['webhook-timestamp']),
        headers,
        body,
        data,
      };
      receiver.requests.push(request);
      const answer = receiver.answer(request);
      if (answer === 'hang') return;
      const { status, headers: own } = typeof answer === 'number' ? { status: answer, headers: {} } : answer;
      if (status < 300) receiver.taken.push(...data.map(({ id }) => id));
      res.writeHead(status, own).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/audit`,
    requests: [],
    taken: [],
    answer: () => 204,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
