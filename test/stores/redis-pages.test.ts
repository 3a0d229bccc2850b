// A walk over keys of several servers, by what SCAN answers: in which order, from where again, and what a cursor remembers.
import { expect } from 'chai';
import { askWithin } from '../../src/stores/redis-client.js';
import { readAhead, walkKeys, type Page } from '../../src/stores/redis-walk.js';
import { redisStandIn, type RedisStandIn } from '../support/redis-stand-in.js';
import { codeOf, rejectionOf } from '../support/thrown.js';

const pattern = 'acme:{*}:record';
const runId = (letter: string) => `${letter.repeat(12)}0123456789`;
/** Pages of keys, a cursor each; `names`: what it calls itself, one after the other, the last one for good. */
function serverOf(pages: string[][], ...names: string[]): RedisStandIn {
  const left = [...names];
  return redisStandIn({
    get: () => null,
    scan: (at: string) => {
      const page = Number(at);
      return [page + 1 < pages.length ? String(page + 1) : '0', pages[page] ?? []];
    },
    info: () => {
      const name = left.length > 1 ? left.shift() : left[0];
      if (name === undefined) throw new Error("NOPERM this user has no permissions to run the 'info' command");
      return `# Server\r\nrun_id:${name}\r\n`;
    },
  });
}
const clusterOf = (...servers: RedisStandIn[]) => redisStandIn({ get: () => null }, { nodes: () => servers });
const walk = (client: RedisStandIn, after?: string) =>
  walkKeys({ client, ask: askWithin(client, 30_000), anyKey: 'any', pattern, after });

async function all(pages: AsyncGenerator<Page>): Promise<Page[]> {
  const met: Page[] = [];
  for await (const page of pages) met.push(page);
  return met;
}
const keysOf = (pages: readonly Page[]) => pages.flatMap(({ keys }) => keys);
const scansOf = ({ asked }: RedisStandIn) => asked.filter(([name]) => name === 'scan');

describe('a walk over the keys of Redis servers', () => {
  const [a, b] = [runId('a'), runId('b')];
  const pages = [['1', '2'], [], ['3']];

  it('asks page by page, and says how to come to each again and behind it', async () => {
    const server = serverOf(pages, a);
    const met = await all(walk(server));
    expect(met).to.deep.equal([
      { keys: ['1', '2'], from: ';aaaaaaaaaaaa:0', to: ';aaaaaaaaaaaa:1' },
      { keys: [], from: ';aaaaaaaaaaaa:1', to: ';aaaaaaaaaaaa:2' },
      { keys: ['3'], from: ';aaaaaaaaaaaa:2', to: 'aaaaaaaaaaaa;' },
    ]);
    expect(scansOf(server)[1]).to.deep.equal(['scan', '1', 'MATCH', pattern, 'COUNT', 500]);
  });

  it('goes on behind a cursor, with the server that it stopped in, and leaves out those that are done', async () => {
    const fresh = () => [serverOf(pages, a), serverOf([['4'], ['5']], b)] as const;
    for (const [after, keys] of [
      [undefined, ['1', '2', '3', '4', '5']],
      [';aaaaaaaaaaaa:2', ['3', '4', '5']],
      [';bbbbbbbbbbbb:1', ['5', '1', '2', '3']],
      ['aaaaaaaaaaaa;bbbbbbbbbbbb:1', ['5']],
      ['bbbbbbbbbbbb;', ['1', '2', '3']],
      ['aaaaaaaaaaaa,bbbbbbbbbbbb;', []],
      ['no cursor', ['1', '2', '3', '4', '5']],
      ['x;aaaaaaaaaaaa:2y', ['1', '2', '3', '4', '5']],
      ['!aaaaaaaaaaaa;', ['1', '2', '3', '4', '5']],
    ] as const)
      expect(keysOf(await all(walk(clusterOf(...fresh()), after))), String(after)).to.deep.equal(keys);
    const many = Array.from({ length: 12 }, (_, at) => [String(at)]);
    expect(keysOf(await all(walk(serverOf(many, a), ';aaaaaaaaaaaa:10')))).to.deep.equal(['10', '11']);
    const last = (await all(walk(clusterOf(...fresh())))).at(-1);
    expect(last?.to).to.equal('aaaaaaaaaaaa,bbbbbbbbbbbb;');
  });

  it('begins a server anew that is another one by its last page, and counts that page as not passed', async () => {
    const server = serverOf(pages, a, b);
    const met = await all(walk(server));
    expect(keysOf(met)).to.deep.equal(['1', '2', '3', '1', '2', '3']);
    expect(met[2]).to.include({ from: ';aaaaaaaaaaaa:2', to: ';aaaaaaaaaaaa:2' });
    expect(met[3]?.from).to.equal(';bbbbbbbbbbbb:0');
    expect(met.at(-1)?.to).to.equal('bbbbbbbbbbbb;');
  });

  it('begins anew where the server of a cursor is not there any more', async () => {
    expect(keysOf(await all(walk(serverOf(pages, b), ';aaaaaaaaaaaa:2')))).to.deep.equal(['1', '2', '3']);
  });

  it('gives a server that may not tell its name one that no later walk knows, and walks it once', async () => {
    const [first, second] = [await all(walk(serverOf(pages))), await all(walk(serverOf(pages)))];
    expect(keysOf(first)).to.deep.equal(['1', '2', '3']);
    for (const { from } of first) expect(from).to.match(/^;-[0-9a-f]{10}:\d$/);
    expect(first[0]?.from).to.not.equal(second[0]?.from);
    expect(keysOf(await all(walk(serverOf(pages), first[1]?.to)))).to.deep.equal(['1', '2', '3']);
    for (const told of ['run_id:abc', `no run_id:${a}`]) {
      const nameless = redisStandIn({ get: () => null, scan: () => ['0', ['1']], info: () => told });
      expect((await all(walk(nameless)))[0]?.from, told).to.match(/^;-/);
    }
  });

  it('fails where a server cannot be asked', async () => {
    const loading = () => {
      throw new Error('LOADING Redis is loading');
    };
    const scan = () => ['0', []];
    for (const answers of [
      { get: loading },
      { get: () => null, info: loading, scan },
      { get: () => null, scan: loading },
    ])
      expect(await codeOf(all(walk(redisStandIn(answers))))).to.equal('store.unavailable');
  });
});

describe('reading ahead', () => {
  async function* pagesOf(count: number, told: string[]): AsyncGenerator<Page> {
    for (let at = 0; at < count; at += 1) {
      told.push(`page ${at}`);
      yield { keys: [String(at)], from: '', to: '' };
    }
  }

  it('reads the next page while whoever walks works on this one, and each once', async () => {
    const told: string[] = [];
    const met: string[] = [];
    for await (const keys of readAhead(pagesOf(3, told), ({ keys }) => Promise.resolve(keys))) {
      met.push(...keys);
      expect(told).to.include(`page ${Math.min(2, met.length)}`);
    }
    expect(met).to.deep.equal(['0', '1', '2']);
    for await (const _none of readAhead(pagesOf(0, told), () => Promise.resolve(1))) expect.fail('There is no page.');
  });

  it('tells of a failure whoever comes to it, and nobody else', async () => {
    const read = ({ keys }: Page) => (keys[0] === '1' ? Promise.reject(new Error('Gone.')) : Promise.resolve(keys));
    const met: string[] = [];
    const walked = async () => {
      for await (const keys of readAhead(pagesOf(3, []), read)) met.push(...keys);
    };
    expect(await rejectionOf(walked())).to.have.property('message', 'Gone.');
    expect(met).to.deep.equal(['0']);
    for await (const _first of readAhead(pagesOf(3, []), read)) break;
  });
});
