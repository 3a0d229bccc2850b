// What express-mfa may cost whoever installs it: the one place that holds these numbers. The README tells what it does
// cost.

export const limits = {
  /** Size of the tarball. */
  packedBytes: 600 * 1024,
  /** Packages that an installation adds to a host that has express already: ours not counted, its dependencies all. */
  productionPackages: 48,
};
