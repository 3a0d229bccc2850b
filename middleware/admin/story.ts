// The latest of what the audit log says of somebody, as a story: sign-in by sign-in, the newest first, inside each as it
// happened. Networks stand in the log alone, which not every administrator may read.
import type { MfaCore } from '../../src/mfa.js';
import type { AdminPersonModel, StoryEntry } from '../pages/admin-models.js';
import { hasRight, type AdminVisit } from './admin-visit.js';
import { nameForAdmins } from './people-of.js';

export type Audit = NonNullable<MfaCore['audit']>;
export type Entry = Awaited<ReturnType<Audit['read']>>['entries'][number];

const latest = 50;

export async function storyOf(visit: AdminVisit, userId: string): Promise<Pick<AdminPersonModel, 'story'>> {
  const { audit } = visit.mfa;
  if (!audit) return {};
  const { entries } = await audit.read({ userId, limit: latest });
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    // What belongs to no sign-in stands by itself.
    const key = entry.flow ?? entry.id;
    groups.set(key, [entry, ...(groups.get(key) ?? [])]);
  }
  const mayRead = hasRight(visit.admin, ['audit']);
  return {
    story: [...groups.values()].map((group) => ({
      at: secondsOf(group[0]),
      ...(mayRead && group[0]?.flow !== undefined
        ? { url: `${visit.home}/audit?flow=${encodeURIComponent(group[0].flow)}` }
        : {}),
      entries: group.map((entry) => storyEntry(visit, entry)),
    })),
  };
}

export function secondsOf(entry: Entry | undefined): number {
  return entry ? Math.floor(Date.parse(entry.time) / 1000) : 0;
}

export function storyEntry({ mfa }: Pick<AdminVisit, 'mfa'>, entry: Entry): StoryEntry {
  const { name, factor, actor, outcome, reason, personal, detail } = entry;
  const browser = mfa.kernel.nameBrowser(personal.userAgent);
  const count = detail?.['count'];
  const isByOther = actor.type === 'admin' || actor.type === 'cli';
  return {
    at: secondsOf(entry),
    what: name,
    ...(factor === undefined ? {} : { kind: factor.kind }),
    ...(isByOther && actor.id !== undefined ? { by: nameForAdmins(actor.id) } : {}),
    ...(outcome === 'failure' ? { refused: true, ...(reason === undefined ? {} : { code: reason }) } : {}),
    ...(browser === undefined ? {} : { browser }),
    ...(typeof count === 'number' && count > 1 ? { count } : {}),
    ...riskIn(entry),
  };
}

/** What made a sign-in look risky; what was erased is left out. */
function riskIn({ name, detail, personal }: Entry): Pick<StoryEntry, 'risk'> {
  if (name !== 'risk-assessed') return {};
  const { level, score } = detail ?? {};
  const signals = (personal.risk ?? '').split(' ').filter((signal) => signal !== '');
  return { risk: { level: String(level), score: Number(score), signals } };
}
