// Who must have a second factor, by the groups of a directory. Knows no directory: it is told the names of a person's groups.
import { policies, strictest, type Policy } from '../core/kernel/policy.js';
import { MfaError } from '../core/words/errors.js';
import { normalName } from './names.js';

const mostRemembered = 10_000;

/**
 * A function for the option `policy`: of the groups in `user(req).groups` that are named here the strictest policy counts, and
 * `otherwise` for whoever is in none. Distinguished names are compared whatever their spelling (RFC 4514). Somebody of whom no
 * groups are told, as in a session from before, is treated as the strictest policy of all demands: not knowing is not "in no group".
 * @throws MfaError `config.invalid_option` for what is no distinguished name or no policy, for one group with two policies, or
 * without `otherwise`; when it is asked, for groups that are no list of texts
 */
export function policyByGroup(
  groups: { readonly [name: string]: Policy },
  { otherwise }: { otherwise: Policy },
): (user: { readonly [field: string]: unknown }) => Policy {
  checkPolicy('otherwise', otherwise);
  const byName = new Map<string, Policy>();
  for (const [name, policy] of Object.entries(groups)) {
    checkPolicy(name, policy);
    const normal = normalName(name);
    if (normal === undefined || normal === '')
      refuse(`"${name}" is no distinguished name. Write one such as "cn=admins,ou=groups,dc=acme,dc=example".`);
    if ((byName.get(normal) ?? policy) !== policy) refuse(`"${name}" stands there twice, with two policies.`);
    byName.set(normal, policy);
  }
  const strictestOfAll = strictest([otherwise, ...byName.values()]);
  // Asked at each request, of the same few names.
  const asked = new Map<string, Policy | undefined>();
  const policyOf = (name: string) => {
    if (asked.has(name)) return asked.get(name);
    if (asked.size >= mostRemembered) asked.clear();
    const policy = byName.get(normalName(name) ?? '');
    asked.set(name, policy);
    return policy;
  };
  return ({ groups: own }) => {
    if (own === undefined || own === null) return strictestOfAll;
    if (!Array.isArray(own) || !own.every((name) => typeof name === 'string'))
      refuse('`groups` of `user(req)` is no list of texts. Give what `directory.get(login)` answered.');
    const found = own.flatMap((name) => policyOf(name) ?? []);
    return found.length === 0 ? otherwise : strictest(found);
  };
}

function checkPolicy(name: string, policy: unknown): void {
  if (!policies.includes(policy as Policy))
    refuse(`\`${name}\` takes one of ${policies.map((each) => JSON.stringify(each)).join(', ')}.`);
}

function refuse(sentence: string): never {
  throw new MfaError('config.invalid_option', `policyByGroup: ${sentence}`);
}
