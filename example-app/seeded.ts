// Starts the example app as it would look after 90 days with 500 people: `npm run start:seeded`, to see its administration
// alive. For development alone: whoever can read what it prints may do everything.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { auditFileOf } from './audit-log.js';
import { fillExample } from './seed/fill.js';
import { giveUp, start } from './server.js';

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
    password = await fillExample({ mfa, users });
  });
  console.log(
    `\nIt has 500 people and 90 days behind it. Log in as ada@admin.example with the password ${password}, take the code\n` +
      'from /dev/outbox, and go on to /admin/mfa. Everybody has this password; their methods are nobody’s.',
  );
}

startSeeded().catch(giveUp);
