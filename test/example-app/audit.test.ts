// The audit log of the example app: on, in a file too, and shown to whom it is about.
import { readFile, stat } from 'node:fs/promises';
import { expect } from 'chai';
import { freshEmail, redisOfExample, setUpApp, signedUp, startExample } from './fixture.js';

type Line = { name?: string; outcome?: string; subject?: { id: string }; personal?: object };

describe('the audit log of the example app', () => {
  const redis = redisOfExample();

  for (const where of ['memory', 'Redis'] as const) {
    it(`is on, kept in ${where} and line by line in a file for its owner alone, without a secret`, async () => {
      const example = await startExample(where === 'Redis' ? redis() : undefined);
      const email = freshEmail();
      const person = await signedUp(example, email);
      const { secret, codes } = await setUpApp(person);
      const { mfa } = example;
      await mfa.settled();
      await mfa.audit?.feed();
      const path = process.env.AUDIT_FILE ?? '';
      expect((await stat(path)).mode & 0o777).to.equal(0o600);
      const text = await readFile(path, 'utf8');
      const lines = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      const { entries } = (await mfa.audit?.read({ names: ['authenticator-enrolled'], limit: 1 })) ?? {};
      const id = entries?.[0]?.subject?.id;
      const own = lines.filter(({ subject }) => subject?.id === id);
      expect(own.map(({ name }) => name)).to.include.members(['authenticator-enrolled', 'backup-codes-confirmed']);
      for (const each of [secret, ...codes]) expect(text).to.not.include(each);
      expect((await mfa.audit?.verify())?.sound).to.equal(true);

      const account = await person.htmlGet('/mfa').expect(200);
      expect(account.text).to.include('href="/mfa/activity"');
      expect((await person.htmlGet('/mfa/activity').expect(200)).text).to.include('Added: Authenticator app');
      await example.close();
    });
  }
});
