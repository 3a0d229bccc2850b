// Attack: a request that is under way when the person leaves writes their elevated session back under its old id, whose
// cookie the attacker holds.
// Rule: the record remembers which sign-ins ended; nothing proved in them counts. Answer: asked, and told to sign in anew.
import { expect } from 'chai';
import session, { type SessionData } from 'express-session';
import { Browser, code } from '../support/agent.js';
import { hostData, testApp, type TestAppOptions } from '../support/app.js';

/** Keeps what it was told last, and can put back what it lost, as a slow request does. */
class Keeping extends session.MemoryStore {
  lost = new Map<string, string>();
  override destroy(id: string, done?: (error?: unknown) => void): void {
    this.get(id, (_error, data) => {
      if (data) this.lost.set(id, JSON.stringify(data));
      super.destroy(id, done);
    });
  }
  async writeBack(): Promise<void> {
    for (const [id, data] of this.lost)
      await new Promise((resolve) => this.set(id, JSON.parse(data) as SessionData, resolve));
  }
}

for (const express of [5, 4] as const) {
  describe(`an elevated session that is written back, on Express ${express}`, () => {
    async function elevated(more: TestAppOptions = {}) {
      const store = new Keeping();
      const ended: object[] = [];
      const app = await testApp({
        policy: 'no-prompt',
        trustBrowser: { days: 30 },
        endSessions: (userId, which) => void ended.push({ userId, ...which }),
        ...more,
        host: {
          express,
          session: { store },
          between: (host, mfa) => {
            host.post('/leave', (req, res, next) => {
              mfa
                .signedOut(req)
                .then(() => req.session.destroy(() => res.json({})))
                .catch(next);
            });
            host.post('/again', (req, res, next) => void mfa.signedIn(req).then(() => res.json({}), next));
          },
        },
      });
      const { secret } = await (await new Browser(app).signIn('ada', { sid: 'first' })).enrollTotp();
      const person = await new Browser(app).signIn('ada', { sid: 'second' });
      app.clock.advance(30);
      expect((await person.json('/mfa/verify/totp', { code: code(secret, app.clock) })).status).to.equal(200);
      await person.jsonGet('/account').expect(200);
      const thief = new Browser(app, { Cookie: person.cookies });
      return { app, store, person, thief, secret, ended };
    }
    const told = { user: userWithSignIn };

    for (const [how, options] of Object.entries({ 'by its flow': {}, 'by `signInId`': told })) {
      it(`is not believed after our sign-out, or one that the host told, known ${how}`, async () => {
        for (const leave of ['form', 'host'] as const) {
          const { app, store, person, thief, secret } = await elevated(options);
          if (leave === 'form') await person.form('/mfa/sign-out');
          else await person.post('/leave').expect(200);
          await store.writeBack();
          await thief.jsonGet('/account').expect(403);
          app.clock.advance(30);
          expect((await thief.answer('totp', code(secret, app.clock))).status, 'it must sign in anew').to.equal(400);
          await thief.htmlGet('/mfa/verify/totp').expect(400);
          await thief.jsonGet('/account').expect(403);
          const next = await new Browser(app).signIn('ada', { sid: 'third' });
          await next.proveTotp(secret);
          await next.jsonGet('/account').expect(200);
        }
      });
    }

    it('is not believed once another sign-in was told of', async () => {
      const { store, person, thief } = await elevated(told);
      await person.post('/again').expect(200);
      await store.writeBack();
      await thief.jsonGet('/account').expect(403);
      await person.jsonGet('/account').expect(403);
    });

    it('is one of the others that a person ends, and theirs goes on under a new id', async () => {
      const { app, person, secret, ended } = await elevated();
      const other = await new Browser(app).signIn('ada');
      await other.proveTotp(secret);
      const id = person.sessionCookie;
      const page = await person.htmlGet('/mfa').expect(200);
      await person.submit(page, '/sign-ins/end-others').expect(303).expect('Location', '/mfa');
      expect(person.sessionCookie).not.to.equal(id);
      await person.jsonGet('/account').expect(200);
      await other.jsonGet('/account').expect(403);
      const sid = decodeURIComponent(person.sessionCookie).slice(2).split('.')[0];
      expect(ended).to.deep.equal([{ userId: 'ada', exceptSessionId: sid }]);
      expect(app.events.filter(({ name }) => name === 'sign-ins-ended')).to.have.length(1);
      await new Browser(app, { Cookie: other.cookies }).post('/mfa/sign-ins/end-others').expect(403);
    });

    it('is one of all that the host ends, or the one that it names', async () => {
      const { app, person, secret, ended } = await elevated(told);
      const other = await new Browser(app).signIn('ada', { sid: 'other' });
      await other.proveTotp(secret);
      await app.mfa.endSignIns('ada', { signInId: 'second' });
      await person.jsonGet('/account').expect(403);
      await other.jsonGet('/account').expect(200);
      await app.mfa.endSignIns('ada', { by: 'grace' });
      await other.jsonGet('/account').expect(403);
      expect(ended).to.deep.equal([{ userId: 'ada', signInId: 'second' }, { userId: 'ada' }]);
      const { record } = await app.mfa.kernel.store.load('ada');
      expect([record?.trusted, record?.known]).to.deep.equal([[], []]);
      expect(JSON.stringify(record)).not.to.include('second');
    });
  });
}

function userWithSignIn(req: Parameters<typeof hostData>[0]) {
  const { uid, sid } = hostData(req);
  return uid === undefined ? null : { id: uid as string, signInId: sid as string };
}
