// What operators do at once in two processes of one app.
import supertest from 'supertest';
import type { Mfa } from '../../src/index.js';
import type { Operation } from './rival-operator.js';
import { countTogether, type Report, type Rival, type Rivals } from './rivals.js';

type Imported = Awaited<ReturnType<Mfa['importTotp']>>;

/** How many requests of one process are under way at once: fewer than the races that one change may lose. */
const lanes = 3;

/**
 * Sends `operations`, every second one to the other process. At its end a file looks by `expectTogether` whether they were at it
 * together.
 * @returns the answers, and what the processes told of
 */
export async function operate(
  rivals: Rivals,
  operations: readonly Operation[],
): Promise<{ said: Imported[] } & Pick<Report, 'events' | 'notices'>> {
  await reports(rivals);
  const { all } = rivals;
  const shares = all.map((_, process) => operations.filter((__, index) => index % all.length === process));
  // The first of each process go on together: one would be done before the other begins, on a busy machine.
  await Promise.all(all.map((rival, process) => rival.hold(Math.min(lanes, shares[process]!.length))));
  const each = all.flatMap((rival, process) => Array.from({ length: lanes }, () => inTurn(rival, shares[process]!)));
  await Promise.race([Promise.all(each), Promise.all(all.map((rival) => rival.gathered()))]);
  await Promise.all(all.map((rival) => rival.go()));
  const said = (await Promise.all(each)).flat();
  const told = await reports(rivals);
  countTogether(told);
  return { said, events: told.flatMap(({ events }) => events), notices: told.flatMap(({ notices }) => notices) };
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
