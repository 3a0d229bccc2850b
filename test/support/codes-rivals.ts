// An app with codes in two processes on one Redis, and what its people do in either.
import { expect } from 'chai';
import supertest from 'supertest';
import type { Response } from 'supertest';
import { Browser } from './agent.js';
import { said, type CodesOptions } from './codes.js';
import { addresses, type Kind } from './addresses.js';
import { atOnce, countTogether, startRivals, type Rival, type RivalSettings, type Rivals } from './rivals.js';
import type { OutboxMessage } from '../../src/senders/outbox-sender.js';
import { tally } from './tally.js';

export type CodesRivalSettings = RivalSettings & { codes?: Pick<CodesOptions, 'people' | 'lockout'> & CodeLimits };
type CodeLimits = { email?: { tries?: number; maxPerHour?: number }; sms?: { tries?: number; maxPerHour?: number } };

export function startCodesRivals(codes: NonNullable<CodesRivalSettings['codes']> = {}): Promise<Rivals> {
  return startRivals(2, { codes } as Partial<CodesRivalSettings>, 'codes-rival.ts');
}

/** All codes that left either process. */
export async function outboxOf(rivals: Rivals): Promise<OutboxMessage[]> {
  const each = await Promise.all(rivals.all.map(({ url }) => supertest(url).get('/outbox').expect(200)));
  return each.flatMap(({ body }) => body as OutboxMessage[]);
}

/** The newest code that one process sent. */
export async function lastCodeOf({ url }: Rival, kind: Kind): Promise<string> {
  const { body } = await supertest(url).get('/outbox').expect(200);
  return (body as OutboxMessage[]).filter(({ channel }) => channel === kind).at(-1)?.code ?? '';
}

/** Binds an address in the first process, saves the backup codes, and lets the cool-down pass. */
export async function bindIn(rivals: Rivals, kind: Kind, uid: string, address = addresses[kind]): Promise<void> {
  const [rival] = rivals.all as [Rival];
  const person = await new Browser(rival).signIn(uid);
  expect(said(await person.json(`/mfa/setup/${kind}/begin`, { address }))).to.equal('200');
  const confirmed = await person.json(`/mfa/setup/${kind}`, { code: await lastCodeOf(rival, kind) });
  expect(said(confirmed)).to.equal('200');
  await person.saveCodes();
  await rivals.advance(700);
}

/** What a client sends with its requests, to whichever process. */
export type Sent = { Cookie: string; 'X-CSRF-Token': string };

export async function sentBy(person: Browser): Promise<Sent> {
  const token = await person.csrf();
  return { Cookie: person.cookies, 'X-CSRF-Token': token };
}

type Request = { path: string; body?: object; headers: { [name: string]: string } };

/** Sends requests at once, every second one to the other process. `met`: how many were handled during one of the other. */
export async function stormed(
  rivals: Rivals,
  requests: readonly Request[],
): Promise<{ answers: Response[]; met: number }> {
  const clients = rivals.all.map((rival) => new Browser(rival));
  await Promise.all(rivals.all.map((rival) => rival.report()));
  const answers = await atOnce(rivals, requests.length, (index) => {
    const { path, body, headers } = requests[index]!;
    return clients[index % 2]!.postJson(path, body, headers);
  });
  return { answers, met: countTogether(await Promise.all(rivals.all.map((rival) => rival.report()))) };
}

/** The same; at its end a file looks by `expectTogether` whether they were at it together. */
export async function storm(rivals: Rivals, requests: readonly Request[]): Promise<Response[]> {
  return (await stormed(rivals, requests)).answers;
}

/** How often each status and code was the answer. */
export function counted(answers: readonly Response[]): { [said: string]: number } {
  return tally(answers.map(said));
}
