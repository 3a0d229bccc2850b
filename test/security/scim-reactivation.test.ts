// Attack: whoever holds a directory, or a mistake in it, lets in whom an administrator barred; a profile that is pushed, a rename or a
// write that failed at the app lets somebody in by the way.
// Rule: `active: true`, named, lifts what the directory barred and nothing else, and only after the app has done its part.
// Answer: the bar of the other stands.
import { expect } from 'chai';
import { Browser, codeIn } from '../support/agent.js';
import { patchOf, scimSite, userOf, type ScimSite } from '../support/scim-site.js';

const suspended = 'session.mfa.suspended';
const active = (value: boolean | string) => ({ body: patchOf({ op: 'replace', path: 'active', value }) });

describe('a reactivation by a directory', () => {
  let site: ScimSite;
  beforeEach(async () => {
    site = await scimSite({ nextId: () => 'ada', policy: 'no-prompt' });
    await site.make('ada');
  });
  afterEach(() => site.close());

  const standing = async () => codeIn(await (await new Browser(site).signIn('ada')).jsonGet('/account'));

  it('lifts its own bar alone', async () => {
    await site.mfa.suspend('ada', { by: 'admin-7' });
    await site.ask('PATCH', '/Users/ada', active(false));
    const { status, body } = await site.ask('PATCH', '/Users/ada', active('True'));
    expect([status, body.active]).to.deep.equal([200, true]);
    expect((await site.mfa.status('ada'))?.suspended).to.have.all.keys('admin');
    expect(await standing()).to.equal(suspended);
    await site.mfa.resume('ada', { by: 'admin-7' });
    expect(await standing()).to.equal(undefined);
  });

  it('is not what a request says that does not name `active`', async () => {
    await site.ask('PATCH', '/Users/ada', active(false));
    site.people.map.get('ada')!.user.active = true;
    for (const [method, body] of [
      ['PUT', userOf('ada', { displayName: 'Ada' })],
      ['PATCH', patchOf({ op: 'add', value: { displayName: 'Ada L.', title: 'x' } })],
      ['PATCH', patchOf({ op: 'replace', path: 'userName', value: 'ada.l' })],
    ] as const) {
      expect((await site.ask(method, '/Users/ada', { body })).status).to.equal(200);
      expect(await standing()).to.equal(suspended);
    }
  });

  it('comes after the app has done its part, or not at all', async () => {
    await site.ask('PATCH', '/Users/ada', active(false));
    site.instead.update = () => Promise.reject(new Error('no'));
    expect((await site.ask('PATCH', '/Users/ada', active(true))).status).to.equal(503);
    expect(await standing()).to.equal(suspended);
    site.instead.update = () => 'taken';
    expect((await site.ask('PATCH', '/Users/ada', active(true))).status).to.equal(409);
    expect(await standing()).to.equal(suspended);
    delete site.instead.update;
    expect((await site.ask('PATCH', '/Users/ada', active(true))).status).to.equal(200);
    expect(await standing()).to.equal(undefined);
  });

  it('is not taken out of a value that is neither yes nor no', async () => {
    await site.ask('PATCH', '/Users/ada', active(false));
    for (const value of ['yes', '1', 1, {}, [true], '']) {
      const { status, body } = await site.ask('PATCH', '/Users/ada', {
        body: patchOf({ op: 'replace', path: 'active', value }),
      });
      expect([status, body.scimType], JSON.stringify(value)).to.deep.equal([400, 'invalidValue']);
    }
    for (const [op, value] of [
      ['remove', undefined],
      ['replace', null],
    ] as const)
      expect((await site.ask('PATCH', '/Users/ada', { body: patchOf({ op, path: 'active', value }) })).status).to.equal(
        400,
      );
    expect(await standing()).to.equal(suspended);
  });
});
