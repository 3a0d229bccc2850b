// audit: verifies, reads, exports and erases the audit log of the app, and shows what sinks refused.
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { AuditLog } from '../audit/audit-log.js';
import { isCheckpoint, type AuditCheckpoint } from '../audit/checkpoint.js';
import type { AuditEntry } from '../audit/entry.js';
import type { AuditQuery } from '../audit/read.js';
import type { Verification } from '../audit/verification.js';
import { eventNames, type EventName } from '../core/words/events.js';
import { byOption, textOf, whoOf, yesOption, type Call, type Command, type Values } from './command.js';
import { Failure } from './configuration.js';
import { count } from '../checks/count.js';
import { plain, tableOf, type Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

const actions: { readonly [name: string]: (audit: AuditLog, call: Call) => Promise<number> } = {
  verify,
  read,
  export: exportLog,
  erase,
  'dead-letters': deadLetters,
};

export const auditCommand: Command = {
  name: 'audit',
  summary: 'verifies, reads, exports or erases the audit log; shows what sinks refused',
  positionals: [Object.keys(actions).join('|')],
  options: {
    since: { type: 'string', value: 'TIME', summary: 'verify: only from this time on' },
    checkpoints: { type: 'string', value: 'FILE', summary: 'verify: lines of JSON that a sink has kept' },
    acknowledge: { type: 'string', value: 'AT', summary: 'verify: this break is known; with --by and --reason' },
    user: { type: 'string', value: 'USER', summary: 'read, export, erase: of this person' },
    flow: { type: 'string', value: 'FLOW', summary: 'read, export: of this sign-in' },
    name: { type: 'string', value: 'EVENT', summary: 'read, export: only this event' },
    outcome: { type: 'string', value: 'success|failure', summary: 'read, export: only these' },
    from: { type: 'string', value: 'TIME', summary: 'read, export: not older' },
    to: { type: 'string', value: 'TIME', summary: 'read, export: not newer' },
    limit: { type: 'string', value: 'NUMBER', summary: 'read: entries at most, 1 to 500, default 50' },
    out: { type: 'string', value: 'FILE', summary: 'export: a new file, readable by its owner alone; else stdout' },
    sink: { type: 'string', value: 'NAME', summary: 'dead-letters: of this sink' },
    drop: { type: 'boolean', summary: 'dead-letters: drops them' },
    ...byOption,
    reason: { type: 'string', value: 'TEXT', summary: 'why, for erase and --acknowledge' },
    ...yesOption,
  },
  notes: [
    'Times are RFC 3339, such as 2026-03-01 or 2026-03-01T10:00:00Z. verify: exit code 1 where something is broken.',
  ],
  examples: [
    'audit verify --checkpoints /var/log/mfa.jsonl --by ops',
    'audit read --user 42 --limit 20',
    'audit erase --user 42 --by "Ana" --reason "asked to be forgotten" --yes',
  ],
  needs: 'configuration',
  async run(call) {
    const [name = ''] = call.positionals;
    const action = actions[name];
    if (!action) throw new UsageError(`audit takes one of ${Object.keys(actions).join(', ')}.`, 'audit');
    const { audit } = call.mfa;
    if (!audit) throw new Failure('This configuration keeps no audit log. Give createMfa the option `audit`.');
    return action(audit, call);
  },
};

async function verify(audit: AuditLog, { values, terminal }: Call): Promise<number> {
  const [by, since, file, at] = ['by', 'since', 'checkpoints', 'acknowledge'].map((name) => textOf(values, name));
  if (at !== undefined) await audit.acknowledge(at, whoOf(values, 'audit'));
  const found = await audit.verify({
    ...(by === undefined ? {} : { by }),
    ...(since === undefined ? {} : { since }),
    ...(file === undefined ? {} : { checkpoints: await checkpointsOf(file) }),
  });
  if (terminal.json) terminal.say(JSON.stringify(found));
  else sayVerification(found, terminal);
  return found.sound ? 0 : 1;
}

function sayVerification(found: Verification, terminal: Terminal): void {
  const rows = found.writers.map(({ writer, state, entries, unproved, broken }) => [
    writer,
    state,
    count(entries, 'entry', 'entries'),
    unproved > 0 ? `${unproved} unproved` : '',
    broken ? `${broken.what} at ${broken.at}${broken.explained ? ` (known to ${broken.explained.by})` : ''}` : 'whole',
  ]);
  for (const line of tableOf(rows)) terminal.say(line);
  const { lines, broken } = found.ledger;
  terminal.say(`ledger: ${count(lines, 'line')}, ${broken ? `${broken.what} at ${broken.at}` : 'whole'}`);
  terminal.say(found.sound ? `${count(found.entries, 'entry', 'entries')}, nothing is broken.` : 'The log is broken.');
}

async function checkpointsOf(file: string): Promise<AuditCheckpoint[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Failure(`${file} cannot be read.`, { cause });
  });
  return text.split('\n').flatMap((line) => {
    try {
      const item = JSON.parse(line) as AuditCheckpoint | AuditEntry;
      return isCheckpoint(item) && Array.isArray(item.points) ? [item] : [];
    } catch {
      return [];
    }
  });
}

function queryOf(values: Values): AuditQuery {
  const [by, userId, flow, name, from, to] = ['by', 'user', 'flow', 'name', 'from', 'to'].map((option) =>
    textOf(values, option),
  );
  const outcome = textOf(values, 'outcome');
  if (name !== undefined && !eventNames.includes(name as EventName))
    throw new UsageError(`There is no event ${name}.`, 'audit');
  if (outcome !== undefined && outcome !== 'success' && outcome !== 'failure')
    throw new UsageError('--outcome takes success or failure.', 'audit');
  return {
    ...(by === undefined ? {} : { by }),
    ...(userId === undefined ? {} : { userId }),
    ...(flow === undefined ? {} : { flow }),
    ...(name === undefined ? {} : { names: [name as EventName] }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

async function read(audit: AuditLog, { values, terminal }: Call): Promise<number> {
  const { entries, cursor } = await audit.read({ ...queryOf(values), limit: Number(textOf(values, 'limit') ?? 50) });
  if (terminal.json) for (const entry of entries) terminal.say(JSON.stringify(entry));
  else {
    const rows = entries.map(({ time, name, outcome, subject, factor, reason, actor, personal }) =>
      [time, name, outcome, subject?.id, factor?.kind, reason, actor.type, personal.ip].map((cell) =>
        plain(cell ?? '-'),
      ),
    );
    for (const line of tableOf(rows)) terminal.say(line);
    if (cursor !== undefined) terminal.tell('There is more: use --to with the time of the last, or `audit export`.');
  }
  return 0;
}

async function exportLog(audit: AuditLog, { values, terminal }: Call): Promise<number> {
  const path = textOf(values, 'out');
  const target: Writable = path === undefined ? process.stdout : createWriteStream(path, { flags: 'wx', mode: 0o600 });
  if (path !== undefined)
    await once(target, 'open').catch((cause: unknown) => {
      throw new Failure(`${path} cannot be written, or exists already.`, { cause });
    });
  const { by, ...query } = queryOf(values);
  let written = 0;
  for (let cursor: string | undefined; ;) {
    const page = await audit.read({ ...query, limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    for (const entry of page.entries) {
      if (!target.write(`${JSON.stringify(entry)}\n`)) await once(target, 'drain');
      written += 1;
    }
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  // Told once for all pages.
  if (by !== undefined) await audit.read({ by, limit: 1 });
  if (path !== undefined) {
    target.end();
    await once(target, 'finish');
  }
  terminal.tell(`${count(written, 'entry', 'entries')} written.`);
  return 0;
}

async function erase(audit: AuditLog, { values, terminal }: Call): Promise<number> {
  const userId = textOf(values, 'user');
  if (userId === undefined) throw new UsageError('--user USER is missing.', 'audit');
  const who = whoOf(values, 'audit');
  if (values['yes'] !== true) throw new UsageError('This cannot be undone. Give --yes.', 'audit');
  const { entries } = await audit.erase(userId, who);
  if (terminal.json) terminal.say(JSON.stringify({ erased: entries }));
  else terminal.say(`What was personal in ${count(entries, 'entry', 'entries')} is erased.`);
  return 0;
}

async function deadLetters(audit: AuditLog, { values, terminal }: Call): Promise<number> {
  const wanted = textOf(values, 'sink');
  const names = wanted === undefined ? audit.sinks.map(({ name }) => name) : [wanted];
  for (const name of names) {
    const { total, letters } = await audit.deadLetters(name);
    for (const letter of letters) {
      if (terminal.json) terminal.say(JSON.stringify({ sink: name, ...letter }));
      else terminal.say(`${name}: ${letter.id} ${letter.time} ${plain(letter.why)}`);
    }
    if (!terminal.json) terminal.say(`${name}: ${count(total, 'dead letter')}.`);
    if (values['drop'] === true) terminal.tell(`${name}: ${await audit.dropDeadLetters(name)} dropped.`);
  }
  return 0;
}
