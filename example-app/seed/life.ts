// One person's days, as the audit log tells them: sign-ins, slips, backup codes, browsers that are trusted. Beside what happened it
// says how the person stands at the end, so that their record tells the same story.
import type { ErrorCode, EventName, MfaEvent } from 'express-mfa';
import type { Chance } from './chance.js';
import type { Kind, SeededPerson } from './people.js';

/** One method at the end; times in Unix seconds. */
export type OwnMethod = { kind: Kind; id: string; createdAt: number; lastUsedAt?: number };

export type Life = {
  person: SeededPerson;
  events: MfaEvent[];
  methods: OwnMethod[];
  codes?: { createdAt: number; usedAt: number[] };
  trusted?: { id: string; createdAt: number; lastUsedAt: number };
  skippedAt?: number;
  fate?: Fate;
};

/** How a story left them; times in Unix seconds. */
export type Fate = {
  suspendedAt?: number;
  hold?: { since: number; until: number };
  exemption?: { from: number; until: number };
  lockedUntil?: number;
  disabledAt?: number;
  owesCodes?: true;
};

/** The days from first to last, all in UTC; nothing happens after `endsAt`, Unix seconds. */
export type Span = { endsAt: number; days: number };

export const daySeconds = 86_400;
export const totalCodes = 10;
const lowAt = 3;

export const wrong: { readonly [kind in Kind | 'backup-codes']: ErrorCode } = {
  webauthn: 'session.mfa.webauthn_verification_failed',
  totp: 'session.mfa.invalid_totp_code',
  email: 'verification_code.code_mismatch',
  sms: 'verification_code.code_mismatch',
  'backup-codes': 'session.mfa.invalid_backup_code',
};

/** How often an answer is wrong, and the seconds that a usual one takes. */
const habits: { readonly [kind in Kind | 'backup-codes']: { slips: number; seconds: number } } = {
  webauthn: { slips: 0.015, seconds: 3 },
  totp: { slips: 0.045, seconds: 9 },
  email: { slips: 0.04, seconds: 24 },
  sms: { slips: 0.06, seconds: 15 },
  'backup-codes': { slips: 0.12, seconds: 40 },
};

type Told = Partial<MfaEvent> & { name: EventName };

/** Tells what happened to a person, one second after the other. */
export function teller(life: Pick<Life, 'person' | 'events'>, from: Partial<MfaEvent> = {}) {
  let at = 0;
  return {
    /** @param seconds Unix time of what is told next */
    at(seconds: number) {
      at = seconds;
    },
    after(seconds: number) {
      at += seconds;
      return at;
    },
    tell(...told: readonly Told[]) {
      for (const each of told) {
        // An administrator's request is another one.
        const request = each.actor === 'admin' ? {} : from;
        const common = { userId: life.person.id, actor: 'user' as const, ...request };
        life.events.push({ ...common, ...each, at: new Date(at * 1000).toISOString() });
        at += 1;
      }
    },
  };
}

/** What a request of theirs says of itself: browser, network and digests of sign-in and session. */
export function requestOf(
  { ip, userAgent }: Pick<SeededPerson, 'ip' | 'userAgent'>,
  chance: Chance,
): Partial<MfaEvent> {
  return { ip, userAgent, method: 'POST', flow: chance.token(22), session: chance.token(22) };
}

export function idOf(kind: string, person: SeededPerson): string {
  return `${kind}-${person.id}`;
}

export function livedBy(person: SeededPerson, { endsAt, days }: Span, chance: Chance): Life {
  const today = Math.floor(endsAt / daySeconds) * daySeconds;
  const life: Life = { person, events: [], methods: [] };
  if (person.joinedDay > days) setUpBefore(life, today - person.joinedDay * daySeconds + 36_000, chance);
  for (let ago = days - 1; ago >= 0; ago -= 1) {
    const day = today - ago * daySeconds;
    const weekday = new Date(day * 1000).getUTCDay();
    const share = weekday === 0 || weekday === 6 ? person.rate * 0.12 : person.rate;
    const at = day + 23_000 + Math.floor(18_000 * (chance.next() + chance.next()));
    if (person.joinedDay === ago && at < endsAt - 600) join(life, at, chance);
    else if (person.joinedDay > ago && chance.happens(share) && at < endsAt - 600) signIn(life, at, { chance, ago });
  }
  return life;
}

function setUpAt(life: Life, at: number, kinds: readonly Kind[]): void {
  const { person } = life;
  life.methods = kinds.map((kind) => ({ kind, id: idOf(kind, person), createdAt: at }));
  if (kinds.length > 0) life.codes = { createdAt: at + 90, usedAt: [] };
}

/** Of whoever came before the history began, some have used codes already. */
function setUpBefore(life: Life, at: number, chance: Chance): void {
  setUpAt(life, at, life.person.kinds);
  const used = chance.happens(0.15) ? 1 + chance.below(totalCodes - 2) : 0;
  life.codes?.usedAt.push(...Array.from({ length: used }, (_, time) => at + (time + 1) * 3600));
}

export function tellCodesMade({ tell }: ReturnType<typeof teller>, isSaved: boolean): void {
  const kind = 'backup-codes';
  tell({ name: 'backup-codes-generated', kind }, { name: 'backup-codes-shown', kind });
  if (isSaved) tell({ name: 'backup-codes-downloaded', kind });
  tell({ name: 'backup-codes-confirmed', kind, outcome: 'accepted' });
}

function join(life: Life, at: number, chance: Chance): void {
  const { person } = life;
  const told = teller(life, requestOf(person, chance));
  told.at(at);
  told.tell({ name: 'enrollment-required', detail: { step: 'enroll' } });
  if (person.kinds.length === 0) {
    told.tell({ name: 'prompt-skipped', detail: { what: 'enroll' } });
    life.skippedAt = at;
    return;
  }
  setUpAt(life, at + 40, person.kinds);
  for (const { kind, id } of life.methods) {
    told.tell({ name: 'enrollment-begun', kind });
    told.after(25);
    told.tell(
      { name: 'authenticator-enrolled', kind, authenticatorId: id, outcome: 'accepted' },
      {
        name: 'notice-sent',
        kind: 'email',
        actor: 'system',
        detail: { what: 'authenticator-enrolled', sender: 'outbox' },
      },
    );
  }
  tellCodesMade(told, chance.happens(0.4));
}

function signIn(life: Life, at: number, { chance, ago }: { chance: Chance; ago: number }): void {
  const { person, methods, codes, trusted } = life;
  const told = teller(life, requestOf(person, chance));
  told.at(at);
  const [usual, other] = methods;
  if (!usual) {
    if (chance.happens(0.1)) told.tell({ name: 'prompt-skipped', detail: { what: 'enroll' } });
    life.skippedAt = at;
    return;
  }
  if (trusted && chance.happens(0.7)) {
    told.tell({ name: 'browser-trust-used', detail: { browser: trusted.id } });
    trusted.lastUsedAt = at;
    return;
  }
  told.tell({ name: 'verification-required' });
  const method = other && chance.happens(0.25) ? other : usual;
  if (!reached(told, method.kind, chance, ago)) return;
  const byCode = codes && codes.usedAt.length < totalCodes && chance.happens(0.02);
  const kind = byCode ? 'backup-codes' : method.kind;
  answer(told, { kind, id: byCode ? idOf(kind, person) : method.id, chance });
  if (byCode) useCode(life, told, chance);
  else method.lastUsedAt = told.after(0);
  if (!trusted && person.trustsBrowser && chance.happens(0.3)) {
    const id = chance.token(16);
    told.tell({ name: 'browser-trusted', kind, detail: { browser: id } });
    life.trusted = { id, createdAt: at, lastUsedAt: at };
  }
}

/** Whether the question arrived: a code that was not sent is waited for in vain. In the last days the sender of SMS fails. */
function reached(told: ReturnType<typeof teller>, kind: Kind, chance: Chance, ago: number): boolean {
  if (kind === 'totp') return true;
  told.tell({ name: 'challenge-issued', kind });
  if (kind === 'webauthn') return true;
  const detail = { sender: 'outbox' };
  if (chance.happens(kind === 'sms' && ago < 3 ? 0.35 : 0.006)) {
    told.tell({ name: 'code-not-sent', kind, outcome: 'refused', reason: 'connector.send_failed', detail });
    return false;
  }
  told.tell({ name: 'code-sent', kind, detail: { number: 1, ...detail } });
  return true;
}

type Answered = { kind: Kind | 'backup-codes'; id: string; chance: Chance };

function answer(told: ReturnType<typeof teller>, { kind, id, chance }: Answered): void {
  const { slips, seconds } = habits[kind];
  const took = Math.max(1, Math.round(seconds * Math.exp(1.1 * (chance.next() + chance.next() - 0.9))));
  told.after(took);
  for (let slip = 0; slip < 3 && chance.happens(slips); slip += 1) {
    told.tell({ name: 'verification-refused', kind, authenticatorId: id, outcome: 'refused', reason: wrong[kind] });
    told.after(8);
  }
  told.tell({
    name: 'verification-accepted',
    kind,
    authenticatorId: id,
    outcome: 'accepted',
    detail: { seconds: took },
  });
}

function useCode(life: Life, told: ReturnType<typeof teller>, chance: Chance): void {
  const { codes } = life;
  if (!codes) return;
  codes.usedAt.push(told.after(0));
  const left = totalCodes - codes.usedAt.length;
  const detail = { left, total: totalCodes };
  told.tell({ name: 'backup-code-used', kind: 'backup-codes', detail });
  if (left > lowAt) return;
  told.tell({ name: 'backup-codes-low', kind: 'backup-codes', detail });
  if (left > 1 && chance.happens(0.6)) return;
  tellCodesMade(told, chance.happens(0.4));
  life.codes = { createdAt: told.after(0), usedAt: [] };
}
