// Attack: somebody who leaves keeps access because their deactivation was only half done: the store, the app's function or the end of
// its sessions failed, and the directory was told that all is well; or it comes again and what is left is not done.
// Rule: 200 is said once the bar, the app's function and `endSessions` are done, in this order; else 503, and again does the rest.
// Answer: 503 with Retry-After, the person is out already, and nothing is counted, told or undone twice.
import { expect } from 'chai';
import { MfaError, memoryStore, type MfaStore } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { testClock } from '../support/app.js';
import { patchOf, scimSite, userOf, type ScimSite } from '../support/scim-site.js';

const suspended = 'session.mfa.suspended';
const off = { body: patchOf({ op: 'Replace', path: 'active', value: 'False' }) };

describe('a deactivation that is half done', () => {
  let site: ScimSite;
  let done: string[];
  const failing = new Set<string>();
  let store: MfaStore;

  beforeEach(async () => {
    done = [];
    failing.clear();
    const clock = testClock();
    const kept = memoryStore({ clock });
    store = {
      ...kept,
      save(id, record, expected) {
        if (!failing.has('store') || record.suspended === undefined) return kept.save(id, record, expected);
        return Promise.reject(new MfaError('store.unavailable', 'down'));
      },
    };
    site = await scimSite({
      clock,
      store,
      nextId: () => 'ada',
      endSessions: (id) => {
        done.push(`end ${id}`);
        if (failing.has('endSessions')) throw new Error('no');
      },
      scim: { maxDeactivationsPerHour: 1 },
    });
    await site.make('ada');
    site.instead.update = async (id, attributes) => {
      const { suspended: bars } = (await store.load(id)).record ?? {};
      done.push(`update ${attributes.active} ${bars?.scim === undefined ? 'free' : 'barred'}`);
      if (failing.has('update')) throw new Error('no');
      const user = { ...attributes, id };
      site.people.map.set(id, { tenant: 'acme', user });
      return user;
    };
    site.instead.remove = (id) => {
      done.push('remove');
      if (failing.has('remove')) throw new Error('no');
      site.people.map.delete(id);
    };
  });
  afterEach(() => site.close());

  async function expectOut() {
    expect(codeIn(await (await new Browser(site).signIn('ada')).jsonGet('/mfa').expect(403))).to.equal(suspended);
  }

  it('bars first, then asks the app, then ends its sessions', async () => {
    expect((await site.ask('PATCH', '/Users/ada', off)).status).to.equal(200);
    expect(done).to.deep.equal(['update false barred', 'end ada']);
    await expectOut();
  });

  for (const what of ['update', 'endSessions'] as const)
    it(`says so where \`${what}\` fails, the person is out, and the next one does the rest`, async () => {
      failing.add(what);
      const { status, headers, body } = await site.ask('PATCH', '/Users/ada', off);
      expect([status, body.status, headers.get('retry-after')]).to.deep.equal([503, '503', '5']);
      expect(JSON.stringify(body)).to.not.include('no"');
      await expectOut();
      expect(done, 'sessions were ended all the same').to.include('end ada');
      failing.clear();
      done.length = 0;
      expect((await site.ask('PATCH', '/Users/ada', off)).status).to.equal(200);
      expect(done).to.deep.equal(['update false barred', 'end ada']);
      expect(site.events.filter(({ name }) => name === 'suspended')).to.have.length(1);
      expect(site.notices.filter(({ what: told }) => told === 'suspended')).to.have.length(1);
    });

  it('changes nothing at the app where the person could not be barred', async () => {
    failing.add('store');
    expect((await site.ask('PATCH', '/Users/ada', off)).status).to.equal(503);
    expect(done).to.deep.equal([]);
    failing.clear();
  });

  it('ends an account step by step, and goes on where it stopped', async () => {
    failing.add('remove');
    expect((await site.ask('DELETE', '/Users/ada')).status).to.equal(503);
    await expectOut();
    expect(site.people.map.has('ada')).to.equal(true);
    failing.clear();
    const forget = site.mfa.kernel.store.abandon.bind(site.mfa.kernel.store);
    Object.assign(site.mfa.kernel.store, { abandon: () => Promise.reject(new MfaError('store.unavailable', 'down')) });
    expect((await site.ask('DELETE', '/Users/ada')).status).to.equal(503);
    expect(site.people.map.has('ada'), 'the app has removed them').to.equal(false);
    Object.assign(site.mfa.kernel.store, { abandon: forget });
    // What is left over is that tenant's alone.
    expect((await site.ask('DELETE', '/Users/ada', { token: 'token-of-globex' })).status).to.equal(404);
    expect((await site.ask('DELETE', '/Users/ada')).status).to.equal(204);
    expect((await site.ask('DELETE', '/Users/ada')).status).to.equal(404);
    await expectOut();
    expect(site.events.filter(({ name }) => name === 'user-deprovisioned')).to.have.length(1);
  });

  it('ends nobody later who was taken back in between, and is of another tenant by then', async () => {
    failing.add('remove');
    expect((await site.ask('DELETE', '/Users/ada')).status).to.equal(503);
    failing.clear();
    const on = { body: patchOf({ op: 'replace', path: 'active', value: true }) };
    expect((await site.ask('PATCH', '/Users/ada', on)).status).to.equal(200);
    const { user } = site.people.map.get('ada')!;
    site.people.map.set('ada', { tenant: 'globex', user });
    expect((await site.ask('DELETE', '/Users/ada')).status).to.equal(404);
    expect(site.events.map(({ name }) => name)).to.not.include('user-deprovisioned');
    expect((await (await new Browser(site).signIn('ada')).jsonGet('/mfa').expect(200)).body).to.be.an('object');
  });

  it('goes on with an account that was made anew and not let in', async () => {
    await site.ask('DELETE', '/Users/ada');
    const { save } = site.mfa.kernel.store;
    Object.assign(site.mfa.kernel.store, {
      save: () => Promise.reject(new MfaError('store.unavailable', 'down')),
    });
    const again = { body: userOf('ADA', { displayName: 'Ada' }) };
    expect((await site.ask('POST', '/Users', again)).status).to.equal(503);
    Object.assign(site.mfa.kernel.store, { save });
    expect(site.people.map.size).to.equal(1);
    await expectOut();
    const { status, body } = await site.ask('POST', '/Users', again);
    expect([status, body.id, body.displayName]).to.deep.equal([201, 'ada', 'Ada']);
    await (await new Browser(site).signIn('ada')).jsonGet('/mfa').expect(200);
    expect((await site.ask('POST', '/Users', again)).status).to.equal(409);
  });

  it('goes as far as it can with a record that somebody altered', async () => {
    const raw = await store.load('ada');
    await site.mfa.suspend('ada', { by: 'x' });
    const { record, revision } = await store.load('ada');
    expect(raw).to.deep.equal({});
    done.length = 0;
    await store.save('ada', { ...record!, protected: true }, revision);
    expect((await site.ask('PATCH', '/Users/ada', off)).status).to.equal(503);
    expect(done).to.deep.equal(['update false free', 'end ada']);
    await site.mfa.reset('ada', { by: 'x' });
    expect((await site.ask('PATCH', '/Users/ada', off)).status).to.equal(200);
    await expectOut();
  });
});
