// What operators do at once in two processes of one app.
import { expect } from 'chai';
import supertest from 'supertest';
import type { Mfa } from '../../src/index.js';
import type { Operation } from './rival-operator.js';
import { overlapping, type Report, type Rival, type Rivals } from './rivals.js';

type Imported = Awaited<ReturnType<Mfa['importTotp']>>;

/** How many requests of one process are under way at once: fewer than the races that one change may lose. */
const lanes = 3;

/**
 * Sends `operations`, every second one to the other process, and checks that the processes were at it together.
 * @returns the answers, and what the processes told of
 */
export async function operate(
  rivals: Rivals,
  operations: readonly Operation[],
): Promise<{ said: Imported[] } & Pick<Report, 'events' | 'notices'>> {
  await reports(rivals);
  const each = rivals.all.flatMap((rival, process) => {
    const own = operations.filter((_, index) => index % rivals.all.length === process);
    return Array.from({ length: lanes }, () => inTurn(rival, own));
  });
  const said = (await Promise.all(each)).flat();
  const [a, b] = await reports(rivals);
  expect(overlapping(a!.handled, b!.handled), 'requests of one process during one of the other').to.be.above(0);
  return { said, events: [...a!.events, ...b!.events], notices: [...a!.notices, ...b!.notices] };
}

const reports = (rivals: Rivals) => Promise.all(rivals.all.map((rival) => rival.report()));

/** Takes from what is left, until nothing is. */
async function inTurn({ url }: Rival, left: Operation[]): Promise<Imported[]> {
  const said: Imported[] = [];
  for (let next = left.shift(); next; next = left.shift()) {
    const { body } = await supertest(url).post('/operator').send(next).expect(200);
    said.push(body as Imported);
  }
  return said;
}
