// Fills the example app: a history, its people as users who can log in, and what waits for a second administrator.
import { randomBytes } from 'node:crypto';
import type { Mfa } from 'express-mfa';
import { hashPassword, type Users } from '../users.js';
import type { Life } from './life.js';
import { seedHistory, type SeedOptions } from './seed.js';

/** What two administrators want, and wait for a third to approve. */
async function openCases(mfa: Mfa, lives: readonly Life[]): Promise<void> {
  const [, bela, cleo, ...others] = lives;
  if (!bela || !cleo) return;
  const asking = ({ person: { id, email } }: Life) => ({ id, name: email, may: ['view', 'help', 'decide'] as const });
  const plain = others.filter(({ fate, methods }) => !fate && methods.length > 0);
  const [first, second, third, fourth] = plain.filter(({ person }) => !person.email.endsWith('@admin.example'));
  if (!first || !second || !third || !fourth) return;
  const wants = async (action: 'owe-codes' | 'reset' | 'pass', life: Life, by: Life, reason: string) => {
    await mfa.requestAction(action, life.person.id, { by: asking(by), reason, ticket: 'HD-2041' });
  };
  await wants('owe-codes', first, bela, 'the printed codes were thrown away');
  await wants('owe-codes', second, cleo, 'the printed codes were left in a taxi');
  await wants('reset', third, bela, 'phone stolen, passport seen in person');
  await wants('pass', fourth, cleo, 'phone broken, calls from a known number');
}

/** The people as users of the app, with one password for all, made anew at each start. */
async function adoptUsers(users: Users, lives: readonly Life[]): Promise<string> {
  const password = randomBytes(9).toString('base64url');
  const passwordHash = await hashPassword(password);
  for (const { person } of lives) {
    const { id, email, name } = person;
    await users.adopt({ id, email, name, passwordHash });
  }
  return password;
}

/** @returns the password of everybody */
export async function fillExample(
  { mfa, users }: { mfa: Mfa; users: Users },
  options: SeedOptions = {},
): Promise<string> {
  const lives = await seedHistory(mfa, options);
  const password = await adoptUsers(users, lives);
  await openCases(mfa, lives);
  await mfa.settled();
  return password;
}
