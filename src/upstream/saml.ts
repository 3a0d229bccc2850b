// What a SAML assertion says of the sign-in (SAML 2.0 Core §2.7.2), in the form in which @node-saml parses it. The signature was
// checked by that library, and this is what it covers: here it is read, and nothing else.
import type { Upstream } from '../core/words/upstream.js';
import { classesIn, ownIn, textIn } from './claims.js';
import { saidOf } from './id-token.js';

/** In which Entra ID and AD FS name the methods that were used. */
const methodNames = ['http://schemas.microsoft.com/claims/authnmethodsreferences', 'authnmethodsreferences'];

/** Another name at each sign-in: it links nobody. */
const transient = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';

/**
 * Reads one assertion, as `profile.getAssertion()` of `@node-saml/passport-saml` gives it: issuer, `NameID`, `AuthnInstant`,
 * `AuthnContextClassRef` and the attribute `authnmethodsreferences`. Several statements, or none, count for nothing, nor does a
 * transient `NameID`.
 * @param assertion `{ Assertion: … }`; never a profile, nor an answer that was not validated
 */
export function upstreamFromSaml(assertion: object): Upstream {
  const one = ownIn(assertion, 'Assertion');
  const statements = childrenOf(one, 'AuthnStatement');
  const [statement] = statements;
  const [contexts, several] = [childrenOf(statement, 'AuthnContext'), statements.length > 1 || Array.isArray(one)];
  const [nameId, ...otherNames] = childrenOf(onlyOf(childrenOf(one, 'Subject')), 'NameID');
  const isLasting = otherNames.length === 0 && attributeOf(nameId, 'Format') !== transient;
  const endsAt = attributeOf(statement, 'SessionNotOnOrAfter');
  return {
    ...saidOf(
      {
        issuer: contentOf(onlyOf(childrenOf(one, 'Issuer'))),
        subject: isLasting ? contentOf(nameId) : undefined,
        authTime: timeOf(attributeOf(statement, 'AuthnInstant')),
      },
      several || contexts.length > 1 ? 'several-statements' : undefined,
    ),
    amr: [],
    acr: classesIn([...childrenOf(contexts[0], 'AuthnContextClassRef').map(contentOf), ...methodsOf(one)]),
    // A time that is none has passed.
    ...(endsAt === undefined ? {} : { endsAt: timeOf(endsAt) ?? 0 }),
  };
}

function methodsOf(assertion: unknown): (string | undefined)[] {
  return childrenOf(assertion, 'AttributeStatement')
    .flatMap((statement) => childrenOf(statement, 'Attribute'))
    .filter((attribute) => methodNames.includes(attributeOf(attribute, 'Name') ?? ''))
    .flatMap((attribute) => childrenOf(attribute, 'AttributeValue').map(contentOf));
}

function childrenOf(element: unknown, name: string): unknown[] {
  const children = ownIn(element, name);
  return Array.isArray(children) ? children : [];
}

function onlyOf(elements: unknown[]): unknown {
  return elements.length === 1 ? elements[0] : undefined;
}

/** The text of an element, which has attributes or not. */
function contentOf(element: unknown): string | undefined {
  return textIn(typeof element === 'string' ? element.trim() : (textIn(ownIn(element, '_')) ?? '').trim());
}

function attributeOf(element: unknown, name: string): string | undefined {
  return textIn(ownIn(ownIn(element, '$'), name));
}

/** `xs:dateTime` with a zone (SAML 2.0 Core §1.3.3); Unix seconds. */
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) || ms <= 0 ? undefined : Math.floor(ms / 1000);
}
