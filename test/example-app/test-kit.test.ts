// The example app under the test kit, as its own team would test it: signed in with both factors, and walked over without.
import { expect } from 'chai';
import { signInWithMfa, walkPending, type TestAgent } from 'express-mfa/testing';
import supertest from 'supertest';
import { createApp } from '../../example-app/app.js';
import { freshEmail, password } from './fixture.js';

type Person = { email: string; password: string };
const signUp = (agent: TestAgent, person: Person) => agent.post('/signup').type('form').send(person);
const signIn = (agent: TestAgent, person: Person) => agent.post('/login').type('form').send(person);
const isOpen = ['/signup', '/login', '/dev/outbox', { method: 'POST', path: '/logout' }];

describe('the example app, under the test kit,', () => {
  const { app } = createApp();

  it('shows the account of somebody who signed up and set an app up, and again at their next sign-in', async () => {
    const person = { email: freshEmail(), password };
    const [first, second] = [supertest.agent(app), supertest.agent(app)];
    const { backupCodes } = await signInWithMfa(first, person, { signIn: signUp });
    expect(backupCodes).to.have.length(10);
    await signInWithMfa(second, person, { signIn });
    for (const agent of [first, second]) {
      const account = await agent.get('/account').expect(200);
      expect(account.text).to.include(person.email).and.include('authenticator app');
      await agent.get('/transfer').expect(200);
    }
  });

  it('has no route that is open to somebody who owes the second factor, but those that must be', async () => {
    const person = { email: freshEmail('admin.example'), password };
    await signUp(supertest.agent(app), person);
    const report = await walkPending(app, {
      as: (agent) => signIn(agent, person),
      allow: isOpen,
      allowAnonymous: ['/'],
    });
    expect(report.visited).to.deep.equal(['GET /', 'GET /account', 'GET /transfer', 'POST /transfer', 'GET /admin']);
    expect(report.unseen).to.deep.equal(['all files at /']);
  });

  it('would be found out', async () => {
    const person = { email: freshEmail(), password };
    await signUp(supertest.agent(app), person);
    const walking = walkPending(app, { as: (agent) => signIn(agent, person), allow: isOpen });
    const error = await walking.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect((error as Error).message).to.include('GET / answered an anonymous visitor with 200');
  });
});
