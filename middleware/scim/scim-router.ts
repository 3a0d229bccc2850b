// Where a directory provisions people: the routes of RFC 7644 at a mount of their own. Loaded by `express-mfa/scim` alone.
import { Router, type Router as ExpressRouter } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import type { MfaCore } from '../../src/mfa.js';
import { checkCallOptions } from '../../src/validation.js';
import { resourceTypes, schemas, serviceProviderConfig } from '../../src/scim/discovery.js';
import { expectDirectory } from '../../src/scim/heard.js';
import { applyPatch, applyWhole, type Wanted } from '../../src/scim/patch.js';
import { badRequest, ScimError } from '../../src/scim/scim-error.js';
import type { Fields } from '../../src/scim/schema.js';
import { inTurn } from '../../src/scim/turns.js';
import type { ScimUser } from '../../src/scim/users.js';
import { sendJson } from '../http/send-json.js';
import { answerList, answerPage, answerUser, keptOf, names, queryOf, shown, unknown, userAt } from './read-user.js';
import { readScimBody } from './scim-body.js';
import { behindToken, noRoute, scimType, type ScimRoute } from './scim-gate.js';
import type { ScimRouterOptions, ScimVisit } from './scim-visit.js';
import { bringAbout, create, removeUser } from './write-user.js';

/**
 * SCIM 2.0 for Entra ID, Okta and others: `app.use('/scim/v2', scimRouter(mfa, { users, tokens }))`, before sessions and guards: a
 * directory comes by its token alone.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function scimRouter(mfa: MfaCore, options: ScimRouterOptions): ExpressRouter {
  checkCallOptions('scimRouter', options);
  const { tokens } = options;
  if (new Set(tokens.map(({ sha256 }) => sha256.toLowerCase())).size < tokens.length)
    throw new MfaError(
      'config.invalid_option',
      'scimRouter: `tokens` has the same token twice; each is of one tenant.',
    );
  for (const { tenant } of tokens) expectDirectory(mfa.kernel, tenant);
  const router = Router();
  const behind = (does: ScimRoute['does'], flow: ScimRoute['flow']) => behindToken(mfa, options, { does, flow });
  router.get(
    '/Users',
    behind('read', (visit) => answerList(visit, queryOf(visit))),
  );
  router.post('/Users', behind('write', createUser));
  router.post('/Users/.search', behind('read', search));
  router.get('/Users/:id', behind('read', readUser));
  router.put(
    '/Users/:id',
    behind('write', (visit) => writeUser(visit, (body) => (user) => applyWhole(keptOf(user), body))),
  );
  router.patch(
    '/Users/:id',
    behind('write', (visit) => writeUser(visit, (body) => (user) => applyPatch(keptOf(user), body, user.id))),
  );
  router.delete('/Users/:id', behind('write', deleteUser));
  router.get(
    '/ServiceProviderConfig',
    behind('read', (visit) => answer(visit, serviceProviderConfig(visit.base))),
  );
  router.get(
    '/Schemas',
    behind('read', (visit) => answerPage(visit, schemas(visit.base))),
  );
  router.get(
    '/Schemas/:id',
    behind('read', (visit) => answerOne(visit, schemas(visit.base))),
  );
  router.get(
    '/ResourceTypes',
    behind('read', (visit) => answerPage(visit, resourceTypes(visit.base))),
  );
  router.get(
    '/ResourceTypes/:id',
    behind('read', (visit) => answerOne(visit, resourceTypes(visit.base))),
  );
  for (const path of ['/Groups', '/Bulk', '/Me']) router.use(path, behindToken(mfa, options, noRoute(501)));
  router.use(behindToken(mfa, options, noRoute(404)));
  return router;
}

function idIn({ req }: ScimVisit): string {
  const id = req.params['id'] as string;
  // No id of anybody is longer.
  if (id.length > 255) throw unknown();
  return id;
}

function answer({ res }: ScimVisit, fields: Fields): void {
  sendJson(res, fields, 200, scimType);
}

function answerOne(visit: ScimVisit, all: readonly Fields[]): void {
  const found = all.find(({ id }) => id === idIn(visit));
  if (!found) throw new ScimError(404, 'There is nothing here.');
  answer(visit, found);
}

async function readUser(visit: ScimVisit): Promise<void> {
  const user = await userAt(visit, idIn(visit));
  if (!user) throw unknown();
  await answerUser(visit, user, 200);
}

/** A search by POST (RFC 7644 §3.4.3): no address stands in a URL. */
async function search(visit: ScimVisit): Promise<void> {
  const body = await readScimBody(visit);
  const query = new URLSearchParams();
  for (const name of ['filter', 'startIndex', 'count', 'attributes', 'excludedAttributes']) {
    const given = body[name];
    const text = Array.isArray(given) ? given.join(',') : typeof given === 'number' ? String(given) : given;
    if (text !== undefined && typeof text !== 'string') throw badRequest('invalidValue', `\`${name}\` takes a text.`);
    if (text !== undefined) query.append(name, text);
  }
  await answerList(visit, query);
}

async function createUser(visit: ScimVisit): Promise<void> {
  const wanted = applyWhole({}, await readScimBody(visit));
  await answerUser(visit, await create(visit, wanted), 201);
}

/** @throws ScimError 412 where it was another version that was to be changed */
async function checkVersion(visit: ScimVisit, user: ScimUser): Promise<void> {
  const wanted = visit.req.headers['if-match'];
  if (wanted === undefined) return;
  const { meta } = await shown(visit, user);
  if (!names(wanted, meta['version'] as string)) throw new ScimError(412, 'This user has changed.');
}

async function writeUser(visit: ScimVisit, wants: (body: Fields) => (user: ScimUser) => Wanted): Promise<void> {
  const wish = wants(await readScimBody(visit));
  const id = idIn(visit);
  // A stranger's id costs nobody a turn.
  if (!(await userAt(visit, id))) throw unknown();
  const updated = await inTurn(visit.mfa.kernel, id, 'user', async () => {
    const user = await userAt(visit, id);
    if (!user) throw unknown();
    await checkVersion(visit, user);
    return bringAbout(visit, user, wish(user));
  });
  await answerUser(visit, updated, 200);
}

async function deleteUser(visit: ScimVisit): Promise<void> {
  const id = idIn(visit);
  await inTurn(visit.mfa.kernel, id, 'user', async () => {
    const user = await userAt(visit, id);
    if (user) await checkVersion(visit, user);
    if (!(await removeUser(visit, id, user))) throw unknown();
  });
  visit.res.statusCode = 204;
  visit.res.end();
}
