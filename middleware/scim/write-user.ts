// Brings about how a directory wants a user: the one function in which every way of writing ends. Who loses access loses it first, and
// it is said to be done once all of it is; who gets it back gets it last.
import { endHostSessions } from '../../src/core/flows/end-sign-ins.js';
import { isEnded, readmitUser, resumeUser, suspendUser } from '../../src/core/operators/suspend.js';
import { deprovisionUser } from '../../src/core/operators/deprovision.js';
import { isAltered } from '../../src/core/kernel/bound-store.js';
import { followDirectory } from '../../src/scim/addresses.js';
import type { Wanted } from '../../src/scim/patch.js';
import { badRequest, ScimError } from '../../src/scim/scim-error.js';
import type { Fields } from '../../src/scim/schema.js';
import { inTurn, nobody } from '../../src/scim/turns.js';
import type { ScimAttributes, ScimUser } from '../../src/scim/users.js';
import { findUsers, hostUser, keptOf } from './read-user.js';
import { asked, hostFailed, type ScimVisit } from './scim-visit.js';
import { suspendHere } from './deactivate.js';

/** Says of nobody who it is: the name may be taken by a person whom this directory does not know. */
function taken(): ScimError {
  return new ScimError(409, 'This userName is taken.', 'uniqueness');
}

/** While nobody else of this tenant is given that name. `having`: who has it. */
async function naming<T>(visit: ScimVisit, userName: string, work: (having: ScimUser[]) => Promise<T>): Promise<T> {
  const { kernel } = visit.mfa;
  const name = kernel.sealer.hashToken(JSON.stringify([visit.tenant ?? null, userName.toLowerCase()]));
  return inTurn(kernel, nobody, name, async () => {
    const filter = { op: 'eq', path: 'userName', value: userName, exact: false } as const;
    const { users } = await findUsers(visit, { filter, startIndex: 1, count: 2 });
    return work(users);
  });
}

function checked({ attributes }: Wanted): ScimAttributes {
  const { userName } = attributes;
  if (typeof userName !== 'string' || userName.trim() === '')
    throw badRequest('invalidValue', '`userName` takes a text.');
  return attributes as ScimAttributes;
}

/** @param current as the host has them now; the caller has the turn */
export async function bringAbout(visit: ScimVisit, current: ScimUser, wanted: Wanted): Promise<ScimUser> {
  const { userName } = checked(wanted);
  const change = () => update(visit, current, wanted);
  if (userName === current.userName) return change();
  return naming(visit, userName, (having) => {
    if (having.some(({ id }) => id !== current.id)) throw taken();
    return change();
  });
}

async function update(visit: ScimVisit, current: ScimUser, wanted: Wanted): Promise<ScimUser> {
  const { mfa, options, tenant, by } = visit;
  const { kernel, config } = mfa;
  const { id } = current;
  const attributes = checked(wanted);
  const says = wanted.named.has('active') ? attributes.active !== false : undefined;
  let fault: unknown;
  const isNew =
    says === false &&
    (await suspendHere(visit, id).catch((error: unknown) => {
      // Whose record was altered is refused anyhow; the rest is done all the same, and said not to be all.
      if (!isAltered(error)) throw error;
      fault = error;
      return false;
    }));
  let updated: ScimUser | 'taken';
  try {
    updated = await asked('update', () => options.users.update(id, attributes, tenant));
  } finally {
    // Whatever the host's function did: nobody goes on with a session of before.
    if (says === false) await endHostSessions(config.endSessions, id, {});
  }
  if (updated === 'taken') {
    if (isNew) await resumeUser(kernel, id, { by, source: 'scim' });
    throw taken();
  }
  const user = hostUser(updated, 'update', id);
  if (fault instanceof Error) throw fault;
  if (says === true) {
    await resumeUser(kernel, id, { by, source: 'scim' });
    // An end that was begun is called off: what is left of it would end whoever has moved on to another tenant since.
    await kernel.store.take(id, removing);
  }
  if (says !== false)
    await followDirectory(kernel, visit, { id, before: keptOf(current), after: attributes, named: wanted.named });
  return user;
}

/** A new account. Of two that ask for the same name at once one makes it. */
export async function create(visit: ScimVisit, wanted: Wanted): Promise<ScimUser> {
  const { options, tenant } = visit;
  const attributes = checked(wanted);
  return naming(visit, attributes.userName, async ([left, ...others]) => {
    // Made a moment ago, and not let in yet: whoever asks again goes on with it.
    const isLeft = left && others.length === 0 && isEnded((await visit.mfa.kernel.store.load(left.id)).record);
    if (left && !isLeft) throw taken();
    const made = left
      ? await asked('update', () => options.users.update(left.id, attributes, tenant))
      : await asked('create', () => options.users.create(attributes, tenant));
    if (made === 'taken') throw taken();
    const user = hostUser(made, left ? 'update' : 'create', left?.id);
    await admit(visit, user.id, attributes);
    return user;
  });
}

async function admit({ mfa, by }: ScimVisit, id: string, { active }: Fields): Promise<void> {
  const { kernel } = mfa;
  const { record } = await kernel.store.load(id);
  // Whoever linked the new one to somebody who is there, by a mail address, would hand their account over.
  if (record?.account === undefined && record?.protected === true)
    throw hostFailed('`users.create` answered the id of somebody who is there');
  await readmitUser(kernel, id, { by }, active === false ? 'barred' : 'free');
  if (active === false) await suspendUser(kernel, id, { by, source: 'scim' });
}

const removing = 'scim-removing';
const removingSeconds = 30 * 86_400;

/** @param user as the host has them; without, only what an earlier attempt of this tenant left over is done. @returns whether there was one */
export async function removeUser(visit: ScimVisit, id: string, user: ScimUser | undefined): Promise<boolean> {
  const { mfa, options, tenant, by } = visit;
  const { kernel, config } = mfa;
  const mark = [tenant ?? null];
  if (user) {
    await suspendHere(visit, id).catch((error: unknown) => {
      if (!isAltered(error)) throw error;
    });
    await kernel.store.put(id, removing, mark, removingSeconds);
    try {
      await asked('remove', () => options.users.remove(id, tenant));
    } finally {
      await endHostSessions(config.endSessions, id, {});
    }
  } else if (JSON.stringify(await kernel.store.get(id, removing)) !== JSON.stringify(mark)) return false;
  await deprovisionUser(kernel, id, { by }, 'scim');
  await kernel.store.take(id, removing);
  return true;
}
