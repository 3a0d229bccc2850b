// How samples are attacked: with a stolen password, by every way that the sample has. Each resolves where the sample holds.
import { expect } from 'chai';
import type { Block } from './markdown.js';
import { openSample, ownerAndThief, type Placing, type SampleSite } from './sample-host.js';

const served = 'of the host';

/** Neither program nor page nor form gets past, and no factor is added; the owner does, with the second factor. */
export async function keepsThiefOut(site: SampleSite, paths: readonly string[] = ['/account']): Promise<void> {
  const { secret, thief } = await ownerAndThief(site);
  for (const path of paths) {
    const told = await thief.jsonGet(path);
    expect(told.status, `${path}: ${told.text}`).to.be.oneOf([401, 403]);
    expect(told.text).not.to.include(served);
    const page = await thief.htmlGet(path);
    expect(page.status, path).to.equal(303);
    expect(page.headers['location']).to.match(/^\/mfa\/verify/);
    expect((await thief.post(path, {}, trusted(site))).text).not.to.include(served);
  }
  expect((await thief.jsonGet('/mfa/setup/totp')).status).to.equal(403);
  expect((await thief.postJson('/mfa/verify/totp', { code: '000000' })).status).to.equal(403);
  await thief.proveTotp(secret);
  for (const path of paths) expect((await thief.jsonGet(path).expect(200)).text).to.include(served);
}

const trusted = ({ url }: SampleSite) => ({ Origin: url });

/** A sample that is an app of its own. */
export async function wholeApp(block: Block, placing: Partial<Placing> = {}, paths?: readonly string[]): Promise<void> {
  await keepsThiefOut(await openSample(block, { as: 'whole', ...placing }), paths);
}

/** A sample that is options alone: mounted as the guide says. */
export async function options(block: Block, placing: Partial<Placing> = {}): Promise<SampleSite> {
  const site = await openSample(block, { as: 'before', ...placing });
  await keepsThiefOut(site);
  return site;
}

/** A route that asks for a proof of the last so many seconds, and refuses a form as it refuses a page. */
export async function asksAnew(site: SampleSite, path: string, method: 'GET' | 'POST', seconds = 300): Promise<void> {
  const { thief, secret } = await ownerAndThief(site);
  const ask = () => (method === 'GET' ? thief.jsonGet(path) : thief.postJson(path));
  expect((await ask()).status).to.equal(403);
  await thief.proveTotp(secret);
  expect((await ask()).status).to.equal(200);
  site.clock.advance(seconds + 1);
  expect((await ask()).status).to.equal(401);
  await thief.proveTotp(secret);
  expect((await ask()).status).to.equal(200);
}

export type Line = {
  page: string;
  heading: string;
  /** Which of the samples there. Default 1. */
  nth?: number;
  attack: string;
  /** Has nothing to do with Express: with one of its versions is enough. */
  once?: true;
  /** Resolves where the sample holds. */
  holds: (sample: Block) => Promise<unknown>;
};
