// The log by webhook, to a receiver of the tests: signatures, and batches that are refused or too large.
import { expect } from 'chai';
import { webhookSink } from '../../../src/audit/sinks/webhook-sink.js';
import type { WebhookSinkOptions } from '../../../src/audit/sinks/webhook-sink.js';
import { checkpoint, entryOf } from '../formats/entries.js';
import { isSignedBy, startWebhookReceiver } from './webhook-receiver.js';
import type { WebhookReceiver } from './webhook-receiver.js';

const signal = new AbortController().signal;
const [oldKey, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const secretOf = (key: Buffer) => `whsec_${key.toString('base64')}`;
const entries = (count: number) => Array.from({ length: count }, () => entryOf());

describe('webhookSink', () => {
  let receiver: WebhookReceiver;
  beforeEach(async () => (receiver = await startWebhookReceiver()));
  afterEach(() => receiver.close());

  const sinkTo = (url: string, more: Partial<WebhookSinkOptions> = {}) =>
    webhookSink({ url, secrets: [secretOf(newKey)], allowPrivateAddresses: true, timeoutMs: 2000, ...more });

  it('posts a batch, signed with the old and the new secret at once', async () => {
    const batch = entries(3);
    const sink = sinkTo(receiver.url, { secrets: [secretOf(newKey), secretOf(oldKey)], headers: { 'x-key': 'k' } });
    expect(await sink.deliver(batch, signal)).to.deep.equal({ done: 3 });
    const [request] = receiver.requests;
    expect(request?.data).to.deep.equal(batch);
    expect([oldKey, newKey].map((key) => isSignedBy(key, request!))).to.deep.equal([true, true]);
    expect(isSignedBy(Buffer.alloc(32, 3), request!)).to.equal(false);
    expect(request?.headers).to.include({ 'content-type': 'application/json', 'x-key': 'k' });
    expect(Math.abs(request!.timestamp - Date.now() / 1000)).to.be.lessThan(60);
  });

  it('gives every attempt its own time and signature, and the batch its id', async () => {
    let now = 1_772_366_400_000;
    const sink = sinkTo(receiver.url, { clock: { now: () => now } });
    const batch = entries(2);
    receiver.answer = () => 503;
    await sink.deliver(batch, signal);
    now += 60_000;
    receiver.answer = () => 200;
    await sink.deliver(batch, signal);
    const [first, second] = receiver.requests;
    expect(second?.id).to.equal(first?.id);
    expect(second!.timestamp - first!.timestamp).to.equal(60);
    expect(receiver.requests.every((request) => isSignedBy(newKey, request))).to.equal(true);
    expect(receiver.taken).to.deep.equal(batch.map(({ id }) => id));
  });

  for (const status of [400, 413, 422]) {
    it(`halves what is refused with ${status} and puts aside the one that is meant, in order`, async () => {
      const batch = entries(7);
      const bad = [batch[2]!.id, batch[6]!.id];
      receiver.answer = ({ data }) => (data.some(({ id }) => bad.includes(id)) ? status : 200);
      expect(await sinkTo(receiver.url).deliver(batch, signal)).to.deep.equal({
        done: 7,
        refused: [
          { index: 2, why: `HTTP ${status}` },
          { index: 6, why: `HTTP ${status}` },
        ],
      });
      expect(receiver.taken).to.deep.equal(batch.map(({ id }) => id).filter((id) => !bad.includes(id)));
    });
  }

  it('halves a batch that is too large', async () => {
    receiver.answer = ({ body }) => (body.length > 2000 ? 413 : 200);
    const batch = entries(16);
    expect(await sinkTo(receiver.url).deliver(batch, signal)).to.deep.equal({ done: 16 });
    expect(receiver.taken).to.deep.equal(batch.map(({ id }) => id));
  });

  it('says how far it came where the receiver fails midway', async () => {
    const batch = entries(8);
    receiver.answer = ({ data }) => (data.length > 2 ? 413 : data[0]!.seq < batch[4]!.seq ? 200 : 500);
    const answer = await sinkTo(receiver.url).deliver(batch, signal);
    expect(answer).to.include({ done: 4, why: 'HTTP 500' });
    expect(answer.retryAfterMs).to.be.within(500, 1000);
  });

  it('tries again whatever else is answered, and follows no redirect', async () => {
    const other = await startWebhookReceiver();
    for (const answer of [
      ...[401, 403, 404, 408, 410, 429, 500, 502, 503],
      { status: 302, headers: { location: other.url } },
      { status: 307, headers: { location: other.url } },
    ]) {
      receiver.answer = () => answer;
      expect(await sinkTo(receiver.url).deliver(entries(1), signal)).to.include({ done: 0 });
    }
    expect(other.requests).to.deep.equal([]);
    await other.close();
  });

  it('waits longer each time, as long as it is asked to, and hourly after a day', async () => {
    let now = 1_772_366_400_000;
    const sink = sinkTo(receiver.url, { clock: { now: () => now } });
    receiver.answer = () => 500;
    const most = [1000, 2000, 4000, 8000];
    for (const wait of most) {
      expect((await sink.deliver(entries(1), signal)).retryAfterMs).to.be.within(wait / 2, wait);
    }
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '120' } });
    expect(await sink.deliver(entries(1), signal)).to.include({ retryAfterMs: 120_000 });
    now += 86_400_000;
    const late = await sink.deliver(entries(1), signal);
    expect(late).to.include({ done: 0, retryAfterMs: 3_600_000 });
    expect(late.why).to.match(/^down since 2026-03-01T12:00:00.000Z: HTTP 429$/);
    receiver.answer = () => 200;
    expect(await sink.deliver(entries(1), signal)).to.deep.equal({ done: 1 });
    receiver.answer = () => 500;
    expect((await sink.deliver(entries(1), signal)).retryAfterMs).to.be.within(500, 1000);
  });

  it('gives up one that hangs, and one that is not there', async () => {
    receiver.answer = () => 'hang';
    const hanging = await sinkTo(receiver.url, { timeoutMs: 200 }).deliver(entries(1), signal);
    expect(hanging).to.include({ done: 0, why: 'no answer within 200 ms' });
    const { url } = receiver;
    await receiver.close();
    const absent = sinkTo(url);
    expect(await absent.deliver(entries(1), signal)).to.include({ done: 0, why: 'ECONNREFUSED' });
    expect(await absent.check?.(signal)).to.equal('ECONNREFUSED');
    receiver = await startWebhookReceiver();
  });

  it('connects to no private address unless it may, by number or by name', async () => {
    const { port } = new URL(receiver.url);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1']) {
      const sink = sinkTo(`http://${host}:${port}/`, { allowPrivateAddresses: false });
      const answer = await sink.deliver(entries(1), signal);
      expect(answer, host).to.include({ done: 0, why: 'EPRIVATE' });
    }
    expect(receiver.requests).to.deep.equal([]);
  });

  it('says what is posted and when, in the format and with the name of the app that were asked for', async () => {
    const now = 1_772_366_400_999;
    const given: { [name: string]: string } = { 'x-key': 'k' };
    const sink = sinkTo(receiver.url, { format: 'ecs', appName: 'Acme', headers: given, clock: { now: () => now } });
    given['x-key'] = 'changed since';
    await sink.deliver([entryOf()], signal);
    const [request] = receiver.requests;
    const { data, ...body } = JSON.parse(request?.body ?? '') as { data: { service: { name: string } }[] };
    expect(body).to.deep.equal({ type: 'express-mfa.audit', timestamp: '2026-03-01T12:00:00.999Z' });
    expect(data[0]?.service.name).to.equal('Acme');
    expect(request?.timestamp).to.equal(1_772_366_400);
    expect(request?.headers).to.include({ 'user-agent': 'express-mfa', 'x-key': 'k' });
    expect(sink.batchSize).to.equal(100);
    expect(sinkTo(receiver.url, { batchSize: 7 }).batchSize).to.equal(7);
  });

  it('names a batch by what is in it, lines of the ledger too', async () => {
    const [one, other] = entries(2);
    const batches = [[one!], [other!], [one!, other!], [other!, one!], [checkpoint]];
    const more = [[{ ...checkpoint, n: 8 }], [{ ...checkpoint, hash: 'another' }]];
    const sink = sinkTo(receiver.url);
    for (const batch of [...batches, ...more, [one!]]) await sink.deliver(batch, signal);
    const ids = receiver.requests.map(({ id }) => id);
    for (const id of ids) expect(id).to.match(/^msg_[\w-]{27}$/);
    expect(ids.pop()).to.equal(ids[0]);
    expect(new Set(ids).size).to.equal(7);
  });

  it('is tried with a signed batch of nothing, and posts none by itself', async () => {
    const sink = sinkTo(receiver.url);
    expect(await sink.deliver([], signal)).to.deep.equal({ done: 0 });
    expect(receiver.requests).to.deep.equal([]);
    expect(await sink.check?.(signal)).to.equal(undefined);
    expect(receiver.requests.map(({ data }) => data)).to.deep.equal([[]]);
    expect(isSignedBy(newKey, receiver.requests[0]!)).to.equal(true);
    receiver.answer = () => 400;
    expect(await sink.check?.(signal)).to.equal('HTTP 400');
  });

  it('waits an hour at most where it is asked to wait, its own time at least, and a day is a day', async () => {
    let now = 1_772_366_400_000;
    const sink = sinkTo(receiver.url, { clock: { now: () => now } });
    const after = async (seconds: number) => {
      receiver.answer = () => ({ status: 503, headers: { 'retry-after': String(seconds) } });
      return await sink.deliver(entries(1), signal);
    };
    expect((await after(7200)).retryAfterMs).to.equal(3_600_000);
    expect((await after(1)).retryAfterMs).to.be.within(1000, 2000);
    now += 86_399_999;
    expect(await after(60)).to.deep.equal({ done: 0, why: 'HTTP 503', retryAfterMs: 60_000 });
    now += 1;
    expect((await after(60)).retryAfterMs).to.equal(3_600_000);
  });

  it('takes a batch that was taken in part for a success', async () => {
    const sink = sinkTo(receiver.url);
    receiver.answer = () => 500;
    for (let failure = 0; failure < 4; failure += 1) await sink.deliver(entries(1), signal);
    const batch = entries(2);
    receiver.answer = ({ data }) => (data.length > 1 ? 413 : data[0]?.id === batch[0]?.id ? 200 : 500);
    const answer = await sink.deliver(batch, signal);
    expect(answer).to.include({ done: 1, why: 'HTTP 500' });
    expect(answer.retryAfterMs).to.be.within(500, 1000);
  });

  it('keeps the order: the second half waits for the first, and what was refused is told by its place', async () => {
    const batch = entries(4);
    receiver.answer = ({ data }) =>
      data.length > 1 || data[0]?.id === batch[2]?.id ? 422 : data[0]?.id === batch[3]?.id ? 500 : 200;
    const answer = await sinkTo(receiver.url).deliver(batch, signal);
    expect(answer).to.deep.include({ done: 3, why: 'HTTP 500', refused: [{ index: 2, why: 'HTTP 422' }] });
    receiver.answer = ({ data }) => (data.length > 2 ? 413 : 500);
    receiver.requests.length = 0;
    expect(await sinkTo(receiver.url).deliver(batch, signal)).to.include({ done: 0 });
    expect(receiver.requests.map(({ data }) => data.length)).to.deep.equal([4, 2]);
  });

  it('refuses options that would send the log in the open or unsigned', () => {
    const make = (options: object) => () => sinkTo(receiver.url, options);
    expect(make({ url: 'http://siem.example/' })).to.throw('url must be an https address');
    expect(make({ url: 'https://u:p@siem.example/' })).to.throw('url must be an https address');
    expect(make({ secrets: [] })).to.throw('secrets must be');
    expect(make({ secrets: ['short'] })).to.throw('secrets must be');
    expect(make({ headers: { 'webhook-id': 'x' } })).to.throw('headers must be');
    expect(make({ headers: { 'x-a': 'a\r\nb: c' } })).to.throw('headers must be');
    expect(make({ redirect: true })).to.throw('there is no option `redirect`');
  });
});
