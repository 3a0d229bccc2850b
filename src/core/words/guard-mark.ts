// How a guard is recognised among an app's middleware, by whoever lists the routes that none covers. A registered symbol,
// because the package ships twice: the app's guard may be of the other build.

export const guardMark: unique symbol = Symbol.for('express-mfa.guard') as never;

/** What a guard says of itself: one that only reports stops nobody. */
export type GuardMark = { mode: 'enforce' | 'report'; rollOutPercent: number; anonymous: 'refuse' | 'pass' };
