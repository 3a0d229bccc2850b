// Codes by e-mail and SMS in development: kept for reading, where a person who owes one can read them; nowhere else.
import express from 'express';
import { expect } from 'chai';
import supertest from 'supertest';
import { openOutbox } from '../../example-app/outbox.js';
import type { Browser } from '../support/agent.js';
import { freshEmail, signedIn, signedUp, startExample, type Example } from './fixture.js';

describe('the outbox of the example app', () => {
  let example: Example;
  before(async () => {
    example = await startExample();
  });
  after(() => example.close());

  async function newestTo(person: Browser, address: string): Promise<{ code: string; text: string }> {
    const { body } = await person.jsonGet('/dev/outbox').expect(200);
    return body.messages.find(({ to, code }: { to: string; code?: string }) => to === address && code);
  }

  it('shows the code that somebody owes', async () => {
    const email = freshEmail();
    const person = await signedUp(example, email);
    await person.form('/mfa/setup/email/begin', { address: email });
    const bound = await person.form('/mfa/setup/email', { code: (await newestTo(person, email)).code });
    expect(bound.headers.location).to.equal('/mfa/backup-codes');
    await person.saveCodes();

    const again = await signedIn(example, email);
    await again.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
    await again.htmlGet('/mfa/verify/email').expect(200);
    const { code } = await newestTo(again, email);
    const page = await again.htmlGet('/dev/outbox').expect(200);
    expect(page.text).to.include(code).and.include(email);
    await again.form('/mfa/verify/email', { code }).then(({ status }) => expect(status).to.equal(303));
    await again.htmlGet('/account').expect(200);
  });

  it('is not there in production, nor are the factors that need a sender', async () => {
    for (const environment of ['production', 'staging']) {
      const { passkeys, moreFactors, show } = openOutbox(environment);
      expect([...passkeys, ...moreFactors]).to.deep.equal([]);
      await supertest(express().get('/dev/outbox', show)).get('/dev/outbox').expect(404);
    }
  });

  it('is for this machine alone where no environment is named', async () => {
    const { show } = openOutbox('');
    await supertest(express().get('/dev/outbox', show)).get('/dev/outbox').expect(200);
    for (const header of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP'])
      await supertest(express().get('/dev/outbox', show)).get('/dev/outbox').set(header, 'x').expect(404);
    const elsewhere = express().use((req, _res, next) => {
      Object.defineProperty(req.socket, 'remoteAddress', { value: '192.0.2.7' });
      next();
    });
    await supertest(elsewhere.get('/dev/outbox', show)).get('/dev/outbox').expect(404);
  });
});
