// Many rows, some at a time: one statement takes only so many, and none may keep others waiting.

export function* rowsOf<T>(all: readonly T[], atOnce: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += atOnce) yield all.slice(at, at + atOnce);
}
