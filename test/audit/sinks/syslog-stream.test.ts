// What goes over connections to a syslog receiver that break: what is sent again, what is not, and when a connection is renewed.
import { expect } from 'chai';
import { syslogStream, type SyslogStream } from '../../../src/audit/sinks/syslog-stream.js';
import { eventually } from '../../support/eventually.js';
import { lineServers, type LineServer } from './line-server.js';

const never = new AbortController().signal;
/** Each letter once as long as it repeats itself: of megabytes no expression does that without a deep stack. */
const lettersOf = (text: string) => {
  let letters = '';
  for (const letter of text) if (!letters.endsWith(letter)) letters += letter;
  return letters;
};
const megabytes = (text: string, count: number) => text.repeat(count * 1024 * 1024);

describe('frames to a syslog receiver', () => {
  const start = lineServers();
  let now: number;
  beforeEach(() => (now = 1_000_000));

  const streamTo = (port: number, timeoutMs = 20_000) =>
    syslogStream({ host: '127.0.0.1', port, tls: false, timeoutMs }, () => now);
  const send = (stream: SyslogStream, ...texts: string[]) =>
    stream.send(
      texts.map((text) => Buffer.from(text)),
      never,
    );
  const sentTo = (server: LineServer) => server.lines.map(({ text }) => text);

  /** One that has learned in `timeoutMs` that its receiver never ends its side, with `first` on a connection that is not renewed. */
  async function learned(first: string, timeoutMs = 1000) {
    const server = await start({ neverEnds: true });
    const stream = streamTo(server.port, timeoutMs);
    await send(stream, 'x');
    now += 20_001;
    // What was not proved comes once more.
    await send(stream, first);
    await eventually(async () => expect(sentTo(server)).to.deep.equal(['x', `x${first}`]));
    return { server, stream };
  }

  /** Breaks the latest connection, sends until there is another, and says what that begins with before `z`. */
  async function sentAgain({ server, stream }: Awaited<ReturnType<typeof learned>>) {
    const { length } = server.lines;
    server.lines.at(-1)?.socket.resetAndDestroy();
    while (server.lines.length === length) await send(stream, 'z');
    await eventually(async () => {
      await send(stream, 'z');
      expect(server.lines.at(-1)?.text.slice(-1)).to.equal('z');
    });
    return server.lines.at(-1)?.text.replace(/z+$/, '');
  }

  it('are sent again where they were written within thirty seconds of the last', async () => {
    for (const [ms, again] of [
      [30_000, 'xabc'],
      [30_001, 'bc'],
    ] as const) {
      const open = await learned('a');
      now += 1000;
      await send(open.stream, 'b');
      now += ms - 1000;
      await send(open.stream, 'c');
      expect(await sentAgain(open), String(ms)).to.equal(again);
    }
  });

  it('are sent again up to eight megabytes, the latest', async () => {
    for (const [count, more, again] of [
      [4, '', 'bc'],
      [4, 'd', 'cd'],
    ] as const) {
      // Time for so much on a busy machine.
      const open = await learned('a', 1500);
      await send(open.stream, megabytes('b', count));
      await send(open.stream, megabytes('c', count));
      if (more) await send(open.stream, more);
      const text = (await sentAgain(open)) ?? '';
      expect(lettersOf(text), `and ${more}`).to.equal(again);
    }
  }).timeout(60_000);

  it('are owed until a connection takes them, however many break', async () => {
    const first = await start();
    const stream = streamTo(first.port);
    await send(stream, 'a', 'b');
    await eventually(async () => expect(sentTo(first)).to.deep.equal(['ab']));
    await first.close();
    const waits: number[] = [];
    while (waits.length < 4) {
      const { done, why, retryAfterMs } = await send(stream, 'c');
      if (done > 0) continue;
      if (waits.length > 0) expect(why).to.equal(`127.0.0.1:${first.port}: ECONNREFUSED`);
      waits.push(retryAfterMs ?? 0);
    }
    [1000, 2000, 4000, 8000].forEach((most, at) => expect(waits[at]).to.be.within(most / 2, most));
    const second = await start({ port: first.port });
    expect(await send(stream, 'd', 'e')).to.deep.equal({ done: 2 });
    await eventually(async () => expect(sentTo(second)[0]).to.match(/^abc*de$/));
    await stream.close();
    await second.close();
    const after = await send(stream, 'f');
    expect(after.retryAfterMs, 'as the first time').to.be.within(500, 1000);
    const third = await start({ port: first.port });
    await send(stream, 'g');
    await eventually(async () => expect(sentTo(third), 'nothing of what was read').to.deep.equal(['g']));
    await stream.close();
  });

  it('go over one connection for twenty seconds, and over the next where that one was read', async () => {
    const server = await start();
    const stream = streamTo(server.port);
    await stream.close();
    for (const [after, text] of [
      [0, 'a'],
      [20_000, 'b'],
      [1, 'c'],
      [20_000, 'd'],
      [1, 'e'],
    ] as const) {
      now += after;
      expect(await send(stream, text)).to.deep.equal({ done: 1 });
    }
    await stream.close();
    await eventually(async () => expect(sentTo(server)).to.deep.equal(['ab', 'cd', 'e']));
    await send(stream, 'f');
    await eventually(async () => expect(sentTo(server)).to.deep.equal(['ab', 'cd', 'e', 'f']));
    await stream.close();
  });

  it('stay in their order where several send at once and the connection is left meanwhile', async () => {
    const server = await start();
    const stream = streamTo(server.port);
    await Promise.all([send(stream, 'a'), send(stream, 'b'), stream.close(), send(stream, 'c')]);
    await eventually(async () => expect(sentTo(server)).to.deep.equal(['ab', 'c']));
    await stream.close();
  });

  it('are told as not sent by the reason that the system or we have', async () => {
    const server = await start();
    const stream = streamTo(server.port);
    expect(await stream.send([Buffer.from('a')], AbortSignal.abort())).to.include({
      done: 0,
      why: `127.0.0.1:${server.port}: no answer in time`,
    });
    expect(await send(stream, 'b')).to.deep.equal({ done: 1 });
    await stream.close();
  });
});
