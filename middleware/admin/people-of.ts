// Whom an administrator may see, and what they are called: names from the app's directory, ids sealed for addresses, people of
// other tenants not there. No address of a person leaves here in full.
import type { Directory, DirectoryPerson } from '../../src/core/operators/desk.js';
import { isMfaError, MfaError } from '../../src/core/words/errors.js';
import { maskLabel } from '../../src/core/words/mask.js';
import type { MfaCore } from '../../src/mfa.js';
import type { AdminVisit } from './admin-visit.js';

/** Somebody, as far as administrators are told. */
export type Person = { id: string; name: string; shownId: string; tenant?: string; isAdmin?: boolean };

const belongsTo = { userId: '', authenticatorId: '', purpose: 'person in an address' };

/** The id of a person, sealed: the same each time, and no address in an address. */
export function sealedId({ kernel }: MfaCore, userId: string): string {
  return kernel.sealer.sealAlike(userId, belongsTo);
}

/** Undefined for a text that this app did not seal. */
export function openedId({ kernel }: MfaCore, sealed: unknown): string | undefined {
  try {
    return typeof sealed === 'string' && sealed.length < 2000 ? kernel.sealer.open(sealed, belongsTo) : undefined;
  } catch (error) {
    if (isMfaError(error)) return undefined;
    throw error;
  }
}

/** A name for pages and titles: no sign that turns the line around it, none that breaks it, and no address. */
export function nameForAdmins(name: string): string {
  const text = name
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .trim();
  return maskLabel([...text].slice(0, 100).join(''));
}

/** @throws MfaError `directory.unavailable` */
async function ask<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw new MfaError('directory.unavailable', '`administration.directory` failed.', { cause });
  }
}

function directoryOf({ mfa }: Pick<AdminVisit, 'mfa'>): Directory | undefined {
  return mfa.config.administration.directory;
}

function told(id: string, { name, tenant, isAdmin }: DirectoryPerson): Person {
  const shownId = nameForAdmins(id);
  const plain = typeof name === 'string' ? nameForAdmins(name) : '';
  return {
    id,
    name: plain === '' ? shownId : plain,
    shownId,
    ...(tenant === undefined ? {} : { tenant: nameForAdmins(tenant) }),
    ...(isAdmin === undefined ? {} : { isAdmin }),
  };
}

/** Of another tenant nobody is there. Without a directory everybody is who they are. */
export async function personOf(visit: AdminVisit, id: string): Promise<Person | undefined> {
  const directory = directoryOf(visit);
  if (!directory) return told(id, {});
  const found = (await ask(() => directory.get(id))) ?? {};
  const { tenant } = visit.admin;
  return tenant === undefined || found.tenant === tenant ? told(id, found) : undefined;
}

/** @throws MfaError `session.verification_session_not_found` */
export async function personAt(visit: AdminVisit, sealed: unknown): Promise<Person> {
  const id = openedId(visit.mfa, sealed);
  const person = id === undefined ? undefined : await personOf(visit, id);
  if (person) return person;
  throw new MfaError('session.verification_session_not_found', 'There is no such person.');
}

/** The people whom this text may mean, `limit` at most; the one of that very id first. */
export async function findPeople(visit: AdminVisit, text: string, limit: number): Promise<Person[]> {
  const directory = directoryOf(visit);
  const { tenant } = visit.admin;
  const asked = { limit, ...(tenant === undefined ? {} : { tenant }) };
  const found = (await ask(async () => directory?.find?.(text, asked))) ?? [];
  const ofTenant = found.filter((one) => tenant === undefined || one.tenant === tenant);
  const byId = (await isKnown(visit, text)) ? await personOf(visit, text) : undefined;
  const others = ofTenant.filter(({ id }) => id !== byId?.id).map((one) => told(one.id, one));
  return [...(byId ? [byId] : []), ...others].slice(0, limit);
}

async function isKnown(visit: AdminVisit, id: string): Promise<boolean> {
  const directory = directoryOf(visit);
  if (directory && (await ask(() => directory.get(id)))) return true;
  const { revision } = await visit.mfa.kernel.store.load(id).catch((error: unknown) => {
    // One whose record cannot be read is there all the same.
    if (isMfaError(error) && error.code !== 'store.unavailable') return { revision: '' };
    throw error;
  });
  return revision !== undefined;
}
