// Which factor of an app is asked for what, and what each is told of whoever asks.
import { expect } from 'chai';
import type { Factor } from '../../../src/core/kernel/factor.js';
import {
  aboutUser,
  backupFactorOf,
  claimsOf,
  contextOf,
  contextWith,
  factorOf,
  withinAnswer,
} from '../../../src/core/kernel/kernel.js';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel } from '../../support/core-kernel.js';
import { personOf } from '../../support/core-person.js';

describe('the factors of an app', () => {
  const [app, key, spare] = [riddle(), riddle({ kind: 'key', claims: true }), spareWords()];
  const kernel = testKernel({ factors: [app, key, spare] as Factor[] });

  it('are found by kind, the backup factor by its rank', () => {
    expect(factorOf(kernel, 'key')).to.equal(key);
    expect(factorOf(kernel, 'gone')).to.equal(undefined);
    expect(backupFactorOf(kernel)).to.equal(spare);
    expect(backupFactorOf(testKernel({ factors: [app] }))).to.equal(undefined);
  });

  it('say what their authenticators have claimed', () => {
    const own = (kind: string, word: string) => ({ id: word, kind, createdAt: 1, data: { word } });
    const authenticators = [own('key', 'a'), own('riddle', 'b'), own('gone', 'c'), own('key', 'd')];
    expect(claimsOf(kernel, { ...emptyRecord('e'), authenticators })).to.deep.equal(['riddle:a', 'riddle:d']);
  });

  it('are told of the app and of who asks, and of an address only where there is one', () => {
    const { asker } = personOf(kernel);
    const { settings, random, sealer, store } = kernel;
    const told = { appName: settings.appName, origins: settings.origins, now: kernel.now(), random, sealer, store };
    const { user, locale, signIn } = asker;
    const whole = { ...told, user, locale, flowId: signIn.flowId };
    expect(contextOf(kernel, asker)).to.deep.equal({ ...whole, ip: '203.0.113.7' });
    expect(contextOf(kernel, { ...asker, hints: {} }))
      .to.deep.equal(whole)
      .and.not.have.property('ip');
    expect(contextWith(kernel, { user, locale, flowId: 'x', ip: undefined })).not.to.have.property('ip');
  });

  it('are asked with the store of the answer', async () => {
    const used = await withinAnswer(kernel, async (own) => own);
    expect(used).not.to.equal(kernel);
    expect({ ...used, store: kernel.store }).to.deep.equal(kernel);
    expect(aboutUser('ann')).to.deep.equal({ user: { id: 'ann' }, hints: {} });
  });
});
