// A front end on another origin that `origins` names: it reads our answers by the CORS headers of the host, which stay for it
// and for nobody else.
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { Browser } from '../support/agent.js';
import { testApp } from '../support/app.js';
import { statelessApp, tokenFor } from '../support/stateless-app.js';

const front = 'https://front.example';

/** As the package cors does with `origin: true`. */
const cors: RequestHandler = (req, res, next) => {
  res.set('Access-Control-Allow-Origin', req.headers.origin ?? '*').set('Access-Control-Allow-Credentials', 'true');
  res.set('Access-Control-Expose-Headers', 'X-Mine').vary('Origin');
  if (req.method === 'OPTIONS') res.sendStatus(204);
  else next();
};
const before = (app: { use(handler: RequestHandler): unknown }) => void app.use(cors);

describe('a front end on another origin', () => {
  it('reads our routes where `origins` names it', async () => {
    const app = await testApp({ origins: ['https://api.example', front], host: { before } });
    const ada = await new Browser(app, { Origin: front, 'Sec-Fetch-Site': 'same-site' }).signIn('ada');
    const { headers } = await ada.jsonGet('/mfa').expect(200);
    expect(headers).to.include({
      'access-control-allow-origin': front,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'X-Mine',
    });
    expect(headers['vary']).to.include('Origin');
    const wrong = await ada.json('/mfa/setup/totp', { code: '000000' });
    expect(wrong.headers['access-control-allow-origin']).to.equal(front);
    await app.close();
  });

  it('does not, where it does not, and neither does a page without a name', async () => {
    const app = await testApp({ origins: ['https://api.example', front], host: { before } });
    for (const Origin of ['https://evil.example', 'null', `${front}:444`, 'http://front.example']) {
      const { headers } = await (await new Browser(app, { Origin }).signIn('ada')).jsonGet('/mfa').expect(200);
      expect(
        Object.keys(headers).filter((name) => name.startsWith('access-control-')),
        Origin,
      ).to.deep.equal([]);
    }
    await app.close();
  });

  it('reads X-MFA-Token, which is named beside what the host names', async () => {
    const app = await statelessApp('token', { origins: ['https://api.example', front], host: { before } });
    const Authorization = `Bearer ${tokenFor({ sub: 'ada', sid: 'one' })}`;
    const { headers } = await new Browser(app, { Origin: front, Authorization }).jsonGet('/mfa').expect(200);
    expect(headers).to.have.property('x-mfa-token');
    expect(headers['access-control-expose-headers']).to.equal('X-Mine, X-MFA-Token');
    await app.close();
  });
});
