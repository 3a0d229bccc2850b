// Attack: whoever knows the password sends 1,600 answers at once over HTTP, so that the owner's own answer waits, or is a 503.
// Rule: rivals wait in line per person, kind and lane; what one lane's line refuses is no other's concern.
// Answer: the owner's right code from a known browser is 200 while most of the strangers still wait; told by order, not by a clock.
import { Agent, request } from 'node:http';
import { expect } from 'chai';
import { memoryStore } from '../../src/index.js';
import { Browser, code, wrongCode } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';
import { watchedStore } from '../support/core-kernel.js';
import { tally } from '../support/tally.js';

const size = 1600;
/** So many connections at once; beyond 511, which a server lets wait by default, some are cut off where it is busy. */
const wave = 400;

describe('a flood of strangers over HTTP', () => {
  let app: TestApp;
  let agent: Agent;
  /** Answers to the second step that the app has begun with, and who waits for so many of them. */
  let arrived = 0;
  let awaited: { many: number; come: () => void } | undefined;
  /** While there is one, the store stands still. */
  let still: Promise<void> | undefined;

  const arrival = (many: number) => new Promise<void>((come) => (awaited = { many, come }));

  beforeEach(async () => {
    const store = watchedStore(memoryStore());
    // A millisecond away, as every real one is: only then there is a line to stand in.
    store.beforeLoad = store.beforeSave = async () => {
      await still;
      await new Promise((resolve) => setTimeout(resolve, 1));
    };
    agent = new Agent({ keepAlive: true, maxSockets: Infinity });
    arrived = 0;
    still = undefined;
    app = await testApp({
      store,
      host: {
        before: (host) =>
          void host.post('/mfa/verify/totp', (_req, _res, next) => {
            arrived += 1;
            if (arrived === awaited?.many) awaited.come();
            next();
          }),
      },
    });
  });
  afterEach(async () => {
    agent.destroy();
    await app.close();
  });

  /** Lean, for so many at once. @returns the status */
  function post(headers: { [name: string]: string }, typed: string): Promise<number> {
    const body = JSON.stringify({ code: typed });
    const length = String(Buffer.byteLength(body));
    const all = {
      accept: 'application/json',
      'content-type': 'application/json',
      'content-length': length,
      ...headers,
    };
    return new Promise((resolve, reject) => {
      request(`${app.url}/mfa/verify/totp`, { method: 'POST', agent, headers: all }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      })
        .once('error', reject)
        .end(body);
    });
  }

  const headersOf = async (person: Browser) => ({ cookie: person.cookies, 'x-csrf-token': await person.csrf() });

  it('does not stand between the owner in a known browser and their answer', async () => {
    const owner = await new Browser(app).signIn('ada');
    const { secret } = await owner.enrollTotp();
    await owner.signIn('ada');
    const stranger = await new Browser(app).signIn('ada');
    const [own, theirs] = [await headersOf(owner), await headersOf(stranger)];
    app.clock.advance(30);

    let goOn: () => void = () => undefined;
    still = new Promise((resolve) => (goOn = resolve));
    let answered = 0;
    const flood: Promise<number>[] = [];
    const send = async () => {
      const status = await post(theirs, wrongCode(secret, app.clock));
      answered += 1;
      return status;
    };
    while (flood.length < size) {
      const arrived = arrival(flood.length + wave);
      flood.push(...Array.from({ length: wave }, send));
      // Whoever was cut off never arrives: then this rejects.
      await Promise.race([arrived, Promise.all(flood)]);
    }
    // The owner is the last to come, and then the store answers again: all go on at once.
    const last = arrival(size + 1);
    const ownersAnswer = post(own, code(secret, app.clock));
    await last;
    goOn();
    expect(await ownersAnswer).to.equal(200);
    // The line takes a thousand, and refuses the others at once; of those in it only a few can have had their turn.
    expect(answered).to.be.below(0.75 * size);

    const { 422: evaluated = 0, 429: locked = 0, 503: busy = 0 } = tally(await Promise.all(flood));
    expect(evaluated).to.equal(5);
    expect(locked + busy).to.equal(size - 5);
    expect(locked).to.be.above(busy);
    await owner.jsonGet('/account').expect(200);
  });
});
