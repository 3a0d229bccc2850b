// A session with a new id is saved as we say so, and again only where something of it changed since.
import { expect } from 'chai';
import type { Request } from 'express';
import { renewId } from '../../../middleware/sign-in/host-session.js';
import { coreOf, requestAt, sessionAt, Sessions, cookieSettings } from '../../support/host-session.js';

describe('a session with a new id', () => {
  let store: Sessions;
  let req: Request;
  beforeEach(async () => {
    store = new Sessions();
    req = requestAt(store);
    await renewId(coreOf('shop'), req);
    store.sinceThen();
  });
  /** How often it went to the store. */
  const saved = async () => {
    const error = await new Promise<unknown>((resolve) => void sessionAt(req).save(resolve));
    return { times: store.sinceThen().length, error: error ?? undefined };
  };
  const once = { times: 1, error: undefined };
  const not = { times: 0, error: undefined };

  it('is saved once as long as nothing changes, and not for the moment at which its cookie ends', async () => {
    expect(await saved()).to.deep.equal(once);
    expect(await saved()).to.deep.equal(not);
    sessionAt(req).cookie['_expires'] = new Date();
    expect(await saved()).to.deep.equal(not);
  });

  for (const [setting, value] of [['originalMaxAge', 60_000], ...cookieSettings] as const)
    it(`is saved again with another \`${setting}\` of its cookie`, async () => {
      await saved();
      Object.assign(sessionAt(req).cookie, { [setting]: value });
      expect(await saved()).to.deep.equal(once);
      expect(await saved()).to.deep.equal(not);
    });

  it('is saved again with what the host puts into it', async () => {
    await saved();
    sessionAt(req)['cart'] = [1];
    expect(await saved()).to.deep.equal(once);
    (sessionAt(req)['cart'] as number[]).push(2);
    expect(await saved()).to.deep.equal(once);
    expect(await saved()).to.deep.equal(not);
  });

  it('is saved again after it failed, until it did not', async () => {
    const down = new Error('down');
    store.errors['set'] = down;
    expect(await saved()).to.deep.equal({ times: 1, error: down });
    expect(await saved()).to.deep.equal({ times: 1, error: down });
    store.errors['set'] = null;
    expect(await saved()).to.deep.equal(once);
    expect(await saved()).to.deep.equal(not);
  });

  it('lets the host save it, and wrap how, as before', async () => {
    const session = sessionAt(req);
    expect(session.save()).to.equal(session);
    await saved();
    expect(session.save()).to.equal(session);
    expect(store.sinceThen()).to.deep.equal([]);
    expect(Object.keys(session)).to.not.include('save');
    const { save } = session;
    session.save = () => 'assigned';
    expect(session.save()).to.equal('assigned');
    // As express-session does once more.
    Object.defineProperty(session, 'save', { get: () => save });
    expect(session.save()).to.equal(session);
  });
});
