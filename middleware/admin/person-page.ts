// `/people/:person`: how somebody stands, what happened, and what may be done. Each look is told, with who looked.
import { enrolledOf } from '../../src/core/rules/situation.js';
import { factorOf } from '../../src/core/kernel/kernel.js';
import type { Refused } from '../../src/core/words/outcome.js';
import type { AdminPersonModel } from '../pages/admin-models.js';
import type { AdminVisit } from './admin-visit.js';
import { caseModels, casesFor } from './case-models.js';
import { takeDraft, takeSaid } from './left-behind.js';
import { offeredActions } from './offered-actions.js';
import { frameOf, sendAdminPage, sendJson } from './page-frame.js';
import { personAt, sealedId, type Person } from './people-of.js';
import { describeFor, rowOf, seeRecord, type Seen } from './standing.js';
import { storyOf } from './story.js';
import { typedIn } from './typed-fields.js';

export async function showPerson(visit: AdminVisit): Promise<void> {
  const person = await personAt(visit, visit.req.params['person']);
  const { mfa, asker, admin } = visit;
  mfa.kernel.tell({ user: { id: person.id }, hints: asker.hints, signIn: asker.signIn }, [
    { name: 'admin-viewed', actor: 'admin', by: admin.name, detail: { page: 'person' } },
  ]);
  if (visit.json) return sendPersonJson(visit, person);
  await sendPerson(visit, person);
}

/** @param refused what was refused, and at which action */
export async function sendPerson(
  visit: AdminVisit,
  person: Person,
  refused?: { refusal: Refused; action: string },
): Promise<void> {
  const url = `${visit.home}/people/${sealedId(visit.mfa, person.id)}`;
  const isForm = refused !== undefined;
  const draft = isForm ? { about: `${url}/${refused.action}`, fields: typedIn(visit.body) } : await takeDraft(visit);
  const done = isForm ? undefined : await takeSaid(visit, url);
  const seen = await seeRecord(visit.mfa, person.id);
  const cases = (await casesFor(visit)).filter(({ userId }) => userId === person.id);
  const field = refused && fieldOf(refused.refusal, refused.action);
  await sendAdminPage(
    visit,
    'admin/person',
    {
      ...frameOf(visit, 'people', refused?.refusal, field),
      ...(done === undefined ? {} : { done }),
      name: person.name,
      person: rowOf(visit, person, seen),
      ...factsOf(visit, person, seen),
      actions: offeredActions(visit, person, seen, url, draft),
      waiting: await caseModels(visit, cases, draft),
      ...(await storyOf(visit, person.id)),
    },
    refused?.refusal,
  );
}

/** The input that a refusal is about. */
function fieldOf({ reason, details }: Refused, action: string): string | undefined {
  if (reason === 'admin.reason_missing') return `${action}-reason`;
  return reason === 'request.invalid' && details.field !== undefined ? `${action}-${details.field}` : undefined;
}

async function sendPersonJson(visit: AdminVisit, person: Person): Promise<void> {
  const { mfa, home } = visit;
  const url = `${home}/people/${sealedId(mfa, person.id)}`;
  const seen = await seeRecord(mfa, person.id);
  const cases = (await casesFor(visit)).filter(({ userId }) => userId === person.id);
  sendJson(visit, {
    person: sealedId(mfa, person.id),
    ...rowOf(visit, person, seen),
    ...factsOf(visit, person, seen),
    actions: offeredActions(visit, person, seen, url).map(({ action, not, approval }) => ({ action, not, approval })),
    waiting: await caseModels(visit, cases),
    ...(await storyOf(visit, person.id)),
  });
}

type Facts = Pick<
  AdminPersonModel,
  'methods' | 'codes' | 'locks' | 'browsers' | 'hold' | 'exemptUntil' | 'suspended' | 'owed' | 'unread'
>;

function factsOf(visit: AdminVisit, person: Person, { record, status }: Seen): Facts {
  const { kernel } = visit.mfa;
  const { locked, hold, exemptUntil, suspended = {}, owed, unread } = status;
  const now = kernel.now();
  const isPrimary = (kind: string) => factorOf(kernel, kind)?.rank === 'primary';
  return {
    ...(unread === undefined ? {} : { unread }),
    methods: status.authenticators
      .filter(({ kind }) => isPrimary(kind))
      .map(({ id, kind, name, createdAt, lastUsedAt, state }) => {
        const own = record?.authenticators.find((each) => each.id === id);
        const { masked } = own ? describeFor(kernel, person, own, visit.words.lang) : {};
        return {
          kind,
          ...(name === undefined ? {} : { name }),
          ...(typeof masked === 'string' ? { detail: masked } : {}),
          createdAt,
          ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
          state,
        };
      }),
    ...codesOf(visit, person, { status, ...(record ? { record } : {}) }),
    locks: locked.map(({ scope, until }) => {
      const [kind = ''] = scope.replace(/^enroll:/, '').split('/');
      return { ...(kind === '' ? {} : { kind }), ...(until === undefined ? {} : { until }) };
    }),
    browsers: (record?.trusted ?? [])
      .filter(({ expiresAt }) => expiresAt > now)
      .map(({ name, createdAt, lastUsedAt, expiresAt }) => ({
        ...(name === undefined ? {} : { name }),
        createdAt,
        ...(lastUsedAt === undefined ? {} : { lastUsedAt }),
        expiresAt,
      })),
    ...(hold ? { hold: { until: hold.until } } : {}),
    ...(exemptUntil === undefined ? {} : { exemptUntil }),
    suspended: Object.entries(suspended).map(([source, since]) => ({ source, since })),
    owed,
  };
}

/** The set without its codes: which of them were used, and when. */
function codesOf(visit: AdminVisit, person: Person, { record }: Seen): Pick<AdminPersonModel, 'codes'> {
  const { kernel } = visit.mfa;
  const set = record && enrolledOf(kernel, record).find(({ factor }) => factor.rank === 'backup');
  if (!set) return {};
  const { codes } = describeFor(kernel, person, set.authenticator, visit.words.lang);
  const used = (Array.isArray(codes) ? codes : []) as { index?: number; usedAt?: number }[];
  return {
    codes: {
      left: set.standing.left ?? 0,
      total: set.standing.total ?? 0,
      createdAt: set.authenticator.createdAt,
      ...(set.standing.expiresAt === undefined ? {} : { expiresAt: set.standing.expiresAt }),
      used: used.flatMap(({ index = 0, usedAt }) => (usedAt === undefined ? [] : [{ index, at: usedAt }])),
    },
  };
}
