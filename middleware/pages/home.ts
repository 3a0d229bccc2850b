// Where people go who asked for no page in particular, as browsers see it. Knows nothing of anybody.

/**
 * What the host says in `brand.home`; else the parent of our mount, prefix included, which is the app's own start: `/` of
 * `/mfa`, `/app/` of `/app/mfa`. With a slash at the end, since proxies forward a prefix so.
 */
export function homeOf(home: string | undefined, base: string): string {
  return home ?? base.slice(0, base.lastIndexOf('/') + 1).padStart(1, '/');
}
