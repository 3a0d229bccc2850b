// What does not happen every day: people locked out, lost phones, passes, exemptions, an attack, and what administrators did
// about each, with two of them where two are needed. Each story is told of one person, and leaves them as it says.
import type { MfaEvent } from 'express-mfa';
import type { Chance } from './chance.js';
import { daySeconds, idOf, requestOf, tellCodesMade, teller, wrong, type Life, type Span } from './life.js';

type Story = { told: ReturnType<typeof teller>; life: Life; chance: Chance; at: number; endsAt: number };

const attacker = { ip: '203.0.113.66', userAgent: 'python-requests/2.32.3' };
const [asker, approver] = ['ada@admin.example', 'bela@admin.example'];

/** Wrong codes from somewhere else, until they are told to wait. */
function attack({ told, life, chance }: Story, times: number): void {
  const [usual] = life.methods;
  if (!usual) return;
  const { kind, id } = usual;
  const request = requestOf(attacker, chance);
  for (let time = 1; time <= times; time += 1) {
    const refused = { kind, authenticatorId: id, outcome: 'refused' as const, ...request };
    told.tell({ name: 'verification-refused', ...refused, reason: wrong[kind] });
    told.after(40);
    if (time < 5) continue;
    const waitSeconds = Math.min(3600, 30 * 2 ** (time - 5));
    told.tell({ name: 'locked', kind, ...request, detail: { waitSeconds, failures: time } });
    told.after(waitSeconds > 1000 ? 600 : waitSeconds);
  }
}

function look({ told }: Story): void {
  told.tell({ name: 'admin-viewed', ...admin(asker), detail: { page: 'person' } });
  told.after(90);
}

function admin(by: string): Partial<MfaEvent> {
  return {
    actor: 'admin',
    by,
    ip: '198.51.100.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Firefox/142.0',
  };
}

/** One asks, another approves; then `done` happens. */
function approved(story: Story, action: string, reason: string, done: () => void): void {
  const { told, chance } = story;
  const detail = { case: chance.token(12), action, askedBy: asker };
  look(story);
  told.tell({ name: 'case-opened', ...admin(asker), detail: { ...detail, reason } });
  told.after(1500);
  told.tell({ name: 'case-approved', ...admin(approver), detail: { ...detail, reason: 'called them back' } });
  done();
}

function enrollAnew({ told, life, chance }: Story): void {
  const [usual] = life.methods;
  const kind = usual?.kind ?? 'totp';
  told.after(120);
  told.tell({ name: 'enrollment-begun', kind });
  told.after(30);
  const at = told.after(0);
  told.tell({ name: 'authenticator-enrolled', kind, authenticatorId: idOf(kind, life.person), outcome: 'accepted' });
  tellCodesMade(told, chance.happens(0.5));
  life.methods = [{ kind, id: idOf(kind, life.person), createdAt: at, lastUsedAt: at }];
  life.codes = { createdAt: told.after(0), usedAt: [] };
  delete life.trusted;
}

/** By how long ago, in days; of people who have a method, but where it says `without`. */
const stories: readonly { ago: number; without?: true; tell: (story: Story) => void }[] = [
  ...[83, 61, 34, 12, 4].map((ago) => ({
    ago,
    tell(story: Story) {
      attack(story, 6);
      story.told.after(2400);
      look(story);
      story.told.tell({ name: 'unlocked', ...admin(asker), detail: { reason: 'locked by somebody else’s attempts' } });
    },
  })),
  ...[71, 45, 16].map((ago) => ({
    ago,
    tell(story: Story) {
      const { told } = story;
      told.tell({ name: 'recovery-required' });
      told.after(3000);
      approved(story, 'reset', 'phone lost, seen in person', () => {
        told.tell({ name: 'reset', ...admin(asker), detail: { reason: 'phone lost, seen in person' } });
      });
      enrollAnew(story);
      told.tell({ name: 'recovery-completed' });
    },
  })),
  ...[52, 23, 9, 0.25, 0.2].map((ago) => ({
    ago,
    tell(story: Story) {
      const { told, life, endsAt } = story;
      const reason = 'phone and codes lost while travelling';
      const pass = { kind: 'pass', authenticatorId: idOf('pass', life.person) };
      approved(story, 'pass', reason, () => {
        told.tell({ name: 'pass-issued', ...admin(asker), ...pass, detail: { reason, validMinutes: 60 } });
      });
      told.after(400);
      const since = told.after(0);
      const request = requestOf(life.person, story.chance);
      told.tell(
        { name: 'verification-accepted', ...request, ...pass, outcome: 'accepted', detail: { seconds: 48 } },
        { name: 'pass-used', ...request, ...pass },
      );
      enrollAnew(story);
      const until = since + daySeconds;
      if (until > endsAt) life.fate = { hold: { since, until } };
    },
  })),
  ...[40, 8, 3].map((ago) => ({
    ago,
    without: true as const,
    tell(story: Story) {
      const until = story.told.after(0) + 20 * daySeconds;
      const reason = 'the key is on its way by post';
      approved(story, 'exempt', reason, () => {
        story.told.tell({ name: 'exempted', ...admin(asker), detail: { reason, until } });
      });
      story.life.fate = { exemption: { from: until - 20 * daySeconds, until } };
    },
  })),
  ...[66, 19, 5].map((ago) => ({
    ago,
    tell(story: Story) {
      look(story);
      story.told.tell({ name: 'suspended', ...admin(asker), detail: { source: 'admin', reason: 'left the company' } });
      story.life.fate = { suspendedAt: story.told.after(0) };
    },
  })),
  ...[29, 6].map((ago) => ({
    ago,
    tell(story: Story) {
      attack(story, 9);
      story.told.tell({ name: 'authenticator-disabled', ...attacker, ...ownOf(story) });
      story.life.fate = { disabledAt: story.told.after(0) };
    },
  })),
  ...[14, 2].map((ago) => ({
    ago,
    tell(story: Story) {
      look(story);
      const reason = 'the printed codes lay open on a desk';
      story.told.tell({ name: 'backup-codes-owed', ...admin(asker), detail: { reason } });
      story.life.fate = { owesCodes: true };
    },
  })),
  {
    ago: 11,
    tell({ told }) {
      told.tell({
        name: 'notice-objected',
        detail: { what: 'authenticator-enrolled', did: 'taken-away', removed: true },
      });
    },
  },
  ...[0.06, 0.05].map((ago) => ({
    ago,
    tell(story: Story) {
      attack(story, 12);
      story.life.fate = { lockedUntil: story.endsAt + 3300 };
    },
  })),
];

function ownOf({ life }: Story): { kind?: string; authenticatorId?: string } {
  const [usual] = life.methods;
  return usual ? { kind: usual.kind, authenticatorId: usual.id } : {};
}

/**
 * Tells each story of somebody of their own, as far as there are people and days for it. What a person does by themselves
 * ends where their story begins.
 */
export function tellStories(lives: readonly Life[], { endsAt, days }: Span, chance: Chance): void {
  const left = lives.filter(({ person }) => !person.email.endsWith('@admin.example') && person.joinedDay > days);
  for (const { ago, without = false, tell } of stories) {
    if (ago > days - 1) continue;
    const place = left.findIndex(({ methods }) => (methods.length === 0) === without);
    const [life] = place < 0 ? [] : left.splice(place, 1);
    if (!life) continue;
    const at = endsAt - Math.round(ago * daySeconds);
    endBy(life, at);
    const told = teller(life, requestOf(life.person, chance));
    told.at(at);
    tell({ told, life, chance, at, endsAt });
    // What would be later than now has not happened.
    life.events = life.events.filter((event) => Date.parse(event.at) <= endsAt * 1000);
  }
}

function endBy(life: Life, at: number): void {
  life.events = life.events.filter((event) => Date.parse(event.at) < at * 1000);
  const used = life.methods.filter(({ lastUsedAt = 0 }) => lastUsedAt < at);
  life.methods = life.methods.map((method) =>
    used.includes(method) ? method : { ...method, lastUsedAt: at - 3 * daySeconds },
  );
  if (life.codes) life.codes = { createdAt: Math.min(life.codes.createdAt, at - 60), usedAt: [] };
  if (life.trusted && life.trusted.createdAt >= at) delete life.trusted;
}

/** What administrators do with the log itself, and one bad day of guesses against many. */
export function operation(lives: readonly Life[], { endsAt, days }: Span, chance: Chance): MfaEvent[] {
  const events: MfaEvent[] = [];
  const tell = (ago: number, event: Partial<MfaEvent> & Pick<MfaEvent, 'name'>) => {
    if (ago <= days - 1) events.push({ actor: 'admin', ...event, at: timeAt(endsAt - ago * daySeconds) });
  };
  for (let ago = 2; ago < days; ago += 7) tell(ago, { name: 'audit-read', by: approver, detail: { entries: 50 } });
  for (let ago = 9; ago < days; ago += 14) {
    const detail = { entries: 20_000, broken: 0, sound: true };
    tell(ago + 0.01, { name: 'audit-verified', by: approver, detail });
  }
  for (const ago of [58, 28])
    tell(ago, { name: 'export-made', by: approver, detail: { format: 'csv', entries: 12_000, whole: true } });
  for (const ago of [47, 30.4, 13.2])
    tell(ago, {
      name: 'request-refused',
      actor: 'user',
      outcome: 'refused',
      reason: 'request.csrf',
      ...attacker,
      detail: { by: 'origin' },
    });
  const targets = lives.filter(({ methods }) => methods[0]?.kind === 'totp').slice(0, 60);
  targets.forEach(({ person, methods: [own] }, at) => {
    if (!own) return;
    const event = { kind: own.kind, authenticatorId: own.id, outcome: 'refused' as const, reason: wrong[own.kind] };
    const request = { ...requestOf(attacker, chance), userId: person.id };
    for (let time = 0; time < 2; time += 1)
      tell(20 + at * 0.0004 - time * 0.0001, { name: 'verification-refused', actor: 'user', ...event, ...request });
  });
  return events;
}

const timeAt = (seconds: number): string => new Date(Math.round(seconds) * 1000).toISOString();
