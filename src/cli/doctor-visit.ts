// What the doctor sees by knocking: whether a visitor gets to the sign-in page and, with credentials that the operator gives,
// whether a request that signs in by itself is shown what visitors are not. Pages alone are asked for, never a form.
import type { RequestListener } from 'node:http';
import type { MfaCore } from '../mfa.js';
import { discoverRoutes } from '../testing/route-walk.js';
import { serve, type TestAnswer, type TestRequest, type Visitor } from '../testing/test-agent.js';
import type { Findings } from '../checks/finding.js';
import { count } from '../checks/count.js';

export async function visitApp(
  mfa: MfaCore,
  app: object,
  credentials: string | undefined,
  findings: Findings,
): Promise<void> {
  const host = await serve(app as RequestListener);
  try {
    await visitSignIn(mfa, host.visitor(), findings);
    if (credentials !== undefined) await visitWith(credentials, app, host.visitor, findings);
  } finally {
    await host.close();
  }
}

const mostSteps = 5;
const own = 'http://127.0.0.1';

/** As somebody with nothing, to where the guard sends such people. */
async function visitSignIn({ config }: MfaCore, visitor: Visitor, findings: Findings): Promise<void> {
  const check = 'sign-in';
  const { signInUrl, origins } = config.web;
  const at = new URL(signInUrl, own);
  if (at.origin !== own && !origins.includes(at.origin)) return findings.ok(check, `At ${signInUrl}, another site.`);
  const been: string[] = [];
  let path = at.pathname + at.search;
  while (been.length < mostSteps) {
    if (been.includes(path))
      return findings.fail(check, `A visitor is led in a circle: ${[...been, path].join(' → ')}.`);
    been.push(path);
    const answer = await answerTo(visitor.get(path).set('Accept', 'text/html'));
    if (!answer) return findings.warn(check, `GET ${path} was not answered in time.`);
    const { status, headers } = answer;
    const location = headers['location'];
    if (status >= 300 && status < 400 && typeof location === 'string') {
      const next = new URL(location, own + path);
      if (next.origin !== own && !origins.includes(next.origin)) break;
      path = next.pathname + next.search;
    } else if (status >= 400) {
      const told = `A visitor gets ${status} from GET ${path}, where the guard sends them.`;
      return findings.fail(check, `${told} \`signInUrl\` says where people sign in.`);
    } else break;
  }
  findings.ok(check, `A visitor reaches ${signInUrl}.`);
}

/** @returns undefined where nothing came in time */
async function answerTo(asked: TestRequest): Promise<TestAnswer | undefined> {
  try {
    return await asked;
  } catch {
    return undefined;
  }
}

/** A page that visitors do not get, and these credentials do, was served to somebody who owes the second factor. */
async function visitWith(line: string, app: object, visitor: () => Visitor, findings: Findings): Promise<void> {
  const check = 'credentials';
  const [name = '', ...value] = line.split(':');
  const pages = discoverRoutes(app).routes.filter(
    ({ own: ours, method, sample }) => !ours && method === 'GET' && sample,
  );
  let stopped = 0;
  for (const { path, sample = path } of pages) {
    const asked = () => visitor().get(sample).set('Accept', 'application/json');
    const nobody = await answerTo(asked());
    const somebody = await answerTo(asked().set(name.trim(), value.join(':').trim()));
    if (!nobody || !somebody) {
      findings.warn(check, `GET ${path} was not answered in time.`);
    } else if (somebody.status < 300 && nobody.status >= 300) {
      findings.fail(
        check,
        `GET ${path} answers ${name.trim()} with ${somebody.status}, and no second factor. Mount what reads it before ` +
          '`requireMfa`, or `requireMfa(mfa)` behind it.',
      );
    } else stopped += 1;
  }
  findings.ok(
    check,
    `${count(stopped, 'page')} asked for with ${name.trim()}: none shows what visitors are not shown.`,
  );
}
