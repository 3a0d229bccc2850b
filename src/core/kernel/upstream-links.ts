// Accounts at identity providers by what is claimed for them across all users: a digest of issuer and subject, and a number.
// A claim that was freed stays taken and names nobody, so whoever claims the account next takes the next number.
import type { Kernel } from './kernel.js';
import type { MfaRecord, UpstreamLink } from './record.js';

/** How often an account may be freed; an operator does it. */
const mostFreed = 200;

export function digestOf({ sealer }: Pick<Kernel, 'sealer'>, issuer: string, subject: string): string {
  return sealer.hashToken(`upstream ${JSON.stringify([issuer, subject])}`);
}

function keyOf(digest: string, freed: number): string {
  return `upstream:${digest}.${freed}`;
}

export function linkAt({ upstream = [] }: MfaRecord, issuer: string): UpstreamLink | undefined {
  return upstream.find((link) => link.issuer === issuer);
}

export function isOf({ claim }: UpstreamLink, digest: string): boolean {
  return claim.startsWith(`upstream:${digest}.`);
}

/** All that was ever claimed for these accounts, by whomever: whoever frees them frees what is theirs. */
export function claimsOfLinks(links: readonly UpstreamLink[]): string[] {
  return links.flatMap(({ claim }) => {
    const dot = claim.lastIndexOf('.');
    const digest = claim.slice('upstream:'.length, dot);
    return Array.from({ length: Math.min(Number(claim.slice(dot + 1)), mostFreed) + 1 }, (_none, freed) =>
      keyOf(digest, freed),
    );
  });
}

/** The claim of this person on that account; undefined where it is another person's. One winner among any number of rivals. */
export async function claimAccount({ store }: Kernel, userId: string, digest: string): Promise<string | undefined> {
  for (let freed = 0; freed < mostFreed; freed += 1) {
    const owner = await store.claim(keyOf(digest, freed), userId);
    if (owner === userId) return keyOf(digest, freed);
    if (owner !== null) return undefined;
  }
  return undefined;
}
