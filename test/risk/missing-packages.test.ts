// A package that risk is assessed by and that is not installed, in processes of their own.
import { expect } from 'chai';
import { printedWhere } from '../support/another-package.js';

describe('a package that is missing', () => {
  const program = (made: string) => `
    const { createMfa, memoryStore, totp } = await import('./src/index.ts');
    const { maxMindGeo, riskByHistory } = await import('./src/risk.ts');
    const mfa = createMfa({ appName: 'Acme', secrets: ['a secret of the tests, thirty-two bytes or more'],
      store: memoryStore(), factors: [totp()], user: () => null, notify: () => undefined,
      risk: ${made}, riskMode: 'report' });
    await mfa.ready.catch((error) => console.log(error.code, error.message));
    const found = await mfa.config.risk.lookUp({ address: '81.2.69.1', userAgent: 'Firefox/1', header: () => undefined });
    console.log(JSON.stringify(found));`;

  it('is named when the app is ready, and makes sign-ins look no safer', () => {
    expect(printedWhere('bowser', program('riskByHistory()'))).to.match(
      /^config\.peer_missing .*npm install bowser\n\{"unavailable":\["browser"\]\}\n$/,
    );
    expect(printedWhere('maxmind', program("riskByHistory({ geo: maxMindGeo('/none.mmdb') })"))).to.match(
      /^config\.peer_missing .*npm install maxmind\n.*"unavailable":\["place"\]/,
    );
  }).timeout(60_000);
});
