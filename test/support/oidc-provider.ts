// A real provider of OpenID Connect on loopback, which signs anybody in and says of it what the test wants said.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

/** `asks`: by a page with a button. */
export type Said = {
  sub?: string;
  acr?: string;
  amr?: string[];
  secondsAgo?: number;
  refuses?: boolean;
  asks?: boolean;
};

export type OidcProvider = {
  issuer: string;
  /** Of whoever is asked to sign in next. */
  says: Said;
  /** Ends a session there, or all of a subject: its own logout token goes to the app. */
  logOut(sub: string, sid?: string): Promise<void>;
  /** Knows this app from now on. */
  open(appUrl: string): void;
  close(): void;
};

type LoggingOut = { backchannelLogout(sub: string, sid?: string): Promise<void> };

export const client = { id: 'acme', secret: 'a-secret-of-tests-on-loopback-0123' };

export async function startOidcProvider(): Promise<OidcProvider> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const made: { provider?: Provider } = {};
  const started: OidcProvider = {
    issuer,
    says: {},
    async logOut(sub, sid) {
      const found = (await made.provider?.Client.find(client.id)) as unknown as LoggingOut;
      await found.backchannelLogout(sub, sid);
    },
    open(appUrl) {
      const provider = new Provider(issuer, configuration(appUrl));
      made.provider = provider;
      const answer = provider.callback();
      server.on('request', (req, res) => {
        if (!req.url?.startsWith('/interaction/')) return void answer(req, res);
        const { sub = 'ada', acr, amr, secondsAgo = 0, refuses, asks } = started.says;
        if (asks && req.method === 'GET') {
          res.setHeader('Content-Type', 'text/html');
          return void res.end(`<title>Provider</title><form method="post"><button>Sign in as ${sub}</button></form>`);
        }
        const ts = Math.floor(Date.now() / 1000) - secondsAgo;
        const login = { accountId: sub, ts, ...(acr && { acr }), ...(amr && { amr }) };
        void provider.interactionFinished(
          req,
          res,
          refuses ? { error: 'unmet_authentication_requirements' } : { login },
        );
      });
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return started;
}

function configuration(appUrl: string): Configuration {
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${appUrl}/callback`],
        post_logout_redirect_uris: [`${appUrl}/bye`],
        backchannel_logout_uri: `${appUrl}/backchannel-logout`,
        backchannel_logout_session_required: true,
      },
    ],
    acrValues: ['phr', 'pwd'],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'] },
    conformIdTokenClaims: false,
    // Its own refuses loopback.
    fetch: (url, { dispatcher: _refusing, ...options }: RequestInit & { dispatcher?: unknown } = {}) =>
      fetch(url, options),
    cookies: { keys: ['of-tests-on-loopback'] },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      claimsParameter: { enabled: true },
      rpInitiatedLogout: {
        // Its own asks for a font on another host.
        logoutSource(ctx, form) {
          ctx.body = `<title>Provider</title>${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`;
        },
      },
    },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    async loadExistingGrant({ oidc }) {
      const [clientId, accountId] = [oidc.client?.clientId, oidc.session?.accountId];
      const grant = new oidc.provider.Grant({ clientId: clientId ?? '', accountId: accountId ?? '' });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  };
}
