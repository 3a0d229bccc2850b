// Starts the example app as it would look after 90 days with 500 people: `npm run start:seeded`, to see its administration
// alive. For development alone: whoever can read what it prints may do everything.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Mfa } from 'express-mfa';
import { auditFileOf } from './audit-log.js';
import type { Life } from './seed/life.js';
import { seedHistory } from './seed/seed.js';
import { giveUp, start } from './server.js';
import { hashPassword, type Users } from './users.js';

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

async function startSeeded(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (env.NODE_ENV && !['development', 'test'].includes(env.NODE_ENV))
    throw new Error(
      `NODE_ENV is ${env.NODE_ENV}: what is seeded is for development, and everybody's password is printed.`,
    );
  env.AUDIT_FILE ||= fileURLToPath(new URL('../output/audit-seeded.jsonl', import.meta.url));
  let password = '';
  await start(env, async ({ mfa, users }) => {
    if (await users.find('seed-1'))
      throw new Error('This Redis was seeded before. Empty it, or name another in REDIS_URL.');
    rmSync(auditFileOf(env), { force: true });
    const lives = await seedHistory(mfa);
    password = await adoptUsers(users, lives);
    await openCases(mfa, lives);
    await mfa.settled();
  });
  console.log(
    `\nIt has 500 people and 90 days behind it. Log in as ada@admin.example with the password ${password}, take the code\n` +
      'from /dev/outbox, and go on to /admin/mfa. Everybody has this password; their methods are nobody’s.',
  );
}

startSeeded().catch(giveUp);
